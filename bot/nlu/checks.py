"""What can be wrong with examples. An error must be mended; a hint is for a trainer to judge.

Each check looks at all examples and yields what it finds, in Portuguese: trainers read it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property, lru_cache

from bot.nlu.examples import Example, Place
from bot.nlu.personal_data import personal_data
from bot.nlu.similarity import Index, Neighbour, nearest
from bot.plain_text import normalise

FEWEST_EXAMPLES = 120
VALUES = {
    "propose_amount": {"amount"},
    "propose_date": {"date"},
    "ask_installments": {"installments", "amount"},
    "inform_identity": {"cpf", "birth_date"},
}
"""Intents whose numbers are values of these entities."""

NEIGHBOURS = 5
_OF_ANOTHER_INTENT = 4
_LIKE = 0.35
_COPY = 0.9
_WORDS_OF_A_COPY = 4


class Kind(Enum):
    """Kinds of findings, in the order they are told; the value is what a trainer reads."""

    UNKNOWN_INTENT = "Intenção que não existe no domain.yml"
    TWO_INTENTS = "A mesma mensagem em duas intenções"
    BROKEN_MARK = "Anotação quebrada"
    UNKNOWN_ENTITY = "Entidade ou papel que não existe no domain.yml"
    CUT_WORD = "Anotação que corta uma palavra"
    PERSONAL_DATA = "Dados pessoais"
    FEW = "Poucos exemplos"
    SUSPECT = "Talvez em outra intenção"
    LIKE_ANOTHER_INTENT = "Quase igual a uma mensagem de outra intenção"
    UNMARKED = "Número sem anotação"
    REPEATED = "Repetida na mesma intenção"
    LIKE_ANOTHER = "Quase igual a outra da mesma intenção"

    @property
    def is_error(self) -> bool:
        """Whether it must be mended."""
        return self in _ERRORS


_ERRORS = {
    Kind.UNKNOWN_INTENT, Kind.TWO_INTENTS, Kind.BROKEN_MARK, Kind.UNKNOWN_ENTITY, Kind.CUT_WORD,
    Kind.PERSONAL_DATA,
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Something found at a place; `details` are further lines below it."""

    kind: Kind
    place: Place
    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Domain:
    """The names examples may use: intents, and entities with their roles."""

    intents: frozenset[str]
    entities: dict[str, frozenset[str]]


@dataclass(frozen=True)
class Corpus:
    """What the checks look at; `sound`: so many of the first examples are only compared with."""

    examples: Sequence[Example]
    domain: Domain
    fewest: int = FEWEST_EXAMPLES
    sound: int = 0

    @property
    def checked(self) -> Sequence[Example]:
        """The examples that are looked at."""
        return self.examples[self.sound :]

    @cached_property
    def plain(self) -> list[str]:
        """Each example in one spelling."""
        return [_plain(example.text) for example in self.examples]

    @cached_property
    def nearest(self) -> list[list[Neighbour]]:
        """The neighbours of each example that is looked at."""
        if not self.sound:
            return nearest(self.plain, NEIGHBOURS)
        known, added = _index(tuple(self.plain[: self.sound])), Index(self.plain[self.sound :])
        return [
            [*known.nearest(plain, NEIGHBOURS), *_shifted(added, place, plain, self.sound)]
            for place, plain in enumerate(self.plain[self.sound :])
        ]


_index = lru_cache(maxsize=1)(Index)
"""Of the examples that are known, from one check to the next."""


def _shifted(added: Index, own: int, plain: str, by: int) -> list[Neighbour]:
    """The neighbours among the examples that are added, by their place among all."""
    found = added.nearest(plain, NEIGHBOURS)
    return [replace(each, index=each.index + by) for each in found if each.index != own]


@lru_cache(maxsize=1 << 15)
def _plain(text: str) -> str:
    """`text` in one spelling; what has no words, such as an emoji, stays as it is."""
    spelled = normalise(text)
    return spelled if re.search(r"\w", spelled) else text


def check(corpus: Corpus) -> list[Finding]:
    """All findings, errors first, then by kind and place."""
    order = list(Kind)
    found = dict.fromkeys(finding for find in CHECKS for finding in find(corpus))
    return sorted(found, key=lambda each: (order.index(each.kind), each.place))


def _unknown_intents(corpus: Corpus) -> Iterator[Finding]:
    told: set[str] = set()
    for example in corpus.checked:
        if example.intent not in {*corpus.domain.intents, *told}:
            told.add(example.intent)
            yield Finding(Kind.UNKNOWN_INTENT, example.place, example.intent)


def _few(corpus: Corpus) -> Iterator[Finding]:
    counts = Counter(example.intent for example in corpus.examples)
    first = {example.intent: example.place for example in reversed(corpus.examples)}
    for intent in dict.fromkeys(example.intent for example in corpus.checked):
        count = counts[intent]
        if count < corpus.fewest:
            yield Finding(Kind.FEW, first[intent], f"{intent}: {count} (mínimo {corpus.fewest})")


