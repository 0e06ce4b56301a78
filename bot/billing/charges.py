"""Charges: a boleto with its Pix, issued for instalments or for invoices, one at a time.

Before a new one is issued the old one is cancelled, so that no debt can be paid twice.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.billing.calendar import next_business_day
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import (
    DueInvoice,
    account,
    from_record,
    get_customer,
    overdue_invoices,
    paid_so_far,
    stand,
    to_line,
)
from bot.billing.errors import AlreadyAgreed, NotFound, NothingToCharge
from bot.billing.late_charges import ChargeLine
from bot.billing.models import (
    NOSSO_NUMERO,
    AgreementRow,
    AgreementStatus,
    ChargeInstallmentRow,
    ChargeInvoiceRow,
    ChargeRow,
    ChargeStatus,
    CustomerRow,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.imputation import EarlyPrice
from bot.billing.providers import Order
from bot.billing.quotes import ZERO
from bot.billing.shapes import Charge, ChargeRequest

MOST_LINES = 14


@dataclass(frozen=True)
class Bill:
    """What a charge is for: an instalment, several early, or invoices.

    `lines` add up to `amount`.
    """

    amount: Decimal
    due: date
    description: str
    lines: tuple[ChargeLine, ...]
    composition: Sequence[dict[str, Any]] = ()
    installment_id: UUID | None = None
    invoice_ids: tuple[UUID, ...] = ()
    early: Mapping[UUID, EarlyPrice] = field(default_factory=dict)

    @property
    def installment_ids(self) -> Collection[UUID]:
        """Every instalment it pays."""
        return self.early or ((self.installment_id,) if self.installment_id else ())


def charge_for(
    session: Session, context: Context, customer_id: UUID, request: ChargeRequest
) -> Charge:
    """Return a payable charge for what was asked: the live one if it fits, or a new one."""
    customer = get_customer(session, customer_id, lock=True)
    if request.agreement_id is not None:
        bill = _bill_of_agreement(session, context, customer_id, request.agreement_id)
    else:
        bill = _bill_of_invoices(context, _invoices(session, context, customer_id, request))
    live = _live(session, bill)
    if len(live) == 1 and _fits(session, context, live[0], bill):
        return to_charge(context, live[0])
    return to_charge(context, issue(session, context, customer, bill))


def live_charges(session: Session, context: Context, customer_id: UUID) -> list[Charge]:
    """Return what the customer can pay now, the next due first."""
    get_customer(session, customer_id)
    rows = session.scalars(
        select(ChargeRow)
        .where(
            ChargeRow.customer_id == customer_id,
            ChargeRow.status == ChargeStatus.LIVE,
            ChargeRow.expires_at > context.now(),
        )
        .order_by(ChargeRow.due, ChargeRow.nosso_numero)
    )
    return [to_charge(context, row) for row in rows]


def issue(session: Session, context: Context, customer: CustomerRow, bill: Bill) -> ChargeRow:
    """Issue a charge for `bill` in place of every live one for the same debts."""
    withdraw(session, context, _live(session, bill))
    number = session.execute(NOSSO_NUMERO.next_value()).scalar_one()
    order = Order(bill.amount, bill.due, number, f"C{number}", customer.name, customer.document)
    issued = context.provider.issue(order)
    row = ChargeRow(
        customer_id=customer.id,
        installment_id=bill.installment_id,
        token=secrets.token_urlsafe(24),
        provider=context.provider.name,
        bank=issued.bank,
        nosso_numero=number,
        nosso_numero_printed=issued.nosso_numero_printed,
        amount=bill.amount,
        due=bill.due,
        barcode=issued.barcode,
        linha_digitavel=issued.linha_digitavel,
        pix_payload=issued.pix_payload,
        description=bill.description,
        lines=[to_line(line).model_dump(mode="json") for line in bill.lines],
        composition=list(bill.composition),
        issued_at=context.now(),
        expires_at=_expiry(context, bill.due),
    )
    session.add(row)
    session.flush()
    session.add_all(
        ChargeInvoiceRow(charge_id=row.id, invoice_id=invoice_id) for invoice_id in bill.invoice_ids
    )
    session.add_all(
        ChargeInstallmentRow(
            charge_id=row.id, installment_id=part, balance=terms.balance, price=terms.price
        )
        for part, terms in bill.early.items()
    )
    session.flush()
    return row


def withdraw(session: Session, context: Context, charges: Sequence[ChargeRow]) -> None:
    """Take charges back; one past its time is expired, any other cancelled."""
    for charge in charges:
        expired = charge.expires_at <= context.now()
        end(session, charge, ChargeStatus.EXPIRED if expired else ChargeStatus.CANCELLED)


def end(session: Session, charge: ChargeRow, status: ChargeStatus) -> None:
    """Put a charge into a state from which it can no longer be paid."""
    charge.status = status
    for table in (ChargeInvoiceRow, ChargeInstallmentRow):
        session.execute(update(table).where(table.charge_id == charge.id).values(live=False))
    session.flush()


def installment_bill(
    session: Session, context: Context, agreement: AgreementRow, installment: InstallmentRow
) -> Bill:
    """Return the bill of one instalment: what is left, with late charges once it is late."""
    today, names = context.today(), context.policy.lines
    charges = account(installment).on(today, context.policy.late_charge_policy)
    paid = paid_so_far(session, [installment.id]).get(installment.id, [])
    count = len(agreement.installments)
    label = names.part if count > 1 else names.settlement
    title = label.format(number=installment.number, count=count, agreement=agreement.number)
    settled = [from_record(line) for line in agreement.lines]
    explained = settled if count == 1 else [ChargeLine(title, "", installment.price)]
    return Bill(
        amount=charges.total,
        due=due_soon(context) if charges.days_late else installment.due,
        description=title,
        lines=(*explained, *charges.memory(installment.price, paid)[1:]),
        composition=agreement.lines if count > 1 else (),
        installment_id=installment.id,
    )


def payable_until(charge: ChargeRow) -> date:
    """Return the last day on which a charge can be paid: it expires at the end of it."""
    return (charge.expires_at - timedelta(seconds=1)).astimezone(SAO_PAULO).date()


def to_charge(context: Context, row: ChargeRow) -> Charge:
    return Charge(
        id=row.id,
        amount=row.amount,
        due=row.due,
        linha_digitavel=row.linha_digitavel,
        barcode=row.barcode,
        pix_copy_paste=row.pix_payload,
        url=context.charge_url(row.token),
        status=row.status.value,
    )


def live_for_installments(
    session: Session, context: Context, ids: Sequence[UUID]
) -> dict[UUID, ChargeRow]:
    """Return the live charge of each instalment that has one."""
    rows = session.scalars(
        select(ChargeRow).where(
            ChargeRow.installment_id.in_(ids),
            ChargeRow.status == ChargeStatus.LIVE,
            ChargeRow.expires_at > context.now(),
        )
    )
    return {row.installment_id: row for row in rows if row.installment_id}


def _bill_of_agreement(
    session: Session, context: Context, customer_id: UUID, agreement_id: UUID
) -> Bill:
    agreement = session.get(AgreementRow, agreement_id)
    if agreement is None or agreement.customer_id != customer_id:
        raise NotFound(f"no agreement {agreement_id} of customer {customer_id}")
    unpaid = [part for part in agreement.installments if part.status == InstallmentStatus.OPEN]
    if agreement.status != AgreementStatus.ACTIVE or not unpaid:
        raise NothingToCharge(f"agreement {agreement.number} is {agreement.status}")
    return installment_bill(session, context, agreement, unpaid[0])


def _invoices(
    session: Session, context: Context, customer_id: UUID, request: ChargeRequest
) -> list[DueInvoice]:
    if request.invoice_id is None:
        return overdue_invoices(session, context, customer_id)
    row = session.get(InvoiceRow, request.invoice_id)
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no invoice {request.invoice_id} of customer {customer_id}")
    if row.status == InvoiceStatus.IN_AGREEMENT:
        raise AlreadyAgreed(f"invoice {row.external_id} is in an agreement: charge that")
    if row.status != InvoiceStatus.OPEN or not row.balance:
        return []
    return stand(session, [row], context.today(), context.policy)


def _bill_of_invoices(context: Context, invoices: Sequence[DueInvoice]) -> Bill:
    if not invoices:
        raise NothingToCharge("there is no open invoice")
    not_late = [invoice.row.due for invoice in invoices if not invoice.charges.days_late]
    return Bill(
        amount=sum((invoice.charges.total for invoice in invoices), ZERO),
        due=max(context.today(), *not_late) if not_late else due_soon(context),
        description="; ".join(dict.fromkeys(invoice.row.description for invoice in invoices)),
        lines=_invoice_lines(context, invoices),
        invoice_ids=tuple(invoice.row.id for invoice in invoices),
    )


def _invoice_lines(context: Context, invoices: Sequence[DueInvoice]) -> tuple[ChargeLine, ...]:
    """Return every line of every invoice, or their sums where a sheet has no room for all."""
    lines = [line for invoice in invoices for line in invoice.lines]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    names = context.policy.lines
    sums = (
        ChargeLine(names.original, "", sum((i.charges.principal for i in invoices), ZERO)),
        ChargeLine(names.multa, "", sum((i.charges.multa for i in invoices), ZERO)),
        ChargeLine(names.juros, "", sum((i.juros for i in invoices), ZERO)),
    )
    return tuple(line for line in sums if line.amount)


def _live(session: Session, bill: Bill) -> list[ChargeRow]:
    """Return the live charges for any of the debts of `bill`, even those past their time."""
    return live_for(session, bill.invoice_ids, bill.installment_ids)


def live_for(
    session: Session, invoices: Collection[UUID] = (), installments: Collection[UUID] = ()
) -> list[ChargeRow]:
    """Return the live charges for any of these debts, even those past their time."""
    bare, early = ChargeInvoiceRow, ChargeInstallmentRow
    return list(
        session.scalars(
            select(ChargeRow).where(
                ChargeRow.status == ChargeStatus.LIVE,
                or_(
                    ChargeRow.installment_id.in_(installments),
                    ChargeRow.id.in_(
                        select(bare.charge_id).where(bare.invoice_id.in_(invoices), bare.live)
                    ),
                    ChargeRow.id.in_(
                        select(early.charge_id).where(
                            early.installment_id.in_(installments), early.live
                        )
                    ),
                ),
            )
        )
    )


def _fits(session: Session, context: Context, charge: ChargeRow, bill: Bill) -> bool:
    """Whether a live charge still says what would be charged now, and can be paid in time."""
    covered = session.scalars(
        select(ChargeInvoiceRow.invoice_id).where(ChargeInvoiceRow.charge_id == charge.id)
    )
    in_time = charge.expires_at > context.now() and next_business_day(charge.due) >= context.today()
    same = charge.installment_id == bill.installment_id and set(covered) == set(bill.invoice_ids)
    return in_time and same and charge.amount <= bill.amount


def due_soon(context: Context) -> date:
    """Return when a charge issued today for something late falls due."""
    return context.today() + timedelta(days=context.policy.charges.due_days)


def _expiry(context: Context, due: date) -> datetime:
    days = timedelta(days=context.policy.charges.payable_after_due_days)
    last = next_business_day(due) + days
    return datetime.combine(last + timedelta(days=1), time(), SAO_PAULO)
