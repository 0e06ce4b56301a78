"""The training data as the inbox uses it: what words it knows, and which examples are alike."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from os.path import relpath
from pathlib import Path

from bot.nlu.examples import Example, read_examples
from bot.nlu.similarity import Index
from bot.settings import PROJECT
from bot.training import grouping, masking, signals

_STAND_INS = (*masking.STAND_INS.values(), "Joana Moreira", "Pedro Moreira")
"""What masking puts in is no news."""
_PLACE = re.compile(r"(data/nlu/[\w-]+\.yml):(\d{1,6})")


@dataclass(frozen=True)
class Neighbour:
    """An example that is like a message, and how much, from 0 to 1."""

    text: str
    intent: str
    place: str
    """File and line, as `data/nlu/debt.yml:12`."""
    likeness: float


@dataclass(frozen=True)
class TrainingData:
    """All examples, and what was made of them."""

    examples: list[Example]
    words: frozenset[str]

    @cached_property
    def index(self) -> Index:
        """Of all examples; only who asks for neighbours waits for it."""
        return Index([example.text for example in self.examples])


def neighbours(text: str, count: int = 5) -> list[Neighbour]:
    """The examples most like `text`, best first: how others like it are labelled."""
    data = training_data()
    found = []
    for each in data.index.nearest(text, count):
        example = data.examples[each.index]
        place = f"{relpath(example.place.file, PROJECT)}:{example.place.line}"
        found.append(Neighbour(example.text, example.intent, place, round(each.likeness, 3)))
    return found


def at(place: str) -> tuple[str, str] | None:
    """The intent and the line, with its marks, at a place as `Neighbour` has it."""
    found = _PLACE.fullmatch(place)
    file = PROJECT / found[1] if found else None
    if found is None or file is None or not file.is_file():
        return None
    for each in read_examples([file]):
        if each.place.line == int(found[2]):
            line = file.read_text(encoding="utf-8").split("\n")[each.place.line - 1]
            return each.intent, line.strip().removeprefix("- ").strip()
    return None


def training_data() -> TrainingData:
    """The examples of `data/nlu`, read again whenever a file has changed."""
    files = sorted((PROJECT / "data" / "nlu").glob("*.yml"))
    return _read(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _read(files: tuple[tuple[Path, int], ...]) -> TrainingData:
    examples = read_examples(file for file, _ in files)
    texts = [example.text for example in examples]
    return TrainingData(examples, _words(texts))


def _words(texts: Iterable[str]) -> frozenset[str]:
    plains = map(grouping.plain, (*texts, *_STAND_INS))
    return frozenset(word for plain in plains for word in signals.words(plain))


def known_words() -> frozenset[str]:
    """Every word of the training data, as `signals.words` gives them."""
    return training_data().words
