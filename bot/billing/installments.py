"""Splitting an amount into monthly instalments, and the dates they fall due."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.billing.money import check_amount, check_rate, from_cents, round_half_up, to_cents

LONGEST_PLAN = 360


def installments(total: Decimal, count: int, monthly_rate: Decimal) -> tuple[Decimal, ...]:
    """Return `count` monthly instalments, in reais, that pay `total` off.

    `monthly_rate` is a fraction (1 % a month is `Decimal("0.01")`). Without interest the parts are
    equal and the last takes the cents that do not divide; they add up to `total`. With interest
    they follow the Price table, the first one due a month from now: every part is
    `PV·i / (1 − (1+i)^−n)` rounded half up, and the last closes the exact sum of the plan.

    Raises `TypeError` for amounts or rates that are not `Decimal`; `ValueError` for a count
    outside 1 to 360 or an amount too small to give every instalment a cent.
    """
    total = check_amount(total, "total")
    rate = check_rate(monthly_rate, "monthly_rate")
    _check_count(count)
    parts = _price(total, count, rate) if rate else _equal(total, count)
    if min(parts) <= 0:
        raise ValueError(f"total: {total} is too small for {count} instalments")
    return parts


def monthly_due_dates(first: date, count: int) -> tuple[date, ...]:
    """Return `count` dates on the day of `first`, month after month.

    A month too short for that day gives its last day, and the next one goes back to it:
    31 January, 28 February, 31 March. Raises `ValueError` for a count outside 1 to 360.
    """
    _check_count(count)
    return tuple(_months_later(first, months) for months in range(count))


def _equal(total: Decimal, count: int) -> tuple[Decimal, ...]:
    part, remainder = divmod(to_cents(total), count)
    return (from_cents(part),) * (count - 1) + (from_cents(part + remainder),)


def _price(total: Decimal, count: int, rate: Decimal) -> tuple[Decimal, ...]:
    growth = (1 + Fraction(rate)) ** count
    exact = Fraction(total) * Fraction(rate) * growth / (growth - 1)
    part = round_half_up(exact)
    last = round_half_up(exact * count) - part * (count - 1)
    return (part,) * (count - 1) + (last,)


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def _check_count(count: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"count: expected an int, got {type(count).__name__} {count}")
    if not 1 <= count <= LONGEST_PLAN:
        raise ValueError(f"count: {count} is not from 1 to {LONGEST_PLAN}")
