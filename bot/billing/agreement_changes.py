"""What becomes of an agreement after the yes: other dates, and its ends but the good one.

However it ends, the bills are owed again less what was paid, each payment counted on the day
it was made. Completion follows from payments: `payments/completion.py`.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.billing import charges
from bot.billing.actors import current_actor
from bot.billing.agreements import find_agreement, open_parts, with_charge
from bot.billing.calendar import business_days_after, next_business_day
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.errors import AgreementNotActive, DueDateRefused, NotFound
from bot.billing.events.service import EventName, record
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
    OfferRow,
)
from bot.billing.payments.ledger import settle
from bot.billing.payments.shapes import CancellationRequest, DueDateRequest
from bot.billing.promises import service as promises
from bot.billing.shapes import Agreement, Part

DAYS_FOR_NEWS = 1
"""Business days after which a payment made on the last day has been told of."""


def change_due_date(
    session: Session,
    context: Context,
    customer_id: UUID,
    agreement_id: UUID,
    request: DueDateRequest,
) -> Agreement:
    """Give a part another date, within the policy and the authority of whoever asks.

    A charge that is out is replaced.
    """
    customer = get_customer(session, customer_id, lock=True)
    agreement = active_agreement(session, customer_id, agreement_id)
    part = next((row for row in open_parts(agreement) if row.number == request.number), None)
    if part is None:
        raise NotFound(f"no unpaid part {request.number} of agreement {agreement.number}")
    if part.due != request.due:
        _check_due(session, context, agreement, part, request.due)
        part.due = request.due
        agreement.due_changes += 1
        session.flush()
        if charges.live_for(session, installments=[part.id]):
            bill = charges.installment_bill(session, context, agreement, part)
            charges.issue(session, context, customer, bill)
    return with_charge(session, context, agreement)


def cancel(
    session: Session,
    context: Context,
    customer_id: UUID,
    agreement_id: UUID,
    request: CancellationRequest,
) -> Agreement:
    """End an agreement because the person or an operator wants it."""
    get_customer(session, customer_id, lock=True)
    agreement = active_agreement(session, customer_id, agreement_id)
    _end(session, context, agreement, AgreementStatus.CANCELLED, request.reason)
    return with_charge(session, context, agreement)


def end_for_refund(session: Session, context: Context, agreement: AgreementRow) -> None:
    """End an agreement, even a completed one, whose figures counted on money that went back."""
    _end(session, context, agreement, AgreementStatus.CANCELLED, context.policy.agreements.refunded)


def late_agreements(session: Session, context: Context) -> list[UUID]:
    """Return the agreements that may have to be broken, oldest first."""
    latest = context.today() - timedelta(days=context.policy.agreements.tolerance_days)
    late = select(InstallmentRow.agreement_id).where(
        InstallmentRow.status == InstallmentStatus.OPEN, InstallmentRow.due < latest
    )
    return list(
        session.scalars(
            select(AgreementRow.id)
            .where(AgreementRow.status == AgreementStatus.ACTIVE, AgreementRow.id.in_(late))
            .order_by(AgreementRow.number)
        )
    )


def break_if_late(session: Session, context: Context, agreement_id: UUID) -> bool:
    """Break an agreement whose tolerance is over; return whether it was."""
    agreement = session.get_one(AgreementRow, agreement_id)
    get_customer(session, agreement.customer_id, lock=True)
    session.refresh(agreement)
    if agreement.status != AgreementStatus.ACTIVE:
        return False
    policy = context.policy.agreements
    for part in open_parts(agreement):
        last = next_business_day(part.due) + timedelta(days=policy.tolerance_days)
        if context.today() > business_days_after(last, DAYS_FOR_NEWS):
            reason = policy.broken.format(number=part.number, day=f"{last:%d/%m/%Y}")
            _end(session, context, agreement, AgreementStatus.BROKEN, reason)
            return True
    return False


def active_agreement(session: Session, customer_id: UUID, agreement_id: UUID) -> AgreementRow:
    """Return an agreement that can be changed. Raises NotFound or AgreementNotActive."""
    agreement = find_agreement(session, customer_id, agreement_id)
    if agreement.status != AgreementStatus.ACTIVE:
        raise AgreementNotActive(f"agreement {agreement.number} is {agreement.status}")
    return agreement


def _check_due(
    session: Session, context: Context, agreement: AgreementRow, part: InstallmentRow, due: date
) -> None:
    """Raise DueDateRefused unless whoever asks may grant this date.

    Nobody moves a part that is late: its late charges would be gone unsaid. Whoever may forgive
    them makes a new agreement.
    """
    today, limits = context.today(), context.policy.due_date_limits(current_actor().authority)
    offer = session.get_one(OfferRow, agreement.offer_id)
    agreed = Part.model_validate(offer.parts[part.number - 1]).due
    latest = agreed + timedelta(days=limits.max_postponement_days)
    others = {row.number: row.due for row in agreement.installments}
    refusals = {
        "the part is late already": today > next_business_day(part.due),
        f"dates were changed {agreement.due_changes} times": (
            agreement.due_changes >= limits.max_due_changes
        ),
        f"{due} is before today": due < today,
        f"{due} is after {latest}, the latest for this part": due > latest,
        "it would be due before the part before it": due <= others.get(part.number - 1, date.min),
        "it would be due after the part after it": due >= others.get(part.number + 1, date.max),
    }
    for refusal, applies in refusals.items():
        if applies:
            raise DueDateRefused(refusal)


def _end(
    session: Session,
    context: Context,
    agreement: AgreementRow,
    status: AgreementStatus,
    reason: str,
) -> None:
    """Give the bills back, take charges away, and place what was paid anew."""
    agreement.status, agreement.end_reason = status, reason
    agreement.ended_at, agreement.clear_name_by = context.now(), None
    live = charges.live_for(session, installments=[part.id for part in agreement.installments])
    charges.withdraw(session, context, live)
    for part in open_parts(agreement):
        part.status = InstallmentStatus.CANCELLED
    _release(session, agreement)
    settle(session, context, agreement.customer_id)
    promises.review(session, context, agreement.customer_id)
    broken = status == AgreementStatus.BROKEN
    record(
        session,
        EventName.AGREEMENT_BROKEN if broken else EventName.AGREEMENT_CANCELLED,
        agreement.customer_id,
        context.now(),
        agreement_id=str(agreement.id),
        number=str(agreement.number),
    )


def _release(session: Session, agreement: AgreementRow) -> None:
    link = AgreementInvoiceRow
    held = session.scalars(
        select(link.invoice_id).where(link.agreement_id == agreement.id, link.active)
    ).all()
    session.execute(update(link).where(link.agreement_id == agreement.id).values(active=False))
    for row in session.scalars(select(InvoiceRow).where(InvoiceRow.id.in_(held))):
        row.status = InvoiceStatus.OPEN
    session.flush()
