"""Taking payments in, whoever tells of them, and giving money back. Once each, in any order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing import agreement_changes
from bot.billing.actors import current_actor
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.errors import NotFound
from bot.billing.events.service import EventName, record
from bot.billing.models import AgreementInvoiceRow, AgreementRow
from bot.billing.payments.aim import Aim, aim_of, find_charge, place_on
from bot.billing.payments.errors import (
    PaidOnRefused,
    PaymentChanged,
    PaymentKnown,
    PaymentMatched,
    RefundTooHigh,
)
from bot.billing.payments.ledger import settle
from bot.billing.payments.models import AllocationRow, PaymentRow, PaymentSource, PaymentState
from bot.billing.payments.shapes import MatchRequest, PaymentRequest, RefundRequest
from bot.billing.promises import service as promises
from bot.billing.providers import EARLIEST
from bot.billing.quotes import ZERO

MANUAL = "manual"


@dataclass(frozen=True)
class Incoming:
    """Money somebody told us of; `payment_id` is the teller's own name for it."""

    provider: str
    payment_id: str
    reference: str
    amount: Decimal
    paid_on: date
    source: PaymentSource
    refunded: Decimal = ZERO


def enter(session: Session, context: Context, request: PaymentRequest) -> PaymentRow:
    """Write down a payment a person saw, and place it. Its reference is used once."""
    if not EARLIEST <= request.paid_on <= context.today():
        raise PaidOnRefused(f"{request.paid_on} is after today or before {EARLIEST}")
    aim = aim_of(session, request)
    get_customer(session, aim.customer_id, lock=True)
    money = Incoming(
        MANUAL,
        request.reference,
        request.reference,
        request.amount,
        request.paid_on,
        PaymentSource.MANUAL,
    )
    row = take_in(session, context, money, aim)
    if row is None:
        raise PaymentKnown(f"a payment with reference {request.reference} is there already")
    return row


def take_in(
    session: Session, context: Context, money: Incoming, aim: Aim | None
) -> PaymentRow | None:
    """Store a payment, and place it if its customer, who is locked, is known.

    Returns None when it is there already: nothing is done twice.
    """
    added = session.scalar(
        insert(PaymentRow)
        .values(
            id=uuid4(),
            provider=money.provider,
            provider_payment_id=money.payment_id,
            reference=money.reference,
            amount=money.amount,
            refunded=ZERO,
            to_refund=ZERO,
            paid_on=min(money.paid_on, context.today()),
            received_at=context.now(),
            source=money.source,
            state=PaymentState.UNMATCHED,
            actor=str(current_actor()),
        )
        .on_conflict_do_nothing()
        .returning(PaymentRow.id)
    )
    if added is None:
        return None
    row = session.get_one(PaymentRow, added)
    _give_back(row, money.refunded)
    if aim is not None:
        _place(session, context, row, aim)
    return row


def match(
    session: Session, context: Context, payment_id: UUID, request: MatchRequest
) -> PaymentRow:
    """Say what an unmatched payment was for, and place it."""
    aim = aim_of(session, request)
    get_customer(session, aim.customer_id, lock=True)
    row = _locked(session, payment_id)
    if row.state != PaymentState.UNMATCHED:
        raise PaymentMatched(f"payment {row.id} is {row.state} already")
    _place(session, context, row, aim)
    return row


def latecomers(session: Session) -> list[UUID]:
    """Return the payments a provider told of before their charge was known, if it ever was."""
    return list(
        session.scalars(
            select(PaymentRow.id).where(
                PaymentRow.state == PaymentState.UNMATCHED,
                PaymentRow.source == PaymentSource.PROVIDER,
            )
        )
    )


def match_latecomer(session: Session, context: Context, payment_id: UUID) -> None:
    """Place a payment that came before the charge it pays was known."""
    waits = session.get_one(PaymentRow, payment_id)
    charge = find_charge(session, waits.provider, waits.reference)
    if charge is not None:
        get_customer(session, charge.customer_id, lock=True)
        if (row := _locked(session, payment_id)).state == PaymentState.UNMATCHED:
            _place(session, context, row, Aim(charge.customer_id, charge))


def refund(
    session: Session, context: Context, payment_id: UUID, request: RefundRequest
) -> PaymentRow:
    """Write down that a person gave money back."""
    row = lock_payment(session, payment_id)
    if request.amount > row.kept:
        raise RefundTooHigh(f"{row.kept} is left of payment {row.id}")
    give_back(session, context, row, row.refunded + request.amount)
    return row


def lock_payment(session: Session, payment_id: UUID) -> PaymentRow:
    """Lock a payment, and its customer before it. Raises NotFound or PaymentChanged."""
    seen = session.scalar(select(PaymentRow.customer_id).where(PaymentRow.id == payment_id))
    if seen is not None:
        get_customer(session, seen, lock=True)
    row = _locked(session, payment_id)
    if row.customer_id != seen:
        raise PaymentChanged(f"payment {payment_id} was matched at this moment: ask again")
    return row


def give_back(session: Session, context: Context, row: PaymentRow, so_far: Decimal) -> None:
    """Take `so_far` in all off a locked payment: what it paid is owed again."""
    if not _give_back(row, so_far) or row.customer_id is None:
        return
    session.flush()
    for agreement in _built_on(session, row):
        agreement_changes.end_for_refund(session, context, agreement)
    settle(session, context, row.customer_id)


def _give_back(row: PaymentRow, so_far: Decimal) -> bool:
    refunded = max(row.refunded, min(so_far, row.amount))
    if refunded == row.refunded:
        return False
    row.refunded = refunded
    row.to_refund = min(row.to_refund, row.kept)
    if not row.kept:
        row.state = PaymentState.REFUNDED
    return True


def _built_on(session: Session, row: PaymentRow) -> list[AgreementRow]:
    """Return the agreements made on balances that this payment can no longer vouch for."""
    shares = session.scalars(
        select(AllocationRow)
        .join(AgreementInvoiceRow, AgreementInvoiceRow.invoice_id == AllocationRow.invoice_id)
        .where(AllocationRow.payment_id == row.id, AgreementInvoiceRow.active)
    ).all()
    if sum((share.total for share in shares), ZERO) <= row.kept:
        return []
    invoices = [share.invoice_id for share in shares]
    held = select(AgreementInvoiceRow.agreement_id).where(
        AgreementInvoiceRow.invoice_id.in_(invoices), AgreementInvoiceRow.active
    )
    return list(session.scalars(select(AgreementRow).where(AgreementRow.id.in_(held))))


def _place(session: Session, context: Context, row: PaymentRow, aim: Aim) -> None:
    row.customer_id = aim.customer_id
    row.charge_id = aim.charge.id if aim.charge else None
    row.invoice_id = aim.invoice_id
    row.agreement_id = place_on(session, context, aim)
    if row.state == PaymentState.UNMATCHED:
        row.state = PaymentState.RECEIVED
        record(
            session,
            EventName.PAYMENT_RECEIVED,
            aim.customer_id,
            context.now(),
            payment_id=str(row.id),
            amount=str(row.amount),
            paid_on=str(row.paid_on),
            **({"charge_id": str(aim.charge.id)} if aim.charge else {}),
        )
    settle(session, context, aim.customer_id)
    promises.note_payment(session, context, aim.customer_id, row.kept, row.paid_on)


def _locked(session: Session, payment_id: UUID) -> PaymentRow:
    row = session.get(PaymentRow, payment_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"no payment {payment_id}")
    return row
