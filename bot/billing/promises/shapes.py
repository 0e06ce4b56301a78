"""Promises as they cross the API."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from bot.billing.fields import Money, PositiveMoney
from bot.billing.shapes import Evidence, Request, Shape

_BOTH_GIVEN: JsonDict = {
    "required": ["invoice_ids", "agreement_id"],
    "properties": {
        "invoice_ids": {"type": "array", "minItems": 1},
        "agreement_id": {"type": "string"},
    },
}


class PromiseRequest(Request):
    """For invoices, for an agreement's next instalment, or (neither) for all that is overdue.

    Without `amount` all of it is promised.
    """

    model_config = ConfigDict(json_schema_extra={"not": _BOTH_GIVEN})

    promised_for: date
    amount: PositiveMoney | None = None
    invoice_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    agreement_id: UUID | None = None
    evidence: Evidence

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if self.invoice_ids and self.agreement_id is not None:
            raise ValueError("invoice_ids or agreement_id, not both")
        return self


class Promise(Shape):
    """`grace_until` is the last day on which a payment still keeps it; `paid` is in so far.

    `end_reason` says why it is `cancelled`.
    """

    id: UUID
    status: Literal["open", "kept", "broken", "cancelled", "replaced"]
    promised_for: date
    grace_until: date
    amount: Money | None
    paid: Money
    invoice_ids: list[UUID]
    agreement_id: UUID | None
    taken_by: str
    made_at: AwareDatetime
    ended_at: AwareDatetime | None
    end_reason: Literal["taken_back", "disputed", "written_off", "agreement_ended"] | None = None


class Promises(Shape):
    """Newest first. `latest_date`: the last day for which a promise can be made today."""

    promises: list[Promise]
    latest_date: date
    next_cursor: str | None
