"""An agreement or a bill all of which is paid: by when the name is cleared, and who hears of it.

A refund opens an agreement again.
"""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.billing.calendar import business_days_after
from bot.billing.context import Context
from bot.billing.events.service import EventName, record
from bot.billing.models import (
    AgreementRow,
    AgreementStatus,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.book import Book
from bot.billing.payments.models import AllocationRow, PaymentRow

# From full payment on (Súmula 548 do STJ).
DAYS_TO_CLEAR_THE_NAME = 5


def follow(session: Session, context: Context, book: Book, agreement: AgreementRow) -> None:
    """Give an agreement that stands the status its parts ask for."""
    paid = all(part.status == InstallmentStatus.PAID for part in agreement.installments)
    if paid and agreement.status == AgreementStatus.ACTIVE:
        _complete(session, context, book, agreement)
    elif not paid and agreement.status == AgreementStatus.COMPLETED:
        agreement.status = AgreementStatus.ACTIVE
        agreement.ended_at = agreement.clear_name_by = None
        _mark_invoices(book, agreement, InvoiceStatus.IN_AGREEMENT)


def clear_name_by(last_paid: date) -> date:
    """Return the last day to take a name off the registers, once all was paid on `last_paid`."""
    return business_days_after(last_paid, DAYS_TO_CLEAR_THE_NAME)


def tell_paid(session: Session, context: Context, row: InvoiceRow) -> None:
    """Let others know that nothing is left of a bill paid without an agreement."""
    last_paid = session.scalars(
        select(func.max(PaymentRow.paid_on))
        .join(AllocationRow, AllocationRow.payment_id == PaymentRow.id)
        .where(AllocationRow.invoice_id == row.id)
    ).one()
    record(
        session,
        EventName.INVOICE_PAID,
        row.customer_id,
        context.now(),
        invoice_id=str(row.id),
        external_id=row.external_id,
        clear_name_by=str(clear_name_by(last_paid)),
    )


def _complete(session: Session, context: Context, book: Book, agreement: AgreementRow) -> None:
    agreement.status = AgreementStatus.COMPLETED
    agreement.ended_at = context.now()
    agreement.clear_name_by = clear_name_by(_last_paid(book, agreement))
    _mark_invoices(book, agreement, InvoiceStatus.PAID)
    record(
        session,
        EventName.AGREEMENT_COMPLETED,
        agreement.customer_id,
        context.now(),
        agreement_id=str(agreement.id),
        number=str(agreement.number),
        clear_name_by=str(agreement.clear_name_by),
    )


def _last_paid(book: Book, agreement: AgreementRow) -> date:
    return max(row.paid_on for row in book.payments_of(agreement) if row.kept)


def _mark_invoices(book: Book, agreement: AgreementRow, status: InvoiceStatus) -> None:
    held = {link.invoice_id for link in book.links if link.agreement_id == agreement.id}
    for row in book.invoices:
        if row.id in held:
            row.status = status
