"""What a rule looks at, what it finds, and the list of all rules.

A rule is a function from a case to what breaks it, registered with the sentence of the report.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.creditor import Creditor
from bot.portuguese import normalise
from bot.rehearsal.phone import Bubble
from bot.rehearsal.talk import Conversation, Exchange
from bot.rehearsal.witness import Answer

_CODE = re.compile(r"^(?:\d{44,48}|000201.+)$", re.DOTALL)


@dataclass(frozen=True)
class Violation:
    """A message that breaks a rule. `exchange` counts from 0."""

    rule: str
    exchange: int
    excerpt: str
    why: str


@dataclass(frozen=True)
class Case:
    """A conversation with what billing answered meanwhile, and who charges."""

    conversation: Conversation
    answers: Sequence[Answer]
    creditor: Creditor

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What was said and answered, in order."""
        return self.conversation.exchanges

    @property
    def bubbles(self) -> Iterator[tuple[int, Bubble]]:
        """Every bubble of the bot with the number of its exchange."""
        return self.conversation.bubbles()

    @cached_property
    def confirmed_at(self) -> float:
        """When billing confirmed who it is; never, if it did not."""
        confirmed = (answer.at for answer in self.answers if _is_confirmation(answer))
        return min(confirmed, default=float("inf"))

    @cached_property
    def silenced_from(self) -> int:
        """The exchange from which nothing of the debt may be said; beyond the last, if none."""
        silenced = (n for n, exchange in enumerate(self.exchanges) if exchange.silences)
        return min(silenced, default=len(self.exchanges))

    def answers_before(self, moment: float) -> Iterator[Answer]:
        """What billing had answered by then."""
        return (answer for answer in self.answers if answer.at <= moment)


def _is_confirmation(answer: Answer) -> bool:
    is_identification = answer.path.startswith("/identifications")
    return is_identification and bool(answer.told.get("status") == "confirmed")


Found = Iterator[tuple[int, str, str]]
"""Exchange, excerpt, why."""
Rule = Callable[[Case], Found]
RULES: dict[str, tuple[str, Rule]] = {}


def rule(title: str) -> Callable[[Rule], Rule]:
    """Register a rule under its function's name."""

    def register(function: Rule) -> Rule:
        RULES[function.__name__] = (title, function)
        return function

    return register


def check(case: Case) -> list[Violation]:
    """Everything in the conversation that breaks a rule."""
    return [
        Violation(name, exchange, excerpt, why)
        for name, (_, function) in RULES.items()
        for exchange, excerpt, why in function(case)
    ]


def excerpt(text: str, found: re.Match[str] | None = None) -> str:
    """Some words of a message, those around `found` if given."""
    start = max(found.start() - 60, 0) if found else 0
    return " ".join(text[start : start + 180].split())


def words_of(bubble: Bubble) -> str:
    """Everything that is read in a bubble, its buttons too."""
    return "\n".join([bubble.text, *(tap.words for tap in bubble.taps)])


def sentences(text: str) -> list[str]:
    """The sentences of a message, in one spelling."""
    return [part.strip() for part in re.split(r"[.!?:\n]", normalise(text)) if part.strip()]


def is_code(bubble: Bubble) -> bool:
    """Whether a bubble is a boleto or a Pix to copy."""
    return bool(_CODE.match(bubble.text.strip()))
