"""Near-duplicates go into one group. Pure.

A group has a leader, the first of its kind; a message joins the group of the leader it is most
like, by the share of common runs of letters (Jaccard). What is in a group stays in it, so that a
verdict on a group is never about other messages than the trainer saw.

Leaders are found by prefix filtering: two messages that are alike enough share some of their
rarest runs of letters, so only leaders that share `_SHARED` of those are compared.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import ceil

from bot.plain_text import normalise

LIKE = 0.7
"""The share of common runs of letters from which two messages are near-duplicates."""
_LETTERS = 3
_SHARED = 4
_NEGATIONS = re.compile(r"\b(?:nao|nem|nunca|sem|nada)\b")
_NO_WORD = re.compile(r"[^a-z0-9$%?]+")


def plain(text: str) -> str:
    """The spelling in which messages are compared and searched: no accents, marks or capitals.

    What has no words, such as an emoji, is as it was.
    """
    return " ".join(_NO_WORD.sub(" ", normalise(text)).split()) or text.strip().lower()


def shape(plain_text: str) -> str:
    """What equals in exact copies: any digit is 0."""
    return re.sub(r"\d", "0", plain_text)


class Groups:
    """The groups so far, to which messages are added one after another."""

    def __init__(self, leaders: Iterable[tuple[int, str]] = ()) -> None:
        """`leaders`: group and plain text of each."""
        known = list(leaders)
        self._rank = _by_rarity(text for _, text in known)
        self._exact: dict[str, int] = {}
        self._last = "", array("i")
        self._leaders: list[tuple[int, array[int], int]] = []
        self._found_by: dict[int, list[int]] = {}
        for group, text in known:
            self.lead(group, text)

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self._leaders)

    def find(self, plain_text: str) -> int | None:
        """The group `plain_text` belongs to; None when it is like no leader."""
        same = self._exact.get(shape(plain_text))
        if same is not None:
            return same
        group = self._most_like(plain_text)
        if group is not None:
            self._exact[shape(plain_text)] = group
        return group

    def lead(self, group: int, plain_text: str) -> None:
        """Let `plain_text` begin a group."""
        letters = self._letters(plain_text)
        place = len(self._leaders)
        self._leaders.append((group, letters, _negations(plain_text)))
        self._exact.setdefault(shape(plain_text), group)
        for rank in letters[: _prefix(len(letters))]:
            self._found_by.setdefault(rank, []).append(place)

    def _letters(self, plain_text: str) -> "array[int]":
        """The ranks of its runs of letters, the rarest first; one never seen is rarest of all."""
        last, letters = self._last
        if last != plain_text:
            runs, rank = _runs(plain_text), self._rank
            for run in sorted(run for run in runs if run not in rank):
                rank[run] = -len(rank) - 1
            letters = array("i", sorted([rank[run] for run in runs]))
            self._last = plain_text, letters
        return letters

    def _most_like(self, plain_text: str) -> int | None:
        letters, negations = self._letters(plain_text), _negations(plain_text)
        own, count = set(letters), len(letters)
        best, found = LIKE, None
        found_by = (self._found_by.get(rank, ()) for rank in letters[: _prefix(count)])
        shared = Counter(chain.from_iterable(found_by))
        least = min(_SHARED, ceil(LIKE * count))
        for place in sorted(place for place, times in shared.items() if times >= least):
            group, others, their_negations = self._leaders[place]
            if their_negations != negations or not LIKE * count <= len(others) <= count / LIKE:
                continue
            common = len(own.intersection(others))
            likeness = common / (count + len(others) - common)
            if likeness > best or (found is None and likeness == best):
                best, found = likeness, group
        return found


def group(texts: Sequence[str]) -> list[int]:
    """For each of `texts` the place of the leader of its group."""
    groups, placed = Groups(), []
    plains = [plain(text) for text in texts]
    groups._rank = _by_rarity(plains)
    for place, text in enumerate(plains):
        found = groups.find(text)
        if found is None:
            groups.lead(place, text)
        placed.append(place if found is None else found)
    return placed


def _by_rarity(texts: Iterable[str]) -> dict[str, int]:
    counts = Counter(run for text in set(texts) for run in _runs(text))
    ordered = sorted(counts, key=lambda run: (counts[run], run))
    return {run: rank for rank, run in enumerate(ordered)}


def _runs(plain_text: str) -> set[str]:
    padded = f" {shape(plain_text)} "
    return {padded[start : start + _LETTERS] for start in range(len(padded) - _LETTERS + 1)} or {
        padded
    }


def _prefix(count: int) -> int:
    """Of how many of the rarest runs `_SHARED` must be those of a message that is alike."""
    return count - ceil(LIKE * count) + _SHARED


def _negations(plain_text: str) -> int:
    """How often it says no: what differs in that says something else."""
    return len(_NEGATIONS.findall(plain_text))
