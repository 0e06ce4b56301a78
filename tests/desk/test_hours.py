"""The supervisor changes when people answer, and the bot says so."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from bot import opening
from bot.business_hours import LONGEST_PAUSE_DAYS, SAO_PAULO, WEEK, say_when_people_answer
from bot.conversations.turns import take
from bot.desk import tasks
from bot.desk.roles import Role
from tests.desk.browserless import Desk, waiting
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database


@pytest.fixture
def sonia(app: Flask) -> Desk:
    """A supervisor."""
    return Desk(app, Role.SUPERVISOR)


def _week(**days: str) -> dict[str, str]:
    """Fields of the form: `seg="09:00-12:00 13:00-18:00"`."""
    fields = {"week": "1"}
    for day, spans in days.items():
        for number, span in enumerate(spans.split()):
            opens, closes = span.split("-")
            fields |= {f"{day}-{number}-opens": opens, f"{day}-{number}-closes": closes}
    return fields


def test_until_somebody_changes_them_the_policys_hours_hold(sonia: Desk) -> None:
    """And are what the form shows."""
    page = sonia.gets("/desk/hours").text
    assert "de segunda a sexta, das 9h às 19h" in page
    assert 'name="seg-0-opens" value="09:00"' in page
    assert 'name="dom-0-opens" value=""' in page
    assert "Voltar ao horário" not in page


def test_other_hours_are_what_the_bot_says(sonia: Desk) -> None:
    """Days with the same hours are said together; a break is a second span."""
    week = dict.fromkeys(WEEK[:4], "08:00-12:00 13:00-18:00") | {"sab": "08:00-12:30"}
    assert sonia.posts("/desk/hours", **_week(**week)).status_code == 302
    assert str(opening.attendance()) == (
        "de segunda a quinta, das 8h às 12h; de segunda a quinta, das 13h às 18h;"
        " sábado, das 8h às 12h30"
    )
    lunch = datetime(2026, 11, 26, 12, 30, tzinfo=SAO_PAULO)
    assert "hoje às 13h" in say_when_people_answer(opening.attendance(), lunch)
    page = sonia.gets("/desk/hours").text
    assert 'name="qui-1-closes" value="18:00"' in page
    [(details,)] = query("SELECT details FROM bot.audit WHERE what = 'hours changed'")
    assert details["week"].startswith("de segunda a quinta")
    sonia.posts("/desk/hours", standard="1")
    assert str(opening.attendance()) == "de segunda a sexta, das 9h às 19h"


@pytest.mark.parametrize(
    ("week", "why"),
    [
        ({}, "Deixe ao menos um dia"),
        ({"seg": "19:00-09:00"}, "Segunda: 19:00 não vem antes de 09:00."),
        ({"ter": "-18:00"}, "Terça: falta a hora de abrir"),
        ({"qua": "09:00-12:00 11:00-18:00"}, "Quarta: o segundo horário começa antes"),
        ({"sab": "9h-12h"}, "escreva as horas como 09:00"),
        ({"dom": "09:00-25:00"}, "escreva as horas como 09:00"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_words(
    sonia: Desk, week: dict[str, str], why: str
) -> None:
    """And nothing changes."""
    answer = sonia.posts("/desk/hours", **_week(**week))
    assert answer.status_code == 422
    assert why in answer.text
    assert str(opening.attendance()) == "de segunda a sexta, das 9h às 19h"


def test_a_day_that_is_closed_is_closed_for_everybody(sonia: Desk) -> None:
    """What the worker tells whoever is handed over, the absence message, the page."""
    every_day = _week(**dict.fromkeys(WEEK, "00:00-23:59"))
    sonia.posts("/desk/hours", **every_day)
    sonia.posts("/desk/hours", absence="Voltamos logo.")
    today = datetime.now(SAO_PAULO).date()
    sonia.posts("/desk/hours", day=today.isoformat(), why="Inventário")
    assert take(waiting(), 0) is None
    [(told,)] = query("SELECT content #>> '{text,body}' FROM bot.outbox")
    assert "a partir de" in told
    tasks.watch(datetime.now(SAO_PAULO))
    assert "Voltamos logo." in str(query("SELECT content FROM bot.outbox"))
    assert "Inventário" in sonia.gets("/desk/hours").text
    sonia.posts("/desk/hours", open=today.isoformat())
    assert not opening.attendance().closed


def test_a_day_that_went_by_is_not_closed(sonia: Desk) -> None:
    """Nor is one that is none."""
    yesterday = datetime.now(SAO_PAULO).date() - timedelta(days=1)
    assert "já passou" in sonia.posts("/desk/hours", day=yesterday.isoformat()).text
    assert "Escolha um dia" in sonia.posts("/desk/hours", day="amanhã").text


def test_somebody_has_to_be_there_some_day(sonia: Desk) -> None:
    """Closing the last open day of two months is refused: the bot could not say when."""
    today = datetime.now(SAO_PAULO).date()
    days = [today + timedelta(days=later) for later in range(LONGEST_PAUSE_DAYS + 1)]
    for day in days[:-2]:
        query(f"INSERT INTO bot.closed_days (day, why) VALUES ('{day}', 'férias')")
    sonia.posts("/desk/hours", **_week(**dict.fromkeys(WEEK, "00:00-23:59")))
    answer = sonia.posts("/desk/hours", day=days[-2].isoformat())
    assert answer.status_code == 422
    assert "ninguém atenderia" in answer.text
