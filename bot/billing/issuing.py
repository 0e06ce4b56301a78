"""Asking the provider to issue and to cancel, outside of any transaction of ours.

A charge waits in the table, `issuing` or `cancelling`. Whoever takes it up claims it for `LEASE`,
asks the provider, and writes the answer. A process killed in between, or an answer nobody knows,
leaves it to the next one, who finds by its reference what there is: it is issued once.

No charge is issued while one for the same debt is being cancelled, so that no two at the
provider cover one debt; when that one turns out to be paid, none is issued, and its payment is
taken in: the webhook may be late or lost.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import UNSETTLED, ChargeRow, ChargeStatus
from bot.billing.charges import end, withdraw
from bot.billing.context import Context
from bot.billing.covering import cover, overlapping
from bot.billing.debts import get_customer
from bot.billing.events.service import EventName, record
from bot.billing.models import CustomerRow
from bot.billing.payments import inbox
from bot.billing.providers import Cancelled, Issued, Order, Paid, Refused, Unknown
from bot.db import transaction

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 6.0
"""How long a request waits for whoever has claimed a charge."""
START_SECONDS = 1.5
"""After this long a request begins nothing more: what it began may take `providers.SECONDS`."""
POLL_SECONDS = 0.1
LEASE = timedelta(seconds=20)
"""Longer than a provider may take, so that nobody asks while another is asking; and after an
answer nobody knows, time for the provider to finish what it was doing."""
LONGEST_PAUSE = timedelta(minutes=1)
SETTLEMENT = timedelta(days=4)
"""A boleto paid on its last day is known to be paid a business day later."""
BATCH = 500
THREADS = 8

Answer = Issued | Refused | Cancelled | Paid | Unknown


@dataclass(frozen=True)
class Work:
    """One thing to ask the provider, claimed by us."""

    charge_id: UUID
    provider: str
    is_cancelling: bool
    order: Order


class Idle(Enum):
    """Why there is nothing to do: another is at it, or nothing can be done now."""

    BUSY = auto()
    DONE = auto()


def settle(context: Context, customer_id: UUID) -> None:
    """Do at the provider what waits for a customer, or wait for whoever is at it.

    Returns when nothing is left to do for now, at the latest after about
    `START_SECONDS + providers.SECONDS`; what is left then, `settle_forgotten` does.
    """
    began = time.monotonic()
    found = _go_on(context, customer_id, None, may_start=True)
    while found is not Idle.DONE and time.monotonic() - began < PATIENCE_SECONDS:
        done = None
        if isinstance(found, Work):
            done = found, _ask(context, found)
        else:
            time.sleep(POLL_SECONDS)
        may_start = time.monotonic() - began < START_SECONDS
        found = _go_on(context, customer_id, done, may_start)


def settle_forgotten(context: Context) -> None:
    """Do what is due for anybody, and take back at the provider what has expired."""
    _withdraw_expired(context)
    due = select(ChargeRow.customer_id).where(
        ChargeRow.status.in_(UNSETTLED), ChargeRow.next_attempt_at <= context.now()
    )
    with transaction() as session:
        customers = session.scalars(due.distinct().limit(BATCH)).all()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(partial(settle, context), customers))


def _go_on(
    context: Context, customer_id: UUID, done: tuple[Work, Answer] | None, may_start: bool
) -> Work | Idle:
    """Write down what was done, and claim what comes next."""
    with transaction() as session:
        if done and isinstance(done[1], Paid):
            inbox.hear_alone(session, done[0].provider, done[1].payment_id)
        customer = get_customer(session, customer_id, lock=True)
        if done:
            _record(session, context, *done)
        ready = _ready(session, customer_id)
        due = [row for row in ready if row.next_attempt_at and row.next_attempt_at <= context.now()]
        if due:
            return _claim(context, customer, due[0]) if may_start else Idle.DONE
        return Idle.BUSY if any(row.problem is None for row in ready) else Idle.DONE


def _ready(session: Session, customer_id: UUID) -> list[ChargeRow]:
    """Return what may be asked, cancelling first: a charge waits for those it replaces."""
    waiting = _unsettled(session, customer_id)
    cancelling = [row for row in waiting if row.status == ChargeStatus.CANCELLING]
    issuing = [row for row in waiting if row.status == ChargeStatus.ISSUING]
    blocked = overlapping(session, issuing, cancelling)
    return [*cancelling, *(row for row in issuing if row not in blocked)]


def _unsettled(session: Session, customer_id: UUID) -> list[ChargeRow]:
    query = select(ChargeRow).where(
        ChargeRow.customer_id == customer_id, ChargeRow.status.in_(UNSETTLED)
    )
    return list(session.scalars(query.order_by(ChargeRow.nosso_numero)))


def _claim(context: Context, customer: CustomerRow, row: ChargeRow) -> Work:
    row.attempts += 1
    row.next_attempt_at = context.now() + LEASE
    row.problem = None
    order = Order(
        amount=row.amount,
        due=row.due,
        nosso_numero=row.nosso_numero,
        reference=row.reference,
        description=row.description,
        payer_name=customer.name,
        payer_document=customer.document,
    )
    is_cancelling = row.status == ChargeStatus.CANCELLING
    return Work(row.id, row.provider, is_cancelling, order)


def _ask(context: Context, work: Work) -> Answer:
    """Ask the provider; whatever goes wrong there, the answer is not known."""
    try:
        if work.provider != context.provider.name:
            return _ask_another(context, work)
        if work.is_cancelling:
            return context.provider.cancel(work.order.reference)
        return context.provider.issue(work.order)
    except Unknown as unknown:
        log.warning("provider unclear", charge=work.order.reference, problem=str(unknown))
        return unknown
    except Exception as error:
        log.exception("provider broke its contract", charge=work.order.reference)
        return Unknown(type(error).__name__)


def _ask_another(context: Context, work: Work) -> Answer:
    """A charge from before BILLING_PROVIDER was changed: only of the sandbox's we know all."""
    if work.provider != "builtin":
        raise Unknown(f"it is with {work.provider}, and BILLING_PROVIDER={context.provider.name}")
    if work.is_cancelling:
        return Cancelled()
    return Refused("provider_changed", "BILLING_PROVIDER was changed: ask again")


