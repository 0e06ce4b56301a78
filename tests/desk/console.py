"""An operator's browser, and the account behind it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.desk.people import DEMO_PEOPLE
from tests.house import House

WAIT_MS = 20_000
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PASSWORDS = {email.split("@")[0]: (email, password) for email, _, _, password in DEMO_PEOPLE}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--lang=pt-BR"],
            env={**os.environ, "LANGUAGE": "pt_BR"},  # times as people here write them
        )
        yield browser
        browser.close()


class Console:
    """What one person at the desk does and sees."""

    def __init__(
        self, browser: Browser, house: House, who: str, size: ViewportSize = DESKTOP
    ) -> None:
        self.house = house
        self.context = browser.new_context(viewport=size, locale="pt-BR")
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.sign_in(who)

    def _note(self, kind: str, words: str) -> None:
        # A refusal is an answer, though Chromium calls every 4xx an error; a draft overtaken by
        # its own message is given up.
        is_known = "status of 4" in words or "TextArea" in words or "htmx:responseError" in words
        is_known = is_known or "Response Status Error Code 4" in words
        # For a picture Playwright hides the caret by a style, which the page refuses.
        is_known = is_known or ("DESK_PICTURES" in os.environ and "inline style" in words)
        if kind == "error" and not is_known:
            self.errors.append(words)

    def sign_in(self, who: str) -> None:
        """With the demo's password."""
        email, password = PASSWORDS[who]
        self.page.goto(self.house.url("web") + "/desk/login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Senha", exact=True).fill(password)
        self.page.get_by_role("button", name="Entrar").click()
        expect(self.page.get_by_text("Sair", exact=True)).to_be_attached(timeout=WAIT_MS)

    def goes_to(self, path: str) -> Page:
        """Open a page of the desk."""
        self.page.goto(self.house.url("web") + path)
        return self.page

    def sees(self, words: str) -> None:
        """Wait for words on the page."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible(
            timeout=WAIT_MS
        )

    def opens(self, name: str) -> None:
        """Click a conversation in the list."""
        self.page.locator(".row", has_text=name).first.click()
        expect(self.page.locator(".bar h1", has_text=name)).to_be_visible(timeout=WAIT_MS)

    def takes(self) -> None:
        """Take over what is open."""
        self.page.get_by_role("button", name="Assumir").click()
        expect(self.page.locator("#text")).to_be_visible(timeout=WAIT_MS)

    def replies(self, words: str) -> None:
        """Write and send."""
        self.page.locator("#text").fill(words)
        self.page.locator("#send").click()
        bubble = self.page.locator(".bubble.ours:not(.bot)", has_text=words)
        expect(bubble.last).to_be_visible(timeout=WAIT_MS)

    def screenshot(self, name: str) -> None:
        """Keep a picture for whoever looks, if a folder is named."""
        if folder := os.environ.get("DESK_PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png")

    def leaves(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.errors, self.errors
