"""The examples of `data/nlu/`, each with the line it stands on.

Rasa reads the same files to train, but forgets the lines. Judging is for `checks`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_ANNOTATION = re.compile(
    r"\[(?P<words>[^\[\]]+)\](?:\((?P<entity>[^:()]+)(?::[^()]*)?\)|(?P<details>\{[^{}]*\}))"
)
_LEFTOVER = re.compile(r"\[[^\]]*\] ?[({]|\]\s?[({]|\[[^\]]*$|\[\]")


class UnreadableExamples(Exception):
    """A file is not Rasa's YAML for examples; one line that names the file and the line."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Annotation:
    """A value marked in a message: `text[start:end]` is an `entity`, in a role or none."""

    entity: str
    role: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Example:
    """What somebody says, without its marks. `broken` is the part of a mark nobody can read."""

    place: Place
    intent: str
    text: str
    annotations: tuple[Annotation, ...] = ()
    broken: str | None = None


def read_examples(files: Iterable[Path]) -> list[Example]:
    """All examples of `files`, in their order.

    Raises UnreadableExamples.
    """
    return [example for file in files for example in _read_file(file)]


def _read_file(file: Path) -> Iterator[Example]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableExamples(f"{file}: {error.strerror}") from None
    yield from examples_in(text, file)


def examples_in(text: str, file: Path) -> Iterator[Example]:
    """The examples in the `text` of a file.

    Raises UnreadableExamples.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableExamples(f"{file}:{line}: YAML inválido: {error.problem}") from None
    blocks = _fields(tree).get("nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        raise UnreadableExamples(f"{file}:1: falta a lista `nlu:`")
    for block in blocks.value:
        fields = _fields(block)
        if "intent" in fields:
            yield from _read_block(file, fields["intent"].value, fields.get("examples"))


def _fields(node: yaml.Node | None) -> dict[str, Any]:
    """The values of a mapping by name; of anything else, nothing."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {name.value: value for name, value in node.value}


def _read_block(file: Path, intent: str, block: yaml.Node | None) -> Iterator[Example]:
    if not isinstance(block, yaml.ScalarNode) or block.style != "|":
        raise UnreadableExamples(f"{file}: {intent}: os exemplos vêm depois de `examples: |`")
    first = block.start_mark.line + 2  # marks count from 0, and the text begins below its `|`
    for number, line in enumerate(block.value.splitlines(), first):
        if line.startswith("- "):
            yield read_example(Place(file, number), intent, line.removeprefix("- ").strip())
        elif line.strip():
            raise UnreadableExamples(f"{file}:{number}: a linha não começa com `- `")


def read_example(place: Place, intent: str, marked: str) -> Example:
    """The example that is written with marks as Rasa has them: `[150](amount)`."""
    text, end, annotations = "", 0, []
    broken = None
    for match in _ANNOTATION.finditer(marked):
        text += marked[end : match.start()]
        end = match.end()
        details = _details(match)
        if details is None:
            broken = match[0]
        else:
            annotations.append(Annotation(*details, len(text), len(text) + len(match["words"])))
        text += match["words"]
    text += marked[end:]
    leftover = _LEFTOVER.search(text)
    broken = broken or (leftover[0] if leftover else None)
    return Example(place, intent, text, tuple(annotations), broken)


def _details(match: re.Match[str]) -> tuple[str, str | None] | None:
    if match["entity"]:
        return match["entity"], None
    try:
        details = json.loads(match["details"])
        return details["entity"], details.get("role")
    except (ValueError, KeyError):
        return None