def _record(session: Session, context: Context, work: Work, answer: Answer) -> None:
    """Write down what the provider said; the charge may have been taken back meanwhile."""
    row = session.get_one(ChargeRow, work.charge_id)
    if row.status not in UNSETTLED:
        return
    match answer:
        case Unknown():
            row.problem = str(answer)[:500]
            row.next_attempt_at = context.now() + _pause(row.attempts)
        case Paid():
            end(session, row, ChargeStatus.PAID)
            _refuse_others(session, row)
            inbox.take_in_found(session, context, work.provider, work.order.reference, answer)
        case Cancelled():
            is_late = row.expires_at <= context.now()
            end(session, row, ChargeStatus.EXPIRED if is_late else ChargeStatus.CANCELLED)
        case _ if row.status == ChargeStatus.CANCELLING:
            row.next_attempt_at = context.now()
        case Refused():
            end(session, row, ChargeStatus.REFUSED, answer.reason)
        case Issued():
            _make_live(row, answer)
            _record_issued(session, context, row)


def _make_live(row: ChargeRow, issued: Issued) -> None:
    row.bank = issued.bank
    row.nosso_numero_printed = issued.nosso_numero_printed
    row.barcode = issued.barcode
    row.linha_digitavel = issued.linha_digitavel
    row.pix_payload = issued.pix_payload
    row.status = ChargeStatus.LIVE
    row.attempts = 0
    row.next_attempt_at = None


def _record_issued(session: Session, context: Context, row: ChargeRow) -> None:
    agreement = cover(session, row).agreement
    record(
        session,
        EventName.CHARGE_ISSUED,
        row.customer_id,
        context.now(),
        charge_id=str(row.id),
        amount=str(row.amount),
        due=row.due.isoformat(),
        **({"agreement_id": str(agreement)} if agreement else {}),
    )


def _refuse_others(session: Session, paid: ChargeRow) -> None:
    """Issue nothing in place of a charge that was paid: its debts are settled, or less."""
    waiting = _unsettled(session, paid.customer_id)
    issuing = [row for row in waiting if row.status == ChargeStatus.ISSUING]
    for row in overlapping(session, issuing, [paid]):
        end(session, row, ChargeStatus.REFUSED, f"{paid.reference} was paid meanwhile")


def _pause(attempts: int) -> timedelta:
    return min(LEASE * attempts, LONGEST_PAUSE)


def _withdraw_expired(context: Context) -> None:
    expired = select(ChargeRow).where(
        ChargeRow.status == ChargeStatus.LIVE, ChargeRow.expires_at <= context.now() - SETTLEMENT
    )
    with transaction() as session:
        customers = {row.customer_id for row in session.scalars(expired.limit(BATCH))}
    for customer_id in customers:
        with transaction() as session:
            get_customer(session, customer_id, lock=True)
            rows = session.scalars(expired.where(ChargeRow.customer_id == customer_id)).all()
            withdraw(session, context, rows)
