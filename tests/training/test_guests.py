"""Somebody without an account tries a model on a phone page."""

from datetime import UTC, datetime, timedelta

import requests
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot import db, model
from bot.desk import people
from bot.desk.models import User
from bot.training import guests
from bot.training.models import Invitation
from tests.desk.conftest import browser as browser
from tests.desk.console import PHONE, WAIT_MS
from tests.desk.test_pages import findings, fits
from tests.house import House


def _invite() -> str:
    with db.transaction() as session:
        people.load_demo(session)
        trainer = session.scalars(select(User).where(User.email == "tina@demo.combinado")).one()
        return guests.invite(session, model.name(model.path()), "Para a Bia", trainer)


def test_a_guest_talks_and_the_inbox_has_it_masked(house: House, browser: Browser) -> None:
    """Words and buttons; nothing is sent by WhatsApp, nobody is called."""
    page = browser.new_page(viewport=PHONE, locale="pt-BR")
    page.goto(f"{house.url('web')}/training/convite/{_invite()}")
    bubbles = page.locator("#talk .bubble:not(.mine)")
    said = ("oi", "529", "esqueci, sou o Ademir, me liga no 11 98888-7777", "quero um atendente")
    for count, words in enumerate(said, 1):
        page.get_by_label("Sua mensagem").fill(words)
        page.get_by_role("button", name="Enviar").click()
        expect(page.locator("#talk .mine")).to_have_count(count, timeout=WAIT_MS)
    expect(page.get_by_text("Aqui uma pessoa da equipe assumiria")).to_be_visible(timeout=WAIT_MS)
    assert "Maria" in bubbles.nth(1).inner_text()
    assert findings(page) == []
    assert fits(page)
    page.close()
    kept = [text for (text,) in house.query("SELECT text FROM training.items ORDER BY id")]
    assert len(kept) == len(said)
    assert "Ademir" not in kept[2]
    assert "8888" not in kept[2]
    assert house.query("SELECT count(*) FROM bot.conversations") == [(0,)]
    assert house.query("SELECT count(*) FROM bot.outbox") == [(0,)]


def test_an_invitation_ends(house: House) -> None:
    """And a made-up one opens nothing."""
    token = _invite()
    address = f"{house.url('web')}/training/convite/"
    assert requests.get(address + token, timeout=5).ok
    with db.transaction() as session:
        session.scalars(select(Invitation)).one().expires_at = datetime.now(UTC) - timedelta(1)
    assert requests.get(address + token, timeout=5).status_code == 404
    assert "não vale mais" in requests.get(address + "inventado", timeout=5).text
