"""The words for debtors, wherever they are written, each with its file and line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

import yaml

from bot.nlu.examples import Place
from bot.settings import PROJECT

_SENTENCE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
"""What has two words is said to somebody; a single one is a code, a key or a rate."""
_MARKUP = re.compile(
    r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:script|style).*?</(?:script|style)>|<[^>]*>"
)


@dataclass(frozen=True)
class Text:
    """Words, and where they stand."""

    place: Place
    words: str


@dataclass(frozen=True)
class Response:
    """A response of `domain.yml` with its variations."""

    name: str
    variations: tuple[Text, ...]


def responses(domain: Path) -> list[Response]:
    """The responses of a `domain.yml`."""
    return responses_in(domain.read_text(encoding="utf-8"), domain)


def responses_in(text: str, domain: Path) -> list[Response]:
    """The responses in the `text` of a `domain.yml`."""
    fields = dict(_pairs(yaml.compose(text, yaml.CSafeLoader)))
    return [
        Response(name, tuple(_texts(domain, variations)))
        for name, variations in _pairs(fields["responses"])
    ]


def sentences(folder: Path) -> list[Text]:
    """Every sentence in the values of the policies in `folder`."""
    return [
        text
        for file in sorted(folder.glob("*.yml"))
        for text in _texts(file, yaml.compose(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
        if _SENTENCE.search(text.words)
    ]


def pages(folder: Path) -> list[Text]:
    """Every line of words in the templates of public pages below `folder`."""
    return [
        Text(Place(_shown(file), number), line.strip())
        for file in sorted(folder.rglob("templates/**/*.html"))
        for number, line in enumerate(_without_markup(file).splitlines(), 1)
        if line.strip()
    ]


def all_texts() -> tuple[list[Response], list[Text]]:
    """The responses of the project, and all other words for debtors."""
    elsewhere = [*sentences(PROJECT / "policies"), *pages(PROJECT / "bot" / "billing")]
    return responses(PROJECT / "domain.yml"), elsewhere


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, value


def _texts(file: Path, node: yaml.Node | None) -> Iterator[Text]:
    """Every scalar value below `node`."""
    if isinstance(node, yaml.ScalarNode):
        yield Text(Place(_shown(file), node.start_mark.line + 1), node.value)
    for _, value in _pairs(node):
        yield from _texts(file, value)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(file, item)


def _without_markup(file: Path) -> str:
    """The words of a template, on the lines where they stand."""
    return _MARKUP.sub(lambda match: "\n" * match[0].count("\n"), file.read_text(encoding="utf-8"))


def _shown(file: Path) -> Path:
    return Path(relpath(file))
