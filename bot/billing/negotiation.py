"""Offers written down: made anew or found again, so that the same question has one answer."""

import re
import secrets
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.context import Context
from bot.billing.debts import get_customer, overdue_invoices, to_line
from bot.billing.errors import NotFound
from bot.billing.models import AgreementRow, OfferRow
from bot.billing.offers import Draft, OfferSet, make_offers
from bot.billing.quotes import ZERO, OpenDebt, Standing
from bot.billing.shapes import OPAQUE_ID, Offer, Offers, OffersRequest, Part


def offer_ways(
    session: Session, context: Context, customer_id: UUID, request: OffersRequest
) -> Offers:
    """Return at most four ways to settle everything overdue, and keep them for acceptance."""
    get_customer(session, customer_id, lock=True)
    debts = [invoice.open_debt for invoice in overdue_invoices(session, context, customer_id)]
    standing = _standing(session, customer_id, debts, context.today())
    made = make_offers(
        debts,
        context.policy,
        request.reason,
        request.wish,
        context.today(),
        [Standing(_amounts(row), row.down_payment) for row in standing],
    )
    writer = _Writer(session, context, customer_id, request, debts, standing)
    return _answer(made, [writer.keep(draft) for draft in made.drafts])


def get_offer(session: Session, customer_id: UUID, offer_id: str) -> OfferRow:
    """Return an offer made to this customer and to no other."""
    row = session.get(OfferRow, offer_id) if re.fullmatch(OPAQUE_ID, offer_id) else None
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no offer {offer_id} of customer {customer_id}")
    return row


def snapshot(debts: Sequence[OpenDebt]) -> dict[str, str]:
    """Return what identifies a set of debts: whose balances changed is another set."""
    return {str(debt.invoice_id): str(debt.balance) for debt in debts}


def is_for(row: OfferRow, debts: dict[str, str]) -> bool:
    """Whether an offer was made for exactly these debts."""
    return {debt["invoice_id"]: debt["balance"] for debt in row.debts} == debts


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


class _Writer:
    """Keeps drafts: as an offer that stands already and says the same, or as a new one."""

    def __init__(
        self,
        session: Session,
        context: Context,
        customer_id: UUID,
        request: OffersRequest,
        debts: Sequence[OpenDebt],
        standing: Sequence[OfferRow],
    ) -> None:
        self._session, self._context, self._customer_id = session, context, customer_id
        self._request, self._debts, self._standing = request, debts, standing

    def keep(self, draft: Draft) -> Offer:
        row = next((row for row in self._standing if _same(row, draft)), None)
        return to_offer(row or self._insert(draft), wished=draft.wished)

    def _insert(self, draft: Draft) -> OfferRow:
        wish = self._request.wish
        row = OfferRow(
            id=secrets.token_urlsafe(16),
            customer_id=self._customer_id,
            reason=self._request.reason.value,
            wish=wish.model_dump(mode="json", exclude_none=True) if wish else None,
            policy_version=self._context.policy.version,
            count=draft.count,
            down_payment=draft.down_payment,
            total=draft.total,
            original_total=draft.original_total,
            extra_cost=draft.extra_cost,
            parts=_parts(draft),
            debts=[_debt_record(debt) for debt in self._debts],
            lines=[to_line(line).model_dump(mode="json") for line in draft.lines],
            why=draft.why,
            valid_until=draft.valid_until,
            created_at=self._context.now(),
        )
        self._session.add(row)
        return row


def _standing(
    session: Session, customer_id: UUID, debts: Sequence[OpenDebt], today: date
) -> list[OfferRow]:
    """Return the offers for exactly these debts that are still valid and not taken."""
    rows = session.scalars(
        select(OfferRow)
        .outerjoin(AgreementRow, AgreementRow.offer_id == OfferRow.id)
        .where(
            OfferRow.customer_id == customer_id,
            OfferRow.valid_until >= today,
            AgreementRow.id.is_(None),
        )
        .order_by(OfferRow.created_at)
    )
    identity = snapshot(debts)
    return [row for row in rows if is_for(row, identity)]


def _same(row: OfferRow, draft: Draft) -> bool:
    return (
        row.parts == _parts(draft)
        and row.down_payment == draft.down_payment
        and row.valid_until >= draft.valid_until
        and row.original_total == draft.original_total
        and row.extra_cost == draft.extra_cost
        and row.why == draft.why
    )


def _answer(made: OfferSet, offers: list[Offer]) -> Offers:
    return Offers(offers=offers, note_code=made.note_code, needs_person=made.needs_person)


def _amounts(row: OfferRow) -> tuple[Decimal, ...]:
    return tuple(Decimal(part["amount"]) for part in row.parts)


def _parts(draft: Draft) -> list[dict[str, Any]]:
    numbered = enumerate(zip(draft.dues, draft.amounts, strict=True), start=1)
    return [
        Part(number=number, due=due, amount=amount).model_dump(mode="json")
        for number, (due, amount) in numbered
    ]


def _debt_record(debt: OpenDebt) -> dict[str, Any]:
    return {
        "invoice_id": str(debt.invoice_id),
        "balance": str(debt.balance),
        "multa": str(debt.multa),
        "juros": str(debt.juros),
        "days_late": debt.days_late,
    }
