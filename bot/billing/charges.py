"""Charges: a boleto with its Pix, for instalments or for invoices, one at a time.

Here they are written, `issuing` or `cancelling`, in the transaction of what caused it; the
provider is asked after it, by `issuing.settle`, which cancels before it issues.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.billing.calendar import next_business_day
from bot.billing.charge_models import (
    NOSSO_NUMERO,
    ChargeInstallmentRow,
    ChargeInvoiceRow,
    ChargeRow,
    ChargeStatus,
)
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
from bot.billing.errors import (
    AlreadyAgreed,
    ChargePending,
    ChargeRefused,
    NotFound,
    NothingToCharge,
)
from bot.billing.late_charges import ChargeLine
from bot.billing.models import (
    AgreementRow,
    AgreementStatus,
    CustomerRow,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.imputation import EarlyPrice
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
    session.add_all(
        ChargeInstallmentRow(
            charge_id=row.id, installment_id=part, balance=terms.balance, price=terms.price
        )
        for part, terms in bill.early.items()
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
        _free_debts(session, charge)
    session.flush()


def end(session: Session, charge: ChargeRow, status: ChargeStatus, problem: str = "") -> None:
    """Put a charge into a final state; its debts are free for another."""
    charge.status = status
    charge.problem = problem or None
    charge.next_attempt_at = None
    _free_debts(session, charge)
    session.flush()


def _free_debts(session: Session, charge: ChargeRow) -> None:
    for table in (ChargeInvoiceRow, ChargeInstallmentRow):
        session.execute(update(table).where(table.charge_id == charge.id).values(live=False))


def installment_bill(
    session: Session, context: Context, agreement: AgreementRow, installment: InstallmentRow
) -> Bill:
    """Return the bill of one instalment: what is left, with late charges once it is late."""
    today, names = context.today(), context.policy.lines
    charges = account(installment).on(today, context.policy.late_charge_policy)
    paid = paid_so_far(session, [installment.id]).get(installment.id, [])
    count = len(agreement.installments)
    title = names.name_part(installment.number, count, agreement.number)
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
    """Return the charges for any debt of `bill`, live or to be, even those past their time."""
    return live_for(session, bill.invoice_ids, bill.installment_ids)


def live_for(
    session: Session, invoices: Collection[UUID] = (), installments: Collection[UUID] = ()
) -> list[ChargeRow]:
    """Return the charges for any of these debts, live or to be, even those past their time."""
    bare, early = ChargeInvoiceRow, ChargeInstallmentRow
    return list(
        session.scalars(
            select(ChargeRow).where(
                ChargeRow.status.in_((ChargeStatus.ISSUING, ChargeStatus.LIVE)),
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
    same = same and charge.provider == context.provider.name
    return in_time and same and charge.amount <= bill.amount


def due_soon(context: Context) -> date:
    """Return when a charge issued today for something late falls due."""
    return context.today() + timedelta(days=context.policy.charges.due_days)


def _expiry(context: Context, due: date) -> datetime:
    days = timedelta(days=context.policy.charges.payable_after_due_days)
    last = next_business_day(due) + days
    return datetime.combine(last + timedelta(days=1), time(), SAO_PAULO)
