"""Offers written down: made anew or found again, so that the same question has one answer."""

import re
import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.billing import inquiries, policy_versions, proposals
from bot.billing.context import Context
from bot.billing.debts import to_line
from bot.billing.drafts import Draft
from bot.billing.errors import NotFound
from bot.billing.fields import OPAQUE_ID
from bot.billing.inquiries import Gathered
from bot.billing.models import OfferRow
from bot.billing.offers import OfferSet, make_offers
from bot.billing.policy_words import OverIndebted
from bot.billing.quotes import ZERO
from bot.billing.shapes import Guidance, HelpContact, Offer, Offers, OffersRequest, Part


def offer_ways(
    session: Session, context: Context, customer_id: UUID, request: OffersRequest
) -> Offers:
    """Return at most four ways to settle everything overdue, and keep them for acceptance.

    What is new is written with everything it was computed from; the same question again writes
    nothing.
    """
    gathered = inquiries.gather(session, context, customer_id, request)
    made = make_offers(gathered.inquiry, context.policy)
    said = [terms_of(draft) for draft in made.drafts]
    rows = [_standing(gathered.standing, each) for each in said]
    if None in rows or proposals.is_new(session, customer_id, gathered, made):
        if not gathered.policy_is_kept:
            policy_versions.keep(session, context)
        request_id = inquiries.keep(session, context, customer_id, gathered, made)
        writer = _Writer(session, context, customer_id, gathered, request_id)
        numbered = enumerate(zip(rows, said, strict=True))
        rows = [row or writer.write(number, each) for number, (row, each) in numbered]
    return _answer(made, [row for row in rows if row is not None], context.policy.over_indebted)


def get_offer(session: Session, customer_id: UUID, offer_id: str) -> OfferRow:
    """Return an offer made to this customer and to no other."""
    row = session.get(OfferRow, offer_id) if re.fullmatch(OPAQUE_ID, offer_id) else None
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no offer {offer_id} of customer {customer_id}")
    return row


def to_offer(row: OfferRow, *, wished: bool = False) -> Offer:
    return Offer(
        id=row.id,
        kind="full" if row.count == 1 else "installments",
        count=row.count,
        total=row.total,
        original_total=row.original_total,
        discount=max(row.original_total - row.total, ZERO),
        extra_cost=row.extra_cost,
        parts=[Part.model_validate(part) for part in row.parts],
        valid_until=row.valid_until,
        why=row.why,
        wished=wished,
    )


def terms_of(draft: Draft) -> dict[str, Any]:
    """Return what an offer says, by the names of its columns."""
    numbered = enumerate(zip(draft.dues, draft.amounts, strict=True), start=1)
    parts = [Part(number=number, due=due, amount=amount) for number, (due, amount) in numbered]
    return {
        "count": draft.count,
        "down_payment": draft.down_payment,
        "total": draft.total,
        "original_total": draft.original_total,
        "extra_cost": draft.extra_cost,
        "interest": draft.interest,
        "parts": [part.model_dump(mode="json") for part in parts],
        "lines": [to_line(line).model_dump(mode="json") for line in draft.lines],
        "why": draft.why,
        "valid_until": draft.valid_until,
    }


class _Writer:
    """Writes drafts down, with what they were made of."""

    def __init__(
        self,
        session: Session,
        context: Context,
        customer_id: UUID,
        gathered: Gathered,
        request_id: UUID,
    ) -> None:
        self._session, self._context, self._customer_id = session, context, customer_id
        self._gathered, self._request_id = gathered, request_id

    def write(self, position: int, terms: dict[str, Any]) -> OfferRow:
        inquiry = self._gathered.inquiry
        row = OfferRow(
            id=secrets.token_urlsafe(16),
            customer_id=self._customer_id,
            request_id=self._request_id,
            position=position,
            reason=inquiry.reason.value,
            wish=inquiries.wish_record(inquiry.wish) or None,
            policy_version=self._context.policy.version,
            debts=self._gathered.debts,
            created_at=self._context.now(),
            **terms,
        )
        self._session.add(row)
        return row


def _standing(standing: Sequence[OfferRow], says: dict[str, Any]) -> OfferRow | None:
    """Return the offer that stands already and says the same, if there is one."""
    return next((row for row in standing if _says(row, says)), None)


def _says(row: OfferRow, says: dict[str, Any]) -> bool:
    differ = {name for name, value in says.items() if getattr(row, name) != value}
    return differ <= {"lines", "valid_until"} and row.valid_until >= says["valid_until"]


def _answer(made: OfferSet, rows: Sequence[OfferRow], help_words: OverIndebted) -> Offers:
    drafts = zip(rows, made.drafts, strict=True)
    return Offers(
        offers=[to_offer(row, wished=draft.wished) for row, draft in drafts],
        note_code=made.note_code,
        needs_person=made.needs_person,
        changes=list(made.changes),
        over_indebted=made.over_indebted,
        guidance=_guidance(help_words) if made.over_indebted else None,
    )


def _guidance(words: OverIndebted) -> Guidance:
    contacts = [HelpContact(name=each.name, reach=each.reach) for each in words.contacts]
    return Guidance(text=words.text, contacts=contacts)
