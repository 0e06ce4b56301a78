"""What billing's tests are arranged with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from apiflask import APIFlask
from sqlalchemy import text

from bot.billing.client import Evidence
from bot.db import Base, transaction

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


def empty_tables() -> None:
    """Forget everything but the audit, which cannot be emptied."""
    tables = [
        str(table)
        for table in Base.metadata.sorted_tables
        if table.schema == "billing" and table.name != "audit"
    ]
    with transaction() as session:
        session.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))


def key() -> str:
    """An idempotency key never used before."""
    return uuid4().hex
