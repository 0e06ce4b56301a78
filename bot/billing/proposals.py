"""Proposals: what somebody could do that only a person may decide on."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.debts import get_customer
from bot.billing.inquiries import Gathered, goes_to_person, wish_record
from bot.billing.models import OfferRequestRow
from bot.billing.offers import OfferSet
from bot.billing.proposal_shapes import Proposal
from bot.billing.quotes import ZERO
from bot.billing.shapes import Change, Reason, Wish


def proposals_of(session: Session, customer_id: UUID) -> list[Proposal]:
    """Return what a customer proposed that went to a person, newest first."""
    get_customer(session, customer_id)
    return [_to_proposal(row) for row in _rows(session, customer_id)]


def is_new(session: Session, customer_id: UUID, gathered: Gathered, made: OfferSet) -> bool:
    """Whether this goes to a person, and has not gone there with the same words today."""
    inquiry = gathered.inquiry
    if not goes_to_person(inquiry, made):
        return False
    said = inquiry.reason.value, wish_record(inquiry.wish), gathered.debts, inquiry.today
    return all(
        said != (row.reason, row.wish, row.debts, row.today) for row in _rows(session, customer_id)
    )


def _rows(session: Session, customer_id: UUID) -> Sequence[OfferRequestRow]:
    return session.scalars(
        select(OfferRequestRow)
        .where(OfferRequestRow.customer_id == customer_id, OfferRequestRow.proposal)
        .order_by(OfferRequestRow.asked_at.desc(), OfferRequestRow.id)
    ).all()


def _to_proposal(row: OfferRequestRow) -> Proposal:
    names = ("balance", "multa", "juros")
    return Proposal(
        id=row.id,
        asked_at=row.asked_at,
        asked_by=row.actor,
        reason=Reason(row.reason),
        wish=Wish.model_validate(row.wish),
        owed=sum((Decimal(debt[name]) for debt in row.debts for name in names), ZERO),
        changes=[Change.model_validate(change) for change in row.changes],
        over_indebted=row.over_indebted,
    )
