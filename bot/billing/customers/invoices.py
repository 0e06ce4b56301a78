"""A customer's invoices in whatever state, the clocks that run on them, giving one up."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.actors import current_actor
from bot.billing.calendar import years_after
from bot.billing.charges import live_for, withdraw
from bot.billing.context import Context
from bot.billing.customers.errors import NotOpen
from bot.billing.customers.shapes import Invoice, InvoicePage, WriteOff, WriteOffRequest
from bot.billing.debts import get_customer
from bot.billing.errors import AlreadyAgreed, NotAllowed, NotFound
from bot.billing.models import InvoiceRow, InvoiceStatus
from bot.billing.pagination import page
from bot.billing.promises import service as promises
from bot.billing.shapes import PageQuery

# CDC art. 43 §1; counted, like prescription, from the due date (STJ, REsp 1.316.117).
LISTING_YEARS = 5
GIVEN_UP_FROM = (InvoiceStatus.OPEN, InvoiceStatus.DISPUTED)


def invoices_of(
    session: Session, context: Context, customer_id: UUID, asked: PageQuery
) -> InvoicePage:
    """Return every invoice of a customer, the oldest first."""
    get_customer(session, customer_id)
    found = page(
        session,
        select(InvoiceRow).where(InvoiceRow.customer_id == customer_id),
        asked.cursor,
        asked.limit,
        by=(InvoiceRow.due, InvoiceRow.id),
        newest_first=False,
    )
    return InvoicePage(
        invoices=[_to_invoice(context, row) for row in found.rows], next_cursor=found.next_cursor
    )


def write_off(
    session: Session,
    context: Context,
    customer_id: UUID,
    invoice_id: UUID,
    request: WriteOffRequest,
) -> Invoice:
    """Give up an invoice for good, and take back what it could be paid with.

    Raises NotAllowed for the bot, AlreadyAgreed and NotOpen.
    """
    actor = current_actor()
    if actor.role == "bot":
        raise NotAllowed("name who writes it off, like X-Actor: operator:ana")
    get_customer(session, customer_id, lock=True)
    row = session.get(InvoiceRow, invoice_id, populate_existing=True)
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no invoice {invoice_id} of customer {customer_id}")
    if row.status == InvoiceStatus.IN_AGREEMENT:
        raise AlreadyAgreed(f"invoice {row.external_id} is in an agreement: cancel that first")
    if row.status not in GIVEN_UP_FROM:
        raise NotOpen(f"invoice {row.external_id} is {row.status}")
    withdraw(session, context, live_for(session, [row.id]))
    row.status = InvoiceStatus.WRITTEN_OFF
    row.written_off_at, row.written_off_by = context.now(), str(actor)
    row.written_off_reason = request.reason
    session.flush()
    promises.review(session, context, customer_id)
    return _to_invoice(context, row)


def _to_invoice(context: Context, row: InvoiceRow) -> Invoice:
    return Invoice(
        id=row.id,
        external_id=row.external_id,
        contract=row.contract,
        description=row.description,
        origin=row.origin,
        due=row.due,
        amount=row.amount,
        paid_amount=row.paid_amount,
        balance=row.balance,
        status=row.status.value,
        prescribes_on=years_after(row.due, context.policy.prescription_years),
        listing_until=years_after(row.due, LISTING_YEARS),
        written_off=_to_write_off(row),
    )


def _to_write_off(row: InvoiceRow) -> WriteOff | None:
    if row.written_off_at is None:
        return None
    return WriteOff(
        at=row.written_off_at, by=row.written_off_by or "", reason=row.written_off_reason or ""
    )
