"""`charge.due`: what has to be paid soon or today, each announced once for each of the days."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.context import Context
from bot.billing.events.service import EventName, record_once
from bot.billing.models import AgreementRow, AgreementStatus, InstallmentRow, InstallmentStatus
from bot.db import transaction

Due = tuple[UUID, UUID, Decimal, dict[str, str]]
"""Whose it is, what it is, its amount, and what it belongs to."""


def announce(context: Context) -> int:
    """Record every instalment and charge that falls due on a day of the policy; count new ones."""
    recorded = 0
    for days in context.policy.events.charge_due_days:
        day = context.today() + timedelta(days=days)
        with transaction() as session:
            for customer_id, thing_id, amount, belongs in _due_on(session, context, day):
                recorded += record_once(
                    session,
                    f"{EventName.CHARGE_DUE}:{thing_id}:{day}:{days}",
                    EventName.CHARGE_DUE,
                    customer_id,
                    context.now(),
                    amount=str(amount),
                    due=day.isoformat(),
                    days_before=str(days),
                    **belongs,
                )
    return recorded


def _due_on(session: Session, context: Context, day: date) -> Iterator[Due]:
    yield from _installments(session, day)
    yield from _charges(session, context, day)


def _installments(session: Session, day: date) -> Iterator[Due]:
    rows = session.execute(
        select(AgreementRow.customer_id, InstallmentRow)
        .join(AgreementRow, AgreementRow.id == InstallmentRow.agreement_id)
        .where(
            AgreementRow.status == AgreementStatus.ACTIVE,
            InstallmentRow.status == InstallmentStatus.OPEN,
            InstallmentRow.due == day,
        )
    )
    for customer_id, part in rows:
        belongs = {"agreement_id": str(part.agreement_id), "installment": str(part.number)}
        yield customer_id, part.id, part.balance, belongs


def _charges(session: Session, context: Context, day: date) -> Iterator[Due]:
    """Yield the live charges for invoices; those for instalments are announced as such."""
    rows = session.scalars(
        select(ChargeRow).where(
            ChargeRow.status == ChargeStatus.LIVE,
            ChargeRow.installment_id.is_(None),
            ChargeRow.due == day,
            ChargeRow.expires_at > context.now(),
        )
    )
    for row in rows:
        yield row.customer_id, row.id, row.amount, {"charge_id": str(row.id)}
