"""What would have to change of a wish for it to be what is offered. Pure.

A wish is accepted when nothing would: to the cent and to the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from bot.billing.money import CENT, format_brl, format_percent
from bot.billing.policy_words import ChangeCatalog
from bot.billing.quotes import ZERO
from bot.billing.shapes import Change, ChangeField, NoteCode, Wish
from bot.billing.wishes import wanted_total


@dataclass(frozen=True)
class Way:
    """The way of paying a wish is compared with."""

    amounts: tuple[Decimal, ...]
    first_due: date
    down_payment: Decimal | None
    original_total: Decimal
    min_remainder: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, ZERO)

    @property
    def rest(self) -> tuple[Decimal, ...]:
        """The parts after the down payment."""
        return self.amounts[int(self.down_payment is not None) :]


@dataclass(frozen=True)
class Difference:
    """A field of a wish that is not met; `share` is how much of the way there the wish is."""

    field: ChangeField
    asked: Any
    possible: Any
    share: Decimal

    def change(self, words: ChangeCatalog) -> Change:
        """Return it as it is told."""
        sentence: str = getattr(words, self.field)
        return Change(
            field=self.field,
            asked=_plain(self.asked),
            possible=_plain(self.possible),
            sentence=sentence.format(
                asked=_spoken(self.field, self.asked), possible=_spoken(self.field, self.possible)
            ),
        )


def note_code(differences: list[Difference], far_below: Decimal) -> NoteCode:
    """Return how near an offer comes: a wish below that share of what is possible is far."""
    if not differences:
        return "accepted"
    return "far" if any(each.share < far_below for each in differences) else "nearest"


def differences(wish: Wish, way: Way, today: date, latest_first_due: date) -> Iterator[Difference]:
    """Yield where `way` is not what was said."""
    yield from _number(wish, way)
    yield from _monthly(wish, way)
    yield from _down_payment(wish, way)
    yield from _price(wish, way)
    yield from _first_due(wish, way, today, latest_first_due)


def _number(wish: Wish, way: Way) -> Iterator[Difference]:
    if wish.installments is None:
        return
    possible = len(way.rest) if wish.down_payment else len(way.amounts)
    if possible != wish.installments:
        share = Decimal(possible) / wish.installments
        yield Difference("installments", wish.installments, possible, share)


def _monthly(wish: Wish, way: Way) -> Iterator[Difference]:
    """Every part is exactly the sum, the last one what is left; a remainder too small for a
    bill of its own may take from the part before it."""
    if wish.monthly is None:
        return
    *whole, last = way.rest
    shares_last = last == way.min_remainder and bool(whole)
    exact = whole[:-1] if shares_last else whole
    parts = way.rest if wish.down_payment else way.amounts
    if max(parts) > wish.monthly or any(part != wish.monthly for part in exact):
        yield Difference("monthly", wish.monthly, max(way.rest), wish.monthly / max(way.rest))


def _down_payment(wish: Wish, way: Way) -> Iterator[Difference]:
    if not wish.down_payment:
        return
    at_once = len(way.amounts) == 1 and way.total <= wish.down_payment
    if not at_once and wish.down_payment != way.down_payment:
        yield Difference("down_payment", wish.down_payment, way.amounts[0], Decimal(1))


def _price(wish: Wish, way: Way) -> Iterator[Difference]:
    wanted = wanted_total(wish, way.original_total)
    if wanted is None or way.total <= wanted:
        return
    share = wanted / way.total
    if wish.total is not None and wish.total < way.total:
        yield Difference("total", wish.total, way.total, share)
    if wish.percent is not None:
        taken_off = max(way.original_total - way.total, ZERO)
        possible = (taken_off * 100 / way.original_total).quantize(CENT, ROUND_DOWN)
        if possible < wish.percent:
            yield Difference("percent", wish.percent, possible, share)


def _first_due(wish: Wish, way: Way, today: date, latest: date) -> Iterator[Difference]:
    if wish.first_due is None or way.first_due == wish.first_due:
        return
    days = (wish.first_due - today).days
    share = Decimal(1) if wish.first_due <= latest else Decimal((latest - today).days) / days
    yield Difference("first_due", wish.first_due, way.first_due, share)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _spoken(field: ChangeField, value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if field == "percent":
        return format_percent(value / 100)
    return format_brl(value) if isinstance(value, Decimal) else str(value)
