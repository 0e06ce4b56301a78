"""Every conversation of these tests is also read for its manners."""

from collections.abc import Iterator

import pytest

from tests.billing_tap import BillingTap
from tests.house import House
from tests.manners import check_manners


@pytest.fixture
def house(house: House, billing_tap: BillingTap) -> Iterator[House]:
    """The house; what was said in it, by whomever, is read at the end."""
    yield house
    for phone in house.phones():
        check_manners(phone.messages(), billing_tap.answers)
