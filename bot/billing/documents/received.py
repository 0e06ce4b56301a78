"""What was received, as documents tell it: read from payments and from what each of them paid."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow
from bot.billing.context import Context
from bot.billing.documents.facts import Payment
from bot.billing.models import AgreementRow, InstallmentRow, InvoiceRow
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
