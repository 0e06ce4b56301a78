"""Whether the bot says the same thing twice in a row. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rehearsal.talk import Conversation

_OFFER = re.compile(r"\*\d\.\* ")
SHORTEST = 25
"""Characters of a sentence whose repetition is noticed."""


@dataclass(frozen=True)
class Repetition:
    """The same words in two answers in a row. `exchange` is the second."""

    exchange: int
    words: str
    is_whole_bubble: bool


def repetitions(conversation: Conversation) -> Iterator[Repetition]:
    """Whole bubbles first; sentences only where no whole bubble is repeated."""
    before: list[str] = []
    for number, exchange in enumerate(conversation.exchanges):
        texts = [bubble.text.strip() for bubble in exchange.bubbles]
        same = [text for text in texts if text in before]
        sentences = {s for text in before for s in _sentences(text)}
        again = [s for text in texts for s in _sentences(text) if s in sentences]
        if same:
            yield Repetition(number, same[0], True)
        elif again:
            yield Repetition(number, again[0], False)
        before = texts or before


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a message, without lists of numbers and why each is offered, which have
    to be the same."""
    lines = text.splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        for sentence in re.split(r"(?<=[.!?:])\s+", line):
            if len(sentence) >= SHORTEST and "R$" not in sentence and not _OFFER.match(above):
                yield sentence
