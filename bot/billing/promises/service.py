"""What can be promised, and how a promise ends: kept, broken, cancelled or replaced.

Everything happens with the customer locked. A promise breaks only when the grace after its day
is over and neither the amount came in nor are its debts paid. When nobody has to pay any of them
any more it is neither kept nor broken.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.actors import current_actor
from bot.billing.calendar import next_business_day
from bot.billing.context import Context
from bot.billing.debts import get_customer, overdue_invoices
from bot.billing.errors import AlreadyEnded, NotFound, NothingOwed, PromiseDateRefused
from bot.billing.events.service import EventName, record
from bot.billing.models import (
    AgreementRow,
    AgreementStatus,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.pagination import Page, page
from bot.billing.promises.models import PromiseEnd, PromiseRow, PromiseStatus
from bot.billing.promises.shapes import Promise, PromiseRequest

GIVEN_UP = (InvoiceStatus.WRITTEN_OFF, InvoiceStatus.CANCELLED)


def promise(
    session: Session, context: Context, customer_id: UUID, request: PromiseRequest
) -> Promise:
    """Write a promise down; one that was open is replaced.

    Raises PromiseDateRefused, NothingOwed, or NotFound for what is another customer's.
    """
    get_customer(session, customer_id, lock=True)
    _check_date(context, request.promised_for)
    installment = _installment(session, customer_id, request.agreement_id)
    invoices = [] if installment else _invoices(session, context, customer_id, request.invoice_ids)
    _end(context, _open(session, customer_id), PromiseStatus.REPLACED)
    session.flush()  # before the new one: only one may be open
    grace = timedelta(days=context.policy.promises.grace_days)
    row = PromiseRow(
        customer_id=customer_id,
        installment_id=installment.id if installment else None,
        invoice_ids=invoices,
        promised_for=request.promised_for,
        grace_until=next_business_day(request.promised_for) + grace,
        amount=request.amount,
        taken_by=str(current_actor()),
        evidence=request.evidence.model_dump(mode="json"),
        made_at=context.now(),
    )
    session.add(row)
    session.flush()
    return to_promise(session, row)


def promises_of(
    session: Session, customer_id: UUID, cursor: str | None, limit: int
) -> Page[PromiseRow]:
    """Return a customer's promises, newest first."""
    get_customer(session, customer_id)
    query = select(PromiseRow).where(PromiseRow.customer_id == customer_id)
    return page(session, query, cursor, limit, by=(PromiseRow.made_at, PromiseRow.id))


def cancel(session: Session, context: Context, customer_id: UUID, promise_id: UUID) -> Promise:
    """Take an open promise back. Raises NotFound or AlreadyEnded."""
    get_customer(session, customer_id, lock=True)
    row = session.get(PromiseRow, promise_id)
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no promise {promise_id} of customer {customer_id}")
    if row.status != PromiseStatus.OPEN:
        raise AlreadyEnded(f"promise {promise_id} is {row.status}")
    _end(context, row, PromiseStatus.CANCELLED, PromiseEnd.TAKEN_BACK)
    return to_promise(session, row)


def note_payment(
    session: Session, context: Context, customer_id: UUID, amount: Decimal, paid_on: date
) -> None:
    """Count a payment, already applied to its debts, towards the promise it may keep.

    What counts is the day on which it was made: one that was on its way when the promise broke
    still keeps it. To be called with the customer locked.
    """
    row = _open(session, customer_id) or _last_broken(session, customer_id, paid_on)
    if row is None or paid_on > row.grace_until:
        return
    row.paid += amount
    if _outcome(session, row) == PromiseStatus.KEPT:
        _end(context, row, PromiseStatus.KEPT)


def replace_by_agreement(session: Session, context: Context, customer_id: UUID) -> None:
    """End an open promise about invoices: from now on the agreement's dates count."""
    row = _open(session, customer_id)
    if row is not None and row.installment_id is None:
        _end(context, row, PromiseStatus.REPLACED)


def release_invoices(
    session: Session, context: Context, customer_id: UUID, invoice_ids: Collection[UUID]
) -> None:
    """Cancel an open promise about any of these invoices: nobody has to pay what is disputed."""
    row = _open(session, customer_id)
    if row is not None and not set(invoice_ids).isdisjoint(row.invoice_ids):
        _end(context, row, PromiseStatus.CANCELLED, PromiseEnd.DISPUTED)


def review(session: Session, context: Context, customer_id: UUID) -> None:
    """End the open promise if nothing of it is left to pay: its debts were given up meanwhile."""
    row = _open(session, customer_id)
    if row is not None:
        _conclude(session, context, row)


def overdue(session: Session, today: date, limit: int) -> list[tuple[UUID, UUID]]:
    """Return customer and id of open promises whose grace is over."""
    rows = session.execute(
        select(PromiseRow.customer_id, PromiseRow.id)
        .where(PromiseRow.status == PromiseStatus.OPEN, PromiseRow.grace_until < today)
        .order_by(PromiseRow.grace_until, PromiseRow.id)
        .limit(limit)
    )
    return [(customer_id, promise_id) for customer_id, promise_id in rows]


