"""Billing's API over real HTTP and a real database, with a clock that tests set."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from uuid import UUID, uuid4

import pytest
from werkzeug.serving import make_server

from bot.billing.api import create_app
from bot.billing.client import BillingClient
from bot.billing.models import CustomerRow, InvoiceRow, PhoneRow
from bot.db import transaction
from tests.billing.support import (
    MARIA_CPF,
    MARIA_PHONE,
    MORNING,
    TODAY,
    TOKEN,
    Api,
    FakeClock,
    MakeCustomer,
    empty_tables,
)


@pytest.fixture(scope="session")
def server(database: None) -> Iterator[Api]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    clock = FakeClock()
    app = create_app(clock)
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield Api(f"http://127.0.0.1:{listening.port}", app, clock)
    listening.shutdown()


@pytest.fixture
def api(server: Api) -> Api:
    """The API with nothing in its database, on the morning of 22 July 2026."""
    empty_tables()
    server.clock.now = MORNING
    return server


@pytest.fixture
def clock(api: Api) -> FakeClock:
    return api.clock


@pytest.fixture
def client(api: Api) -> BillingClient:
    return BillingClient(api.url, TOKEN)


@pytest.fixture
def make_customer(api: Api) -> MakeCustomer:
    """Write a customer with invoices given as (amount, days late)."""

    def make(
        invoices: Sequence[tuple[str, int]] = (("389.90", 42), ("389.90", 12)),
        document: str = MARIA_CPF,
        phone: str | None = MARIA_PHONE,
        birth_date: date | None = date(1988, 5, 3),
        name: str = "Maria de Souza",
    ) -> UUID:
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

    return make


@pytest.fixture
def maria(make_customer: MakeCustomer) -> UUID:
    """Maria, who owes two parts of her sofa."""
    return make_customer()
