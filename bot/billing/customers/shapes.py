"""What crosses the API about customers and their invoices."""

from datetime import date, time
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from bot.billing.shapes import NO_NUL, Customer, Money, PageQuery, Phone, Request, Shape

EMAIL = r"^[^@\s\x00]{1,64}@[^@\s\x00]{1,190}\.[^@\s\x00]{2,63}$"

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL)
]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=NO_NUL)
]
Email = Annotated[str, StringConstraints(to_lower=True, pattern=EMAIL)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
Channel = Literal["whatsapp", "email", "none"]


class Hours(Request):
    """The hours of the day in which somebody likes to be written to."""

    start: time
    end: time

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo or self.start >= self.end:
            raise ValueError("start must be before end, both without a zone, like 09:00")
        return self


class OptOut(Shape):
    """When and by which way somebody said not to be written to any more."""

    at: AwareDatetime
    source: str


class CustomerDetails(Customer):
    """All that is known of a customer; `phones` in E.164 digits."""

    kind: Literal["person", "company"]
    document: str
    external_id: str | None
    birth_date: date | None
    email: str | None
    phones: list[str]
    channel: Channel
    preferred_hours: Hours | None
    opted_out: OptOut | None


class CustomerChange(Request):
    """What may be changed; a field left out stays as it is, null empties it.

    `opted_out_by` names the way an opt-out came (`whatsapp`, `telefone`, …); null takes it back.
    `phones` replaces them all.
    """

    name: Name | None = None
    birth_date: date | None = None
    email: Email | None = None
    phones: Annotated[list[Phone], Field(max_length=10)] | None = None
    channel: Channel | None = None
    preferred_hours: Hours | None = None
    opted_out_by: Name | None = None

    @model_validator(mode="after")
    def _check_kept(self) -> Self:
        for field in ("name", "phones", "channel"):
            if field in self.model_fields_set and getattr(self, field) is None:
                raise ValueError(f"{field} cannot be emptied with null")
        return self


class CustomerSearch(PageQuery):
    """Whom to look for: all that is given must hold; `name` is how it begins."""

    document: Annotated[str, StringConstraints(max_length=20, pattern=NO_NUL)] | None = None
    phone: Phone | None = None
    name: Name | None = None
    external_id: ExternalId | None = None


class CustomerPage(Shape):
    """`next_cursor` is the cursor of the page that follows; null on the last one."""

    customers: list[CustomerDetails]
    next_cursor: str | None


class WriteOff(Shape):
    """Who gave an invoice up, when and why."""

    at: AwareDatetime
    by: str
    reason: str


class Invoice(Shape):
    """A bill in whatever state.

    `prescribes_on`: the first day on which it is not collected any more (CC art. 206 §5 I);
    `listing_until`: the last on which a credit bureau may list it (CDC art. 43 §1).
    """

    id: UUID
    external_id: str
    contract: str
    description: str
    origin: str
    due: date
    amount: Money
    paid_amount: Money
    balance: Money
    status: Literal["open", "in_agreement", "disputed", "paid", "cancelled", "written_off"]
    prescribes_on: date
    listing_until: date
    written_off: WriteOff | None


class InvoicePage(Shape):
    """Invoices by due date; `next_cursor` as for customers."""

    invoices: list[Invoice]
    next_cursor: str | None


class WriteOffRequest(Request):
    reason: Text
