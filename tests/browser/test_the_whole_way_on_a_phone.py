"""The whole story as a debtor lives it: on the simulator's phone, then on the page to pay."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.billing import pix
from tests.house import House

ANSWER_MS = 20_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone's browser."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="pt-BR", permissions=["clipboard-read"]
    )
    yield context.new_page()
    context.close()


def test_maria_settles_her_bills_and_opens_the_page_to_pay(house: House, page: Page) -> None:
    """From "oi" by typing and tapping to amounts, copy buttons, QR, barcode and PDF."""
    page.goto(f"{house.url('simulator')}/#maria")
    expect(page.get_by_text("Conversa de demonstração")).to_be_visible()
    _write(page, "oi")
    _expect_bubble(page, "Loja Horizonte")
    _write(page, "529")
    _expect_bubble(page, "Encontrei 2 contas")
    _choose(page, "Esqueci")
    _expect_bubble(page, "À vista")
    _write(page, "a primeira")
    _expect_bubble(page, "confirmar")
    page.get_by_role("button", name="Sim, confirmo").click()
    _expect_bubble(page, "Combinado")

    link = page.get_by_role("link", name="Ver boleto e Pix").last
    expect(link).to_be_visible(timeout=ANSWER_MS)
    address = link.get_attribute("href") or ""
    page.goto(house.url("web") + "/pagar/" + address.rsplit("/", 1)[1])
    _expect_everything_to_pay(page)


def _expect_everything_to_pay(page: Page) -> None:
    expect(page.get_by_text("Horizonte Comércio de Móveis Ltda.").first).to_be_visible()
    expect(page.get_by_text("R$").first).to_be_visible()
    assert page.locator("svg").count() >= 2, "QR and barcode"
    page.get_by_role("button", name="Copiar código Pix").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert pix.parse(copied).amount
    pdf = page.request.get(page.url + "/boleto.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF")


def test_the_page_to_pay_fits_a_phone(house: House, page: Page) -> None:
    """Nothing scrolls sideways, and an unknown link is explained kindly."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci", "a primeira", "sim"):
        phone.says(words)
    url = phone.bubbles()[-3]["content"]["action"]["parameters"]["url"]
    page.goto(house.url("web") + "/pagar/" + url.rsplit("/", 1)[1])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    answer = page.goto(house.url("web") + "/pagar/nao-existe-este-link-aqui")
    assert answer
    assert answer.status == 404
    expect(page.locator("h1")).to_be_visible()


def _write(page: Page, words: str) -> None:
    page.get_by_placeholder("Mensagem").fill(words)
    page.keyboard.press("Enter")


def _choose(page: Page, title: str) -> None:
    page.get_by_role("button", name="Ver opções").last.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(title).check()
    sheet.get_by_role("button", name="Enviar").click()


def _expect_bubble(page: Page, words: str) -> None:
    bubble = page.locator(".message:not(.is-mine)", has_text=words)
    expect(bubble.last).to_be_visible(timeout=ANSWER_MS)
