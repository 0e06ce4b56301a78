"""What the money core agrees on: amounts are `Decimal` reais of whole cents, rounded once.

Here: validation, the one rounding and the Brazilian way to print reais and rates. Not here:
any rule about how much somebody owes.
"""

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

CENT: Final = Decimal("0.01")
CEILING: Final = Decimal(10) ** 12


def check_amount(value: Decimal, name: str, ceiling: Decimal = CEILING) -> Decimal:
    """Return `value` with exactly two decimals.

    `value` is an amount in reais: a finite `Decimal`, zero or more, below `ceiling`, whole in
    cents. Raises `TypeError` for anything but a `Decimal` (a float has already lost cents, and
    nobody knows whether an int means reais or cents) and `ValueError` for the rest; both name
    the amount by `name`.
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{name}: expected a Decimal in reais, got {type(value).__name__} {value}")
    if not value.is_finite():
        raise ValueError(f"{name}: {value} is not a number")
    if value < 0:
        raise ValueError(f"{name}: {value} is negative")
    if value >= ceiling:
        raise ValueError(f"{name}: {value} is too large, it must be below {ceiling}")
    cents = value.quantize(CENT)
    if cents != value:
        raise ValueError(f"{name}: {value} has more than 2 decimals")
    return cents.copy_abs()


def check_rate(value: Decimal, name: str) -> Decimal:
    """Return `value`, a rate as a fraction (1 % is `Decimal("0.01")`), 0 or more and below 1.

    Raises `TypeError` for anything but a `Decimal`, `ValueError` outside the range.
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{name}: expected a Decimal fraction, got {type(value).__name__} {value}")
    if not value.is_finite() or not 0 <= value < 1:
        raise ValueError(f"{name}: {value} is not a fraction from 0 to 1 (1 % is 0.01)")
    return value


def round_half_up(value: Fraction) -> Decimal:
    """Return an exact, non-negative amount of reais rounded to the cent, half up."""
    return from_cents(floor(value * 100 + Fraction(1, 2)))


def to_cents(amount: Decimal) -> int:
    """Return a checked amount of reais as a whole number of cents."""
    return int(amount.scaleb(2))


def from_cents(cents: int) -> Decimal:
    """Return a whole number of cents as reais with two decimals."""
    return Decimal(cents).scaleb(-2)


def format_brl(amount: Decimal) -> str:
    """Return reais as Brazilians print them: `Decimal("1234.5")` is `R$ 1.234,50`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}R$ {_comma(f'{abs(amount):,.2f}')}"


def format_percent(rate: Decimal) -> str:
    """Return a fraction as Brazilians print a rate: `Decimal("0.015")` is `1,5%`."""
    return f"{_comma(f'{(rate * 100).normalize():f}')}%"


def _comma(number: str) -> str:
    return number.translate(str.maketrans(",.", ".,"))
