"""Payments as the API shows them: of a customer, of a period, or waiting for a person."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.billing.debts import get_customer
from bot.billing.models import InstallmentRow
from bot.billing.payments.models import AllocationRow, PaymentRow, PaymentState
from bot.billing.payments.shapes import Allocation, Payment

MOST_WAITING = 500


def payments_of(session: Session, customer_id: UUID) -> list[Payment]:
    """Return a customer's payments, oldest first."""
    get_customer(session, customer_id)
    return _find(session, PaymentRow.customer_id == customer_id)


def payments_between(session: Session, first: date, last: date) -> list[Payment]:
    """Return what was paid from `first` to `last`, both included, oldest first."""
    return _find(session, PaymentRow.paid_on.between(first, last))


def waiting_payments(session: Session) -> list[Payment]:
    """Return what only a person can decide: unmatched, or too much; the oldest 500."""
    unmatched = PaymentRow.state == PaymentState.UNMATCHED
    return _find(session, unmatched | (PaymentRow.to_refund > 0), limit=MOST_WAITING)


def to_payment(session: Session, row: PaymentRow) -> Payment:
    return _find(session, PaymentRow.id == row.id)[0]


def _find(session: Session, where: ColumnElement[bool], limit: int | None = None) -> list[Payment]:
    shares: dict[UUID, list[Allocation]] = {}
    for share, part in session.execute(
        select(AllocationRow, InstallmentRow)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .outerjoin(InstallmentRow, InstallmentRow.id == AllocationRow.installment_id)
        .where(where)
        .order_by(AllocationRow.as_of, InstallmentRow.number, AllocationRow.id)
    ):
        shares.setdefault(share.payment_id, []).append(_to_allocation(share, part))
    rows = session.scalars(
        select(PaymentRow)
        .where(where)
        .order_by(PaymentRow.paid_on, PaymentRow.received_at, PaymentRow.id)
        .limit(limit)
    )
    return [_to_payment(row, shares.get(row.id, [])) for row in rows]


def _to_payment(row: PaymentRow, allocations: list[Allocation]) -> Payment:
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in Payment.model_fields if name != "allocations"
    }
    return Payment(**fields, allocations=allocations)


def _to_allocation(share: AllocationRow, part: InstallmentRow | None) -> Allocation:
    return Allocation(
        invoice_id=share.invoice_id,
        agreement_id=part.agreement_id if part else None,
        number=part.number if part else None,
        principal=share.principal,
        late_charges=share.late_charges,
        as_of=share.as_of,
    )
