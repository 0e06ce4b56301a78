"""The whole house and a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from bot import db
from bot.desk import people
from tests.desk.console import DESKTOP, Console, chromium
from tests.house import House


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def console(browser: Browser, house: House) -> Iterator[Callable[..., Console]]:
    """Opens the console of one of the demo's people."""
    with db.transaction() as session:
        people.load_demo(session)
    opened: list[Console] = []

    def open_(who: str, size: ViewportSize = DESKTOP) -> Console:
        opened.append(Console(browser, house, who, size))
        return opened[-1]

    yield open_
    for each in opened:
        each.leaves()