def settle(session: Session, context: Context, customer_id: UUID, promise_id: UUID) -> None:
    """End a promise whose grace is over: broken, unless nothing of it is left to pay."""
    get_customer(session, customer_id, lock=True)
    row = session.get_one(PromiseRow, promise_id)
    if row.status != PromiseStatus.OPEN or row.grace_until >= context.today():
        return
    if _conclude(session, context, row):
        return
    _end(context, row, PromiseStatus.BROKEN)
    record(
        session,
        EventName.PROMISE_BROKEN,
        customer_id,
        context.now(),
        promise_id=str(row.id),
        promised_for=row.promised_for.isoformat(),
        paid=str(row.paid),
    )


def latest_date(context: Context) -> date:
    """Return the last day for which a promise can be made today."""
    return context.today() + timedelta(days=context.policy.promises.max_days)


def to_promise(session: Session, row: PromiseRow) -> Promise:
    installment = session.get(InstallmentRow, row.installment_id) if row.installment_id else None
    return Promise(
        id=row.id,
        status=row.status.value,
        promised_for=row.promised_for,
        grace_until=row.grace_until,
        amount=row.amount,
        paid=row.paid,
        invoice_ids=row.invoice_ids,
        agreement_id=installment.agreement_id if installment else None,
        taken_by=row.taken_by,
        made_at=row.made_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason.value if row.end_reason else None,
    )


def _check_date(context: Context, day: date) -> None:
    if day < context.today():
        raise PromiseDateRefused(f"{day} is over")
    if day > latest_date(context):
        raise PromiseDateRefused(f"{day} is after {latest_date(context)}, the latest day allowed")


def _installment(
    session: Session, customer_id: UUID, agreement_id: UUID | None
) -> InstallmentRow | None:
    """Return the next instalment to pay of the agreement named, if one was."""
    if agreement_id is None:
        return None
    agreement = session.get(AgreementRow, agreement_id)
    if agreement is None or agreement.customer_id != customer_id:
        raise NotFound(f"no agreement {agreement_id} of customer {customer_id}")
    unpaid = [part for part in agreement.installments if part.status == InstallmentStatus.OPEN]
    if agreement.status != AgreementStatus.ACTIVE or not unpaid:
        raise NothingOwed(f"agreement {agreement.number} is {agreement.status}")
    return unpaid[0]


def _invoices(
    session: Session, context: Context, customer_id: UUID, named: Sequence[UUID]
) -> list[UUID]:
    """Return the open invoices promised: those named, or all that is overdue."""
    if named:
        rows = list(session.scalars(select(InvoiceRow).where(InvoiceRow.id.in_(named))))
        missing = set(named) - {row.id for row in rows if row.customer_id == customer_id}
        if missing:
            raise NotFound(f"no invoice {min(missing)} of customer {customer_id}")
        found = [row.id for row in rows if row.status == InvoiceStatus.OPEN]
    else:
        found = [due.row.id for due in overdue_invoices(session, context, customer_id)]
    if not found:
        raise NothingOwed("there is no open invoice that this promise could be about")
    return found


def _open(session: Session, customer_id: UUID) -> PromiseRow | None:
    return session.scalar(
        select(PromiseRow).where(
            PromiseRow.customer_id == customer_id, PromiseRow.status == PromiseStatus.OPEN
        )
    )


def _last_broken(session: Session, customer_id: UUID, paid_on: date) -> PromiseRow | None:
    return session.scalar(
        select(PromiseRow)
        .where(
            PromiseRow.customer_id == customer_id,
            PromiseRow.status == PromiseStatus.BROKEN,
            PromiseRow.grace_until >= paid_on,
        )
        .order_by(PromiseRow.made_at.desc())
        .limit(1)
    )


def _conclude(session: Session, context: Context, row: PromiseRow) -> bool:
    """End a promise of which nothing is left to pay; return whether it was."""
    match _outcome(session, row):
        case PromiseStatus.CANCELLED:
            about_part = row.installment_id is not None
            reason = PromiseEnd.AGREEMENT_ENDED if about_part else PromiseEnd.WRITTEN_OFF
            _end(context, row, PromiseStatus.CANCELLED, reason)
        case PromiseStatus.KEPT:
            _end(context, row, PromiseStatus.KEPT)
    return row.status != PromiseStatus.OPEN


def _outcome(session: Session, row: PromiseRow) -> PromiseStatus:
    """What the payments so far make of a promise; cancelled if nobody has to pay any of it."""
    if row.amount is not None and row.paid >= row.amount:
        return PromiseStatus.KEPT
    are_paid = _are_paid(session, row)
    if not are_paid:
        return PromiseStatus.CANCELLED
    return PromiseStatus.KEPT if all(are_paid) else PromiseStatus.OPEN


def _are_paid(session: Session, row: PromiseRow) -> list[bool]:
    """Whether each debt promised is paid, leaving out those that nobody has to pay any more."""
    if row.installment_id is not None:
        status = session.get_one(InstallmentRow, row.installment_id).status
        return [] if status == InstallmentStatus.CANCELLED else [status == InstallmentStatus.PAID]
    due = InvoiceRow.id.in_(row.invoice_ids), InvoiceRow.status.not_in(GIVEN_UP)
    bills = session.scalars(select(InvoiceRow).where(*due))
    return [bill.status == InvoiceStatus.PAID or not bill.balance for bill in bills]


def _end(
    context: Context,
    row: PromiseRow | None,
    status: PromiseStatus,
    reason: PromiseEnd | None = None,
) -> None:
    if row is not None:
        row.status, row.ended_at, row.end_reason = status, context.now(), reason
