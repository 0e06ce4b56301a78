"""What a customer owes today: overdue invoices that no agreement has taken over, itemised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.calendar import years_before
from bot.billing.context import Context
from bot.billing.errors import NotFound
from bot.billing.late_charges import ChargeLine, LateCharges, late_charges
from bot.billing.models import CustomerRow, InvoiceRow, InvoiceStatus
from bot.billing.policy import NegotiationPolicy
from bot.billing.quotes import ZERO, OpenDebt
from bot.billing.shapes import Debt, Debts, Line


@dataclass(frozen=True)
class DueInvoice:
    """An open invoice with what it costs when paid today."""

    row: InvoiceRow
    charges: LateCharges

    @property
    def open_debt(self) -> OpenDebt:
        """The invoice as offers are computed from."""
        charges = self.charges
        return OpenDebt(
            self.row.id, charges.principal, charges.multa, charges.juros, charges.days_late
        )


def get_customer(session: Session, customer_id: UUID, *, lock: bool = False) -> CustomerRow:
    """Return a customer; `lock` keeps other writers on this customer waiting until we commit."""
    customer = session.get(CustomerRow, customer_id, with_for_update=lock or None)
    if customer is None:
        raise NotFound(f"no customer {customer_id}")
    return customer


def overdue_invoices(session: Session, context: Context, customer_id: UUID) -> list[DueInvoice]:
    """Return what is late today, oldest first.

    An invoice payable until today is not late. One older than the limit of prescription is not
    collected any more (CC art. 206 §5 I; REsp 2.088.100).
    """
    today, policy = context.today(), context.policy
    rows = session.scalars(
        select(InvoiceRow)
        .where(
            InvoiceRow.customer_id == customer_id,
            InvoiceRow.status == InvoiceStatus.OPEN,
            InvoiceRow.due < today,
            InvoiceRow.due > years_before(today, policy.prescription_years),
            InvoiceRow.paid_amount < InvoiceRow.amount,
        )
        .order_by(InvoiceRow.due, InvoiceRow.external_id)
    )
    due = [stand(row, today, policy) for row in rows]
    return [invoice for invoice in due if invoice.charges.days_late > 0]


def stand(row: InvoiceRow, today: date, policy: NegotiationPolicy) -> DueInvoice:
    """Return what an open invoice costs when paid on `today`."""
    return DueInvoice(row, late_charges(row.balance, row.due, today, policy.late_charge_policy))


def debts_of(session: Session, context: Context, customer_id: UUID) -> Debts:
    """Return everything overdue, each with its memória de cálculo."""
    get_customer(session, customer_id)
    debts = [_to_debt(invoice) for invoice in overdue_invoices(session, context, customer_id)]
    return Debts(
        customer_id=customer_id,
        as_of=context.today(),
        debts=debts,
        original=_sum(debt.original for debt in debts),
        multa=_sum(debt.multa for debt in debts),
        juros=_sum(debt.juros for debt in debts),
        total=_sum(debt.total for debt in debts),
    )


def to_line(line: ChargeLine) -> Line:
    return Line(label=line.label, formula=line.formula, amount=line.amount, source=line.source)


def from_record(record: dict[str, Any]) -> ChargeLine:
    """Return a line as it was before it was stored."""
    line = Line.model_validate(record)
    return ChargeLine(line.label, line.formula, line.amount, line.source)


def _to_debt(invoice: DueInvoice) -> Debt:
    row, charges = invoice.row, invoice.charges
    return Debt(
        invoice_id=row.id,
        external_id=row.external_id,
        description=row.description,
        contract=row.contract,
        due=row.due,
        days_late=charges.days_late,
        original=charges.principal,
        multa=charges.multa,
        juros=charges.juros,
        total=charges.total,
        memory=[to_line(line) for line in charges.lines],
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
