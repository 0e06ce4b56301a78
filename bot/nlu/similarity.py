"""Which messages are most alike: cosine of tf-idf over words, pairs of words and letters.

In plain Python, so that a trainer's check needs neither Rasa nor its environment. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import log, sqrt

from bot.plain_text import normalise

_WORD = re.compile(r"\w+|[?!$%]")
_LETTERS = 4
_RARE = 0.005
"""Messages are candidates when they share a term that no larger share of all messages has."""
_CANDIDATES = 20


@dataclass(frozen=True)
class Neighbour:
    """A message by its place in the list, and how much alike it is, from 0 to 1."""

    index: int
    likeness: float


def nearest(texts: Sequence[str], count: int) -> list[list[Neighbour]]:
    """For each of `texts` the `count` others that are most like it, best first.

    Words alone that everybody uses find nobody: such a message has no neighbours.
    """
    vectors = _vectors([_terms(text) for text in texts])
    found = []
    for index, candidates in enumerate(_candidates(vectors)):
        others = [Neighbour(other, _cosine(vectors[index], vectors[other])) for other in candidates]
        found.append(nlargest(count, others, key=lambda neighbour: neighbour.likeness))
    return found


class Index:
    """Messages among which those most like another, given later, are found."""

    def __init__(self, texts: Sequence[str]) -> None:
        terms = [_terms(text) for text in texts]
        self._rarity = _rarity(terms)
        self._vectors = _weighed(terms, self._rarity)
        self._carriers: dict[str, list[int]] = defaultdict(list)
        for index, vector in enumerate(self._vectors):
            for term in vector:
                self._carriers[term].append(index)

    def nearest(self, text: str, count: int) -> list[Neighbour]:
        """The `count` messages that are most like `text`, best first."""
        [vector] = _weighed([_terms(text)], self._rarity)
        likeness: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for index in self._carriers.get(term, ()):
                likeness[index] += weight * self._vectors[index][term]
        best = nlargest(count, likeness, key=likeness.__getitem__)
        return [Neighbour(index, likeness[index]) for index in best]


def _terms(text: str) -> set[str]:
    """Words, pairs of words and runs of letters; any digit is 0."""
    plain = re.sub(r"\d", "0", normalise(text))
    words = _WORD.findall(plain)
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    padded = [f"_{word}_" for word in words]
    letters = {
        word[start : start + _LETTERS]
        for word in padded
        for start in range(max(1, len(word) - _LETTERS + 1))
    }
    return {*words, *pairs, *letters}


def _vectors(messages: Sequence[set[str]]) -> list[dict[str, float]]:
    """By message the weight of each term, the rarer the heavier, with a length of 1."""
    return _weighed(messages, _rarity(messages))


def _rarity(messages: Sequence[set[str]]) -> dict[str, float]:
    """By term how few messages have it."""
    carriers = Counter(term for terms in messages for term in terms)
    return {term: log(len(messages) / count) + 1 for term, count in carriers.items()}


def _weighed(messages: Sequence[set[str]], rarity: Mapping[str, float]) -> list[dict[str, float]]:
    """By message the weight of each term; one that nobody has is as rare as can be."""
    rarest = max(rarity.values(), default=1.0)
    vectors = []
    for terms in messages:
        weights = {term: rarity.get(term, rarest) for term in terms}
        length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        vectors.append({term: weight / length for term, weight in weights.items()})
    return vectors


def _candidates(vectors: Sequence[dict[str, float]]) -> list[list[int]]:
    """By message those that share most of its rare terms."""
    shared: list[dict[int, float]] = [defaultdict(float) for _ in vectors]
    for carriers in _carriers_of_rare_terms(vectors):
        for place, (index, weight) in enumerate(carriers):
            for other, other_weight in carriers[:place]:
                shared[index][other] += weight * other_weight
                shared[other][index] += weight * other_weight
    return [nlargest(_CANDIDATES, row, key=row.__getitem__) for row in shared]


def _carriers_of_rare_terms(
    vectors: Sequence[dict[str, float]],
) -> Iterator[list[tuple[int, float]]]:
    carriers: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for index, vector in enumerate(vectors):
        for term, weight in vector.items():
            carriers[term].append((index, weight))
    most = max(_CANDIDATES, _RARE * len(vectors))
    return (each for each in carriers.values() if 1 < len(each) <= most)


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(one[term] * other[term] for term in one.keys() & other.keys())
