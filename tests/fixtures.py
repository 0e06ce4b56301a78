"""The whole house as a fixture, for tests through the front door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import db
from tests.billing_tap import BillingTap
from tests.house import House
from tests.training import checkout


@pytest.fixture(scope="session")
def billing_tap() -> Iterator[BillingTap]:
    """What billing answers to the house goes through here."""
    tap = BillingTap()
    yield tap
    tap.stop()


@pytest.fixture(scope="session")
def training_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What trainers change in tests, instead of the developer's checkout."""
    return checkout.make(tmp_path_factory.mktemp("training") / "project", each_intent=40)


@pytest.fixture(scope="session")
def running_house(
    database: None,
    billing_tap: BillingTap,
    tmp_path_factory: pytest.TempPathFactory,
    training_checkout: Path,
) -> Iterator[House]:
    """Every process, started once."""
    logs = tmp_path_factory.mktemp("logs")
    settings = {"BILLING_URL": billing_tap.url, "TRAINING_REPOSITORY": str(training_checkout)}
    house = House(db.database_url(), logs, **settings)
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
