"""What a customer owes today: overdue invoices that no agreement has taken over, itemised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.billing.calendar import years_before
from bot.billing.context import Context
from bot.billing.errors import NotFound
from bot.billing.late_charges import Account, ChargeLine, LateCharges, Paid
from bot.billing.models import CustomerRow, InstallmentRow, InvoiceRow, InvoiceStatus
from bot.billing.payments.models import AllocationRow, PaymentRow
from bot.billing.policy import NegotiationPolicy
from bot.billing.quotes import ZERO, OpenDebt
from bot.billing.shapes import Debt, Debts, Line


@dataclass(frozen=True)
class DueInvoice:
    """An open invoice with what it costs when paid today, and what was paid on it so far."""

    row: InvoiceRow
    charges: LateCharges
    paid: Sequence[Paid] = ()

    @property
    def juros(self) -> Decimal:
        """The juros, with the late charges that payments so far left over."""
        return self.charges.juros + self.charges.carried

    @property
    def lines(self) -> tuple[ChargeLine, ...]:
        """The memória de cálculo; its amounts add up to what is owed."""
        return self.charges.memory(self.row.amount, self.paid)

    @property
    def open_debt(self) -> OpenDebt:
        """The invoice as offers are computed from."""
        charges = self.charges
        return OpenDebt(
            self.row.id, charges.principal, charges.multa, self.juros, charges.days_late
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
    ).all()
    due = stand(session, rows, today, policy)
    return [invoice for invoice in due if invoice.charges.days_late > 0]


def stand(
    session: Session, rows: Sequence[InvoiceRow], today: date, policy: NegotiationPolicy
) -> list[DueInvoice]:
    """Return what open invoices cost when paid on `today`."""
    paid = paid_so_far(session, [row.id for row in rows if row.paid_amount or row.juros_from])
    rates = policy.late_charge_policy
    return [
        DueInvoice(row, account(row).on(today, rates), tuple(paid.get(row.id, ()))) for row in rows
    ]


def account(row: InvoiceRow | InstallmentRow) -> Account:
    """Return a bill or a part of an agreement as payments have left it."""
    return Account(row.balance, row.due, row.carried, row.juros_from)


def paid_so_far(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Paid]]:
    """Return what payments took off each of these invoices and instalments, oldest first."""
    found: dict[UUID, list[Paid]] = {}
    if ids:
        rows = session.execute(
            select(AllocationRow, PaymentRow.paid_on)
            .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
            .where(or_(AllocationRow.invoice_id.in_(ids), AllocationRow.installment_id.in_(ids)))
            .order_by(PaymentRow.paid_on, PaymentRow.received_at)
        )
        for share, day in rows:
            paid = Paid(day, share.principal, share.late_charges)
            found.setdefault(share.debt_id, []).append(paid)
    return found


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
        juros=invoice.juros,
        total=charges.total,
        memory=[to_line(line) for line in invoice.lines],
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
