"""From what somebody said they could do to the way of paying that comes nearest. Pure.

As said where the limit allows it: their sum each month, their down payment, their number of
parts, their total. What was asked for is granted down to the limit, and nothing unasked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

from bot.billing.money import round_half_up
from bot.billing.quotes import ZERO, Quote, level
from bot.billing.shapes import Wish

Parts = tuple[Decimal, ...]


def is_proposal(wish: Wish | None) -> bool:
    """Whether a wish proposes something, not only tells how somebody stands."""
    told = {"monthly_income", "can_pay_nothing"}
    return wish is not None and bool(wish.model_dump(exclude_none=True, exclude=told))


def wanted_total(wish: Wish, original_total: Decimal) -> Decimal | None:
    """Return the total somebody asked for, by itself or as a discount."""
    totals = [wish.total] if wish.total is not None else []
    if wish.percent is not None:
        left = max(1 - Fraction(wish.percent) / 100, Fraction(0))
        totals.append(round_half_up(Fraction(original_total) * left))
    return min(totals, default=None)


@dataclass(frozen=True)
class Ways:
    """The ways of paying for one wish. `listed` is offered unasked, `limit` the most allowed.

    `affordable` is the most that any part may be; None when that is not known.
    """

    wish: Wish
    listed: Quote
    limit: Quote
    affordable: Decimal | None

    @cached_property
    def down_payment(self) -> Decimal | None:
        """The first part that is more than the others, where there is one that can be afforded."""
        down = self._fitted_down_payment()
        if down is None or self.affordable is None:
            return down
        plans = chain(*(quote.plans(down).values() for quote in (self.listed, self.limit)))
        return down if any(map(self.affords, plans)) else None

    @cached_property
    def all(self) -> dict[int, Parts]:
        """Every way that may be granted and afforded, by its number of parts, 1 at once."""
        ways = {1: self._at_once()}
        ways |= {count: self._parts(count) for count in sorted({*self._offered, *self._allowed})}
        return {count: parts for count, parts in ways.items() if self.affords(parts)}

    @cached_property
    def plans(self) -> list[int]:
        """The numbers of parts that are offered unasked; what is granted when there are none."""
        offered = [count for count in self._offered if count in self.all]
        return offered or [count for count in self.all if count > 1]

    def affords(self, parts: Parts) -> bool:
        """Whether every part leaves enough to live on."""
        return self.affordable is None or max(parts) <= self.affordable

    def chosen(self) -> Parts | None:
        """Return the way that comes nearest to the wish; None without a preference for one."""
        if self.wish.monthly is not None:
            return self._by_monthly(self.wish.monthly)
        if self.wish.installments is not None:
            return self._nearest(self.wish.installments + self._skipped)
        if self.wish.down_payment:
            return None if self.down_payment and self.plans else self._nearest(1)
        if wanted_total(self.wish, self.listed.original_total) is not None:
            return self._nearest(1)
        return None

    def _fitted_down_payment(self) -> Decimal | None:
        """Move the one wished between the least and the most; from the full price on, none."""
        wished = self.wish.down_payment
        if not wished:
            return self._required(self.listed)
        if wished >= self.listed.full_total:
            return None
        least = max(self._required(self.limit) or ZERO, self.limit.terms.installments.min_value)
        most = self.listed.most_down_payment
        if self.affordable is not None:
            most = min(most, self.affordable)
        return max(least, min(wished, most)) if most >= least else None

    def _required(self, quote: Quote) -> Decimal | None:
        """The down payment the terms want, if it can be afforded."""
        least = quote.least_down_payment
        return least if least is None or self.affords((least,)) else None

    @cached_property
    def _offered(self) -> dict[int, Parts]:
        return self.listed.plans(self.down_payment)

    @cached_property
    def _allowed(self) -> dict[int, Parts]:
        """What may be granted; that an offer stands opens no further discount on it."""
        if self.limit is self.listed:
            return self._offered
        return self.limit.new_plans(self.down_payment)

    @property
    def _skipped(self) -> int:
        """1 when the first part is a down payment somebody named: "100 e o resto em 5x"."""
        return int(bool(self.wish.down_payment) and self.down_payment is not None)

    def _at_once(self) -> Parts:
        offered, least = self.listed.full_total, self.limit.full_total
        return (self._granted(offered, least),)

    def _parts(self, count: int) -> Parts:
        """Return a plan at the total asked for; at the least allowed where no more is afforded."""
        offered = self._offered.get(count) or self.listed.plan(count, self.down_payment)
        allowed = self._allowed.get(count, offered)
        total = self._granted(sum(offered, ZERO), sum(allowed, ZERO))
        same = (parts for parts in (offered, allowed) if sum(parts) == total)
        parts = next(same, None) or level(total, count, self.down_payment)
        return parts if self.affords(parts) else allowed

    def _granted(self, offered: Decimal, least: Decimal) -> Decimal:
        """The total asked for, between what is offered anyway and the least allowed."""
        wanted = wanted_total(self.wish, self.listed.original_total)
        return offered if wanted is None else max(least, min(wanted, offered))

    def _nearest(self, count: int) -> Parts:
        found = min(self.all, key=lambda each: abs(each - count))
        return self.all[found]

    def _by_monthly(self, monthly: Decimal) -> Parts:
        """Return the fewest parts of exactly `monthly`, in the number wished if that is possible.

        Where no list price fits the sum, the total is lowered to fit as far as is allowed.
        """
        if self.affordable is not None:
            monthly = min(monthly, self.affordable)
        number = self.wish.installments
        wished = [count for count in self.all if number and count == number + self._skipped]
        others = [count for count in self.all if count > self._skipped and count not in wished]
        ways = chain(
            self._exact(wished, monthly),
            self._alike(wished, monthly),
            self._lowered(wished, monthly),
            self._exact(others, monthly),
            self._alike(others, monthly),
            self._lowered(reversed(others), monthly),
        )
        return next(ways, self.all[max(self.all)])

    def _exact(self, counts: Iterable[int], monthly: Decimal) -> Iterator[Parts]:
        for count in counts:
            parts = self._of(monthly, count, sum(self.all[count], ZERO))
            if parts:
                yield parts

    def _alike(self, counts: Iterable[int], monthly: Decimal) -> Iterator[Parts]:
        """Parts below `monthly`, when so many of exactly that would be more than is owed."""
        for count in counts:
            if max(self._rest(self.all[count])) <= monthly:
                yield self.all[count]

    def _lowered(self, counts: Iterable[int], monthly: Decimal) -> Iterator[Parts]:
        if wanted_total(self.wish, self.listed.original_total) is not None:
            return
        for count in counts:
            parts = (*self._down(count), *[monthly] * (count - len(self._down(count))))
            if sum(parts) >= self._least(count):
                yield parts

    def _least(self, count: int) -> Decimal:
        if count == 1:
            return self.limit.full_total
        return sum(self._allowed.get(count, self.all[count]), ZERO)

    def _of(self, monthly: Decimal, count: int, total: Decimal) -> Parts | None:
        """Return parts of exactly `monthly` and the remainder as the last; None if it cannot be.

        A remainder too small for a bill of its own takes from the part before it.
        """
        down = self._down(count)
        whole = count - len(down) - 1
        last = total - sum(down) - monthly * whole
        if not 0 < last <= monthly:
            return None
        plan = self.limit.terms.installments
        if last >= plan.min_remainder or not whole:
            return (*down, *[monthly] * whole, last)
        before = monthly + last - plan.min_remainder
        if before < plan.min_value:
            return None
        return (*down, *[monthly] * (whole - 1), before, plan.min_remainder)

    def _down(self, count: int) -> Parts:
        return (self.down_payment,) if self.down_payment and count > 1 else ()

    def _rest(self, parts: Parts) -> Parts:
        return parts[len(self._down(len(parts))) :]
