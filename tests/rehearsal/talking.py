"""Conversations made by hand, for tests of what is noticed in them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from bot.creditor import get_creditor
from bot.rehearsal.casting import Bill, Debtor
from bot.rehearsal.means import Means
from bot.rehearsal.people import Cast, load
from bot.rehearsal.phone import Bubble, Tap
from bot.rehearsal.rules import Case, check
from bot.rehearsal.talk import Conversation, Exchange
from bot.rehearsal.witness import Answer, answer_of

CUSTOMER = "72d26ec0-413b-4646-a2b9-3934fc0f0875"
IDENTIFIED = ("POST", "/identifications", {"status": "confirmed"})
DEBTS = (
    "GET",
    f"/customers/{CUSTOMER}/debts",
    {
        "debts": [{"original": "200.00", "multa": "4.00", "juros": "1.00", "total": "205.00"}],
        "due": "2026-10-05",
    },
)
OFFERS = ("POST", f"/customers/{CUSTOMER}/offers", {"offers": [{"total": "204.00"}]})
AGREEMENT = {
    "total": "204.00",
    "parts": [
        {"amount": "102.00", "due": "2026-12-10"},
        {"amount": "102.00", "due": "2027-01-10"},
    ],
}
AGREED = ("POST", f"/customers/{CUSTOMER}/agreements", AGREEMENT)

Told = tuple[str, str, Any]


@cache
def cast() -> Cast:
    """The people of `personas.yml`, read once."""
    return load()


def debtor(*bills: Bill, persona: str = "paga_na_hora") -> Debtor:
    """Somebody to talk to."""
    played = next(each for each in cast().personas if each.name == persona)
    owed = bills or (Bill("Mesa", "LH-1", date(2026, 10, 5), Decimal("200.00")),)
    return Debtor(1, played, "Zilda Borges", "52998224725", "5511987650001", owed)


def conversation(*said: tuple[str, str, Sequence[str]], who: Debtor | None = None) -> Conversation:
    """Exchanges a second apart: the name of what was said, its words, the bot's bubbles.

    Bubbles come half a second after the words.
    """
    person = who or debtor()
    silencing = {name for name, saying in cast().sayings.items() if saying.silences}
    exchanges = [
        Exchange(
            float(second),
            name,
            [words],
            [Bubble(second + 0.5, text) for text in bubbles],
            silences=name in silencing,
        )
        for second, (name, words, bubbles) in enumerate(said)
    ]
    return Conversation(person, CUSTOMER, Means(person, Random(1)), exchanges)


def billing_said(*told: tuple[float, Told]) -> list[Answer]:
    """What billing answered, each at its second."""
    return [answer_of(at, method, path, 200, {}, body) for at, (method, path, body) in told]


def broken(spoken: Conversation, *told: tuple[float, Told]) -> set[str]:
    """The rules a conversation breaks."""
    return {v.rule for v in check(Case(spoken, billing_said(*told), get_creditor()))}


def taps(*titles: str) -> tuple[Tap, ...]:
    """Buttons with these titles."""
    return tuple(Tap("button_reply", str(number), title) for number, title in enumerate(titles))
