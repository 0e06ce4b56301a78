"""Disputes: what somebody says is wrong is not collected until a person has answered.

Everything happens with the customer locked. Opening puts the invoices to sleep and withdraws
their charges; the decision wakes, corrects or cancels them.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.actors import current_actor
from bot.billing.calendar import business_days_after
from bot.billing.charges import live_for, withdraw
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.disputes.models import DisputeInvoiceRow, DisputeRow
from bot.billing.disputes.shapes import (
    Dispute,
    DisputeDecision,
    DisputedInvoice,
    DisputeKind,
    DisputeRequest,
    DisputeStatus,
)
from bot.billing.errors import (
    AlreadyAgreed,
    AlreadyDisputed,
    AlreadyEnded,
    CorrectionRefused,
    NotAllowed,
    NotFound,
    NothingOwed,
)
from bot.billing.models import InvoiceRow, InvoiceStatus
from bot.billing.pagination import Page, page
from bot.billing.payments.ledger import settle
from bot.billing.promises import service as promises
from bot.billing.shapes import Evidence

# Whose data is wrong is also a matter of the LGPD, with a clock of its own.
ABOUT_DATA = frozenset({DisputeKind.NOT_MINE, DisputeKind.FRAUD, DisputeKind.DECEASED})
CORRECTION_BUSINESS_DAYS = 5  # CDC, art. 43, § 3º; Súmula 548 do STJ


def open_dispute(
    session: Session, context: Context, customer_id: UUID, request: DisputeRequest
) -> Dispute:
    """Open a dispute about the invoices named, or about all that are open, even none.

    A complaint is taken even where nothing is open: it must be answered. Raises NotFound,
    AlreadyAgreed, AlreadyDisputed, or NothingOwed for invoices named that are settled.
    """
    get_customer(session, customer_id, lock=True)
    invoices = _open_invoices(session, customer_id, request.invoice_ids)
    ids = [row.id for row in invoices]
    withdraw(session, context, live_for(session, ids))
    promises.release_invoices(session, context, customer_id, ids)
    days = timedelta(days=_answer_days(context, request.kind))
    dispute = DisputeRow(
        customer_id=customer_id,
        kind=request.kind,
        statement=request.statement,
        receipt=request.receipt,
        evidence=request.evidence.model_dump(mode="json") if request.evidence else None,
        answer_by=context.today() + days,
        opened_by=str(current_actor()),
        opened_at=context.now(),
        invoices=[DisputeInvoiceRow(invoice_id=invoice_id) for invoice_id in ids],
    )
    for row in invoices:
        row.status = InvoiceStatus.DISPUTED
    session.add(dispute)
    session.flush()
    return to_dispute(session, dispute)


def decide(
    session: Session,
    context: Context,
    customer_id: UUID,
    dispute_id: UUID,
    decision: DisputeDecision,
) -> Dispute:
    """End an open dispute; who was right is for people to say, the bot may only withdraw it.

    Raises NotFound, NotAllowed, AlreadyEnded or CorrectionRefused.
    """
    if current_actor().role == "bot" and decision.outcome != "withdrawn":
        raise NotAllowed(f"{current_actor()} cannot say that a dispute is {decision.outcome}")
    get_customer(session, customer_id, lock=True)
    dispute = get_dispute(session, customer_id, dispute_id)
    if dispute.status != DisputeStatus.OPEN:
        raise AlreadyEnded(f"dispute {dispute_id} is {dispute.status}")
    invoices = _invoices(session, dispute)
    corrections = _corrections(decision, invoices)
    for row in invoices:
        _wake(row, decision, corrections.get(row.id))
    for held in dispute.invoices:
        held.active = False
    settle(session, context, customer_id)
    dispute.status = DisputeStatus(decision.outcome)
    dispute.decision_note = decision.note
    dispute.decided_by, dispute.decided_at = str(current_actor()), context.now()
    if dispute.status == DisputeStatus.UPHELD:
        dispute.correct_by = business_days_after(context.today(), CORRECTION_BUSINESS_DAYS)
    return to_dispute(session, dispute)


def get_dispute(session: Session, customer_id: UUID, dispute_id: UUID) -> DisputeRow:
    """Return a dispute of this customer and of no other."""
    row = session.get(DisputeRow, dispute_id)
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no dispute {dispute_id} of customer {customer_id}")
    return row


def disputes_of(
    session: Session, customer_id: UUID, cursor: str | None, limit: int
) -> Page[DisputeRow]:
    """Return a customer's disputes, newest first."""
    get_customer(session, customer_id)
    query = select(DisputeRow).where(DisputeRow.customer_id == customer_id)
    return page(session, query, cursor, limit, by=(DisputeRow.opened_at, DisputeRow.id))


