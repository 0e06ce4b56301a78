"""What crosses the API about customers and their invoices."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from bot.billing.fields import NO_NUL, Money, Phone
from bot.billing.shapes import Customer, PageQuery, Request, Shape

EMAIL = r"^[!-?A-~]{1,64}@[0-9A-Za-z.-]{1,190}\.[A-Za-z]{2,63}$"
SOMETHING = r"^[^\x00]*[0-9A-Za-zÀ-ÿ][^\x00]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=SOMETHING)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=SOMETHING)]
Email = Annotated[str, StringConstraints(to_lower=True, pattern=EMAIL)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Channel = Literal["whatsapp", "email", "none"]


class Hours(Request):
    """From when to when on a day somebody likes to be written to, like 09:00 to 18:30."""

    start: Hour
    end: Hour


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
    """What may be changed; a field left out stays as it is.

    Null empties a field that may be empty, and leaves the name, the phones and the channel.
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


class CustomerSearch(PageQuery):
    """Whom to look for: all that is given must hold; `name` is how it begins."""

    document: Annotated[str, StringConstraints(max_length=20, pattern=NO_NUL)] | None = None
    phone: Phone | None = None
    name: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)] | None = None
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
