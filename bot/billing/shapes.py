"""What crosses the billing API, in and out: one model for the server and for the client.

Amounts are `Decimal` reais here and strings like "123.45" in JSON; dates are ISO.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.config import JsonDict

from bot.billing.fields import NO_NUL, Money, OpaqueId, Percent, Phone, WishedMoney

LONGEST_PAGE = 100


class Shape(BaseModel):
    """Parent of all shapes: frozen; unknown fields of an answer are ignored."""

    model_config = ConfigDict(frozen=True)


class Request(BaseModel):
    """Parent of what callers send: a misspelt field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Request):
    """An empty body: the path says it all."""


class PageQuery(BaseModel):
    """What asks for a page; `cursor` is the `next_cursor` of the page before."""

    cursor: Annotated[str, Field(max_length=1000)] | None = None
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50


class Reason(StrEnum):
    """Why the bill is late: the intents of the dialogue, or not known."""

    FORGOT = "reason_forgot"
    UNEMPLOYMENT = "reason_unemployment"
    CASH_FLOW = "reason_cash_flow"
    HEALTH_FAMILY = "reason_health_family"
    NO_BILL = "reason_no_bill"
    DISSATISFIED = "reason_dissatisfied"
    UNKNOWN = "unknown"


# --- who is speaking


_TEXT: JsonDict = {"type": "string"}


class IdentificationRequest(Request):
    """What somebody said to prove who they are; all that is given must be right.

    `phone` in E.164 digits, if known. From a known phone a birth date does without any digits.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["cpf_digits"], "properties": {"cpf_digits": _TEXT}},
                {
                    "required": ["phone", "birth_date"],
                    "properties": {"phone": _TEXT, "birth_date": _TEXT},
                },
            ]
        }
    )

    phone: Phone | None
    cpf_digits: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{3,14}$")] | None,
        Field(
            description="How the CPF or CNPJ begins. Null or left out, never empty, where "
            "`birth_date` is given in its place for a `phone`."
        ),
    ] = None
    birth_date: date | None = None

    @model_validator(mode="after")
    def _check_given(self) -> Self:
        if self.cpf_digits is None and (self.phone is None or self.birth_date is None):
            raise ValueError("cpf_digits is needed, or the birth date of who owns the phone")
        return self


class Customer(Shape):
    id: UUID
    name: str
    first_name: str


class Identification(Shape):
    """`locked` says nothing about whether the digits were right."""

    status: Literal["confirmed", "refused", "locked", "unknown"]
    attempts_left: int
    locked_until: AwareDatetime | None = None
    customer: Customer | None = None


# --- debts


class Line(Shape):
    """One line of a *memória de cálculo*; a discount is negative; `source` is the article."""

    label: str
    formula: str
    amount: Money
    source: str


class Debt(Shape):
    """One overdue invoice as it stands on `Debts.as_of`."""

    invoice_id: UUID
    external_id: str
    description: str
    contract: str
    due: date
    days_late: int
    original: Money
    multa: Money
    juros: Money
    total: Money
    memory: list[Line]


class Debts(Shape):
    """Every overdue invoice that is in no agreement, oldest first."""

    customer_id: UUID
    as_of: date
    debts: list[Debt]
    original: Money
    multa: Money
    juros: Money
    total: Money


# --- offers


class Wish(Request):
    """What the person said they could do; any part of it, sensible or not.

    `percent` is a discount asked for: 30 is 30 %. `down_payment` of zero is none; with one,
    `installments` counts the parts after it: "100 de entrada e o resto em 5x". `monthly_income`
    and `can_pay_nothing` propose nothing: they tell what must not be asked.
    """

    installments: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    monthly: WishedMoney | None = None
    down_payment: WishedMoney | None = None
    total: WishedMoney | None = None
    first_due: date | None = None
    percent: Percent | None = None
    monthly_income: WishedMoney | None = None
    can_pay_nothing: bool = False


class OffersRequest(Request):
    reason: Reason = Reason.UNKNOWN
    wish: Wish | None = None


class Part(Shape):
    number: int
    due: date
    amount: Money


class Offer(Shape):
    """A way to settle. `wished`: the nearest to the wish; `extra_cost`: against paying now."""

    id: str
    kind: Literal["full", "installments"]
    count: int
    total: Money
    original_total: Money
    discount: Money
    extra_cost: Money
    parts: list[Part]
    valid_until: date
    why: str
    wished: bool


NoteCode = Literal["accepted", "nearest", "far"]
ChangeField = Literal["installments", "monthly", "down_payment", "total", "percent", "first_due"]


class Change(Shape):
    """A field of the wish that is not met: what was asked, what is possible, one sentence.

    Both as in `Wish`: amounts like "123.45", ISO dates, numbers.
    """

    field: ChangeField
    asked: str
    possible: str
    sentence: str


class HelpContact(Shape):
    name: str
    reach: str


class Guidance(Shape):
    """What is said to somebody with more debts than they can pay, and who helps."""

    text: str
    contacts: list[HelpContact]


class Offers(Shape):
    """At most four offers, payment at once first, then by count.

    `note_code` says how near the offers come to the wish; null when there was none. `accepted`:
    the wished offer is what was said, to the cent and the day; else `changes` says what differs.
    `over_indebted`: no plan leaves enough to live on, so there is no offer but `guidance`.
    """

    offers: list[Offer]
    note_code: NoteCode | None
    needs_person: bool
    changes: list[Change] = []
    over_indebted: bool = False
    guidance: Guidance | None = None


# --- charges and agreements


class Charge(Shape):
    """A boleto with its Pix. `linha_digitavel` and `barcode` are digits only."""

    id: UUID
    amount: Money
    due: date
    linha_digitavel: str
    barcode: str
    pix_copy_paste: str
    url: str
    status: Literal["issuing", "live", "paid", "cancelled", "expired"]


class WaitingCharge(Shape):
    """A charge nobody can pay: the provider has not answered yet, or it said no.

    `problem` is the provider's refusal, or why the last attempt brought no answer.
    """

    id: UUID
    amount: Money
    due: date
    status: Literal["issuing", "refused"]
    problem: str | None
    asked_at: AwareDatetime


class Charges(Shape):
    """`charges` can be paid now; `waiting` were asked for and cannot, the newest first."""

    charges: list[Charge]
    waiting: list[WaitingCharge] = []


class Reference(Shape):
    """Names a thing, to be looked at as it stands when it is told."""

    id: UUID


_BOTH_GIVEN: JsonDict = {
    "required": ["invoice_id", "agreement_id"],
    "properties": {"invoice_id": _TEXT, "agreement_id": _TEXT},
}


class ChargeRequest(Request):
    """For an invoice, for an agreement's next instalment, or (neither) for all that is overdue."""

    model_config = ConfigDict(json_schema_extra={"not": _BOTH_GIVEN})

    invoice_id: UUID | None = None
    agreement_id: UUID | None = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if self.invoice_id is not None and self.agreement_id is not None:
            raise ValueError("invoice_id or agreement_id, not both")
        return self


