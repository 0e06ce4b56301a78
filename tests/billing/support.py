"""What billing's tests are arranged with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from apiflask import APIFlask

from bot.billing.client import Evidence
from bot.billing.models import CustomerRow, InvoiceRow, PhoneRow
from bot.db import engine, transaction
from tests.emptying import forget

TOKEN = "demo-billing-token"
MORNING = datetime(2026, 7, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 7, 22)
MARIA_CPF = "52998224725"
MARIA_PHONE = "5511987654321"
EVIDENCE = Evidence(message_id="wamid.1", text="sim, fechado", said_at=MORNING)


MakeCustomer = Callable[..., UUID]


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass(frozen=True)
class Api:
    """Where billing listens, and the clock it goes by."""

    url: str
    app: APIFlask
    clock: FakeClock


def add_customer(
    invoices: Sequence[tuple[str, int]] = (("389.90", 42), ("389.90", 12)),
    document: str = MARIA_CPF,
    phone: str | None = MARIA_PHONE,
    birth_date: date | None = date(1988, 5, 3),
    name: str = "Maria de Souza",
) -> UUID:
    """Write a customer with invoices given as (amount, days late)."""
    customer = CustomerRow(id=uuid4(), name=name, document=document, birth_date=birth_date)
    with transaction() as session:
        session.add(customer)
        session.flush()
        if phone:
            session.add(PhoneRow(phone=phone, customer_id=customer.id))
        session.add_all(
            InvoiceRow(
                customer_id=customer.id,
                external_id=f"{document}-{number}",
                contract="LH-1",
                description="Sofá em 10x",
                due=TODAY - timedelta(days=days_late),
                amount=Decimal(amount),
            )
            for number, (amount, days_late) in enumerate(invoices, start=1)
        )
    return customer.id


def empty_tables() -> None:
    """Forget everything but the audit."""
    forget(engine(), "billing")


def key() -> str:
    """An idempotency key never used before."""
    return uuid4().hex
