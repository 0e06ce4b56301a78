"""How much personal data masking finds, and how much of what it finds is some, by kind."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.nlu.examples import Example, read_examples
from bot.training import masking

HERE = Path(__file__).parent
TABLES = tuple(
    HERE / f"masking{name}.yml" for name in ("", "_unseen", "_third", "_fourth", "_fifth")
)


@dataclass
class Measured:
    """Counts by kind. A piece is hidden when all its letters and digits are; what was found is
    right when most of it is personal."""

    pieces: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Of all pieces, those hidden."""
        return self.hidden.total() / self.pieces.total()

    @property
    def precision(self) -> float:
        """Of all that was found, what is personal."""
        return self.right.total() / self.found.total()

    def add(self, example: Example) -> None:
        """One message of a table."""
        found = masking.find(example.text)
        hidden = {place for each in found for place in range(each.start, each.end)}
        marked = {p for mark in example.annotations for p in range(mark.start, mark.end)}
        for mark in example.annotations:
            self.pieces[mark.entity] += 1
            if _written(example.text, mark.start, mark.end) <= hidden:
                self.hidden[mark.entity] += 1
            else:
                self.missed.append(f"{example.text[mark.start : mark.end]} | {example.text}")
        for each in found:
            self.found[each.kind] += 1
            places = _written(example.text, each.start, each.end)
            self.right[each.kind] += 2 * len(places & marked) >= len(places)


def _written(text: str, start: int, end: int) -> set[int]:
    return {place for place in range(start, end) if text[place].isalnum()}


def measure(table: Path) -> Measured:
    """All messages of a table."""
    measured = Measured()
    for example in read_examples([table]):
        measured.add(example)
    return measured
