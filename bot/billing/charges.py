"""Charges: a boleto with its Pix, for an instalment or for invoices, one at a time.

Here they are written, `issuing` or `cancelling`, in the transaction of what caused it; the
provider is asked after it, by `issuing.settle`, which cancels before it issues.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.billing.calendar import next_business_day
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import (
    DueInvoice,
    from_record,
    get_customer,
    overdue_invoices,
    stand,
    to_line,
)
from bot.billing.errors import (
    AlreadyAgreed,
    ChargePending,
    ChargeRefused,
    NotFound,
    NothingToCharge,
)
from bot.billing.late_charges import ChargeLine, late_charges
from bot.billing.models import (
    NOSSO_NUMERO,
    AgreementRow,
    AgreementStatus,
    ChargeInvoiceRow,
    ChargeRow,
    ChargeStatus,
    CustomerRow,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.quotes import ZERO
from bot.billing.shapes import Charge, ChargeRequest, Reference, WaitingCharge

MOST_LINES = 14
FAILED = (ChargeStatus.ISSUING, ChargeStatus.REFUSED)
SHOWN: dict[ChargeStatus, Literal["live", "paid", "expired"]] = {
    ChargeStatus.LIVE: "live",
    ChargeStatus.PAID: "paid",
    ChargeStatus.EXPIRED: "expired",
}


@dataclass(frozen=True)
class Bill:
    """What a charge is for: an instalment, or invoices; `lines` add up to `amount`."""

    amount: Decimal
    due: date
    description: str
    lines: tuple[ChargeLine, ...]
    composition: Sequence[dict[str, Any]] = ()
    installment_id: UUID | None = None
    invoice_ids: tuple[UUID, ...] = ()


def charge_for(
    session: Session, context: Context, customer_id: UUID, request: ChargeRequest
) -> Reference:
    """Name the charge for what was asked: the live one if it fits, or one now to be issued."""
    customer = get_customer(session, customer_id, lock=True)
    if request.agreement_id is not None:
        bill = _bill_of_agreement(session, context, customer_id, request.agreement_id)
    else:
        bill = _bill_of_invoices(context, _invoices(session, context, customer_id, request))
    live = _live(session, bill)
    if len(live) == 1 and _fits(session, context, live[0], bill):
        return Reference(id=live[0].id)
    return Reference(id=issue(session, context, customer, bill).id)


def charge_now(session: Session, context: Context, charge_id: UUID) -> Charge:
    """Return a charge as it stands. Raises ChargePending or ChargeRefused when there is none."""
    row = session.get_one(ChargeRow, charge_id)
    if row.status == ChargeStatus.ISSUING:
        raise ChargePending(f"{row.reference} waits for {row.provider}: ask again with the key")
    if row.status == ChargeStatus.REFUSED:
        raise ChargeRefused(f"{row.provider} did not issue {row.reference}: {row.problem}")
    return to_charge(context, row)


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


def waiting_charges(session: Session, customer_id: UUID) -> list[WaitingCharge]:
    """Return what cannot be paid yet, or was refused since the last one that could be."""
    of_customer = ChargeRow.customer_id == customer_id
    numbers = select(func.coalesce(func.max(ChargeRow.nosso_numero), 0))
    latest = numbers.where(of_customer, ChargeRow.status.not_in(FAILED)).scalar_subquery()
    is_refused = and_(ChargeRow.status == ChargeStatus.REFUSED, ChargeRow.nosso_numero > latest)
    rows = session.scalars(
        select(ChargeRow)
        .where(of_customer, or_(ChargeRow.status == ChargeStatus.ISSUING, is_refused))
        .order_by(ChargeRow.nosso_numero.desc())
    )
    return [_to_waiting(row) for row in rows]


def issue(session: Session, context: Context, customer: CustomerRow, bill: Bill) -> ChargeRow:
    """Write a charge to be issued for `bill`, in place of every live one for the same debts."""
    withdraw(session, context, _live(session, bill))
    row = ChargeRow(
        customer_id=customer.id,
        installment_id=bill.installment_id,
        token=secrets.token_urlsafe(24),
        provider=context.provider.name,
        nosso_numero=session.execute(NOSSO_NUMERO.next_value()).scalar_one(),
        amount=bill.amount,
        due=bill.due,
        description=bill.description,
        lines=[to_line(line).model_dump(mode="json") for line in bill.lines],
        composition=list(bill.composition),
        issued_at=context.now(),
        expires_at=_expiry(context, bill.due),
        next_attempt_at=context.now(),
    )
    session.add(row)
    session.flush()
    session.add_all(
        ChargeInvoiceRow(charge_id=row.id, invoice_id=invoice_id) for invoice_id in bill.invoice_ids
    )
    session.flush()
    return row


def withdraw(session: Session, context: Context, charges: Sequence[ChargeRow]) -> None:
    """Take charges back: nobody is given them any more, and the provider will be told.

    Whoever is asking the provider about one just now is let finish first.
    """
    now = context.now()
    for charge in charges:
        charge.status = ChargeStatus.CANCELLING
        charge.next_attempt_at = max(charge.next_attempt_at or now, now)
    if charges:
        session.execute(
            update(ChargeInvoiceRow)
            .where(ChargeInvoiceRow.charge_id.in_([charge.id for charge in charges]))
            .values(live=False)
        )
        session.flush()


def installment_bill(
    context: Context, agreement: AgreementRow, installment: InstallmentRow
) -> Bill:
    """Return the bill of one instalment: as agreed, or with late charges once it is late."""
    today, names = context.today(), context.policy.lines
    charges = late_charges(
        installment.amount, installment.due, today, context.policy.late_charge_policy
    )
    count = len(agreement.installments)
    label = names.part if count > 1 else names.settlement
    title = label.format(number=installment.number, count=count, agreement=agreement.number)
    settled = [from_record(line) for line in agreement.lines]
    explained = settled if count == 1 else [ChargeLine(title, "", installment.amount)]
    return Bill(
        amount=charges.total,
        due=_due(context) if charges.days_late else installment.due,
        description=title,
        lines=(*explained, *charges.lines[1:]),
        composition=agreement.lines if count > 1 else (),
        installment_id=installment.id,
    )


def to_charge(context: Context, row: ChargeRow) -> Charge:
    return Charge(
        id=row.id,
        amount=row.amount,
        due=row.due,
        linha_digitavel=row.linha_digitavel,
        barcode=row.barcode,
        pix_copy_paste=row.pix_payload,
        url=context.charge_url(row.token),
        status=SHOWN.get(row.status, "cancelled"),
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


def _to_waiting(row: ChargeRow) -> WaitingCharge:
    return WaitingCharge(
        id=row.id,
        amount=row.amount,
        due=row.due,
        status="refused" if row.status == ChargeStatus.REFUSED else "issuing",
        problem=row.problem,
        asked_at=row.issued_at,
    )


def _bill_of_agreement(
    session: Session, context: Context, customer_id: UUID, agreement_id: UUID
) -> Bill:
    agreement = session.get(AgreementRow, agreement_id)
    if agreement is None or agreement.customer_id != customer_id:
        raise NotFound(f"no agreement {agreement_id} of customer {customer_id}")
    unpaid = [part for part in agreement.installments if part.status == InstallmentStatus.OPEN]
    if agreement.status != AgreementStatus.ACTIVE or not unpaid:
        raise NothingToCharge(f"agreement {agreement.number} is {agreement.status}")
    return installment_bill(context, agreement, unpaid[0])


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
    return [stand(row, context.today(), context.policy)]


def _bill_of_invoices(context: Context, invoices: Sequence[DueInvoice]) -> Bill:
    if not invoices:
        raise NothingToCharge("there is no open invoice")
    not_late = [invoice.row.due for invoice in invoices if not invoice.charges.days_late]
    return Bill(
        amount=sum((invoice.charges.total for invoice in invoices), ZERO),
        due=max(context.today(), *not_late) if not_late else _due(context),
        description="; ".join(dict.fromkeys(invoice.row.description for invoice in invoices)),
        lines=_invoice_lines(context, invoices),
        invoice_ids=tuple(invoice.row.id for invoice in invoices),
    )


def _invoice_lines(context: Context, invoices: Sequence[DueInvoice]) -> tuple[ChargeLine, ...]:
    """Return every line of every invoice, or their sums where a sheet has no room for all."""
    lines = [line for invoice in invoices for line in invoice.charges.lines]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    names = context.policy.lines
    sums = (
        ChargeLine(names.original, "", sum((i.charges.principal for i in invoices), ZERO)),
        ChargeLine(names.multa, "", sum((i.charges.multa for i in invoices), ZERO)),
        ChargeLine(names.juros, "", sum((i.charges.juros for i in invoices), ZERO)),
    )
    return tuple(line for line in sums if line.amount)


def _live(session: Session, bill: Bill) -> list[ChargeRow]:
    """Return the charges for any debt of `bill`, live or to be, even those past their time."""
    if bill.installment_id is None:
        return live_for_invoices(session, bill.invoice_ids)
    return list(
        session.scalars(
            select(ChargeRow).where(
                ChargeRow.status.in_((ChargeStatus.ISSUING, ChargeStatus.LIVE)),
                ChargeRow.installment_id == bill.installment_id,
            )
        )
    )


def live_for_invoices(session: Session, ids: Sequence[UUID]) -> list[ChargeRow]:
    """Return the charges for any of these, live or to be, even those past their time."""
    covered = select(ChargeInvoiceRow.charge_id).where(
        ChargeInvoiceRow.invoice_id.in_(ids), ChargeInvoiceRow.live
    )
    return list(session.scalars(select(ChargeRow).where(ChargeRow.id.in_(covered))))


def _fits(session: Session, context: Context, charge: ChargeRow, bill: Bill) -> bool:
    """Whether a live charge still says what would be charged now, and can be paid in time."""
    covered = session.scalars(
        select(ChargeInvoiceRow.invoice_id).where(ChargeInvoiceRow.charge_id == charge.id)
    )
    in_time = charge.expires_at > context.now() and next_business_day(charge.due) >= context.today()
    same = set(covered) == set(bill.invoice_ids) and charge.provider == context.provider.name
    return in_time and same and charge.amount <= bill.amount


def _due(context: Context) -> date:
    return context.today() + timedelta(days=context.policy.charges.due_days)


def _expiry(context: Context, due: date) -> datetime:
    days = timedelta(days=context.policy.charges.payable_after_due_days)
    last = next_business_day(due) + days
    return datetime.combine(last + timedelta(days=1), time(), SAO_PAULO)
