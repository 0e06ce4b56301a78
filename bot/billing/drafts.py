"""An offer before it is written down: its parts and dates, its lines, its sentence. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.billing.installments import monthly_due_dates
from bot.billing.late_charges import ChargeLine
from bot.billing.money import format_brl
from bot.billing.policy import NegotiationPolicy
from bot.billing.quotes import ZERO, Quote
from bot.billing.wishes import Parts


@dataclass(frozen=True)
class Draft:
    """An offer not yet written down. `count` 1 is payment at once."""

    amounts: Parts
    dues: tuple[date, ...]
    down_payment: Decimal | None
    original_total: Decimal
    extra_cost: Decimal
    interest: Decimal
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
class Drafting:
    """Writes drafts for one quote; `full_total` is the price of paying at once."""

    quote: Quote
    policy: NegotiationPolicy
    full_total: Decimal
    today: date

    def draft(
        self, amounts: Parts, first_due: date, down_payment: Decimal | None, *, wished: bool
    ) -> Draft:
        """Return an offer of these parts. None is valid beyond the day its first part is due."""
        valid = self.today + timedelta(days=self.policy.offers.valid_days)
        return Draft(
            amounts=amounts,
            dues=monthly_due_dates(first_due, len(amounts)),
            down_payment=down_payment,
            original_total=self.quote.original_total,
            extra_cost=sum(amounts, ZERO) - self.full_total,
            valid_until=min(valid, first_due),
            interest=sum(amounts, ZERO) - self._base(amounts),
            lines=self._lines(amounts),
            why=self._why(amounts, first_due),
            wished=wished,
        )

    def _lines(self, amounts: Parts) -> tuple[ChargeLine, ...]:
        """Explain a total; the lines add up to it."""
        names, debts = self.policy.lines, self.quote.debts
        total, base = sum(amounts, ZERO), self._base(amounts)
        lines = (
            ChargeLine(names.original, "", sum((debt.balance for debt in debts), ZERO)),
            ChargeLine(names.multa, "", sum((debt.multa for debt in debts), ZERO)),
            ChargeLine(names.juros, "", sum((debt.juros for debt in debts), ZERO)),
            ChargeLine(names.discount, "", base - self.quote.original_total),
            ChargeLine(names.interest, "", total - base),
        )
        return tuple(line for line in lines if line.amount)

    def _base(self, amounts: Parts) -> Decimal:
        """Return what is paid without interest for paying in parts."""
        total = sum(amounts, ZERO)
        return total if len(amounts) == 1 else min(self.quote.split_total, total)

    def _why(self, amounts: Parts, first_due: date) -> str:
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
            extra_cost=format_brl(total - self.full_total),
            part=format_brl(amounts[min(1, len(amounts) - 1)]),
            count=len(amounts),
            first_due=f"{first_due:%d/%m/%Y}",
        )
