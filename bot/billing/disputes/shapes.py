"""Disputes as they cross the API."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from bot.billing.fields import NO_NUL, Money, PositiveMoney
from bot.billing.shapes import Evidence, PageQuery, Request, Shape

Statement = Annotated[str, StringConstraints(max_length=4096, pattern=NO_NUL)]
Reference = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Invoices = Annotated[tuple[UUID, ...], Field(max_length=100)]


class DisputeKind(StrEnum):
    """What somebody says is wrong."""

    NOT_MINE = "not_mine"
    WRONG_AMOUNT = "wrong_amount"
    ALREADY_PAID = "already_paid"
    NOT_RECEIVED = "not_received"
    DISSATISFIED = "dissatisfied"
    DECEASED = "deceased"
    FRAUD = "fraud"


class DisputeStatus(StrEnum):
    """`upheld`: the customer was right. All but `open` are final."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeRequest(Request):
    """What is wrong, in the person's words; about the invoices named, or all that are open.

    `receipt` is the reference of the payment somebody says they made.
    """

    kind: DisputeKind
    statement: Statement
    invoice_ids: Invoices = ()
    receipt: Reference | None = None
    evidence: Evidence | None = None


class Correction(Request):
    """What an invoice should have been: less than it says now."""

    invoice_id: UUID
    amount: PositiveMoney


class DisputeDecision(Request):
    """How a dispute ends. Upheld: its invoices are corrected where one is given, else cancelled.

    Rejected or withdrawn: they are owed again as before.
    """

    outcome: Literal["upheld", "rejected", "withdrawn"]
    note: Statement
    corrections: Annotated[tuple[Correction, ...], Field(max_length=100)] = ()


class DisputeQuery(PageQuery):
    status: DisputeStatus = DisputeStatus.OPEN


class DisputedInvoice(Shape):
    invoice_id: UUID
    external_id: str
    amount: Money


class Dispute(Shape):
    """`answer_by`: the day until which a person owes an answer.

    `correct_by`: after an upheld one, the day until which registers must be put right.
    """

    id: UUID
    customer_id: UUID
    kind: DisputeKind
    status: DisputeStatus
    statement: str
    receipt: str | None
    evidence: Evidence | None
    invoices: list[DisputedInvoice]
    answer_by: date
    correct_by: date | None
    opened_by: str
    opened_at: AwareDatetime
    decided_by: str | None
    decided_at: AwareDatetime | None
    decision_note: str | None


class Disputes(Shape):
    disputes: list[Dispute]
    next_cursor: str | None
