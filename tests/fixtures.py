"""The whole house as a fixture, for tests through the front door."""

from collections.abc import Iterator

import pytest

from bot import db
from tests.house import House


@pytest.fixture(scope="session")
def running_house(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Every process, started once."""
    house = House(db.database_url(), tmp_path_factory.mktemp("logs"))
    house.command("train")
    try:
        house.start_all()
        yield house
    finally:
        house.stop_all()


@pytest.fixture
def house(running_house: House) -> House:
    """The house with no conversations and fresh demo customers."""
    running_house.reset()
    return running_house
