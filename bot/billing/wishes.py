"""From what somebody said they could do to the nearest the policy allows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from bot.billing.money import round_half_up
from bot.billing.policy import InstallmentPolicy
from bot.billing.quotes import ZERO, Quote
from bot.billing.shapes import NoteCode, Wish

Plans = Mapping[int, tuple[Decimal, ...]]


class Fit(IntEnum):
    """How near the policy comes to a wish."""

    ACCEPTED = 0
    NEAREST = 1
    FAR = 2

    @property
    def code(self) -> NoteCode:
        codes: tuple[NoteCode, ...] = ("accepted", "nearest", "far")
        return codes[self]


@dataclass(frozen=True)
class Choice:
    """What comes nearest. `count`: 1 at once, None for no preference; `fit`: None without wish.

    `plans`: what may be paid in parts with this down payment, by the number of parts.
    """

    plans: Plans
    count: int | None = None
    down_payment: Decimal | None = None
    first_due: date | None = None
    fit: Fit | None = None


def choose(quote: Quote, wish: Wish | None, today: date, far_below: Decimal) -> Choice:
    """Return the way of paying that comes nearest to `wish`.

    A wish below the share `far_below` of what is possible is far.
    """
    if wish is None or not wish.model_dump(exclude_none=True):
        return Choice(quote.plans())
    first_due, date_fit = _first_due(wish, quote.terms.installments, today, far_below)
    down_payment, down_fit = _down_payment(wish, quote)
    plans = quote.plans(down_payment)
    count, count_fit = _count(wish, quote, plans, down_payment, far_below)
    price_fit = _price_fit(wish, quote, plans.get(count or 1), far_below)
    fit = max(date_fit, down_fit, count_fit, price_fit)
    if count == 1 and down_payment is not None:
        down_payment, plans = None, quote.plans()
    return Choice(plans, count, down_payment, first_due, fit)


def _first_due(
    wish: Wish, plan: InstallmentPolicy, today: date, far_below: Decimal
) -> tuple[date | None, Fit]:
    if wish.first_due is None:
        return None, Fit.ACCEPTED
    latest = today + timedelta(days=plan.max_first_due_days)
    allowed = max(today, min(wish.first_due, latest))
    if wish.first_due <= latest:
        return allowed, Fit.ACCEPTED if allowed == wish.first_due else Fit.NEAREST
    days = (wish.first_due - today).days
    return allowed, _distance(Decimal(plan.max_first_due_days), far_below * days)


def _down_payment(wish: Wish, quote: Quote) -> tuple[Decimal | None, Fit]:
    """Fit a down payment between one part and all but one part; from the full price on, none."""
    if not wish.down_payment or wish.down_payment >= quote.full_total:
        return None, Fit.ACCEPTED
    least = quote.terms.installments.min_value
    most = quote.split_total - least
    if most < least:
        return None, Fit.NEAREST
    allowed = max(least, min(wish.down_payment, most))
    return allowed, Fit.ACCEPTED if allowed == wish.down_payment else Fit.NEAREST


def _count(
    wish: Wish, quote: Quote, plans: Plans, down_payment: Decimal | None, far_below: Decimal
) -> tuple[int | None, Fit]:
    if wish.monthly is not None:
        return _by_monthly(wish, quote, plans, down_payment, far_below)
    if wish.installments is not None:
        return _by_installments(wish.installments, plans, far_below)
    if wish.down_payment:
        return (None, Fit.ACCEPTED) if down_payment and plans else (1, Fit.ACCEPTED)
    if wish.total is not None or wish.percent is not None:
        return 1, Fit.ACCEPTED
    return None, Fit.ACCEPTED


def _by_installments(wanted: int, plans: Plans, far_below: Decimal) -> tuple[int, Fit]:
    if wanted == 1 or wanted in plans:
        return wanted, Fit.ACCEPTED
    nearest = min(plans, key=lambda count: abs(count - wanted), default=1)
    return nearest, _distance(Decimal(nearest), far_below * wanted)


def _by_monthly(
    wish: Wish,
    quote: Quote,
    plans: Plans,
    down_payment: Decimal | None,
    far_below: Decimal,
) -> tuple[int, Fit]:
    """Return the fewest parts of at most the sum wished; the number wished if they fit too."""
    assert wish.monthly is not None
    skipped = int(down_payment is not None)
    fitting = [count for count, amounts in plans.items() if max(amounts[skipped:]) <= wish.monthly]
    if quote.full_total <= wish.monthly:
        fitting.insert(0, 1)
    if wish.installments in fitting:
        return wish.installments, Fit.ACCEPTED
    if fitting:
        return fitting[0], Fit.ACCEPTED if wish.installments is None else Fit.NEAREST
    lightest = max(plans, default=1)
    part = max(plans[lightest][skipped:]) if plans else quote.full_total
    return lightest, _distance(wish.monthly, far_below * part)


def _price_fit(
    wish: Wish, quote: Quote, plan: tuple[Decimal, ...] | None, far_below: Decimal
) -> Fit:
    """Compare a total or a discount wished with the price of what was chosen."""
    wanted = _wanted_total(wish, quote)
    if wanted is None:
        return Fit.ACCEPTED
    price = sum(plan, ZERO) if plan else quote.full_total
    if wanted >= price:
        return Fit.ACCEPTED
    return _distance(wanted, far_below * price)


def _wanted_total(wish: Wish, quote: Quote) -> Decimal | None:
    totals = [wish.total] if wish.total is not None else []
    if wish.percent is not None:
        left = 1 - Fraction(wish.percent) / 100
        totals.append(round_half_up(Fraction(quote.original_total) * max(left, Fraction(0))))
    return min(totals, default=None)


def _distance(have: Decimal, needed: Decimal) -> Fit:
    return Fit.FAR if have < needed else Fit.NEAREST