def _repeated(corpus: Corpus) -> Iterator[Finding]:
    seen: dict[str, Example] = {}
    for place, (plain, example) in enumerate(zip(corpus.plain, corpus.examples, strict=True)):
        first = seen.setdefault(plain, example)
        if place < corpus.sound:
            continue
        if first.intent != example.intent:
            words = f"“{example.text}” é {example.intent}"
            where = (f"{first.place}: “{first.text}” é {first.intent}",)
            yield Finding(Kind.TWO_INTENTS, example.place, words, where)
        elif first is not example:
            words = f"“{example.text}” ({example.intent})"
            yield Finding(Kind.REPEATED, example.place, words, (f"{first.place}: “{first.text}”",))


def _near_copies(corpus: Corpus) -> Iterator[Finding]:
    for index, neighbours in enumerate(corpus.nearest, corpus.sound):
        for neighbour in neighbours:
            if neighbour.index < index and _is_copy(corpus, index, neighbour):
                example, other = corpus.examples[index], corpus.examples[neighbour.index]
                same = example.intent == other.intent
                kind = Kind.LIKE_ANOTHER if same else Kind.LIKE_ANOTHER_INTENT
                where = (f"{other.place}: “{other.text}” ({other.intent})",)
                yield Finding(kind, example.place, f"“{example.text}” ({example.intent})", where)


def _same_words(corpus: Corpus) -> Iterator[Finding]:
    """The same words with other punctuation, in another intent: a question mark may be why."""
    seen: dict[tuple[str, ...], Example] = {}
    spelled = zip(corpus.plain, corpus.examples, strict=True)
    for place, (plain, example) in enumerate(spelled):
        words = tuple(re.findall(r"\w+", plain))
        first = seen.setdefault(words, example) if words else example
        if place >= corpus.sound and first.intent != example.intent and plain != _plain(first.text):
            where = (f"{first.place}: “{first.text}” ({first.intent})",)
            words_of = f"“{example.text}” ({example.intent})"
            yield Finding(Kind.LIKE_ANOTHER_INTENT, example.place, words_of, where)


def _is_copy(corpus: Corpus, index: int, neighbour: Neighbour) -> bool:
    one, other = corpus.plain[index], corpus.plain[neighbour.index]
    if one == other or min(len(one.split()), len(other.split())) < _WORDS_OF_A_COPY:
        return False
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= _COPY


def _suspects(corpus: Corpus) -> Iterator[Finding]:
    for example, neighbours in zip(corpus.checked, corpus.nearest, strict=True):
        best = sorted(neighbours, key=lambda each: -each.likeness)[:NEIGHBOURS]
        alike = [each for each in best if each.likeness >= _LIKE]
        intents = Counter(corpus.examples[each.index].intent for each in alike)
        intent, count = intents.most_common(1)[0] if intents else (example.intent, 0)
        if count >= _OF_ANOTHER_INTENT and example.intent not in intents:
            words = f"“{example.text}” é {example.intent}; parece {intent}"
            others = [corpus.examples[each.index] for each in alike]
            details = tuple(f"{each.place}: “{each.text}” ({each.intent})" for each in others)
            yield Finding(Kind.SUSPECT, example.place, words, details)


def _marks(corpus: Corpus) -> Iterator[Finding]:
    entities = corpus.domain.entities
    for example in corpus.checked:
        if example.broken:
            yield Finding(Kind.BROKEN_MARK, example.place, f"“{example.broken}”")
        for mark in example.annotations:
            known = entities.get(mark.entity)
            if known is None or (mark.role and mark.role not in known):
                name = mark.entity + (f" ({mark.role})" if mark.role else "")
                yield Finding(Kind.UNKNOWN_ENTITY, example.place, f"{name} em “{example.text}”")
            if not _is_whole(example.text, mark.start, mark.end):
                words = f"“{example.text[mark.start : mark.end]}” em “{example.text}”"
                yield Finding(Kind.CUT_WORD, example.place, words)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word and no number goes on over an edge: `10` of `10x` is whole."""
    edges = (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
    inside = text[start:end]
    return inside == inside.strip() and not any(
        len(edge) == 2 and (edge.isalpha() or edge.isdigit()) for edge in edges
    )


def _unmarked(corpus: Corpus) -> Iterator[Finding]:
    for example in corpus.checked:
        marked = {mark.entity for mark in example.annotations}
        wanted = VALUES.get(example.intent, set())
        if wanted and not marked and re.search(r"\d", example.text):
            words = f"“{example.text}” ({example.intent}: {' ou '.join(sorted(wanted))})"
            yield Finding(Kind.UNMARKED, example.place, words)


def _personal_data(corpus: Corpus) -> Iterator[Finding]:
    for example in corpus.checked:
        for what in personal_data(example.text):
            yield Finding(Kind.PERSONAL_DATA, example.place, f"{what} em “{example.text}”")


CHECKS: tuple[Callable[[Corpus], Iterator[Finding]], ...] = (
    _unknown_intents, _repeated, _marks, _personal_data, _few, _suspects, _same_words, _near_copies,
    _unmarked,
)  # fmt: skip
