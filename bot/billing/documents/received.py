"""What was received, as documents tell it: read from payments and from what each of them paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow
from bot.billing.context import Context
from bot.billing.documents.facts import Payment
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    InstallmentRow,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.models import AllocationRow, PaymentRow


def of_payment(session: Session, context: Context, row: PaymentRow) -> list[Payment]:
    """Return what a payment paid, one debt after the other."""
    found = session.execute(
        select(AllocationRow, InvoiceRow, InstallmentRow)
        .outerjoin(InvoiceRow, InvoiceRow.id == AllocationRow.invoice_id)
        .outerjoin(InstallmentRow, InstallmentRow.id == AllocationRow.installment_id)
        .where(AllocationRow.payment_id == row.id)
        .order_by(InvoiceRow.due, InvoiceRow.external_id, InstallmentRow.number)
    )
    return [
        Payment(
            invoice.description if invoice else _part(session, context, part),
            share.total,
            row.paid_on,
        )
        for share, invoice, part in found
    ]


def of_agreement(session: Session, context: Context, agreement: AgreementRow) -> list[Payment]:
    """Return what was paid of an agreement's parts, in the order of the parts."""
    found = session.execute(
        select(AllocationRow, PaymentRow, InstallmentRow)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .join(InstallmentRow, InstallmentRow.id == AllocationRow.installment_id)
        .where(InstallmentRow.agreement_id == agreement.id)
        .order_by(InstallmentRow.number, PaymentRow.paid_on, PaymentRow.received_at)
    )
    return [
        Payment(_part(session, context, part), share.total, payment.paid_on)
        for share, payment, part in found
    ]


@dataclass(frozen=True)
class BillPayment:
    """What `payment_id` paid of one bill."""

    bill_id: UUID
    payment_id: UUID
    payment: Payment


def of_bills(session: Session, bills: Sequence[InvoiceRow]) -> list[BillPayment]:
    """Return what was paid of these bills without an agreement, the last payment at the end."""
    names = {bill.id: bill.description for bill in bills}
    found = session.execute(
        select(AllocationRow, PaymentRow)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(AllocationRow.invoice_id.in_(names))
        .order_by(PaymentRow.paid_on, PaymentRow.received_at, PaymentRow.id)
    )
    return [
        BillPayment(share.debt_id, row.id, Payment(names[share.debt_id], share.total, row.paid_on))
        for share, row in found
    ]


def settled_bills(session: Session, payment_id: UUID) -> list[InvoiceRow]:
    """Return the bills, in no agreement, of which a payment was the last: nothing is left."""
    held = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.active)
    paid = session.scalars(
        select(InvoiceRow)
        .join(AllocationRow, AllocationRow.invoice_id == InvoiceRow.id)
        .where(
            AllocationRow.payment_id == payment_id,
            InvoiceRow.status == InvoiceStatus.PAID,
            InvoiceRow.id.not_in(held),
        )
        .order_by(InvoiceRow.due, InvoiceRow.external_id)
    ).all()
    last = {one.bill_id: one.payment_id for one in of_bills(session, paid)}
    return [bill for bill in paid if last[bill.id] == payment_id]


def payments_of(session: Session, customer_id: UUID) -> Sequence[UUID]:
    """Return the payments of a customer that did not all go back."""
    return session.scalars(
        select(PaymentRow.id).where(
            PaymentRow.customer_id == customer_id, PaymentRow.refunded < PaymentRow.amount
        )
    ).all()


def last_of_charge(session: Session, charge: ChargeRow) -> UUID | None:
    """Return the newest payment of a charge, if any."""
    return session.scalar(
        select(PaymentRow.id)
        .where(PaymentRow.charge_id == charge.id, PaymentRow.refunded < PaymentRow.amount)
        .order_by(PaymentRow.received_at.desc())
        .limit(1)
    )


def total(payments: Sequence[Payment]) -> Decimal:
    """Return what came in, in reais."""
    return sum((payment.amount for payment in payments), Decimal("0.00"))


def _part(session: Session, context: Context, part: InstallmentRow) -> str:
    """Name a part of an agreement as its boleto does."""
    agreement = session.get_one(AgreementRow, part.agreement_id)
    return context.policy.lines.name_part(
        part.number, len(agreement.installments), agreement.number
    )
