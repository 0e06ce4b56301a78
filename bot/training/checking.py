"""What is wrong, or may be, with what a change adds, each with the line it clashes with. Pure.

The rules are those of `combinado nlu lint` and `combinado words lint`; here they look at what is
new alone, so that a trainer who waits for a page need not wait for all of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter

from bot.nlu.checks import Corpus, check
from bot.nlu.examples import Example, Place, UnreadableExamples, examples_in
from bot.nlu.linting import domain_in
from bot.nlu.writing import DOMAIN, SYNONYMS, EditRefused
from bot.wording.rules import ALWAYS_KNOWN, Fault, faults_of, faults_of_response
from bot.wording.texts import Response, responses_in

Files = Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """Something a trainer should look at; an error keeps the change from being applied.

    `place` is a line of the file as it would be; `details` name the lines it clashes with.
    """

    kind: str
    is_error: bool
    place: Place
    words: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n    ".join([f"{self.place}: {self.kind}: {self.words}", *self.details])


def problems(before: Files, after: Files) -> list[Problem]:
    """What is wrong with what `after` adds to `before`, errors first.

    Raises EditRefused when a file cannot be read any more.
    """
    found = [*_in_examples(before, after), *_in_words(before, after)]
    return sorted(found, key=lambda problem: not problem.is_error)


def _in_examples(before: Files, after: Files) -> Iterator[Problem]:
    known = Counter(_as_said(example) for example in _examples(before))
    kept, added = [], []
    for example in _examples(after):
        if known[_as_said(example)] > 0:
            known[_as_said(example)] -= 1
            kept.append(example)
        else:
            added.append(example)
    if not added:
        return
    domain = domain_in([after[DOMAIN]])
    for finding in check(Corpus([*kept, *added], domain, sound=len(kept))):
        yield Problem(
            finding.kind.value, finding.kind.is_error, finding.place, finding.words, finding.details
        )


def _examples(files: Files) -> Iterator[Example]:
    for path in sorted(files):
        if path.startswith("data/nlu/") and path != SYNONYMS:
            yield from _read(path, files[path])


@lru_cache(maxsize=32)
def _read(path: str, text: str) -> tuple[Example, ...]:
    try:
        return tuple(examples_in(text, Path(path)))
    except UnreadableExamples as error:
        raise EditRefused(str(error)) from None


def _as_said(example: Example) -> tuple[object, ...]:
    return example.intent, example.text, example.annotations, example.broken


def _in_words(before: Files, after: Files) -> Iterator[Problem]:
    if before[DOMAIN] == after[DOMAIN]:
        return
    known = {each.name: _words(each) for each in responses_in(before[DOMAIN], Path(DOMAIN))}
    for response in responses_in(after[DOMAIN], Path(DOMAIN)):
        if _words(response) != known.get(response.name):
            yield from _faults(response, known.get(response.name, []))


def _words(response: Response) -> list[str]:
    return [text.words for text in response.variations]


def _faults(response: Response, known: list[str]) -> Iterator[Problem]:
    """Faults of its new words, and of all its variations together."""
    for text in response.variations:
        if text.words in known:
            continue
        for fault in faults_of(text.words):
            yield _problem(fault, text.place)
        strange = {
            field for _, field, _, _ in Formatter().parse(text.words) if field
        } - ALWAYS_KNOWN
        if strange and not known:
            what = Fault("campo desconhecido", ", ".join(sorted(strange)), _NOBODY_FILLS)
            yield _problem(what, text.place)
    for fault in faults_of_response(response.name, _words(response)):
        yield _problem(fault, response.variations[-1].place)


_NOBODY_FILLS = f"Numa resposta nova só há estes campos: {', '.join(sorted(ALWAYS_KNOWN))}"


def _problem(fault: Fault, place: Place) -> Problem:
    return Problem(fault.name, True, place, f"“{fault.words}”", (f"{fault.source}.",))
