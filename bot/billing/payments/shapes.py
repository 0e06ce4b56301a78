"""What crosses the API about payments."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from bot.billing.fields import NO_NUL, Money, PositiveMoney
from bot.billing.shapes import Request, Shape

Reference = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]

_GIVEN: JsonDict = {"type": "string"}
_TARGETS = ("customer_id", "charge_id", "agreement_id", "invoice_id")


class MatchRequest(Request):
    """What a payment is for: a charge, an agreement, an invoice, or just whose it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name], "properties": {name: _GIVEN}} for name in _TARGETS]
        }
    )

    customer_id: UUID | None = None
    charge_id: UUID | None = None
    agreement_id: UUID | None = None
    invoice_id: UUID | None = None

    @model_validator(mode="after")
    def _check_named(self) -> Self:
        if all(getattr(self, name) is None for name in _TARGETS):
            raise ValueError("name a customer or a debt")
        return self


class PaymentRequest(MatchRequest):
    """A payment a person saw; `reference` is how the bank statement names it, used once."""

    amount: PositiveMoney
    paid_on: date
    reference: Reference


class RefundRequest(Request):
    """Money that was given back."""

    amount: PositiveMoney


class Allocation(Shape):
    """What a payment took off an invoice, or off the part `number` of an agreement."""

    invoice_id: UUID | None
    agreement_id: UUID | None
    number: int | None
    principal: Money
    late_charges: Money
    as_of: date


class Payment(Shape):
    """Money that came in: `amount` = `refunded` + `to_refund` + what it paid, if matched.

    `to_refund` is what was too much, and waits to be given back or to be owed.
    """

    id: UUID
    state: Literal["received", "unmatched", "refunded"]
    source: Literal["provider", "manual"]
    provider: str
    provider_payment_id: str
    reference: str
    customer_id: UUID | None
    charge_id: UUID | None
    amount: Money
    refunded: Money
    to_refund: Money
    paid_on: date
    received_at: AwareDatetime
    actor: str
    allocations: list[Allocation]


class Payments(Shape):
    payments: list[Payment]


class Period(Request):
    """Days from `first` to `last`, both included."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class Receipt(Shape):
    """A provider's notification is stored; `new` is false when it came before."""

    new: bool


class Totals(Shape):
    """`received` = `principal` + `late_charges` + `to_refund` + `unmatched` + `refunded`."""

    received: Money
    principal: Money
    late_charges: Money
    to_refund: Money
    unmatched: Money
    refunded: Money


class Difference(Shape):
    """A charge that only one of us takes for paid: `paid_says`."""

    charge_id: UUID
    reference: str
    amount: Money
    paid_says: Literal["us", "provider"]


class Reconciliation(Shape):
    """Payments made from `first` to `last`, both included, oldest first.

    `unasked`: charges the provider had no time to be asked about; `unreadable`: notifications,
    of any day, that nobody could read.
    """

    first: date
    last: date
    payments: list[Payment]
    totals: Totals
    differences: list[Difference]
    unasked: int
    unreadable: int


class DueDateRequest(Request):
    """Another date for the part `number`."""

    number: Annotated[int, Field(ge=1, le=60)]
    due: date


class CancellationRequest(Request):
    """Why it ends, in the words of whoever ends it."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NUL)]


class EarlyPaymentRequest(Request):
    """The parts to be paid now; null is all that are unpaid."""

    numbers: (
        Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(min_length=1, max_length=60)]
        | None
    ) = None


class EarlyQuote(Shape):
    """What paying these parts now costs: `balance` + `late_charges` − `discount` = `total`."""

    numbers: list[int]
    as_of: date
    balance: Money
    late_charges: Money
    discount: Money
    total: Money
    due: date
