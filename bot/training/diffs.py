"""The difference between two states of files: as text, and as lines a page can show. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

AROUND = 3


class Kind(Enum):
    """What a line of a diff is; the value begins it in the text."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"
    SKIPPED = "@@"
    """Lines that did not change are left out here."""


@dataclass(frozen=True)
class Line:
    """A line, and its number in the file before and after."""

    kind: Kind
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True)
class FileDiff:
    """What changed in one file."""

    path: str
    is_new: bool
    lines: tuple[Line, ...]

    @property
    def added(self) -> int:
        """How many lines are new."""
        return sum(line.kind is Kind.ADDED for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines are gone."""
        return sum(line.kind is Kind.REMOVED for line in self.lines)

    @property
    def text(self) -> str:
        """The same as `git diff` shows it."""
        head = [f"--- {'/dev/null' if self.is_new else f'a/{self.path}'}", f"+++ b/{self.path}"]
        body = (
            line.text if line.kind is Kind.SKIPPED else line.kind.value + line.text
            for line in self.lines
        )
        return "".join(f"{line}\n" for line in [*head, *body])


def between(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FileDiff]:
    """The differences of each file of `after`, by path."""
    for path in sorted(after):
        lines = tuple(_lines(_split(before.get(path, "")), _split(after[path])))
        yield FileDiff(path, path not in before, lines)


def _split(text: str) -> list[str]:
    """Lines as git has them: `splitlines` knows more ends of a line."""
    return text.removesuffix("\n").split("\n") if text else []


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        (_, first, _, new_first, _), (_, _, last, _, new_last) = group[0], group[-1]
        span = f"@@ -{_span(first, last)} +{_span(new_first, new_last)} @@"
        yield Line(Kind.SKIPPED, None, None, span)
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                for step in range(end - start):
                    place, new_place = start + step, new_start + step
                    yield Line(Kind.SAME, place + 1, new_place + 1, old[place])
                continue
            for place in range(start, end):
                yield Line(Kind.REMOVED, place + 1, None, old[place])
            for place in range(new_start, new_end):
                yield Line(Kind.ADDED, None, place + 1, new[place])


def _span(first: int, last: int) -> str:
    count = last - first
    return f"{first + 1 if count else first},{count}"
