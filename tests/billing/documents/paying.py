"""Payments as documents find them."""

from datetime import UTC, date, datetime, time

from bot.billing.client import BillingClient, Charge
from tests.billing.paying import paid
from tests.billing.support import FakeClock


def pay(client: BillingClient, charge: Charge, paid_on: date, clock: FakeClock) -> None:
    """A charge paid in full on a day, and known on that day."""
    clock.now = max(clock.now, datetime.combine(paid_on, time(12), UTC))
    paid(client, charge, on=paid_on)
