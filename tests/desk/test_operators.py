"""What operators live through, on real processes in Chromium."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import requests
from playwright.sync_api import FilePayload, expect

from bot import opening
from bot.business_hours import SAO_PAULO
from tests.desk.console import PHONE, WAIT_MS, Console
from tests.house import House, Phone, bubble_text

Open = Callable[..., Console]
JOAO = "5521976543210"


def _asks_for_a_person(house: House) -> Phone:
    phone = house.phone()
    for words in ("oi", "529", "quero falar com um atendente"):
        phone.says(words)
    return phone


def test_takeover_in_the_middle_of_a_bot_turn(house: House, console: Open) -> None:
    """No bubble of the bot comes after it."""
    phone, ana = house.phone(), console("ana")
    phone.says("oi")
    with house.frozen("actions"):
        phone.send(type="text", text="529")
        house.wait_for(_turn_is_running(house), "turn that runs")
        ana.page.locator("[data-tab=all]").click()
        ana.goes_to(f"/desk/c/{_conversation(house)}")
        ana.takes()
        said = len(phone.bubbles())
    house.wait_for(house.is_settled, "end of the turn")
    time.sleep(2)
    assert len(phone.bubbles()) == said
    ana.replies("Oi! A Ana aqui.")
    assert [bubble_text(b) for b in phone.bubbles()[said:]] == ["Oi! A Ana aqui."]


def _turn_is_running(house: House) -> Callable[[], bool]:
    return lambda: bool(house.query("SELECT 1 FROM bot.turns WHERE state = 'open'"))


def _conversation(house: House) -> str:
    [(id_,)] = house.query("SELECT id FROM bot.conversations")
    return str(id_)


def test_two_operators_collide(house: House, console: Open) -> None:
    """Both look at it; one gets it, the other sees who, live."""
    _asks_for_a_person(house)
    ana, bia = console("ana"), console("bia")
    for person in (ana, bia):
        person.opens("Maria")
    ana.takes()
    bia.sees("Ana Operadora está com esta conversa.")
    expect(bia.page.get_by_role("button", name="Assumir")).to_have_count(0)


def test_closed_window(house: House, console: Open) -> None:
    """Free text cannot be written, a template can be sent."""
    phone, ana = house.phone(), console("ana")
    house.arm(backdate_hours=25)
    phone.send(type="text", text="oi")
    ana.opens("Maria")
    ana.sees("Mensagem não entregue")
    ana.sees("janela de 24 h fechada")
    ana.page.get_by_role("button", name="Assumir").click()
    ana.sees("O WhatsApp não entrega texto livre agora")
    expect(ana.page.locator("#text")).to_have_count(0)
    before = len(phone.bubbles())
    ana.page.locator("summary", has_text="Retomar a conversa").click()
    ana.screenshot("janela-fechada")
    ana.page.get_by_role("button", name="Enviar modelo").filter(visible=True).click()
    house.wait_for(lambda: len(phone.bubbles()) > before, "template")


def test_undelivered_and_retried(house: House, console: Open) -> None:
    """The reason is shown where the message is; sending again arrives."""
    phone, ana = _asks_for_a_person(house), console("ana")
    ana.opens("Maria")
    ana.takes()
    house.arm(reject={"code": 131026})
    ana.replies("Segue o que combinamos.")
    ana.sees("código 131026 da Meta")
    ana.screenshot("nao-entregue")
    before = len(phone.bubbles())
    ana.page.get_by_role("button", name="Reenviar").click()
    assert "Segue o que combinamos." in phone.answer_after(before)
    ana.sees("Reenviada abaixo.")
    expect(ana.page.locator("#text")).to_have_value("")


def test_a_whole_handoff_by_keyboard_alone(house: House, console: Open) -> None:
    """No mouse from the list to the end."""
    phone, ana = _asks_for_a_person(house), console("ana")
    press = ana.page.keyboard.press
    expect(ana.page.locator(".row")).to_have_count(1, timeout=WAIT_MS)
    press("j")
    press("Enter")
    expect(ana.page.locator(".bar h1")).to_have_text("Maria Souza", timeout=WAIT_MS)
    ana.sees("Mostrar CPF e telefone")
    press("a")
    expect(ana.page.locator("#text")).to_be_focused(timeout=WAIT_MS)
    before = len(phone.bubbles())
    ana.page.keyboard.type("Oi, Maria!")
    press("Control+Enter")
    assert phone.answer_after(before) == "Oi, Maria!"
    expect(ana.page.locator("#text")).to_have_value("", timeout=WAIT_MS)
    expect(ana.page.locator("#text")).to_be_focused(timeout=WAIT_MS)
    press("Escape")
    press("?")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    ana.screenshot("teclas")
    press("Escape")
    press("e")
    expect(ana.page.get_by_label("Acordo fechado")).to_be_focused()
    for key in ("ArrowDown", "Tab", "Enter"):
        press(key)
    expect(ana.page.get_by_text("O bot está respondendo")).to_be_visible(timeout=WAIT_MS)
    assert house.query("SELECT disposition FROM desk.resolutions") == [("promised",)]
    assert house.owner()[0] == "bot"


def test_on_a_phone(house: House, console: Open) -> None:
    """List, conversation, answer, back to the list."""
    phone, ana = _asks_for_a_person(house), console("ana", PHONE)
    ana.opens("Maria")
    expect(ana.page.locator("#list")).to_be_hidden()
    ana.takes()
    before = len(phone.bubbles())
    ana.replies("Oi pelo celular!")
    assert "celular" in phone.answer_after(before)
    ana.page.get_by_label("Voltar à lista").click()
    expect(ana.page.locator("#list")).to_be_visible()


def test_a_charge_in_one_click(house: House, console: Open) -> None:
    """Boleto and code reach the phone."""
    phone, ana = _asks_for_a_person(house), console("ana")
    ana.opens("Maria")
    ana.takes()
    ana.sees("Negociar")
    before = len(phone.bubbles())
    ana.page.locator("#panel summary", has_text="parcela 4 de 10").click()
    ana.page.get_by_role("button", name="Enviar Pix").first.click()
    ana.sees("Cobrança enviada.")
    house.wait_for(lambda: len(phone.bubbles()) == before + 2, "page and code")
    assert phone.bubbles()[-1]["content"]["body"].startswith("000201")


def test_terms_beyond_the_operators_authority_are_approved_in_place(
    house: House, console: Open
) -> None:
    """The operator asks, the supervisor grants, the person says yes, billing has the agreement."""
    phone, ana, sonia = _asks_for_a_person(house), console("ana"), console("sonia")
    sonia.goes_to("/desk/wall")
    ana.opens("Maria")
    ana.takes()
    ana.page.get_by_label("Total", exact=True).fill("350")
    ana.page.get_by_role("button", name="Ver propostas").click()
    ana.sees("Na sua alçada")
    ana.page.get_by_label("Recado para a supervisão").fill("Cliente antiga, perdeu o emprego.")
    ana.screenshot("negociar")
    ana.page.get_by_role("button", name="Pedir alçada à supervisão").click()
    ana.sees("Esperando")
    sonia.sees("Cliente antiga, perdeu o emprego.")
    sonia.page.get_by_role("button", name="Ver o que posso aprovar").click()
    sonia.sees("à vista")
    house.phone(JOAO).says("quero falar com uma pessoa")
    joao = sonia.page.get_by_role("link", name="João Pereira")
    expect(joao).to_be_visible(timeout=WAIT_MS)
    sonia.sees("à vista")  # what is being decided stays when the queue changes
    sonia.screenshot("painel-alcada")
    sonia.page.get_by_role("button", name="Aprovar esta").first.click()
    ana.sees("Aprovado")
    approved = ana.page.locator(".request.approved")
    before = len(phone.bubbles())
    approved.get_by_role("button", name="Enviar proposta").click()
    assert "Posso confirmar?" in phone.answer_after(before)
    phone.send(type="text", text="sim, fechado")
    ana.sees("sim, fechado")
    approved.get_by_role("button", name="A pessoa disse sim: registrar").click()
    ana.sees("registrado.")
    [(made,)] = house.query(
        "SELECT count(*) FROM billing.agreements WHERE status = 'active'"
        " AND customer_id IN (SELECT customer_id FROM bot.conversations)"
    )
    assert made == 1


def test_promise_and_dispute_are_registered(house: House, console: Open) -> None:
    """In the name of the operator."""
    _asks_for_a_person(house)
    ana = console("ana")
    ana.opens("Maria")
    ana.takes()
    day = (datetime.now(SAO_PAULO) + timedelta(days=5)).date()
    ana.page.locator("summary", has_text="Promessa de pagamento").click()
    ana.page.get_by_label("Dia", exact=True).fill(day.isoformat())
    ana.page.get_by_role("button", name="Registrar promessa").click()
    ana.sees(f"Promessa para {day:%d/%m}")
    assert house.query("SELECT taken_by FROM billing.promises") == [
        ("operator:ana@demo.combinado",)
    ]
    ana.page.locator("summary", has_text="Contestação ou").click()
    ana.page.get_by_label("O que houve").select_option("already_paid")
    ana.page.get_by_role("button", name="Registrar", exact=True).click()
    ana.sees("Responder até")
    assert house.query("SELECT kind, opened_by FROM billing.disputes") == [
        ("already_paid", "operator:ana@demo.combinado")
    ]


def test_a_draft_survives_new_messages_and_other_conversations(house: House, console: Open) -> None:
    """Nothing begun is lost."""
    phone, ana = _asks_for_a_person(house), console("ana")
    ana.opens("Maria")
    ana.takes()
    ana.page.locator("#text").fill("Estou vendo iss")
    phone.send(type="text", text="e aí?")
    ana.sees("e aí?")
    expect(ana.page.locator("#text")).to_have_value("Estou vendo iss")
    ana.page.wait_for_timeout(700)
    ana.goes_to("/desk/")
    ana.page.locator("[data-tab=mine]").click()
    ana.opens("Maria")
    expect(ana.page.locator("#text")).to_have_value("Estou vendo iss")


def test_a_picture_is_shown_and_a_strange_file_only_downloaded(house: House, console: Open) -> None:
    """Served by us, with a type that runs nothing."""
    phone, ana = _asks_for_a_person(house), console("ana")
    ana.opens("Maria")
    ana.takes()
    image = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
        "f8ffff3f0005fe02fea735819b0000000049454e44ae426082"
    )
    phone_url = phone._url
    _send_file(phone_url, "foto.png", image, "image/png")
    picture = ana.page.locator(".bubble.theirs img")
    expect(picture).to_be_visible(timeout=WAIT_MS)
    answer = ana.page.request.get(ana.house.url("web") + (picture.get_attribute("src") or ""))
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    _send_file(phone_url, "conta.txt", b"<script>alert(1)</script>", "text/plain")
    link = ana.page.locator(".bubble.theirs a.file")
    expect(link).to_be_visible(timeout=WAIT_MS)
    answer = ana.page.request.get(ana.house.url("web") + (link.get_attribute("href") or ""))
    assert answer.headers["content-type"].startswith("application/octet-stream")
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_file_of_the_operators_own(house: House, console: Open) -> None:
    """Chosen without a mouse, uploaded anew when Meta stumbles, shown on both sides."""
    phone, ana = _asks_for_a_person(house), console("ana")
    ana.opens("Maria")
    ana.takes()
    ana.page.locator("#text").fill("Segue o acordo.")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_label("Anexar")).to_be_focused()
    pdf = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
    chosen: FilePayload = {"name": "acordo.pdf", "mimeType": "application/pdf", "buffer": pdf}
    ana.page.get_by_label("Anexar").set_input_files(chosen)
    ana.sees("acordo.pdf")
    ana.screenshot("anexar")
    house.arm(reject={"code": 131053})
    before = len(phone.bubbles())
    ana.page.keyboard.press("Tab")
    ana.page.locator("#text").press("Control+Enter")
    house.wait_for(lambda: len(phone.bubbles()) > before, "document")
    [bubble] = phone.bubbles()[before:]
    assert bubble["content"]["caption"] == "Segue o acordo."
    kept = requests.get(f"{house.url('simulator')}/simulator/media/{bubble['content']['id']}")
    assert kept.content == pdf
    expect(ana.page.locator(".bubble.ours a.file")).to_have_count(1, timeout=WAIT_MS)
    expect(ana.page.locator("#text")).to_have_value("", timeout=WAIT_MS)
    strange: FilePayload = {"name": "foto.png", "mimeType": "image/png", "buffer": b"GIF89a"}
    ana.page.get_by_label("Anexar").set_input_files(strange)
    ana.page.locator("#text").fill("E a foto.")
    ana.page.locator("#send").click()
    ana.sees("não é nenhum deles por dentro")
    expect(ana.page.locator("#text")).to_have_value("E a foto.")
    ana.page.get_by_role("button", name="tirar").click()
    ana.replies("E a foto.")


@pytest.fixture
def open_again(house: House) -> Iterator[None]:
    """What is changed here is not true any more for those who come after."""
    yield
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM bot.opening_hours")
        connection.exec_driver_sql("DELETE FROM bot.closed_days")
    opening.forget()
    time.sleep(opening.FRESH_SECONDS)


def test_the_bot_knows_what_the_supervisor_changed(
    house: House, console: Open, open_again: None
) -> None:
    """From the page to what a debtor reads, within seconds."""
    sonia = console("sonia")
    page = sonia.goes_to("/desk/hours")
    page.get_by_label("Sábado, abre", exact=True).fill("08:15")
    page.get_by_label("Sábado, fecha", exact=True).fill("12:45")
    page.get_by_role("button", name="Guardar a semana").click()
    sonia.sees("sábado, das 8h15 às 12h45")
    today = datetime.now(SAO_PAULO).date()
    page.get_by_label("Dia", exact=True).fill(today.isoformat())
    page.get_by_label("Motivo").fill("Inventário")
    page.get_by_role("button", name="Fechar o dia").click()
    sonia.sees("Inventário")
    sonia.screenshot("horarios")
    page.wait_for_timeout(1000 * opening.FRESH_SECONDS)
    told = house.phone().says("quero falar com uma pessoa")
    assert "a partir de" in told
    assert "hoje" not in told


def test_a_template_of_metas_reaches_the_phone(house: House, console: Open) -> None:
    """Read on the supervisor's page, filled in by the operator, shown in the simulator."""
    sonia = console("sonia")
    sonia.goes_to("/desk/texts")
    sonia.page.get_by_role("button", name="Ler de novo da Meta").click()
    sonia.sees("Lidos da Meta às")
    sonia.screenshot("textos")
    phone, ana = house.phone(), console("ana")
    house.arm(backdate_hours=25)
    phone.send(type="text", text="oi")
    ana.opens("Maria")
    ana.page.get_by_role("button", name="Assumir").click()
    ana.page.locator("summary", has_text="Documento pronto").click()
    ana.page.get_by_label("Campo 1").filter(visible=True).fill("Maria")
    ana.page.get_by_label("Campo 2").filter(visible=True).fill("boleto de novembro")
    ana.screenshot("janela-fechada")
    before = len(phone.bubbles())
    ana.page.get_by_role("button", name="Enviar modelo").filter(visible=True).click()
    house.wait_for(lambda: len(phone.bubbles()) > before, "template")
    bubble = ana.page.locator(".bubble.ours", has_text="(boleto de novembro) está pronto")
    expect(bubble).to_be_visible(timeout=WAIT_MS)


def _send_file(url: str, name: str, data: bytes, mime_type: str) -> None:
    media = requests.post(
        f"{url}/media", files={"file": (name, data, mime_type)}, timeout=10
    ).json()
    body = {"type": media["kind"], "media_id": media["id"]}
    requests.post(f"{url}/messages", json=body, timeout=10).raise_for_status()
