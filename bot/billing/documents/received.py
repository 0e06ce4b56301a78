"""What was received for a charge, as documents tell it: read from the events of payments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.documents.facts import Payment
from bot.billing.events.models import EventRow
from bot.billing.events.service import EventName
from bot.billing.models import ChargeRow, ChargeStatus, InstallmentRow


def of_charges(session: Session, charges: Sequence[ChargeRow]) -> dict[UUID, Payment]:
    """Return the payment of each paid charge; what is not known to be paid is not in it."""
    paid = {str(row.id): row for row in charges if row.status == ChargeStatus.PAID}
    charge_id = EventRow.data["charge_id"].astext
    events = session.scalars(
        select(EventRow)
        .where(EventRow.name == EventName.PAYMENT_RECEIVED.value, charge_id.in_(paid))
        .order_by(EventRow.happened_at)
    )
    told = {event.data["charge_id"]: event.data for event in events}
    return {
        paid[key].id: Payment(
            paid[key].description,
            Decimal(data["amount"]),
            date.fromisoformat(data["paid_on"]),
        )
        for key, data in told.items()
    }


def of_agreement(session: Session, agreement_id: UUID) -> tuple[Payment, ...]:
    """Return every payment of an agreement's parts, in the order of the parts."""
    rows = session.scalars(
        select(ChargeRow)
        .join(InstallmentRow, InstallmentRow.id == ChargeRow.installment_id)
        .where(InstallmentRow.agreement_id == agreement_id)
        .order_by(InstallmentRow.number)
    ).all()
    payments = of_charges(session, rows)
    return tuple(payments[row.id] for row in rows if row.id in payments)
