"""What the parts of a plan cost before their time: the interest of the days not used is not due.

CDC, art. 52, § 2º; by the plan's own rate, as banks must do it (Resolução CMN 3.516/2007). Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property

from bot.billing.money import CENT, round_half_up

SOURCE = "CDC, art. 52, § 2º"
STEPS = 100
PRECISION = 40
ONE = Decimal(1)


@dataclass(frozen=True)
class PlannedPart:
    """A part of a plan as it was agreed, in reais."""

    due: date
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """A plan agreed on `start`, with `interest` reais in the sum of its parts."""

    start: date
    interest: Decimal
    parts: Sequence[PlannedPart]

    def price(self, balance: Decimal, due: date, day: date) -> Decimal:
        """Return what settles `balance` of a part due on `due` when it is paid on `day`.

        Never more than the balance, never less than a cent; the whole plan paid on the day it
        was agreed costs nothing of the interest.
        """
        early = (due - day).days
        if early <= 0:
            return balance
        with localcontext(prec=PRECISION):
            price = round_half_up(Fraction(balance * self._daily_factor**early))
        return max(min(price, balance), CENT)

    @cached_property
    def _daily_factor(self) -> Decimal:
        """By how much a real paid a day later is worth less; 1 without interest.

        Found by halving: the worth of all parts on `start` grows with the factor.
        """
        if not self.interest:
            return ONE
        waits = [(part.amount, max((part.due - self.start).days, 0)) for part in self.parts]
        worth = sum((amount for amount, _ in waits), -self.interest)
        low, high = Decimal(0), ONE
        with localcontext(prec=PRECISION):
            for _ in range(STEPS):
                middle = (low + high) / 2
                found = sum(amount * middle**wait for amount, wait in waits)
                low, high = (middle, high) if found <= worth else (low, middle)
        return high
