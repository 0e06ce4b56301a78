"""A customer's payments placed anew: what each paid, and what that leaves of every debt.

Nothing is added to or taken from a balance in passing. After any change the payments are
replayed from the facts, so that order, repetition and refunds cannot make money drift. What
paid an invoice before an agreement took it over stays where it is as long as that one stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.billing import charges
from bot.billing.calendar import next_business_day, years_before
from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import account
from bot.billing.late_charges import Account
from bot.billing.models import (
    AgreementRow,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.book import Book, load
from bot.billing.payments.completion import follow, tell_paid
from bot.billing.payments.imputation import Imputation, Receipt, impute
from bot.billing.payments.models import AllocationRow, PaymentRow
from bot.billing.quotes import ZERO

COLLECTED = (InvoiceStatus.OPEN, InvoiceStatus.PAID)


def settle(session: Session, context: Context, customer_id: UUID) -> None:
    """Replay the payments of a customer, who is locked, and do what follows from them."""
    session.flush()
    book = load(session, customer_id)
    changed: set[UUID] = set()
    for agreement in book.standing:
        changed |= _settle_agreement(session, context, book, agreement)
    _let_go(book)
    invoices = _settle_invoices(session, context, book)
    _update_charges(session, context, book, changed, invoices)
    for agreement in book.standing:
        follow(session, context, book, agreement)
    session.flush()
    for row in book.invoices:
        if row.id in invoices and row.status == InvoiceStatus.PAID:
            tell_paid(session, context, row)


def _let_go(book: Book) -> None:
    """Take off a cancelled bill what paid it: that money is free for others."""
    for row in book.invoices:
        if row.status == InvoiceStatus.CANCELLED and row.id in book.allocated:
            row.paid_amount -= book.allocated[row.id]
            row.carried, row.juros_from = ZERO, None


def _settle_agreement(
    session: Session, context: Context, book: Book, agreement: AgreementRow
) -> set[UUID]:
    parts = {
        part.id: part
        for part in agreement.installments
        if part.status != InstallmentStatus.CANCELLED
    }
    payments = book.payments_of(agreement)
    receipts = [_receipt_for_parts(book, payment, list(parts)) for payment in payments]
    fresh = {part.id: Account(part.amount, part.due) for part in parts.values()}
    result = impute(fresh, receipts, context.policy.late_charge_policy)
    _write_shares(session, book, payments, result, "installment_id")
    return {
        part.id
        for part in parts.values()
        if _write_part(part, result.accounts[part.id], result.discounts.get(part.id, ZERO))
    }


def _settle_invoices(session: Session, context: Context, book: Book) -> set[UUID]:
    rows = {row.id: row for row in book.invoices if book.is_free(row)}
    payments = book.payments_of(None)
    years = context.policy.prescription_years
    receipts = [_receipt_for_invoices(book, payment, rows, years) for payment in payments]
    fresh = {row.id: Account(book.unpaid(row), row.due) for row in rows.values()}
    result = impute(fresh, receipts, context.policy.late_charge_policy)
    _write_shares(session, book, payments, result, "invoice_id")
    paid = {share.debt_id for share in result.shares} | set(book.allocated)
    return {
        row.id
        for row in rows.values()
        if row.id in paid and _write_invoice(book, row, result.accounts[row.id])
    }


def _receipt_for_parts(book: Book, payment: PaymentRow, parts: Sequence[UUID]) -> Receipt:
    """Place a payment on the part its charge was for, then on the next ones."""
    charge = book.charge_of(payment)
    early = book.early.get(charge.id, {}) if charge else {}
    ours = [part for part in parts if part in early or (charge and part == charge.installment_id)]
    as_of = _as_of(payment, charge if ours else None)
    kept_word = charge is not None and as_of == _issued(charge) and payment.kept >= charge.amount
    return Receipt(
        payment.id,
        payment.kept,
        as_of,
        payment.paid_on,
        payment.received_at,
        debts=[*ours, *(part for part in parts if part not in ours)],
        early=early if kept_word and ours else {},
    )


def _receipt_for_invoices(
    book: Book, payment: PaymentRow, rows: Mapping[UUID, InvoiceRow], years: int
) -> Receipt:
    """Place a payment on the invoices it named, then on what was due when it was made.

    What it paid before somebody disputed it, it still pays.
    """
    named = [invoice for invoice in book.named(payment) if invoice in rows]
    before = book.paid_by(payment)
    oldest = years_before(payment.paid_on, years)
    others = [
        row.id
        for row in rows.values()
        if row.id not in named
        and oldest < row.due <= payment.paid_on
        and (row.status in COLLECTED or row.id in before)
    ]
    return Receipt(
        payment.id,
        payment.kept - book.placed_for_good(payment),
        _as_of(payment, book.charge_of(payment) if book.is_bare(payment) else None),
        payment.paid_on,
        payment.received_at,
        debts=[*named, *others],
    )


def _as_of(payment: PaymentRow, charge: ChargeRow | None) -> date:
    """Return the day up to which late charges count.

    Who pays a charge in time, or its very amount while it can be paid, owes what it said.
    """
    if charge is None or payment.paid_on < _issued(charge):
        return payment.paid_on
    in_time = payment.paid_on <= next_business_day(charge.due)
    exact = payment.kept == charge.amount
    if in_time or (exact and payment.paid_on <= charges.payable_until(charge)):
        return _issued(charge)
    return payment.paid_on


def _issued(charge: ChargeRow) -> date:
    return charge.issued_at.astimezone(SAO_PAULO).date()


def _write_shares(
    session: Session,
    book: Book,
    payments: Iterable[PaymentRow],
    result: Imputation,
    target: str,
) -> None:
    placed = [payment.id for payment in payments]
    kept = [share.id for share in book.for_good]
    session.execute(
        delete(AllocationRow).where(
            AllocationRow.payment_id.in_(placed), AllocationRow.id.not_in(kept)
        )
    )
    for share in result.shares:
        session.add(
            AllocationRow(
                payment_id=share.payment_id,
                principal=share.paid.principal,
                late_charges=share.paid.late_charges,
                as_of=share.paid.day,
                **{target: share.debt_id},
            )
        )
    for payment in payments:
        payment.to_refund = result.rest[payment.id]


def _write_part(row: InstallmentRow, left: Account, discount: Decimal) -> bool:
    """Write what is left of an instalment; return whether that is news."""
    before = (account(row), row.discount)
    row.discount = discount
    row.paid_amount = row.amount - discount - left.principal
    row.carried, row.juros_from = left.carried, left.juros_from
    row.status = InstallmentStatus.OPEN if left.principal else InstallmentStatus.PAID
    return before != (account(row), row.discount)


def _write_invoice(book: Book, row: InvoiceRow, left: Account) -> bool:
    """Write what is left of an invoice; return whether that is news."""
    if account(row) == left:
        return False
    row.paid_amount = row.amount - left.principal
    row.carried, row.juros_from = left.carried, left.juros_from
    if not left.principal:
        row.status = InvoiceStatus.PAID
    elif row.status == InvoiceStatus.PAID:
        row.status = book.unpaid_status(row)
    return True


def _update_charges(
    session: Session, context: Context, book: Book, parts: set[UUID], invoices: set[UUID]
) -> None:
    """Mark what was paid, and what went back; take back what asks for more than is owed.

    What its provider says is paid stays so, even when less came in than it asked for.
    """
    for charge in book.charges.values():
        payments = [row for row in book.payments if row.charge_id == charge.id]
        kept = sum((row.kept for row in payments), ZERO)
        came_in = sum((row.amount for row in payments), ZERO)
        if kept >= charge.amount and charge.status != ChargeStatus.PAID:
            charges.end(session, charge, ChargeStatus.PAID)
        elif kept < charge.amount <= came_in and charge.status == ChargeStatus.PAID:
            charges.end(session, charge, ChargeStatus.CANCELLED)
    charges.withdraw(session, context, charges.live_for(session, invoices, parts))
