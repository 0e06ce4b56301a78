"""`python -m bench.billing_offers`: what the chat waits for when it asks billing for offers.

One billing process on a database of its own, asked over HTTP as the actions ask it.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import text

from bench import figures, machine
from bench.figures import Row
from bench.surroundings import stop_postgres
from bot import db
from bot.billing.client import BillingClient, Reason, Wish
from bot.settings import PROJECT, get_settings
from tests.house import House

CUSTOMERS = 300
CONNECTIONS = 4
SECONDS = 5.0
WARM_UP = 20
CUSTOMER_IDS = "SELECT id FROM billing.customers WHERE document LIKE 'bench-%' ORDER BY document"
MAKE_CUSTOMERS = """
WITH made AS (
  INSERT INTO billing.customers (id, name, document)
  SELECT gen_random_uuid(), 'Cliente ' || n, 'bench-' || lpad(n::text, 5, '0')
  FROM generate_series(1, :count) n RETURNING id, document)
INSERT INTO billing.invoices (id, customer_id, external_id, contract, description, due, amount,
  paid_amount, status)
SELECT gen_random_uuid(), id, document || '-' || late, 'B', 'Sofá', current_date - late, 389.90,
  0, 'open'
FROM made, unnest(ARRAY[42, 12]) late
"""


def main() -> None:
    """Measure and print one table in Markdown."""
    print(machine.describe(), end="\n\n", flush=True)
    with _billing() as (client, customers):
        print(figures.table(_rows(client, customers)))


def _rows(client: BillingClient, customers: list[UUID]) -> list[Row]:
    for customer in customers[:WARM_UP]:
        client.offers(customer)
    fresh = customers[WARM_UP:]
    first = [_timed(client, customer) for customer in fresh]
    again = [_timed(client, customer) for customer in fresh]
    wish = Wish(installments=5)
    counter = [_timed(client, customer, wish) for customer in fresh]
    taken = _throughput(client, fresh)
    return [
        Row("First offers of a customer", figures.latency(first)),
        Row("The same again, the same day", figures.latency(again)),
        Row("A counter-offer that makes a new one", figures.latency(counter)),
        Row(f"Offers asked, {CONNECTIONS} connections", f"{taken:.0f} per second"),
    ]


def _timed(client: BillingClient, customer: UUID, wish: Wish | None = None) -> float:
    started = time.perf_counter()
    client.offers(customer, Reason.UNKNOWN, wish)
    return time.perf_counter() - started


def _throughput(client: BillingClient, customers: list[UUID]) -> float:
    """Answers a second, each connection asking for customers of its own."""
    until, done = time.perf_counter() + SECONDS, [0] * CONNECTIONS

    def ask(connection: int) -> None:
        mine = customers[connection::CONNECTIONS]
        while time.perf_counter() < until:
            client.offers(mine[done[connection] % len(mine)])
            done[connection] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


@contextmanager
def _billing() -> Iterator[tuple[BillingClient, list[UUID]]]:
    """A client of a running billing process, and customers with two late bills each."""
    with TemporaryDirectory(prefix="combinado-") as name:
        os.environ |= {"DEMO": "1", "DATABASE_URL": "", "VAR_DIR": name}
        get_settings.cache_clear()
        db.migrate()
        customers = _make_customers()
        house = House(db.database_url(), Path(name), VAR_DIR=str(PROJECT / "var"))
        try:
            house.start("billing")
            token = get_settings().billing_token.get_secret_value()
            yield BillingClient(house.url("billing"), token), customers
        finally:
            house.stop_all()
            db.engine().dispose()
            stop_postgres(Path(name))


def _make_customers() -> list[UUID]:
    with db.transaction() as session:
        session.execute(text(MAKE_CUSTOMERS), {"count": CUSTOMERS})
        return list(session.scalars(text(CUSTOMER_IDS)))


if __name__ == "__main__":
    sys.exit(main())
