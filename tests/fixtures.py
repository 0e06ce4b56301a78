"""The whole house as a fixture, for tests through the front door."""

from collections.abc import Iterator

import pytest

from bot import db
from tests.billing_tap import BillingTap
from tests.house import House


@pytest.fixture(scope="session")
def billing_tap() -> Iterator[BillingTap]:
    """What billing answers to the house goes through here."""
    tap = BillingTap()
    yield tap
    tap.stop()


@pytest.fixture(scope="session")
def running_house(
    database: None, billing_tap: BillingTap, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Every process, started once."""
    logs = tmp_path_factory.mktemp("logs")
    house = House(db.database_url(), logs, BILLING_URL=billing_tap.url)
    billing_tap.stand_before(house.url("billing"))
    house.command("train")
    try:
        house.start_all()
        yield house
    finally:
        house.stop_all()


@pytest.fixture
def house(running_house: House, billing_tap: BillingTap) -> House:
    """The house with no conversations and fresh demo customers."""
    running_house.reset()
    billing_tap.answers.clear()
    return running_house
