"""What a trainer lives through, on real processes in Chromium."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from bot.nlu.examples import read_examples
from bot.settings import PROJECT
from bot.training import collecting
from tests.desk.conftest import browser as browser
from tests.desk.conftest import console as console
from tests.desk.console import PHONE, WAIT_MS, Console
from tests.desk.test_pages import findings, fits
from tests.emptying import forget
from tests.house import House
from tests.training.checkout import git

Open = Callable[..., Console]
UNCLEAR = "olha so consigo dar oitenta conto todo mes viu"


@pytest.fixture(autouse=True)
def forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing reviewed, before and after; accounts could not be deleted."""
    monkeypatch.setattr(collecting, "_known", collecting.Known.nothing())
    forget(house.engine, "training")
    yield
    forget(house.engine, "training")


def _misunderstood(house: House) -> None:
    """Maria says something the bot is made unsure of, and more."""
    phone = house.phone()
    for words in ("oi", "529", "aqui é a Maria Souza, esqueci de pagar", UNCLEAR):
        phone.says(words)
    with house.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE bot.turns SET heard = heard || jsonb_build_object('intent', 'nlu_fallback',"
            " 'confidence', 0.41, 'ranking', '[[\"cannot_pay\", 0.41],"
            ' ["propose_amount", 0.37], ["reason_cash_flow", 0.09]]\'::jsonb) WHERE id ='
            " (SELECT turn_id FROM bot.messages WHERE text = %s)",
            (UNCLEAR,),
        )
    collecting.collect(datetime.now(UTC))


def _not_understood(house: House) -> str:
    """Something the model of today is unsure of."""
    url = house.url("rasa") + "/model/parse"
    for example in read_examples([PROJECT / "tests" / "nlu" / "unseen.yml"]):
        parsed = requests.post(url, json={"text": example.text}, timeout=5).json()
        if parsed["intent"]["name"] == "nlu_fallback" and example.text.isascii():
            return example.text
    raise AssertionError("everything is understood")


def _looks_good(person: Console, name: str) -> None:
    person.page.wait_for_timeout(200)
    width = (person.page.viewport_size or PHONE)["width"]
    person.screenshot(f"treino-{name}-{width}")
    assert findings(person.page) == [], name
    assert fits(person.page), name


def test_from_a_message_to_a_change_by_keyboard(
    house: House, console: Open, training_checkout: Path
) -> None:
    """Inbox, values, intent, diff, a commit in the trainer's name; the checkout stays."""
    _misunderstood(house)
    before = git(training_checkout, "rev-parse", "HEAD")
    tina = console("tina")
    page, press = tina.page, tina.page.keyboard.press
    tina.goes_to("/training/")
    _looks_good(tina, "mensagens")
    press("j")
    press("Enter")
    expect(page.locator("#message")).to_contain_text(UNCLEAR, timeout=WAIT_MS)
    expect(page.locator(".neighbours li").first).to_be_visible(timeout=WAIT_MS)
    _marks_eighty(tina)
    _looks_good(tina, "avaliar")
    press("2")
    expect(page.get_by_text("Guardado:")).to_be_visible(timeout=WAIT_MS)
    tina.goes_to("/training/changes")
    expect(page.locator(".diff .added")).to_have_count(1)
    page.locator("#title").fill("Propostas por mês")
    _looks_good(tina, "exemplos")
    press("Enter")
    expect(page.get_by_role("heading", name="Propostas por mês")).to_be_visible(timeout=WAIT_MS)
    _looks_good(tina, "mudanca")
    said = git(training_checkout, "log", "--all", "-1", "--format=%an|%s")
    assert said == "Tina Treinadora|Propostas por mês\n"
    diff = git(training_checkout, "log", "--all", "-1", "-p", "--unified=0", "--format=")
    mark = '[oitenta conto]{"entity": "amount", "role": "monthly"}'
    assert f"+    - olha so consigo dar {mark} todo mes viu" in diff
    assert git(training_checkout, "rev-parse", "HEAD") == before


def _marks_eighty(tina: Console) -> None:
    """The words 5 and 6, as so much a month."""
    press = tina.page.keyboard.press
    press("e")
    for _ in range(4):
        press("ArrowRight")
    press("Shift+ArrowRight")
    tina.page.wait_for_timeout(100)
    tina.screenshot("treino-marcar")
    press("2")
    expect(tina.page.locator("#marks li")).to_have_text("oitenta conto: valor por mês ×")


def test_values_are_marked_with_the_mouse_and_intents_found_by_typing(
    house: House, console: Open
) -> None:
    """The last one can be looked at again; a colleague who says the same agrees."""
    _misunderstood(house)
    tina = console("tina")
    page = tina.page
    tina.goes_to(f"/training/?q={UNCLEAR.split()[0]}")
    page.locator("#groups a").first.click()
    first, last = (page.locator("#message span", has_text=w) for w in ("oitenta", "conto"))
    first.hover()
    page.mouse.down()
    last.hover()
    page.mouse.up()
    page.get_by_role("button", name="valor por mês").click()
    expect(page.locator("#marks li")).to_contain_text("conto: valor por mês")
    page.keyboard.press("/")
    page.keyboard.type("propoe valor")
    expect(page.locator("#guide li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Guardado")).to_be_visible(timeout=WAIT_MS)
    assert house.query("SELECT intent FROM training.examples") == [("propose_amount",)]
    page.get_by_role("link", name=re.compile("Voltar à última|Voltar a ela")).click()
    expect(page.get_by_text("Tina Treinadora")).not_to_have_count(0)
    tina.sees("corrigiu: Propõe um valor")
    lia = console("lia")
    lia.goes_to(page.url.removeprefix(house.url("web")))
    lia.page.keyboard.press("2")
    expect(lia.page.locator(".done")).to_be_visible(timeout=WAIT_MS)
    lia.goes_to("/training/agreement")
    lia.sees("100 %")
    _looks_good(lia, "concordancia")


def test_a_conversation_is_saved_as_a_test_and_every_page_fits_a_phone(
    house: House, console: Open, training_checkout: Path
) -> None:
    """For the turn not understood somebody has to say what should have been heard."""
    house.phone().says(_not_understood(house))
    _misunderstood(house)
    tina = console("tina", PHONE)
    page = tina.page
    tina.goes_to("/training/")
    _looks_good(tina, "mensagens")
    page.locator("#groups a").first.click()
    _looks_good(tina, "avaliar")
    page.get_by_role("link", name="Salvar a conversa como teste").click()
    page.get_by_label("Nome do teste").fill("Só pode oitenta por mês")
    expect(page.locator("#written")).to_contain_text("Só pode oitenta", timeout=WAIT_MS)
    expect(page.locator("#written")).not_to_contain_text("Souza")
    _looks_good(tina, "teste")
    page.get_by_role("button", name="Salvar como teste").click()
    tina.sees("Diga o que deveria ser entendido")
    page.get_by_label("O bot não entendeu. Devia entender").select_option("out_of_scope")
    expect(page.locator("#written")).to_contain_text("intent: out_of_scope", timeout=WAIT_MS)
    page.get_by_role("button", name="Salvar como teste").click()
    tina.sees("test_so_pode_oitenta_por_mes.yml")
    _looks_good(tina, "testes")
    tina.goes_to("/training/changes")
    expect(page.locator(".diff .added").first).to_be_visible()
    _looks_good(tina, "exemplos")
