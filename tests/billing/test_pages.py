"""The payment page: in a browser, over the real API."""

import re
from collections.abc import Iterator
from threading import Thread
from uuid import UUID

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import update
from werkzeug.serving import make_server

from bot.billing.client import BillingClient, Charge
from bot.billing.models import ChargeRow, ChargeStatus
from bot.billing.views import blueprint
from bot.creditor import get_creditor
from bot.db import transaction
from tests.billing.support import EVIDENCE, TOKEN, Api, FakeClock, key


def web(client: BillingClient) -> Iterator[str]:
    """The pages as the web process serves them; yields where."""
    app = Flask("web")
    app.register_blueprint(blueprint(client, get_creditor()))
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.port}"
    listening.shutdown()


@pytest.fixture
def site(client: BillingClient) -> Iterator[str]:
    yield from web(client)


@pytest.fixture
def site_without_billing() -> Iterator[str]:
    yield from web(BillingClient("http://127.0.0.1:1", TOKEN))


@pytest.fixture
def charge(client: BillingClient, maria: UUID) -> Charge:
    """The charge of the first of six parts."""
    offer = client.offers(maria).offers[2]
    agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    assert agreement.charge is not None
    return agreement.charge


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """Debian's Chromium, the size of a phone, with the clipboard allowed."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = chromium.new_context(viewport={"width": 390, "height": 844})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()
        chromium.close()


def path(charge: Charge) -> str:
    return "/pagar/" + charge.url.rsplit("/")[-1]


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=15)


def test_the_link_in_the_message_is_the_page_of_the_charge(site: str, charge: Charge) -> None:
    assert charge.url.startswith("http://localhost:8000/pagar/")
    assert get(site + path(charge)).status_code == 200


def test_the_page_shows_what_is_paid_to_whom_and_how_to_check_it(
    site: str, charge: Charge, browser: Page
) -> None:
    browser.goto(site + path(charge))
    text = re.sub(r"\s+", " ", browser.locator("body").inner_text())
    for expected in (
        "R$ 138,46",
        "quarta-feira, 29 de julho de 2026",
        "Maria S., ***.982.247-**",
        "Horizonte Comércio de Móveis Ltda.",
        "CNPJ 11.222.333/0001-81",
        "Rua das Acácias, 120",
        "Como conferir que este pagamento é verdadeiro",
        "Juros do parcelamento R$ 28,32",
        "Total do acordo R$ 830,74",
        "Demonstração.",
        charge.pix_copy_paste,
    ):
        assert expected in text
    assert "529" not in text.replace(charge.pix_copy_paste, "")


@pytest.mark.parametrize(
    ("button", "value"),
    [("Copiar código Pix", "pix_copy_paste"), ("Copiar código de barras", "linha_digitavel")],
)
def test_a_button_copies_the_code_and_says_so(
    site: str, charge: Charge, browser: Page, button: str, value: str
) -> None:
    complaints: list[str] = []
    browser.on("console", lambda message: complaints.append(message.text))
    browser.goto(site + path(charge))
    browser.get_by_role("button", name=button).click()
    browser.get_by_text("Copiado! Agora cole no aplicativo do seu banco.").wait_for()
    assert browser.evaluate("navigator.clipboard.readText()") == getattr(charge, value)
    assert complaints == []


def test_the_page_fits_a_phone(site: str, charge: Charge, browser: Page) -> None:
    browser.goto(site + path(charge))
    assert browser.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_works_without_scripts(site: str, charge: Charge) -> None:
    html = get(site + path(charge)).text
    assert charge.pix_copy_paste in html
    assert html.count("<svg") == 2
    assert re.search(r"<script(?! src=)", html) is None
    assert re.search(r"\son\w+=|\sstyle=", html) is None


@pytest.mark.parametrize("suffix", ["", "/boleto.pdf"])
def test_nothing_of_a_charge_is_indexed_cached_or_passed_on(
    site: str, charge: Charge, suffix: str
) -> None:
    headers = get(site + path(charge) + suffix).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


def test_the_boleto_opens_as_pdf(site: str, charge: Charge) -> None:
    answer = get(f"{site}{path(charge)}/boleto.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("suffix", ["", "/boleto.pdf"])
def test_an_expired_charge_says_how_to_get_a_new_one(
    site: str, charge: Charge, clock: FakeClock, suffix: str
) -> None:
    clock.pass_days(60)
    answer = get(site + path(charge) + suffix)
    assert answer.status_code == 410
    assert "Peça uma segunda via" in answer.text


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (ChargeStatus.CANCELLED, 410, "Este pagamento foi substituído"),
        (ChargeStatus.PAID, 200, "Pagamento recebido"),
    ],
)
def test_a_charge_no_longer_to_be_paid_shows_no_code(
    site: str, charge: Charge, status: ChargeStatus, code: int, says: str
) -> None:
    with transaction() as session:
        session.execute(update(ChargeRow).values(status=status))
    answer = get(site + path(charge))
    assert (answer.status_code, says in answer.text) == (code, True)
    assert charge.pix_copy_paste not in answer.text


@pytest.mark.parametrize("token", ["x" * 32, "short", "..%2f..%2fhealthz", "%00"])
def test_an_unknown_link_is_a_kind_404(api: Api, site: str, token: str) -> None:
    answer = get(f"{site}/pagar/{token}")
    assert answer.status_code == 404
    assert "Não encontramos este pagamento" in answer.text or "%2f" in token


def test_without_billing_the_page_asks_to_try_again(site_without_billing: str) -> None:
    answer = get(site_without_billing + "/pagar/" + "x" * 32)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Espere meio minuto" in answer.text


def test_a_name_with_markup_is_shown_as_text(
    client: BillingClient, site: str, charge: Charge
) -> None:
    with transaction() as session:
        session.execute(update(ChargeRow).values(description="<b>sofá</b>"))
    assert "&lt;b&gt;sofá&lt;/b&gt;" in get(site + path(charge)).text
