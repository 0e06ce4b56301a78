"""What each document says, as plain values: nothing here knows a table, a word or a page."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.billing.late_charges import ChargeLine
from bot.billing.names import printed_identity


class Kind(StrEnum):
    """The documents there are. Their order is in every token: a new one goes at the end."""

    RECEIPT = "receipt"
    TERMS = "terms"
    CLEARANCE = "clearance"
    DECLARATION = "declaration"


@dataclass(frozen=True)
class Holder:
    """Whom a document is about; `document` is a CPF or CNPJ without punctuation."""

    name: str
    document: str

    @property
    def identity(self) -> str:
        return printed_identity(self.document)


@dataclass(frozen=True)
class Settled:
    """A debt as it stood on the day of its agreement; a bill paid by itself has no late charges."""

    description: str
    external_id: str
    contract: str
    due: date
    original: Decimal
    multa: Decimal
    juros: Decimal
    days_late: int

    @property
    def total(self) -> Decimal:
        return self.original + self.multa + self.juros


@dataclass(frozen=True)
class Part:
    """One part of an agreement: `number` of it, when it falls due, reais."""

    number: int
    due: date
    amount: Decimal


@dataclass(frozen=True)
class Payment:
    """What was received, for what, on which day."""

    description: str
    amount: Decimal
    paid_on: date


@dataclass(frozen=True)
class Yes:
    """The words that accepted an agreement."""

    text: str
    said_at: datetime
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One payment.

    `left`: the unpaid parts of its agreement. `settles`: nothing is left of what it was for, be
    it an agreement or invoices.
    """

    holder: Holder
    payment: Payment
    lines: tuple[ChargeLine, ...]
    nosso_numero: str
    agreement: int | None
    left: tuple[Part, ...]
    settles: bool

    @property
    def amount(self) -> Decimal:
        return self.payment.amount

    @property
    def day(self) -> date:
        return self.payment.paid_on


@dataclass(frozen=True, kw_only=True)
class Terms:
    """An agreement as it was accepted; `lines` and `parts` both add up to `amount`."""

    holder: Holder
    agreement: int
    day: date
    debts: tuple[Settled, ...]
    lines: tuple[ChargeLine, ...]
    parts: tuple[Part, ...]
    amount: Decimal
    yes: Yes
    policy_version: str


@dataclass(frozen=True, kw_only=True)
class Clearance:
    """A completed agreement or, without one, the bills of which a payment was the last.

    `clear_name_by`: 5 business days after `day` (Súmula 548 do STJ).
    """

    holder: Holder
    agreement: int | None
    debts: tuple[Settled, ...]
    payments: tuple[Payment, ...]
    clear_name_by: date

    @property
    def amount(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))

    @property
    def day(self) -> date:
        return max(payment.paid_on for payment in self.payments)


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Every invoice due in `year` and paid (Lei 12.007/2009).

    `contested`: other invoices of the year are disputed (art. 2 §3). `earlier_open`: something
    due in an earlier year is not paid.
    """

    holder: Holder
    year: int
    debts: tuple[Settled, ...]
    contested: bool
    earlier_open: bool
    agreement: None = None

    @property
    def amount(self) -> Decimal:
        return sum((debt.original for debt in self.debts), Decimal("0.00"))

    @property
    def day(self) -> date:
        return date(self.year, 12, 31)


Facts = Receipt | Terms | Clearance | Declaration
