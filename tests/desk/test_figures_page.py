"""The dashboard as a manager sees it, at a desk and on a phone."""

import logging
import os
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import text
from werkzeug.serving import make_server

from bot import db
from bot.business_hours import SAO_PAULO
from bot.desk import people
from bot.desk.figures.daily import days_between
from tests.desk.browserless import app as app
from tests.desk.console import DESKTOP, PHONE, WAIT_MS, Console
from tests.desk.test_pages import findings, fits
from tests.house import House
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database

LEVELS = {
    ("contacted", ""): 420,
    ("identified", ""): 260,
    ("sessions", ""): 300,
    ("sessions_contained", ""): 240,
    ("customers_offered", "bot"): 150,
    ("customers_offered", "people"): 30,
    ("agreements_made", "bot"): 60,
    ("agreements_made", "people"): 22,
    ("agreements_made_amount", "bot"): 41_000,
    ("agreements_made_amount", "people"): 28_000,
    ("agreements_first_paid", "bot"): 40,
    ("agreements_broken", "bot"): 6,
    ("agreements_completed", "bot"): 21,
    ("promises_kept", "bot"): 25,
    ("promises_broken", "bot"): 9,
    ("payments_received_amount", "bot"): 31_000,
    ("payments_received_amount", "people"): 17_500,
    ("payments_received_amount", "nobody"): 6_000,
    ("handed_over", "ask_human"): 18,
    ("handed_over", "threaten_complaint"): 2,
    ("handed_over", "counter_offer_outside_authority"): 12,
    ("messages_sent", "bot"): 2_300,
    ("messages_sent", "people"): 310,
    ("messages_priced", "service"): 2_100,
    ("messages_priced", "utility"): 400,
    ("answers", "bot"): 1_200,
    ("answer_seconds", "bot"): 2_000,
    ("answers", "people"): 30,
    ("answer_seconds", "people"): 9_800,
    ("opt_outs", "bot"): 3,
    ("not_due", ""): 1_900_000,
    **{("ageing", bucket): 80 for bucket in ("1-5", "6-15", "16-30", "31-60", "61-90", "91-180", "181-360", "360+")},
    **{("ageing_amount", bucket): 52_000 for bucket in ("1-5", "6-15", "16-30", "31-60", "61-90", "91-180", "181-360", "360+")},
}  # fmt: skip


@pytest.fixture
def console(browser: Browser, app: Flask, tmp_path: Path) -> Iterator[Callable[..., Console]]:
    """Opens the console of one of the demo's people: a page needs no process but `web`."""
    with app.app_context(), db.transaction() as session:
        people.load_demo(session)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    house = House(db.database_url(), tmp_path)
    house.ports["web"] = server.port
    opened: list[Console] = []

    def open_(who: str, size: ViewportSize = DESKTOP) -> Console:
        opened.append(Console(browser, house, who, size))
        return opened[-1]

    yield open_
    for each in opened:
        each.leaves()
    server.shutdown()


def _months(last: date) -> None:
    """Half a year of figures, up and down, always the same."""
    dice = random.Random(7)
    rows = [
        {"d": day, "n": name, "m": dimension, "v": int(level * dice.uniform(0.4, 1.3))}
        for day in days_between(last - timedelta(190), last)
        for (name, dimension), level in LEVELS.items()
    ]
    with db.engine().begin() as connection:
        connection.execute(text("TRUNCATE desk.daily_figures"))
        connection.execute(text("INSERT INTO desk.daily_figures VALUES (:d, :n, :m, :v)"), rows)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_dashboard_fits_and_is_accessible(
    console: Callable[..., Console], size: ViewportSize
) -> None:
    """Full or empty, with its tables open or not."""
    today = datetime.now(SAO_PAULO).date()
    _months(today)
    marcos = console("marcos", size)
    marcos.page.get_by_role("link", name="Indicadores").click()
    marcos.sees("Contato com a pessoa certa")
    for path in ("?period=30", "?period=90", "?from=2001-01-01&to=2001-01-02"):
        page = marcos.goes_to(f"/desk/figures{path}")
        name = path.strip("?").replace("&", "-").replace("=", "-")
        if path != "?period=30":
            for details in page.locator(".chart summary").all():
                details.click()
        _picture(marcos, f"figures-{name}-{size['width']}")
        assert findings(page) == [], path
        assert fits(page), path


def _picture(person: Console, name: str) -> None:
    if folder := os.environ.get("DESK_PICTURES"):
        person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_manager_chooses_days_and_takes_them_away(
    console: Callable[..., Console],
) -> None:
    """Through the form, and back to the buttons."""
    today = datetime.now(SAO_PAULO).date()
    _months(today)
    marcos = console("marcos")
    page = marcos.goes_to("/desk/figures")
    first = today - timedelta(9)
    page.get_by_label("De", exact=True).fill(str(first))
    page.get_by_label("Até", exact=True).fill(str(today - timedelta(5)))
    page.get_by_role("button", name="Ver", exact=True).click()
    marcos.sees("(5 dias)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Baixar CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 5 * len(LEVELS)
    page.get_by_role("link", name="7 dias").click()
    expect(page.get_by_role("link", name="7 dias")).to_have_attribute(
        "aria-current", "true", timeout=WAIT_MS
    )
