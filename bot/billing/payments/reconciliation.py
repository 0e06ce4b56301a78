"""Every payment of some days with what it paid, and where the provider disagrees with us.

The database is read first and the provider asked afterwards: no transaction waits for it.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.context import Context
from bot.billing.payments.models import NotificationOutcome, NotificationRow, PaymentRow
from bot.billing.payments.shapes import Difference, Payment, Reconciliation, Totals
from bot.billing.payments.views import payments_between
from bot.billing.providers import ChargeState, Unknown
from bot.billing.quotes import ZERO
from bot.db import transaction


@dataclass(frozen=True)
class Claim:
    """What we hold of a charge: do we have money for it?"""

    charge: ChargeRow
    paid: bool


def reconcile(
    context: Context, first: date, last: date, seconds: float | None = None
) -> Reconciliation:
    """Return the payments made from `first` to `last`, with totals that add up.

    The provider is asked about the charges due or paid in these days, for at most `seconds`.
    """
    with transaction() as session:
        payments = payments_between(session, first, last)
        claims = _claims(session, first, last)
        unreadable = _unreadable(session)
    differences, asked = _differences(context, claims, seconds)
    return Reconciliation(
        first=first,
        last=last,
        payments=payments,
        totals=totals(payments),
        differences=differences,
        unasked=len(claims) - asked,
        unreadable=unreadable,
    )


def totals(payments: Sequence[Payment]) -> Totals:
    """Add payments up; the parts of the sum come to the sum."""
    shares = [share for payment in payments for share in payment.allocations]
    unmatched = [payment for payment in payments if payment.state == "unmatched"]
    return Totals(
        received=_sum(payment.amount for payment in payments),
        principal=_sum(share.principal for share in shares),
        late_charges=_sum(share.late_charges for share in shares),
        to_refund=_sum(payment.to_refund for payment in payments),
        unmatched=_sum(payment.amount - payment.refunded for payment in unmatched),
        refunded=_sum(payment.refunded for payment in payments),
    )


def provider_says_paid(context: Context, charge: ChargeRow) -> bool | None:
    """Ask the provider whether a charge was paid; None: it does not know, or does not say."""
    if charge.provider != context.provider.name:
        return None
    try:
        state = context.provider.state(charge.reference)
    except Unknown:
        return None
    return None if state is None else state.state == ChargeState.PAID


def _claims(session: Session, first: date, last: date) -> list[Claim]:
    paid = select(PaymentRow.charge_id).where(PaymentRow.paid_on.between(first, last))
    rows = session.scalars(
        select(ChargeRow)
        .where(
            (ChargeRow.due.between(first, last) & (ChargeRow.status != ChargeStatus.CANCELLED))
            | ChargeRow.id.in_(paid)
        )
        .order_by(ChargeRow.nosso_numero)
    ).all()
    told = session.scalars(
        select(PaymentRow.charge_id).where(
            PaymentRow.charge_id.in_([row.id for row in rows]),
            PaymentRow.refunded < PaymentRow.amount,
        )
    )
    ours = set(told)
    return [Claim(row, row.id in ours) for row in rows]


def _differences(
    context: Context, claims: Sequence[Claim], seconds: float | None
) -> tuple[list[Difference], int]:
    """Return who says what of the charges on which we differ, and how many were asked about."""
    started = time.monotonic()
    found: list[Difference] = []
    for asked, claim in enumerate(claims):
        if seconds is not None and time.monotonic() - started > seconds:
            return found, asked
        theirs = provider_says_paid(context, claim.charge)
        if theirs is not None and theirs != claim.paid:
            found.append(_difference(claim))
    return found, len(claims)


def _difference(claim: Claim) -> Difference:
    return Difference(
        charge_id=claim.charge.id,
        reference=claim.charge.reference,
        amount=claim.charge.amount,
        paid_says="us" if claim.paid else "provider",
    )


def _unreadable(session: Session) -> int:
    unreadable = NotificationRow.outcome == NotificationOutcome.UNREADABLE
    return session.scalar(select(func.count()).where(unreadable)) or 0


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
