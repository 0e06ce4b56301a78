"""`combinado nlu lint`: the checks on files, and how a trainer reads what was found."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from os.path import relpath
from pathlib import Path

import yaml

from bot.nlu.checks import Corpus, Domain, Finding, check
from bot.nlu.examples import read_examples
from bot.settings import PROJECT

SHOWN = 10


def lint(files: Sequence[Path] = (), everything: bool = False) -> int:
    """Print what is found in `files`, by default `data/nlu/`; 1 when there are errors, else 0.

    Raises UnreadableExamples.
    """
    files = files or sorted((PROJECT / "data" / "nlu").glob("*.yml"))
    examples = read_examples(Path(relpath(file)) for file in files)
    found = check(Corpus(examples, read_domain(PROJECT / "domain.yml")))
    for line in report(found, None if everything else SHOWN):
        print(line)
    errors = sum(finding.kind.is_error for finding in found)
    print(f"{len(examples)} mensagens: {errors} erros, {len(found) - errors} avisos.")
    return 1 if errors else 0


def read_domain(path: Path) -> Domain:
    """Intents and entities of `domain.yml`, or of a folder of such files."""
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    return domain_in(file.read_text(encoding="utf-8") for file in files)


def domain_in(texts: Iterable[str]) -> Domain:
    """Intents and entities in the texts of such files."""
    intents: list[str] = []
    entities: dict[str, frozenset[str]] = {}
    for text in texts:
        content = yaml.safe_load(text)
        intents += [name for each in content.get("intents", ()) for name in _named(each)]
        for each in content.get("entities", ()):
            for name, options in _named(each).items():
                entities[name] = frozenset(options.get("roles", ()))
    return Domain(frozenset(intents), entities)


def _named(entry: str | dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    """An entry of a list in the domain: a name, or a name with options."""
    return {entry: {}} if isinstance(entry, str) else entry


def report(found: Iterable[Finding], shown: int | None) -> Iterator[str]:
    """The lines to print: by kind, errors whole, of hints the first `shown`."""
    for kind, group in groupby(found, key=lambda finding: finding.kind):
        findings = list(group)
        yield f"{'ERRO' if kind.is_error else 'aviso'}: {kind.value} ({len(findings)})"
        listed = findings if kind.is_error else findings[:shown]
        for finding in listed:
            yield f"  {finding.place}: {finding.words}"
            yield from (f"      {detail}" for detail in finding.details)
        if len(listed) < len(findings):
            rest = len(findings) - len(listed)
            yield f"  … e mais {rest}: `combinado nlu lint --all` mostra tudo"
        yield ""
