"""Notifications of providers, stored word for word and acted upon once.

Here too: a payment that we found at a provider, of which no notification may ever tell.
"""

import hashlib
from decimal import Decimal

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing import charges
from bot.billing.charge_models import ChargeStatus
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.payments.aim import Aim, find_charge
from bot.billing.payments.models import (
    NotificationOutcome,
    NotificationRow,
    PaymentRow,
    PaymentSource,
)
from bot.billing.payments.service import Incoming, give_back, lock_payment, take_in
from bot.billing.providers import MOST_MONEY, Notification, NotificationKind, Paid
from bot.billing.quotes import ZERO

log = structlog.get_logger(__name__)


def receive(
    session: Session, context: Context, provider: str, event: Notification, body: bytes
) -> bool:
    """Store an event and do what it says; return False when it came before."""
    ignored = event.kind == NotificationKind.IGNORED
    outcome = NotificationOutcome.IGNORED if ignored else NotificationOutcome.DONE
    hear_alone(session, provider, event.provider_payment_id)
    if not _store(session, context, provider, event, body, outcome):
        return False
    if event.kind == NotificationKind.PAID:
        _paid(session, context, provider, event)
    elif event.kind == NotificationKind.REFUNDED:
        _refunded(session, context, provider, event)
    elif event.kind == NotificationKind.CANCELLED:
        _cancelled(session, provider, event)
    return True


def hear_alone(session: Session, provider: str, payment_id: str) -> None:
    """Let what is told of one payment be heard one after the other, until the commit."""
    one = func.hashtextextended(f"{provider} {payment_id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(one)))


def take_in_found(
    session: Session, context: Context, provider: str, reference: str, paid: Paid
) -> None:
    """Take in a payment that is at the provider, unless it was before; after `hear_alone`."""
    charge = find_charge(session, provider, reference)
    if charge is not None:
        get_customer(session, charge.customer_id, lock=True)
    money = Incoming(
        provider,
        paid.payment_id,
        reference,
        paid.amount,
        paid.paid_on,
        PaymentSource.PROVIDER,
        _refunded_before(session, provider, paid.payment_id),
    )
    take_in(session, context, money, Aim(charge.customer_id, charge) if charge else None)


def keep_unreadable(session: Session, context: Context, provider: str, body: bytes) -> bool:
    """Store for a person what a provider sent and nobody foresaw; the same body once."""
    name = f"unreadable {hashlib.sha256(body).hexdigest()}"
    event = Notification(name, NotificationKind.IGNORED, "", "", None, None)
    log.error("unreadable notification", provider=provider, event_id=name)
    return _store(session, context, provider, event, body, NotificationOutcome.UNREADABLE)


def _paid(session: Session, context: Context, provider: str, event: Notification) -> None:
    assert event.amount is not None
    assert event.paid_on is not None
    paid = Paid(event.provider_payment_id, event.amount, event.paid_on)
    take_in_found(session, context, provider, event.provider_reference, paid)


def _refunded(session: Session, context: Context, provider: str, event: Notification) -> None:
    """Give back; of a payment nobody told us of yet the refund waits in its notification."""
    payment_id = session.scalar(
        select(PaymentRow.id).where(
            PaymentRow.provider == provider,
            PaymentRow.provider_payment_id == event.provider_payment_id,
        )
    )
    if payment_id is not None:
        give_back(session, context, lock_payment(session, payment_id), _amount(event))


def _cancelled(session: Session, provider: str, event: Notification) -> None:
    charge = find_charge(session, provider, event.provider_reference)
    if charge is not None:
        get_customer(session, charge.customer_id, lock=True)
        session.refresh(charge)
        if charge.status in (ChargeStatus.LIVE, ChargeStatus.CANCELLING):
            charges.end(session, charge, ChargeStatus.CANCELLED)


def _refunded_before(session: Session, provider: str, payment_id: str) -> Decimal:
    return (
        session.scalar(
            select(func.max(NotificationRow.refunded)).where(
                NotificationRow.provider == provider,
                NotificationRow.provider_payment_id == payment_id,
            )
        )
        or ZERO
    )


def _amount(event: Notification) -> Decimal:
    """Return what went back in all; where the provider does not say, everything."""
    return MOST_MONEY - 1 if event.amount is None else event.amount


def _store(
    session: Session,
    context: Context,
    provider: str,
    event: Notification,
    body: bytes,
    outcome: NotificationOutcome,
) -> bool:
    stored = session.scalar(
        insert(NotificationRow)
        .values(
            provider=provider,
            event_id=event.event_id,
            provider_payment_id=event.provider_payment_id,
            refunded=_amount(event) if event.kind == NotificationKind.REFUNDED else None,
            body=body,
            outcome=outcome,
            received_at=context.now(),
        )
        .on_conflict_do_nothing()
        .returning(NotificationRow.event_id)
    )
    return stored is not None