class Evidence(Request):
    """The yes: which message, its words, when it was said."""

    message_id: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
    text: Annotated[str, StringConstraints(max_length=4096, pattern=NO_NUL)]
    said_at: AwareDatetime


class AgreementRequest(Request):
    offer_id: OpaqueId
    evidence: Evidence


class Installment(Part):
    """`paid` is what came in for it besides late charges, `discount` what paying early took off."""

    status: Literal["open", "paid", "cancelled"]
    paid: Money = Decimal("0.00")
    discount: Money = Decimal("0.00")


class Agreement(Shape):
    """`number` is for people; `charge` is the live one of the next instalment.

    Without one the provider has not issued it yet: ask for it (`POST charges`) a little later.
    `owed` is what is left of its parts, without late charges. Once it is completed the name
    is off every register by the end of `clear_name_by`.
    """

    id: UUID
    number: str
    status: Literal["active", "completed", "broken", "cancelled"]
    total: Money
    parts: list[Installment]
    created_at: AwareDatetime
    charge: Charge | None
    owed: Money = Decimal("0.00")
    ended_at: AwareDatetime | None = None
    end_reason: str | None = None
    clear_name_by: date | None = None


class Agreements(Shape):
    agreements: list[Agreement]


class PublicCharge(Shape):
    """What whoever holds the link may see until `link_until`: to pay and to check, no full CPF.

    While it is `issuing` the codes are empty; once `paid` there may be the token of its receipt.
    `lines` add up to `amount`. `composition` shows how the agreement's total came about and
    adds up to it; it is empty where `lines` say it all.
    """

    status: Literal["issuing", "live", "paid"]
    description: str
    amount: Money
    due: date
    payable_until: date
    lines: list[Line]
    composition: list[Line]
    linha_digitavel: str
    barcode: str
    pix_copy_paste: str
    beneficiary_name: str
    beneficiary_document: str
    bank_name: str
    payer_name: str
    payer_document: str
    link_until: date
    receipt_token: str | None
    demonstration: bool


class Problem(BaseModel):
    """RFC 9457 problem details. `code` is stable; `errors` names the fields at fault."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: dict[str, list[str]] | None = None
