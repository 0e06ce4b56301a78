"""How somebody has paid so far, as columns for the query that locks them."""

from uuid import UUID

from sqlalchemy import BindParameter, Date, ScalarSelect, cast, func, select, union

from bot.billing.charge_models import ChargeInvoiceRow, ChargeRow, ChargeStatus
from bot.billing.context import SAO_PAULO
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    InvoiceRow,
    InvoiceStatus,
)


def history_columns(customer_id: BindParameter[UUID]) -> tuple[ScalarSelect[int], ...]:
    """Count agreements completed, agreements broken, and bills late before those open now.

    In the order of `History`. A bill was late when an agreement took it over, or when it was
    paid by a charge issued after it was due.
    """
    return (
        _ended(customer_id, AgreementStatus.COMPLETED),
        _ended(customer_id, AgreementStatus.BROKEN),
        _late_bills(customer_id),
    )


def _ended(customer_id: BindParameter[UUID], status: AgreementStatus) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(AgreementRow.customer_id == customer_id, AgreementRow.status == status)
        .scalar_subquery()
    )


def _late_bills(customer_id: BindParameter[UUID]) -> ScalarSelect[int]:
    agreed = (
        select(AgreementInvoiceRow.invoice_id)
        .join(AgreementRow)
        .where(AgreementRow.customer_id == customer_id)
    )
    issued_on = cast(func.timezone(str(SAO_PAULO), ChargeRow.issued_at), Date)
    paid_late = (
        select(ChargeInvoiceRow.invoice_id)
        .join(ChargeRow)
        .join(InvoiceRow, InvoiceRow.id == ChargeInvoiceRow.invoice_id)
        .where(
            ChargeRow.customer_id == customer_id,
            ChargeRow.status == ChargeStatus.PAID,
            issued_on > InvoiceRow.due,
        )
    )
    late = union(agreed, paid_late).subquery()
    return (
        select(func.count())
        .select_from(InvoiceRow)
        .where(InvoiceRow.id.in_(select(late)), InvoiceRow.status != InvoiceStatus.OPEN)
        .scalar_subquery()
    )
