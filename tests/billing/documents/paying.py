"""Payments as documents find them."""

from datetime import date
from uuid import UUID

from bot.billing.events.service import EventName, record
from bot.billing.models import ChargeRow, ChargeStatus, InstallmentRow, InstallmentStatus
from bot.db import transaction
from tests.billing.support import FakeClock


def pay(customer: UUID, charge_id: UUID, paid_on: date, now: FakeClock) -> None:
    """A charge paid in full on a day, as the parts that take payments leave it."""
    with transaction() as session:
        charge = session.get_one(ChargeRow, charge_id)
        charge.status = ChargeStatus.PAID
        if charge.installment_id:
            part = session.get_one(InstallmentRow, charge.installment_id)
            part.status = InstallmentStatus.PAID
        record(
            session,
            EventName.PAYMENT_RECEIVED,
            customer,
            now(),
            charge_id=str(charge_id),
            amount=str(charge.amount),
            paid_on=str(paid_on),
        )
