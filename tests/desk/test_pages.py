"""Every page at a desk's width and at a phone's: it fits, says no error, and is accessible."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.desk.console import DESKTOP, PHONE, Console
from tests.house import House

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
PAGES = {
    "sonia": ("/desk/", "/desk/wall", "/desk/quality", "/desk/texts", "/desk/hours"),
    "ari": ("/desk/", "/desk/people", "/desk/audit", "/desk/password", "/desk/tf-setup"),
}


def findings(page: Page) -> list[tuple[str, Any]]:
    """What axe finds that is serious or worse."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_fits_and_is_accessible(
    house: House, console: Callable[..., Console], size: ViewportSize
) -> None:
    """Axe finds nothing serious; nothing scrolls sideways."""
    for who, paths in PAGES.items():
        person = console(who, size)
        for path in paths:
            page = person.goes_to(path)
            page.wait_for_timeout(150)
            person.screenshot(f"{path.strip('/').replace('/', '-')}-{who}-{size['width']}")
            assert findings(page) == [], path
            assert fits(page), path


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_conversation_fits_and_is_accessible(
    house: House, console: Callable[..., Console], size: ViewportSize
) -> None:
    """With everything in it: bubbles, panel, composer, menus."""
    phone = house.phone()
    for words in (
        "oi",
        "529",
        "perdi o emprego",
        "só consigo pagar 50 por mês",
        "quero falar com uma pessoa",
    ):
        phone.says(words)
    sonia = console("sonia", size)
    sonia.opens("Maria")
    sonia.takes()
    sonia.page.wait_for_timeout(600)
    sonia.screenshot(f"conversa-{size['width']}")
    assert findings(sonia.page) == []
    assert fits(sonia.page)
    sonia.page.locator("body").press("Escape")
    sonia.page.locator("#text").blur()
    sonia.page.keyboard.press("b")
    sonia.page.keyboard.press("e")
    sonia.page.wait_for_timeout(200)
    sonia.screenshot(f"encerrar-{size['width']}")
    assert findings(sonia.page) == []
    if size is PHONE:
        sonia.page.keyboard.press("Escape")
        sonia.page.keyboard.press("p")
        sonia.page.wait_for_timeout(200)
        sonia.screenshot("pessoa-390")
    assert fits(sonia.page)
