"""A message nobody understood becomes a better model, with people talking all the while."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, expect

from bot import db
from bot.desk import people
from bot.training import collecting
from tests.desk.conftest import browser as browser
from tests.desk.console import WAIT_MS, Console
from tests.house import House, Phone
from tests.training.teaching import copy_project

SAID = "rola um esquema camarada pra eu acertar isso"
ALSO = ("faz um esquema camarada nessa conta?", "queria um esquema camarada pra acertar")
JOAO = "5521976543210"
TRAINING_MS = 600_000


@pytest.fixture
def house(database: None, tmp_path: Path) -> Iterator[House]:
    """All processes, on a copy of the project that trainers may change."""
    tmp_path.chmod(0o755)
    root = copy_project(tmp_path / "project")
    (tmp_path / "logs").mkdir()
    house = House(db.database_url(), tmp_path / "logs", root=root)
    try:
        house.start_all()
        house.reset()
        with db.transaction() as session:
            people.load_demo(session)
        yield house
    finally:
        house.stop_all()


@contextmanager
def _somebody_talks(phone: Phone) -> Iterator[list[str]]:
    """Message after message, each answered before the next; the answers."""
    answers: list[str] = []
    is_over = Event()

    def talk() -> None:
        while not is_over.is_set():
            answers.append(phone.says("oi"))

    talking = Thread(target=talk)
    talking.start()
    yield answers
    is_over.set()
    talking.join()


def _heard(house: House) -> tuple[str, str]:
    """What was understood of Maria's last message, and by which model."""
    [row] = house.query(
        "SELECT heard ->> 'intent', heard ->> 'model' FROM bot.turns JOIN bot.messages AS said"
        " ON said.turn_id = turns.id WHERE said.text = :said ORDER BY answered_at DESC LIMIT 1",
        said=SAID,
    )
    return row[0], row[1]


def _reviews(tina: Console) -> None:
    """From the inbox to examples, by keyboard."""
    collecting.collect(datetime.now(UTC))
    page = tina.goes_to("/training/?signal=asked")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    tina.sees("O que esta mensagem quer dizer?")
    expect(page.get_by_text(SAID).first).to_be_visible()
    tina.screenshot("mensagem")
    page.keyboard.press("1")
    tina.sees("Guardado")


def _applies(tina: Console) -> None:
    """Two more ways to say it, the difference looked at, and the change on its branch."""
    page = tina.goes_to("/training/changes")
    for words in ALSO:
        page.locator("summary", has_text="Acrescentar à mão").click()
        page.locator("summary", has_text="Uma mensagem").click()
        page.get_by_label("Como alguém escreveria").fill(words)
        page.locator("#add-intent").select_option("ask_discount")
        page.locator("form", has=page.locator("#add-intent")).get_by_role(
            "button", name="Acrescentar"
        ).click()
        tina.sees(f"{words} →")
    expect(page.locator(".diff")).to_contain_text([SAID], timeout=WAIT_MS)
    page.get_by_label("Nome da mudança").fill("Esquema camarada")
    tina.screenshot("diferenca")
    page.get_by_role("button", name="Aplicar").click()
    tina.sees("Esquema camarada")


def test_a_message_nobody_understood_becomes_a_better_model(house: House, browser: Browser) -> None:
    """Annotated, applied, trained, compared, promoted, and taken back: nobody waits for it."""
    phone, joao = house.phone(), house.phone(JOAO)
    for words in ("oi", "529", "esqueci de pagar", SAID):
        phone.says(words)
    intent, first = _heard(house)
    assert intent == "nlu_fallback"

    tina = Console(browser, house, "tina")
    _reviews(tina)
    _applies(tina)
    tina.page.get_by_role("button", name="Treinar").click()
    tina.sees("Treinando")
    tina.screenshot("treinando")
    ready = tina.page.get_by_text("Pode ser promovido")
    expect(ready).to_be_visible(timeout=TRAINING_MS)
    taught = tina.page.locator(".told li", has_text=SAID).first
    expect(taught).to_contain_text("hoje: pergunta")
    expect(taught).to_contain_text("candidato: Pede desconto")
    tina.screenshot("comparacao")

    with _somebody_talks(joao) as answers:
        tina.page.get_by_role("button", name="Promover").click()
        expect(tina.page.locator(".serving h2")).not_to_contain_text(first, timeout=WAIT_MS)
    assert answers
    assert all(answers)
    tina.screenshot("modelos")
    assert "desconto" in phone.says(SAID)
    intent, second = _heard(house)
    assert (intent, second != first) == ("ask_discount", True)

    tina.page.locator("summary", has_text="Voltar ao modelo anterior").click()
    tina.page.get_by_label("Por quê?").fill("Só um teste")
    tina.page.get_by_role("button", name="Voltar para").click()
    expect(tina.page.locator(".serving h2")).to_contain_text(first, timeout=WAIT_MS)
    phone.says(SAID)
    assert _heard(house) == ("nlu_fallback", first)
    tina.goes_to("/training/watch")
    tina.sees(second)
    tina.screenshot("acompanhar")
    tina.leaves()
    log = subprocess.run(
        ["git", "log", "--format=%an: %s"], cwd=house.root, capture_output=True, text=True
    ).stdout
    assert "Tina Treinadora: Esquema camarada" in log
