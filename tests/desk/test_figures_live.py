"""Figures of what just happened, through every process there is."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.desk.console import Console
from tests.house import House


def test_the_command_counts_what_was_just_said(
    house: House, console: Callable[..., Console]
) -> None:
    """From a conversation on the phone to the manager's screen, by real processes."""
    phone = house.phone()
    for words in ("oi", "529"):
        phone.says(words)
    house.output("desk", "figures")
    marcos = console("marcos")
    page = marcos.goes_to("/desk/figures?period=7")
    funnel = page.get_by_role("region", name="Funil", exact=True)
    funnel.locator("summary").click()
    rows = funnel.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("Contatadas1")
    expect(rows.nth(1)).to_contain_text("Identidade confirmada1")
