"""What each way of paying costs under some terms. Pure: no wish, no words, no dates.

`Quote` knows the price of paying at once and of every number of parts. No price is dearer than
that of a standing offer which lets the debtor pay as late or later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from uuid import UUID

from bot.billing.installments import installments
from bot.billing.money import CENT, round_half_up
from bot.billing.terms import Terms

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class OpenDebt:
    """An invoice as it stands today: what is left of it, its late charges, days late."""

    invoice_id: UUID
    balance: Decimal
    multa: Decimal
    juros: Decimal
    days_late: int

    @property
    def total(self) -> Decimal:
        """What settles it today without any discount."""
        return self.balance + self.multa + self.juros


@dataclass(frozen=True)
class Standing:
    """An offer made earlier for the same debts and still valid. `count` is 1 at once."""

    amounts: tuple[Decimal, ...]
    down_payment: Decimal | None
    first_due: date

    @property
    def count(self) -> int:
        return len(self.amounts)

    @cached_property
    def total(self) -> Decimal:
        return sum(self.amounts, ZERO)

    def is_level(self) -> bool:
        """Whether the parts after the down payment are alike but for the rounding of the last."""
        rest = self.amounts[int(self.down_payment is not None) :]
        return len(set(rest[:-1])) <= 1 and abs(rest[-1] - rest[0]) <= CENT * len(rest)


@dataclass(frozen=True)
class Quote:
    """Prices for `debts` under `terms`; amounts in reais."""

    debts: Sequence[OpenDebt]
    terms: Terms
    standing: Sequence[Standing] = ()

    @cached_property
    def original_total(self) -> Decimal:
        """What the debts come to today, without any discount."""
        return sum((debt.total for debt in self.debts), ZERO)

    @cached_property
    def full_total(self) -> Decimal:
        """The price of paying at once: never above any other."""
        bucket_of = self.terms.at_once.discount

        def discount(debt: OpenDebt) -> Decimal:
            bucket = bucket_of(debt.days_late)
            return _discount(debt, bucket.principal, bucket.multa, bucket.juros)

        price = max(self.original_total - self._taken_off(discount), CENT)
        return min([price, *(offer.total for offer in self.standing)])

    @cached_property
    def split_total(self) -> Decimal:
        """What is split into instalments, before their interest."""
        plan = self.terms.installments

        def discount(debt: OpenDebt) -> Decimal:
            return _discount(debt, plan.principal, plan.multa, plan.juros)

        return max(self.original_total - self._taken_off(discount), CENT)

    @cached_property
    def most_down_payment(self) -> Decimal:
        """The most a down payment may be: a part must be left, whatever the plan costs."""
        plans = (offer.total for offer in self.standing if offer.count > 1)
        return min([self.split_total, *plans]) - self.terms.installments.min_value

    @cached_property
    def least_down_payment(self) -> Decimal | None:
        """What the first part must be where the terms want more of it; else None.

        Never more than in a plan that stands.
        """
        plan = self.terms.installments
        asked = [offer.down_payment for offer in self.standing if offer.count > 1]
        if not plan.down_payment or None in asked:
            return None
        least = max(_share(self.split_total, plan.down_payment), plan.min_value)
        return min([least, *(down for down in asked if down is not None)])

    def plans(self, down_payment: Decimal | None) -> dict[int, tuple[Decimal, ...]]:
        """Return the parts of every plan that may be offered, by their number, fewest first.

        Numbers offered before, and still standing, stay on offer.
        """
        if down_payment is not None and down_payment > self.most_down_payment:
            return {}
        offered = {offer.count for offer in self.standing if offer.down_payment == down_payment}
        again = {count: self.plan(count, down_payment) for count in offered - {1}}
        return dict(sorted((self.new_plans(down_payment) | again).items()))

    def new_plans(self, down_payment: Decimal | None) -> dict[int, tuple[Decimal, ...]]:
        """Return the plans that may be offered by these terms alone, by their number of parts.

        The parts are alike, after the down payment if there is one, and at least the minimum.
        """
        if down_payment is not None and down_payment > self.most_down_payment:
            return {}
        numbers, least = self._reached(down_payment), self.terms.installments.min_value
        plans = ((count, self.plan(count, down_payment)) for count in numbers)
        return {count: parts for count, parts in plans if min(parts) >= least}

    def _reached(self, down_payment: Decimal | None) -> range:
        """The numbers of parts of which so many of the minimum fit in, before interest."""
        plan = self.terms.installments
        most = int((self.split_total - (down_payment or ZERO)) // plan.min_value)
        return range(2, min(plan.max_count, most + (down_payment is not None)) + 1)

    def plan(self, count: int, down_payment: Decimal | None) -> tuple[Decimal, ...]:
        """Return the parts of one plan, all alike after the down payment if there is one."""
        listed = self._listed(count, down_payment)
        later = [offer for offer in self.standing if _pays_later(offer, count, down_payment)]
        best = min((offer.total for offer in later), default=None)
        if best is None or best >= sum(listed):
            return listed
        for offer in later:
            same = (offer.count, offer.down_payment, offer.total) == (count, down_payment, best)
            if same and offer.is_level():
                return offer.amounts
        return level(best, count, down_payment)

    def _listed(self, count: int, down_payment: Decimal | None) -> tuple[Decimal, ...]:
        rate = self.terms.installments.interest(count)
        return level(self.split_total, count, down_payment, rate)

    def _taken_off(self, discount: Callable[[OpenDebt], Decimal]) -> Decimal:
        return sum((discount(debt) for debt in self.debts), ZERO)


@lru_cache(maxsize=4096)  # a debt's plans are asked for again and again while it is discussed
def level(
    total: Decimal, count: int, down_payment: Decimal | None, rate: Decimal = ZERO
) -> tuple[Decimal, ...]:
    """Split `total` into parts that are alike, after the down payment if there is one."""
    if down_payment is None:
        return installments(total, count, rate)
    return (down_payment, *installments(total - down_payment, count - 1, rate))


def _pays_later(offer: Standing, count: int, down_payment: Decimal | None) -> bool:
    if offer.count < count:
        return False
    return offer.down_payment is None or (
        down_payment is not None and down_payment >= offer.down_payment
    )


def _discount(debt: OpenDebt, principal: Decimal, multa: Decimal, juros: Decimal) -> Decimal:
    return _share(debt.balance, principal) + _share(debt.multa, multa) + _share(debt.juros, juros)


def _share(amount: Decimal, rate: Decimal) -> Decimal:
    return round_half_up(Fraction(amount) * Fraction(rate))