def all_disputes(
    session: Session, status: DisputeStatus, cursor: str | None, limit: int
) -> Page[DisputeRow]:
    """Return everybody's disputes in one state, those to be answered soonest first."""
    query = select(DisputeRow).where(DisputeRow.status == status)
    by = (DisputeRow.answer_by, DisputeRow.id)
    return page(session, query, cursor, limit, by=by, newest_first=False)


def to_dispute(session: Session, row: DisputeRow) -> Dispute:
    return Dispute(
        id=row.id,
        customer_id=row.customer_id,
        kind=row.kind,
        status=row.status,
        statement=row.statement,
        receipt=row.receipt,
        evidence=Evidence.model_validate(row.evidence) if row.evidence else None,
        invoices=[
            DisputedInvoice(
                invoice_id=invoice.id, external_id=invoice.external_id, amount=invoice.amount
            )
            for invoice in _invoices(session, row)
        ],
        answer_by=row.answer_by,
        correct_by=row.correct_by,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
    )


def _open_invoices(
    session: Session, customer_id: UUID, named: Collection[UUID]
) -> list[InvoiceRow]:
    query = select(InvoiceRow).where(InvoiceRow.customer_id == customer_id)
    if not named:
        return list(session.scalars(query.where(InvoiceRow.status == InvoiceStatus.OPEN)))
    rows = list(session.scalars(query.where(InvoiceRow.id.in_(named))))
    if missing := set(named) - {row.id for row in rows}:
        raise NotFound(f"no invoice {min(missing)} of customer {customer_id}")
    for row in rows:
        if row.status == InvoiceStatus.IN_AGREEMENT:
            raise AlreadyAgreed(f"invoice {row.external_id} is in an agreement: cancel that first")
        if row.status == InvoiceStatus.DISPUTED:
            raise AlreadyDisputed(f"invoice {row.external_id} is in an open dispute")
        if row.status != InvoiceStatus.OPEN:
            raise NothingOwed(f"invoice {row.external_id} is {row.status}")
    return rows


def _invoices(session: Session, dispute: DisputeRow) -> list[InvoiceRow]:
    ids = [held.invoice_id for held in dispute.invoices]
    query = select(InvoiceRow).where(InvoiceRow.id.in_(ids))
    return list(session.scalars(query.order_by(InvoiceRow.due, InvoiceRow.external_id)))


def _corrections(decision: DisputeDecision, invoices: Sequence[InvoiceRow]) -> dict[UUID, Decimal]:
    """Return the corrected amounts by invoice. A dispute never makes a debt bigger."""
    amounts = {correction.invoice_id: correction.amount for correction in decision.corrections}
    if amounts and decision.outcome != "upheld":
        raise CorrectionRefused(f"nothing is corrected when a dispute is {decision.outcome}")
    present = {row.id: row for row in invoices}
    for invoice_id, amount in amounts.items():
        if invoice_id not in present:
            raise NotFound(f"invoice {invoice_id} is not in this dispute")
        row = present[invoice_id]
        if not row.paid_amount <= amount < row.amount:
            raise CorrectionRefused(
                f"{amount} is not from {row.paid_amount}, paid so far, to below {row.amount}"
            )
    return amounts


def _wake(row: InvoiceRow, decision: DisputeDecision, corrected: Decimal | None) -> None:
    """Give an invoice the state that was decided; one given up meanwhile stays given up."""
    if decision.outcome == "upheld" and corrected is None:
        row.status = InvoiceStatus.CANCELLED
        return
    row.amount = corrected or row.amount
    if row.status != InvoiceStatus.WRITTEN_OFF:
        row.status = InvoiceStatus.OPEN if row.balance else InvoiceStatus.PAID


def _answer_days(context: Context, kind: DisputeKind) -> int:
    policy = context.policy.disputes
    return policy.data_answer_days if kind in ABOUT_DATA else policy.answer_days
