"""Which of a response's variations is said: one that was not said lately. Pure.

Rasa would take any of them by chance, and so the same sentence twice in a row. Here the choice
follows from what was said before and from the turn, so that a turn tried again says the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

Event = Mapping[str, Any]


@dataclass
class _Turn:
    """What the bot said between two messages of the person: variations, and the words."""

    variations: set[str] = field(default_factory=set)
    words: str = ""


class Phrasing:
    """Chooses among variations, knowing what was said in the turns before `turn_id`."""

    def __init__(self, events: Iterable[Event], turn_id: str) -> None:
        self._turn_id = turn_id
        self._turns = _turns(events)

    def choose(self, response: str, variations: Sequence[str], name: str = "") -> int:
        """The variation to say now, by its place: the one longest unsaid; of several such one
        without the name of the person when that was just said. Never the last turn's again,
        unless there is no other."""
        first = crc32(f"{self._turn_id} {response}".encode()) % len(variations)
        rotated: list[int] = [*range(first, len(variations)), *range(first)]

        def merits(place: int) -> tuple[int, bool]:
            names_again = "{name}" in variations[place] and self._just_named(name)
            return self._age(_key(response, place)), not names_again

        return max(rotated, key=merits)

    @property
    def said_before(self) -> str:
        """All that was said in the turn before this one."""
        return self._turns[1].words if len(self._turns) > 1 else ""

    def note(self, response: str, place: int, words: str) -> str:
        """Note what is said in this turn; returns the mark to keep with it for later turns."""
        key = _key(response, place)
        self._turns[0].variations.add(key)
        self._turns[0].words += words
        return key

    def _age(self, key: str) -> int:
        """How many turns ago a variation was said; as long as we know when it never was."""
        ages = (age for age, turn in enumerate(self._turns) if key in turn.variations)
        return next(ages, len(self._turns))

    def _just_named(self, name: str) -> bool:
        return bool(name) and any(name in turn.words for turn in self._turns[:2])


def _key(response: str, place: int) -> str:
    return f"{response}.{place}"


def _turns(events: Iterable[Event]) -> list[_Turn]:
    """What was said, by turn; this turn first, with nothing said yet."""
    turns = [_Turn()]
    for event in events:
        if event["event"] == "user":
            turns.insert(0, _Turn())
        elif event["event"] == "bot":
            turns[0].words += event.get("text") or ""
            turns[0].variations.add((event.get("metadata") or {}).get("phrasing", ""))
    return turns
