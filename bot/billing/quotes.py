"""What each way of paying costs under the policy. Pure: no wish, no words, no dates.

`Quote` knows the price of paying at once and of every number of parts. No price is dearer than
that of a standing offer which lets the debtor pay as late or later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from bot.billing.installments import installments
from bot.billing.money import CENT, round_half_up
from bot.billing.policy import Terms

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

    @property
    def count(self) -> int:
        return len(self.amounts)

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, ZERO)


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
        buckets = self.terms.at_once.discount

        def discount(debt: OpenDebt) -> Decimal:
            bucket = buckets(debt.days_late)
            return (
                _share(debt.balance, bucket.principal)
                + _share(debt.multa, bucket.multa)
                + _share(debt.juros, bucket.juros)
            )

        price = max(self.original_total - self._taken_off(discount), CENT)
        return min([price, *(offer.total for offer in self.standing)])

    @cached_property
    def split_total(self) -> Decimal:
        """What is split into instalments, before their interest."""
        plan = self.terms.installments

        def discount(debt: OpenDebt) -> Decimal:
            return _share(debt.multa, plan.multa) + _share(debt.juros, plan.juros)

        return self.original_total - self._taken_off(discount)

    def plans(self, down_payment: Decimal | None = None) -> dict[int, tuple[Decimal, ...]]:
        """Return the parts of every plan that may be offered, by their number, fewest first.

        With a down payment it is the first part. Each other part is at least the policy's
        minimum. Numbers offered before, and still standing, stay on offer.
        """
        plan = self.terms.installments
        offered = {offer.count for offer in self.standing if offer.down_payment == down_payment}
        allowed = {
            count for count in range(2, plan.max_count + 1) if self._reaches(count, down_payment)
        }
        plans = {}
        for count in sorted((allowed | offered) - {1}):
            amounts = self._capped(self._price(count, down_payment), down_payment)
            if count in offered or min(amounts) >= plan.min_value:
                plans[count] = amounts
        return plans

    def _reaches(self, count: int, down_payment: Decimal | None) -> bool:
        """Whether so many parts of the minimum fit into what is split, before interest."""
        rest = self.split_total - (down_payment or ZERO)
        return rest >= self.terms.installments.min_value * (count - bool(down_payment))

    def _price(self, count: int, down_payment: Decimal | None) -> tuple[Decimal, ...]:
        rate = self.terms.installments.interest(count)
        if down_payment is None:
            return installments(self.split_total, count, rate)
        rest = installments(self.split_total - down_payment, count - 1, rate)
        return (down_payment, *rest)

    def _capped(
        self, amounts: tuple[Decimal, ...], down_payment: Decimal | None
    ) -> tuple[Decimal, ...]:
        """Return `amounts`, or what a standing offer that pays as late or later would cost."""
        later = [offer for offer in self.standing if _pays_later(offer, amounts, down_payment)]
        best = min(later, key=lambda offer: offer.total, default=None)
        if best is None or best.total >= sum(amounts):
            return amounts
        if best.count == len(amounts) and best.down_payment == down_payment:
            return best.amounts
        if down_payment is None:
            return installments(best.total, len(amounts), Decimal(0))
        return (
            down_payment,
            *installments(best.total - down_payment, len(amounts) - 1, Decimal(0)),
        )

    def _taken_off(self, discount: Callable[[OpenDebt], Decimal]) -> Decimal:
        return sum((discount(debt) for debt in self.debts), ZERO)


def _pays_later(
    offer: Standing, amounts: tuple[Decimal, ...], down_payment: Decimal | None
) -> bool:
    if offer.count < len(amounts):
        return False
    return offer.down_payment is None or (
        down_payment is not None and down_payment >= offer.down_payment
    )


def _share(amount: Decimal, rate: Decimal) -> Decimal:
    return round_half_up(Fraction(amount) * Fraction(rate))
