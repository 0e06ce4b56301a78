"""The payment page: in a browser, over the real API."""

import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from uuid import UUID

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import update
from werkzeug.serving import make_server

from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.client import BillingClient, Charge
from bot.billing.http import EXTENSION
from bot.billing.views import blueprint
from bot.creditor import get_creditor
from bot.db import transaction
from tests.billing.documents.paying import pay
from tests.billing.support import EVIDENCE, TODAY, TOKEN, Api, FakeClock, key


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
        "Como saber que este boleto é verdadeiro",
        "Quem recebe Horizonte Comércio de Móveis Ltda.",
        "Banco Banco de demonstração (código 237)",
        "Vencimento 29/07/2026 (no boleto)",
        "WhatsApp +55 19 3200-1000 ou telefone 0800 700 1000",
        "Nunca pedimos senha",
        "Este link funciona até domingo, 1 de novembro de 2026",
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
        (ChargeStatus.CANCELLED, 410, "Este pagamento foi cancelado"),
        (ChargeStatus.PAID, 200, "Pagamento recebido"),
        (ChargeStatus.ISSUING, 200, "Seu boleto está sendo gerado"),
        (ChargeStatus.EXPIRED, 410, "Este pagamento venceu"),
    ],
)
def test_a_charge_that_cannot_be_paid_shows_no_code(
    site: str, charge: Charge, status: ChargeStatus, code: int, says: str
) -> None:
    with transaction() as session:
        session.execute(update(ChargeRow).values(status=status))
    answer = get(site + path(charge))
    assert (answer.status_code, says in answer.text) == (code, True)
    assert charge.pix_copy_paste not in answer.text


def test_a_charge_in_whose_place_there_is_a_newer_one_says_so(
    client: BillingClient, site: str, maria: UUID
) -> None:
    everything = client.issue_charge(maria, idempotency_key=key())
    one = client.debts(maria).debts[0].invoice_id
    client.issue_charge(maria, invoice_id=one, idempotency_key=key())
    answer = get(site + path(everything))
    assert (answer.status_code, "Este pagamento foi substituído" in answer.text) == (410, True)


def test_a_charge_being_issued_looks_again_by_itself(
    site: str, charge: Charge, browser: Page
) -> None:
    with transaction() as session:
        session.execute(update(ChargeRow).values(status=ChargeStatus.ISSUING))
    page = get(site + path(charge))
    assert '<meta http-equiv="refresh" content="5">' in page.text
    slip = get(f"{site}{path(charge)}/boleto.pdf")
    assert (slip.status_code, "está sendo gerado" in slip.text) == (503, True)


@pytest.mark.parametrize("status", [ChargeStatus.LIVE, ChargeStatus.PAID, ChargeStatus.CANCELLED])
@pytest.mark.parametrize("suffix", ["", "/boleto.pdf"])
def test_an_old_link_shows_nothing_any_more(
    site: str, charge: Charge, clock: FakeClock, status: ChargeStatus, suffix: str
) -> None:
    """The charge expires on 4 August; its link shows nothing from 90 days later on."""
    with transaction() as session:
        session.execute(update(ChargeRow).values(status=status))
    clock.pass_days(103)
    answer = get(site + path(charge) + suffix)
    assert (answer.status_code, "Este link expirou" in answer.text) == (410, True)
    assert "Maria" not in answer.text


def test_the_paid_page_leads_to_the_receipt(
    client: BillingClient, site: str, maria: UUID, browser: Page, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    pay(client, charge, TODAY, clock)
    browser.goto(site + path(charge))
    browser.get_by_role("link", name="Ver recibo").click()
    text = re.sub(r"\s+", " ", browser.locator("body").inner_text())
    for expected in (
        "Documento verdadeiro",
        "Recibo de pagamento",
        "Maria S., ***.982.247-**",
        "Pago em 22/07/2026",
    ):
        assert expected in text
    pdf = get(browser.get_by_role("link", name="Abrir o PDF").evaluate("a => a.href"))
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Cache-Control"] == "no-store"


def test_the_paper_shows_no_link_to_the_document(
    client: BillingClient, site: str, maria: UUID, charge: Charge, api: Api
) -> None:
    context = api.app.extensions[EXTENSION]
    token = client.documents(maria)[0].url.rsplit("/")[-1]
    proof = context.signer.token(replace(context.signer.read(token), opens=False))
    assert "Abrir o PDF" in get(f"{site}/documentos/{token}").text
    page = get(f"{site}/documentos/{proof}")
    assert "Documento verdadeiro" in page.text
    assert "Abrir o PDF" not in page.text
    assert "Situação hoje" in page.text


@pytest.mark.parametrize(
    ("days", "withdrawn", "code", "says"),
    [
        (0, True, 410, "Este documento não vale mais"),
        (91, False, 410, "O documento continua valendo"),
    ],
)
def test_a_document_that_cannot_be_shown_says_why(
    client: BillingClient,
    site: str,
    maria: UUID,
    clock: FakeClock,
    days: int,
    withdrawn: bool,
    code: int,
    says: str,
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    pay(client, charge, TODAY, clock)
    token = client.documents(maria)[0].url.rsplit("/")[-1]
    if withdrawn:
        [payment] = client.payments_of(maria)
        client.refund_payment(payment.id, payment.amount, idempotency_key=key())
    clock.pass_days(days)
    answer = get(f"{site}/documentos/{token}")
    assert (answer.status_code, says in answer.text) == (code, True)


@pytest.mark.parametrize("suffix", ["", "/documento.pdf"])
def test_a_forged_document_is_told_to_be_none_of_ours(api: Api, site: str, suffix: str) -> None:
    answer = get(f"{site}/documentos/{'x' * 48}{suffix}")
    assert answer.status_code == 404
    assert "o documento não foi emitido por nós" in answer.text


def test_the_codes_are_copied_without_a_network(site: str, charge: Charge, browser: Page) -> None:
    browser.goto(site + path(charge))
    browser.context.set_offline(True)
    try:
        browser.get_by_role("button", name="Copiar código Pix").click()
        browser.get_by_text("Copiado! Agora cole no aplicativo do seu banco.").wait_for()
    finally:
        browser.context.set_offline(False)
    assert browser.evaluate("navigator.clipboard.readText()") == charge.pix_copy_paste


def test_on_a_phone_pix_comes_first_and_its_button_is_seen_without_scrolling(
    site: str, charge: Charge, browser: Page
) -> None:
    browser.goto(site + path(charge))
    tops = [
        browser.get_by_role("button", name=name).bounding_box()
        for name in ("Copiar código Pix", "Copiar código de barras")
    ]
    pix, boleto = (box["y"] + box["height"] for box in tops if box)
    assert pix < boleto
    assert pix < 844


CONTRASTS = """
() => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const shine = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.getClientRects().length) continue;
    const pair = [shine(parse(getComputedStyle(element).color)), shine(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) poor.push([element.textContent.trim().slice(0, 40), ratio]);
  }
  return poor;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_contrasts_enough_in_light_and_in_dark(
    client: BillingClient, site: str, maria: UUID, charge: Charge, browser: Page, scheme: str
) -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    browser.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    document = client.documents(maria)[0].url.rsplit("/")[-1]
    for page in (path(charge), f"/documentos/{document}", "/pagar/" + "x" * 32):
        browser.goto(site + page)
        assert browser.evaluate(CONTRASTS) == []


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
