"""At most four good offers for somebody's debts. Pure: no database and no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.billing.installments import monthly_due_dates
from bot.billing.late_charges import ChargeLine
from bot.billing.money import format_brl
from bot.billing.policy import NegotiationPolicy
from bot.billing.quotes import ZERO, OpenDebt, Quote, Standing
from bot.billing.shapes import NoteCode, Reason, Wish
from bot.billing.wishes import Choice, choose

PLANS_SHOWN = 3


@dataclass(frozen=True)
class Draft:
    """An offer not yet written down. `count` 1 is payment at once."""

    amounts: tuple[Decimal, ...]
    dues: tuple[date, ...]
    down_payment: Decimal | None
    original_total: Decimal
    extra_cost: Decimal
    valid_until: date
    lines: tuple[ChargeLine, ...]
    why: str
    wished: bool

    @property
    def count(self) -> int:
        return len(self.amounts)

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, ZERO)


@dataclass(frozen=True)
class OfferSet:
    """Payment at once first, then plans by their number of parts."""

    drafts: tuple[Draft, ...]
    note_code: NoteCode | None
    needs_person: bool


def make_offers(
    debts: Sequence[OpenDebt],
    policy: NegotiationPolicy,
    reason: Reason,
    wish: Wish | None,
    today: date,
    standing: Sequence[Standing] = (),
) -> OfferSet:
    """Return what may be offered to settle all of `debts` on `today`.

    `standing`: offers made earlier for the same debts that are still valid; what is offered now
    is never worse. Without debts there is nothing to offer.
    """
    terms = policy.terms(reason)
    if not debts:
        return OfferSet((), None, terms.person)
    quote = Quote(debts, terms, standing)
    choice = choose(quote, wish, today, policy.offers.far_below)
    desk = _Desk(quote, policy, choice, today)
    note = None if choice.fit is None else choice.fit.code
    return OfferSet(tuple(desk.drafts()), note, terms.person or note == "far")


@dataclass(frozen=True)
class _Desk:
    """Writes drafts for one quote and one choice."""

    quote: Quote
    policy: NegotiationPolicy
    choice: Choice
    today: date

    def drafts(self) -> Iterable[Draft]:
        plans = self.choice.plans
        shown = _shown(sorted(plans), self.choice.count)
        wished = self._wished(shown)
        yield self._draft((self.quote.full_total,), None, wished == 1)
        for count in shown:
            yield self._draft(plans[count], self.choice.down_payment, wished == count)

    def _wished(self, shown: list[int]) -> int | None:
        if self.choice.fit is None:
            return None
        if self.choice.count is not None:
            return self.choice.count
        at_once = self.choice.down_payment is None and self._full_due() == self.choice.first_due
        return 1 if at_once or not shown else shown[0]

    def _draft(
        self, amounts: tuple[Decimal, ...], down_payment: Decimal | None, wished: bool
    ) -> Draft:
        total = sum(amounts, ZERO)
        first = self._full_due() if len(amounts) == 1 else self._first_due()
        return Draft(
            amounts=amounts,
            dues=monthly_due_dates(first, len(amounts)),
            down_payment=down_payment,
            original_total=self.quote.original_total,
            extra_cost=total - self.quote.full_total,
            valid_until=self.today + timedelta(days=self.policy.offers.valid_days),
            lines=self._lines(amounts),
            why=self._why(amounts, first),
            wished=wished,
        )

    def _full_due(self) -> date:
        at_once = self.quote.terms.at_once
        return self._due(at_once.due_days, at_once.max_due_days)

    def _first_due(self) -> date:
        plan = self.quote.terms.installments
        return self._due(plan.first_due_days, plan.max_first_due_days)

    def _due(self, usual_days: int, most_days: int) -> date:
        wished = self.choice.first_due
        if wished is None:
            return self.today + timedelta(days=usual_days)
        return min(wished, self.today + timedelta(days=most_days))

    def _lines(self, amounts: tuple[Decimal, ...]) -> tuple[ChargeLine, ...]:
        """Explain a total; the lines add up to it."""
        names, debts = self.policy.lines, self.quote.debts
        total = sum(amounts, ZERO)
        base = total if len(amounts) == 1 else min(self.quote.split_total, total)
        lines = (
            ChargeLine(names.original, "", sum((debt.balance for debt in debts), ZERO)),
            ChargeLine(names.multa, "", sum((debt.multa for debt in debts), ZERO)),
            ChargeLine(names.juros, "", sum((debt.juros for debt in debts), ZERO)),
            ChargeLine(names.discount, "", base - self.quote.original_total),
            ChargeLine(names.interest, "", total - base),
        )
        return tuple(line for line in lines if line.amount)

    def _why(self, amounts: tuple[Decimal, ...], first: date) -> str:
        total, words = sum(amounts, ZERO), self.policy.why
        discount = max(self.quote.original_total - total, ZERO)
        if len(amounts) == 1:
            sentence = words.full_discount if discount else words.full
        elif discount:
            sentence = words.installments_discount
        elif total <= self.quote.split_total:
            sentence = words.installments_free
        else:
            sentence = words.installments
        return sentence.format(
            discount=format_brl(discount),
            extra_cost=format_brl(total - self.quote.full_total),
            part=format_brl(amounts[min(1, len(amounts) - 1)]),
            count=len(amounts),
            first_due=f"{first:%d/%m/%Y}",
        )


def _shown(counts: list[int], chosen: int | None) -> list[int]:
    """Pick at most three well-spaced numbers of parts, the chosen one among them."""
    if len(counts) <= PLANS_SHOWN:
        return counts
    longest = counts[-1]
    spread = [_nearest(counts, share) for share in (-(-longest // 4), longest // 2)] + [longest]
    if chosen is not None and chosen != 1 and chosen not in spread:
        spread[spread.index(_nearest(spread, chosen))] = chosen
    return sorted(set(spread))


def _nearest(counts: list[int], wanted: int) -> int:
    return min(counts, key=lambda count: abs(count - wanted))
