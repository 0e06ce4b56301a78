"""Which debts a series of payments pays, and how far. Pure: no database, no clock, no words.

Within a debt juros and multa go first (CC, art. 354); between debts the one the payer named,
then the oldest (CC, arts. 352 and 355). The same payments in any order give the same result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from bot.billing.late_charges import ZERO, Account, LateChargePolicy, Paid


@dataclass(frozen=True)
class EarlyPrice:
    """What settles a debt of which `balance` is left, when it is paid before its time."""

    balance: Decimal
    price: Decimal


@dataclass(frozen=True)
class Receipt:
    """Money to be placed. `debts` are tried in order; `early` are prices it was promised.

    `as_of` is the day up to which late charges count.
    """

    payment_id: UUID
    amount: Decimal
    as_of: date
    paid_on: date
    received_at: datetime
    debts: Sequence[UUID]
    early: Mapping[UUID, EarlyPrice] = field(default_factory=dict)

    @property
    def order(self) -> tuple[date, date, datetime, UUID]:
        return (self.as_of, self.paid_on, self.received_at, self.payment_id)


@dataclass(frozen=True)
class Share:
    """What one payment took off one debt."""

    payment_id: UUID
    debt_id: UUID
    paid: Paid


@dataclass(frozen=True)
class Imputation:
    """Where everything ended: debts as they stand, shares, discounts given, money left over."""

    accounts: Mapping[UUID, Account]
    shares: Sequence[Share]
    discounts: Mapping[UUID, Decimal]
    rest: Mapping[UUID, Decimal]


def impute(
    accounts: Mapping[UUID, Account], receipts: Iterable[Receipt], policy: LateChargePolicy
) -> Imputation:
    """Place `receipts`, whatever order they came in, on debts on which nothing was placed yet."""
    desk = _Desk(dict(accounts), policy)
    for receipt in sorted(receipts, key=lambda receipt: receipt.order):
        desk.place(receipt)
    return Imputation(desk.accounts, desk.shares, desk.discounts, desk.rest)


@dataclass
class _Desk:
    accounts: dict[UUID, Account]
    policy: LateChargePolicy
    shares: list[Share] = field(default_factory=list)
    discounts: dict[UUID, Decimal] = field(default_factory=dict)
    rest: dict[UUID, Decimal] = field(default_factory=dict)

    def place(self, receipt: Receipt) -> None:
        self._reduce(receipt.early)
        left = receipt.amount
        for debt_id in receipt.debts:
            account, paid = self.accounts[debt_id].pay(left, receipt.as_of, self.policy)
            if paid.total:
                self.accounts[debt_id] = account
                self.shares.append(Share(receipt.payment_id, debt_id, paid))
                left -= paid.total
        self.rest[receipt.payment_id] = left

    def _reduce(self, early: Mapping[UUID, EarlyPrice]) -> None:
        """Give the reductions promised, if the debts are still what they were promised for."""
        if any(self.accounts[debt].principal != terms.balance for debt, terms in early.items()):
            return
        for debt, terms in early.items():
            self.accounts[debt] = replace(self.accounts[debt], principal=terms.price)
            self.discounts[debt] = self.discounts.get(debt, ZERO) + terms.balance - terms.price
