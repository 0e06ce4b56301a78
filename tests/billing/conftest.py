"""Billing's API over real HTTP and a real database, with a clock that tests set."""

import logging
from collections.abc import Iterator
from threading import Thread
from uuid import UUID

import pytest
from werkzeug.serving import make_server

from bot.billing.api import create_app
from bot.billing.client import BillingClient
from tests.billing.support import (
    MORNING,
    TOKEN,
    Api,
    FakeClock,
    MakeCustomer,
    add_customer,
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

    return add_customer


@pytest.fixture
def maria(make_customer: MakeCustomer) -> UUID:
    """Maria, who owes two parts of her sofa."""
    return make_customer()
