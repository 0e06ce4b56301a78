"""The page in headless Chromium: a customer writes, taps and reads; a scripted bot answers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.simulator.running import MARIA, Running, buttons, listing, text, wait_for

Json = dict[str, Any]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PLAN = {"id": "p3", "title": "3 parcelas", "description": "3× de R$ 428,13"}


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
def open_page(browser: Browser, simulator: Running) -> Iterator[Callable[[ViewportSize], Page]]:
    """Opens Maria's phone in a window of a size; any error on the page fails the test."""
    errors: list[str] = []
    contexts = []

    def open_(size: ViewportSize) -> Page:
        context = browser.new_context(viewport=size, locale="pt-BR")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"{simulator.url}/#maria")
        expect(page.get_by_text("Conversa de demonstração")).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def test_a_conversation_on_a_phone(
    simulator: Running, open_page: Callable[[ViewportSize], Page]
) -> None:
    """Typing, a reply button, a list, the ticks, and what the business learns of it all."""
    simulator.receiver.on_message = _bot(simulator)
    page = open_page(PHONE)
    _write(page, "oi")
    question = _bubble(page, "O que *prefere*?".replace("*", ""))
    expect(question.locator("b")).to_have_text("prefere")
    expect(_bubble(page, "oi").get_by_label("Lida")).to_be_visible()

    question.get_by_role("button", name="Parcelar").click()
    tapped = page.locator(".message.is-mine").last
    expect(tapped.locator(".quote")).to_contain_text("O que prefere?")
    expect(tapped).to_contain_text("Parcelar")

    page.get_by_role("button", name="Ver opções").click()
    sheet = page.get_by_role("dialog", name="Ver opções")
    expect(sheet.get_by_role("button", name="Enviar")).to_be_disabled()
    sheet.get_by_label("3 parcelas").check()
    sheet.get_by_role("button", name="Enviar").click()
    expect(sheet).to_be_hidden()
    expect(_bubble(page, "Combinado!")).to_be_visible()

    kinds = [message["type"] for message in simulator.receiver.messages()]
    assert kinds == ["text", "interactive", "interactive"]
    assert simulator.receiver.messages()[2]["interactive"]["list_reply"] == PLAN
    wait_for(lambda: simulator.receiver.status_names().count("read") == 3, "three read statuses")


def test_a_message_shows_how_far_it_got(
    simulator: Running, open_page: Callable[[ViewportSize], Page]
) -> None:
    """One tick while the business is down, two when it has it, blue when it read it."""
    simulator.receiver.answers = [500]
    page = open_page(PHONE)
    _write(page, "oi")
    mine = page.locator(".message.is-mine")
    expect(mine.get_by_label("Enviada")).to_be_visible()
    expect(mine.get_by_label("Entregue")).to_be_visible()
    [message] = simulator.chat()
    simulator.request(
        messaging_product="whatsapp",
        status="read",
        message_id=message["id"],
        typing_indicator={"type": "text"},
    )
    expect(mine.get_by_label("Lida")).to_be_visible()
    expect(page.get_by_text("digitando…")).to_be_visible()
    simulator.sent(text("Olá!"))
    expect(page.get_by_text("digitando…")).to_be_hidden()


def test_files_voice_and_the_menu_of_a_message(
    simulator: Running, open_page: Callable[[ViewportSize], Page], tmp_path: Path
) -> None:
    """An upload with a caption, a voice note a decoder takes, an answer, a deletion."""
    page = open_page(PHONE)
    receipt = tmp_path / "comprovante.pdf"
    receipt.write_bytes(b"%PDF-1.4")
    page.get_by_label("Anexar").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Documento").click()
    chooser.value.set_files(receipt)
    page.get_by_label("Legenda").fill("segue")
    page.keyboard.press("Enter")
    expect(_bubble(page, "comprovante.pdf")).to_contain_text("segue")

    page.get_by_label("Gravar mensagem de voz").click()
    page.get_by_label("Enviar gravação").click()
    expect(page.locator(".sound-length")).to_have_text("0:01")

    simulator.sent(text("Recebi"))
    _menu(page, "Recebi").get_by_role("button", name="Responder").click()
    _write(page, "obrigada")
    answer = wait_for(lambda: simulator.receiver.messages()[2:], "answer")[0]
    assert answer["context"]["id"] == simulator.chat()[2]["id"]

    _menu(page, "obrigada").get_by_role("button", name="Apagar para todos").click()
    expect(page.locator("#log").get_by_text("Mensagem apagada")).to_be_visible()
    kinds = [message["type"] for message in simulator.receiver.messages()]
    assert kinds[:2] == ["document", "audio"]


def test_faults_and_customers_on_a_desktop(
    simulator: Running, open_page: Callable[[ViewportSize], Page]
) -> None:
    """The panel arms a fault and shows it spent; another phone counts what is unread."""
    page = open_page(DESKTOP)
    toggle = page.get_by_role("button", name="Duplicar ×3", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    _write(page, "oi")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    wait_for(lambda: len(simulator.receiver.posts) == 3, "three webhooks")
    expect(page.get_by_label("Registro do que trafegou")).to_contain_text("mensagem text → 200")

    simulator.inbound("joao", type="text", text="oi")
    simulator.sent(text("Olá, João"), "5521976543210")
    joao = page.get_by_role("button", name="João Pereira")
    expect(joao.get_by_label("1 não lidas")).to_be_visible()
    joao.click()
    expect(page.get_by_text("Celular de João Pereira")).to_be_visible()
    expect(_bubble(page, "Olá, João")).to_be_visible()
    expect(joao.get_by_label("1 não lidas")).to_be_hidden()


def test_the_keyboard_is_enough(
    simulator: Running, open_page: Callable[[ViewportSize], Page]
) -> None:
    """Enter sends, arrows walk through messages, Enter opens the menu, Escape comes back."""
    page = open_page(DESKTOP)
    expect(page.get_by_label("Mensagem", exact=True)).to_be_focused()
    page.keyboard.type("linha 1")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("linha 2")
    page.keyboard.press("Enter")
    simulator.received(wait_for(simulator.chat, "message")[0]["id"])
    simulator.sent(text("Recebi"))
    last = _bubble(page, "Recebi").locator(".bubble")
    last.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Opções da mensagem")
    expect(menu.get_by_role("button", name="Responder")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(_bubble(page, "linha 1").locator(".bubble")).to_be_focused()
    assert simulator.receiver.messages()[0]["text"]["body"] == "linha 1\nlinha 2"


def _bot(simulator: Running) -> Callable[[Json], None]:
    """Asks, offers a list, agrees."""
    steps = iter(
        [
            buttons("Parcelar", "Falar com alguém", body="O que *prefere*?"),
            listing(PLAN, {"id": "p6", "title": "6 parcelas"}),
            text("Combinado!"),
        ]
    )

    def answer(message: Json) -> None:
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": message["id"]}
        simulator.request(**read, typing_indicator={"type": "text"})
        simulator.sent(next(steps), MARIA)

    return answer


def _write(page: Page, words: str) -> None:
    page.get_by_label("Mensagem", exact=True).fill(words)
    page.keyboard.press("Enter")


def _bubble(page: Page, words: str) -> Locator:
    """The message with these words of its own, not in a quote."""
    own = page.locator(".words, .file-name", has_text=words)
    return page.locator("#log .message", has=own).first


def _menu(page: Page, words: str) -> Locator:
    _bubble(page, words).locator(".bubble").click(button="right", position={"x": 20, "y": 12})
    return page.get_by_role("dialog", name="Opções da mensagem")
