"""The manager's figures: a small day made by hand, exactly; computed again, the same."""

import csv
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot import cli
from bot.billing.api import create_app as create_billing
from bot.billing.client import Actor, BillingClient
from bot.business_hours import SAO_PAULO
from bot.desk.figures import charts, command, daily
from bot.desk.figures.counted import Counted
from bot.desk.figures.indicators import read
from bot.desk.figures.period import Period, UnreadablePeriod
from bot.desk.roles import Role
from tests.billing.paying import agree, paid
from tests.billing.support import (
    TODAY,
    TOKEN,
    Api,
    FakeClock,
    add_customer,
    empty_tables,
)
from tests.desk.browserless import Desk, conversation
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database


@pytest.fixture
def api(clean: None) -> Iterator[Api]:
    """Billing on the quiet database, on the morning of 22 July 2026; nothing counted yet."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    empty_tables()
    clock = FakeClock()
    billing = create_billing(clock)
    server = make_server("127.0.0.1", 0, billing, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Api(f"http://127.0.0.1:{server.port}", billing, clock)
    server.shutdown()


@pytest.fixture
def billing(api: Api) -> BillingClient:
    """Its client."""
    return BillingClient(api.url, TOKEN)


def at(hour: str, day: date = TODAY) -> datetime:
    """A time of that day where people are."""
    return datetime.fromisoformat(f"{day}T{hour}:00-03:00")


def heard_from(phone: str, *hours: str, day: date = TODAY) -> UUID:
    """Somebody who wrote at these hours and was answered by the bot a second later."""
    id_ = conversation(phone)
    query(f"DELETE FROM bot.messages WHERE conversation_id = '{id_}'")
    for hour in hours:
        writes(id_, hour, day)
    return id_


def writes(id_: UUID, hour: str, day: date = TODAY) -> None:
    """A message of the person's."""
    query(
        "INSERT INTO bot.messages (id, conversation_id, wamid, type, text, answerable, body,"
        " sent_at, received_at) VALUES (:id, :c, :wamid, 'text', 'oi', true, '{}', :at, :at)",
        id=uuid4(), c=id_, wamid=uuid4().hex, at=at(hour, day),
    )  # fmt: skip


def answered(id_: UUID, hour: str, seconds: int, customer: UUID | None = None) -> None:
    """A turn of the bot's."""
    heard = json.dumps({"customer_id": str(customer) if customer else None})
    query(
        "INSERT INTO bot.turns (id, conversation_id, state, created_at, answered_at, heard)"
        " VALUES (:id, :c, 'answered', :at, :done, CAST(:heard AS jsonb))",
        id=uuid4(), c=id_, at=at(hour), done=at(hour) + timedelta(seconds=seconds), heard=heard,
    )  # fmt: skip


def sent(id_: UUID, hour: str, *statuses: str, by: UUID | None = None, **more: Any) -> None:
    """A message of ours, and what Meta said of it within the minute."""
    wamid, fields = uuid4().hex, {"type": "text", "state": "sent", **more}
    query(
        "INSERT INTO bot.outbox (id, conversation_id, sent_by, content, state, attempts, wamid,"
        " created_at, sent_at) VALUES (:id, :c, :by, CAST(:content AS jsonb), :state, 1, :wamid,"
        " :at, :at)",
        id=uuid4(), c=id_, by=by, content=json.dumps({"type": fields["type"]}),
        state=fields["state"], wamid=wamid, at=at(hour),
    )  # fmt: skip
    pricing = {
        "billable": fields.get("billable", True),
        "category": fields.get("category", "service"),
    }
    for status in statuses:
        query(
            "INSERT INTO bot.statuses (wamid, status, at, body)"
            " VALUES (:wamid, :status, :at, CAST(:body AS jsonb))",
            wamid=wamid, status=status, at=at(hour) + timedelta(seconds=30),
            body=json.dumps({"pricing": pricing}),
        )  # fmt: skip


def noted(id_: UUID, hour: str, what: str, **details: str) -> None:
    """A line of the audit."""
    query(
        "INSERT INTO bot.audit (conversation_id, who, what, details, at)"
        " VALUES (:c, 'bot', :what, CAST(:details AS jsonb), :at)",
        c=id_, what=what, details=json.dumps(details), at=at(hour),
    )  # fmt: skip


def a_day(billing: BillingClient) -> None:
    """Three people write. Maria agrees with the bot and pays; João is handed over, agrees with
    Ana, and comes back the next morning; the third hears nothing."""
    maria = add_customer()
    joao = add_customer([("100.00", 10)], "52601815906", "5511911112222", name="João")
    ana = uuid4()
    first = heard_from("5511987654321", "09:00", "09:02")
    answered(first, "09:00", 1)
    answered(first, "09:02", 2, maria)
    sent(first, "09:00", "sent", "delivered", "read")
    sent(first, "09:02", "sent", "delivered")
    second = heard_from("5511911112222", "10:00", "10:05")
    answered(second, "10:00", 3, joao)
    sent(second, "10:00", "sent", "delivered", type="template", category="utility")
    noted(second, "10:05", "handed over", reason="ask_human")
    sent(second, "10:15", "sent", "delivered", by=ana)
    sent(second, "10:16", "failed", by=ana, state="failed")
    writes(second, "08:00", TODAY + timedelta(1))
    third = heard_from("5511933334444", "23:30")
    sent(third, "23:31", state="sent")
    agreement = agree(billing, maria, 1)
    assert agreement.charge is not None
    paid(billing, agreement.charge)
    agree(billing.acting_for(Actor("operator", "ana")), joao, 1)


def counted() -> dict[tuple[str, str], str]:
    """What the table holds of the day."""
    rows = query("SELECT name, dimension, value FROM desk.daily_figures WHERE day = :d", d=TODAY)
    return {(name, dimension): str(value) for name, dimension, value in rows}


def test_a_small_day_is_counted_exactly(billing: BillingClient) -> None:
    """Each figure, by hand."""
    a_day(billing)
    daily.count(billing, TODAY)
    found = counted()
    money = {key: value for key, value in found.items() if key[0].endswith("_amount")}
    talk = {key: value for key, value in found.items() if key not in money}
    maria, joao = money["agreements_made_amount", "bot"], money["agreements_made_amount", "people"]
    assert talk == {
        ("contacted", ""): "3",
        ("identified", ""): "2",
        ("sessions", ""): "3",
        ("sessions_contained", ""): "2",
        ("handed_over", "ask_human"): "1",
        ("messages_sent", "bot"): "4",
        ("messages_sent", "people"): "2",
        ("conversations_attended", "bot"): "3",
        ("conversations_attended", "people"): "1",
        ("messages_delivered", "bot"): "3",
        ("messages_delivered", "people"): "1",
        ("messages_read", "bot"): "1",
        ("messages_failed", "people"): "1",
        ("messages_priced", "service"): "3",
        ("messages_priced", "utility"): "1",
        ("answers", "bot"): "3",
        ("answer_seconds", "bot"): "6.0",
        ("answers", "people"): "1",
        ("answer_seconds", "people"): "600.0",
        ("customers_offered", "bot"): "1",
        ("customers_offered", "people"): "1",
        ("agreements_made", "bot"): "1",
        ("agreements_made", "people"): "1",
        ("agreements_first_paid", "bot"): "1",
        ("agreements_completed", "bot"): "1",
        ("payments_received", "bot"): "1",
        ("not_due", ""): "0.00",
    }
    assert money == {
        ("agreements_made_amount", "bot"): maria,
        ("agreements_made_amount", "people"): joao,
        ("agreements_first_paid_amount", "bot"): maria,
        ("agreements_completed_amount", "bot"): maria,
        ("payments_received_amount", "bot"): maria,
    }
    assert Decimal("500.00") < Decimal(maria) < Decimal("900.00")


def test_a_day_counted_again_is_the_same(api: Api, billing: BillingClient) -> None:
    """Today, and when it is long gone by and much has happened since."""
    a_day(billing)
    daily.count(billing, TODAY)
    first = counted()
    daily.count(billing, TODAY)
    assert counted() == first
    api.clock.pass_days(40)
    agree(billing, add_customer([("70.00", 30)], "18642750700", "5511955556666", name="Ana"), 1)
    [(id_,)] = query("SELECT conversation_id FROM bot.audit WHERE what = 'handed over'")
    query("UPDATE bot.outbox SET state = 'read'")
    writes(id_, "12:00", TODAY + timedelta(40))
    daily.count(billing, TODAY)
    assert counted() == first


def test_a_day_ends_at_midnight_in_sao_paulo(billing: BillingClient) -> None:
    """23:30 there is the next day in UTC, and is counted on its own day."""
    id_ = heard_from("5511933334444", "23:30", "00:10")
    sent(id_, "23:59")
    for day in (TODAY, TODAY + timedelta(1)):
        daily.count(billing, day)
    rows = query("SELECT day, value FROM desk.daily_figures WHERE name = 'contacted' ORDER BY day")
    assert [(day, int(value)) for day, value in rows] == [(TODAY, 1), (TODAY + timedelta(1), 0)]


def test_how_late_bills_stood_is_kept_when_billing_has_forgotten(billing: BillingClient) -> None:
    """Billing keeps a week of nights."""
    query(
        "INSERT INTO desk.daily_figures VALUES (:d, 'ageing_amount', '1-5', 10),"
        " (:d, 'contacted', '', 99)",
        d=TODAY,
    )
    daily.count(billing, TODAY)
    assert counted()["ageing_amount", "1-5"] == "10"
    assert counted()["contacted", ""] == "0"


def test_lost_days_are_made_up_for_and_the_last_ones_counted_again(billing: BillingClient) -> None:
    """From two days before the last one counted; from the first conversation when none was."""
    assert daily.due_days(TODAY) == [TODAY]
    id_ = heard_from("5511933334444")
    query("UPDATE bot.conversations SET created_at = :at", at=at("10:00", TODAY - timedelta(3)))
    assert daily.due_days(TODAY) == daily.days_between(TODAY - timedelta(3), TODAY)
    daily.count(billing, TODAY - timedelta(1))
    assert daily.due_days(TODAY) == daily.days_between(TODAY - timedelta(3), TODAY)
    query("DELETE FROM bot.conversations WHERE id = :id", id=id_)
    assert len(daily.due_days(TODAY + timedelta(365))) == daily.MOST_DAYS_BACK + 1


def test_the_indicators_are_those_of_the_period_beside_the_one_before(
    billing: BillingClient,
) -> None:
    """Rates by the sums of the days, differences in words."""
    a_day(billing)
    daily.count(billing, TODAY)
    query(
        "INSERT INTO desk.daily_figures VALUES (:d, 'agreements_made', 'bot', 4)",
        d=TODAY - timedelta(1),
    )
    period = Period(TODAY, TODAY)
    shown = {
        reading.indicator.label: reading
        for readings in read(Counted.read(period), Counted.read(period.before)).values()
        for reading in readings
    }
    assert shown["Acordos fechados"].value == "2"
    assert shown["Acordos fechados"].change_words == "▼ 50,0% a menos, pior"
    assert shown["Contato com a pessoa certa"].value == "66,7%"
    assert shown["Contato com a pessoa certa"].change_words == "– sem base para comparar"
    assert shown["Conversão"].value == "100,0%"
    assert shown["Contenção"].value == "66,7%"
    assert shown["Transferência"].value == "33,3%"
    assert shown["Primeira resposta de pessoas"].value == "10 min 0 s"
    assert shown["Resposta do bot"].value == "2,0 s"
    assert shown["Custo estimado"].value == "R$ 0,04"
    assert shown["Custo por acordo"].value == "R$ 0,02"
    assert shown["Mensagens por acordo"].value == "3"
    assert shown["Promessas cumpridas"].value == "–"
    steps = [row[1:] for row in charts.funnel(Counted.read(period)).rows]
    assert steps == [
        ["3", ""],
        ["2", "66,7% da anterior"],
        ["2", "100,0% da anterior"],
        ["2", "100,0% da anterior"],
        ["1", "50,0% da anterior"],
    ]


def shown(first: date, last: date) -> dict[str, str]:
    """The indicators of a period as they are written."""
    now, before = (Counted.read(each) for each in (Period(first, last), Period(first, last).before))
    sections = read(now, before).values()
    return {one.indicator.label: one.value for readings in sections for one in readings}


def stood(day: date, not_due: int, **ageing: int) -> None:
    """What was owed on a night."""
    rows = [("not_due", "", not_due), *(("ageing_amount", name, v) for name, v in ageing.items())]
    for name, dimension, value in rows:
        query(
            "INSERT INTO desk.daily_figures VALUES (:d, :n, :m, :v)",
            d=day, n=name, m=dimension, v=value,
        )  # fmt: skip


def test_effectiveness_and_roll_rates_by_hand(clean: None) -> None:
    """100 late and 900 to come, 200 billed; at the end 60 late and 700 to come: of 500 that could
    be collected 440 were. Of 80 late by up to a month 20 are late by up to two, 30 nights on."""
    month_ago = TODAY - timedelta(30)
    stood(month_ago, 900, **{"1-5": 50, "6-15": 20, "16-30": 10, "31-60": 20})
    stood(TODAY, 700, **{"1-5": 30, "31-60": 20, "61-90": 10})
    query(
        "INSERT INTO desk.daily_figures VALUES (:d, 'invoices_billed_amount', 'nobody', 200)",
        d=TODAY - timedelta(9),
    )
    found = shown(TODAY - timedelta(29), TODAY)
    assert found["Efetividade (CEI)"] == "88,0%"
    assert found["Rolagem para 31–60 dias"] == "25,0%"
    assert found["Rolagem para 61–90 dias"] == "50,0%"


def test_without_two_nights_there_is_nothing_to_divide(clean: None) -> None:
    """A dash, not a zero."""
    stood(TODAY, 700, **{"1-5": 30})
    found = shown(TODAY, TODAY)
    assert found["Efetividade (CEI)"] == "–"
    assert found["Rolagem para 31–60 dias"] == "–"


def test_writing_first_outside_the_hours_of_the_law_is_counted(billing: BillingClient) -> None:
    """An answer at midnight is none; a template at 21:00, or on a Sunday, is."""
    answer = heard_from("5511933334444", "23:30")
    sent(answer, "23:31")
    cold = heard_from("5511955556666", "09:00", day=TODAY - timedelta(3))
    sent(cold, "21:00", type="template")
    sent(cold, "10:00", type="template")
    daily.count(billing, TODAY)
    assert counted()["messages_out_of_hours", "bot"] == "1"
    sunday = TODAY + timedelta((6 - TODAY.weekday()) % 7)
    query("UPDATE bot.outbox SET sent_at = sent_at + :days", days=sunday - TODAY)
    daily.count(billing, sunday)
    rows = query(
        "SELECT value FROM desk.daily_figures WHERE name = 'messages_out_of_hours' AND day = :d",
        d=sunday,
    )
    assert [int(value) for (value,) in rows] == [3]


def test_a_first_day_warns_of_nothing(app: Flask, billing: BillingClient) -> None:
    """Days before there was anything are not missing; a day that was left out is."""
    manager, now = Desk(app, Role.MANAGER), datetime.now(SAO_PAULO)
    page = manager.gets("/desk/figures").text
    assert 'class="problem"' not in page
    heard_from("5511933334444")
    page = manager.gets("/desk/figures").text
    assert 'class="problem"' not in page
    assert "Hoje ainda não foi contado" in page
    query("UPDATE bot.conversations SET created_at = :at", at=now - timedelta(3))
    daily.count(billing, now.date() - timedelta(3))
    page = manager.gets("/desk/figures").text
    assert "2 dias deste período não foram contados" in page


def test_only_managers_and_administrators_see_them(app: Flask) -> None:
    """Neither the page nor the file, nor the way to them."""
    for role in Role:
        person = Desk(app, role)
        may = role in (Role.MANAGER, Role.ADMIN)
        for path in ("/desk/figures", "/desk/figures.csv"):
            assert person.gets(path).status_code == (200 if may else 403), (role, path)
        assert ("Indicadores" in person.gets("/desk/").text) == may


def test_the_file_opens_in_a_brazilian_spreadsheet(app: Flask, billing: BillingClient) -> None:
    """Semicolons, decimal commas, accents; every row of the days; and it is noted who took it."""
    a_day(billing)
    daily.count(billing, TODAY)
    answer = Desk(app, Role.MANAGER).gets(f"/desk/figures.csv?from={TODAY}&to={TODAY}")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].endswith("indicadores-2026-07-22-2026-07-22.csv")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head == ["dia", "indicador", "detalhe", "valor", "código"]
    assert len(rows) == len(counted())
    assert [
        "22/07/2026",
        "Segundos até responder, somados",
        "Pessoas",
        "600,0",
        "answer_seconds:people",
    ] in rows
    assert [
        "22/07/2026",
        "Transferências para pessoas",
        "Pediu uma pessoa",
        "1",
        "handed_over:ask_human",
    ] in rows
    [(period,)] = query(
        "SELECT details ->> 'period' FROM bot.audit WHERE what = 'figures exported'"
    )
    assert period == "22/07/2026"


@pytest.mark.parametrize("asked", ["period=7", "period=30", "period=90", "period=2026-07", "from=2026-01-01&to=2026-12-31"])  # fmt: skip
def test_every_period_has_its_page(app: Flask, billing: BillingClient, asked: str) -> None:
    """With nothing that the page's strict policy forbids."""
    daily.count(billing, TODAY)
    page = Desk(app, Role.MANAGER).gets(f"/desk/figures?{asked}").text
    assert "<h1>Indicadores</h1>" in page
    assert " style=" not in page
    assert "<style" not in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("from=2026-02-30&to=2026-03-01", "Escolha o primeiro e o último dia."),
        ("from=2026-03-02&to=2026-03-01", "O primeiro dia vem depois do último."),
        ("from=2020-01-01&to=2026-03-01", "Escolha no máximo 366 dias."),
        ("from=0001-01-01&to=0001-01-02", "Não há números antes de 2000."),
        ("period=ontem", "Não entendi o período."),
    ],
)
def test_a_period_that_is_none_is_refused_in_words(app: Flask, asked: str, words: str) -> None:
    """Page and file alike."""
    manager = Desk(app, Role.MANAGER)
    for path in ("/desk/figures", "/desk/figures.csv"):
        answer = manager.gets(f"{path}?{asked}")
        assert answer.status_code == 422
        assert words in answer.text


def test_a_month_ends_today_or_on_its_last_day() -> None:
    """And the period before is as long as it."""
    assert Period.of({"period": "2026-02"}, TODAY) == Period(date(2026, 2, 1), date(2026, 2, 28))
    running = Period.of({"period": "2026-07"}, TODAY)
    assert (running.last, running.before.last, len(running.before)) == (
        TODAY,
        date(2026, 6, 30),
        22,
    )
    with pytest.raises(UnreadablePeriod):
        Period.of({"period": "2026-13"}, TODAY)


def test_the_command_counts_again_and_refuses_what_has_not_come(
    billing: BillingClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days by name, in order."""
    monkeypatch.setattr(command, "get_client", lambda: billing)
    asked = ["desk", "figures", "--from", "2026-07-21", "--to", "2026-07-22"]
    assert cli.main(asked) == 0
    assert capsys.readouterr().out == "2026-07-21 counted\n2026-07-22 counted\n"
    assert cli.main(["desk", "figures", "--from", "2026-07-22", "--to", "2026-07-21"]) == 1
    assert "is after" in capsys.readouterr().err
    tomorrow = (datetime.now(UTC).astimezone(SAO_PAULO) + timedelta(1)).date()
    assert cli.main(["desk", "figures", "--to", str(tomorrow)]) == 1
    assert "has not come yet" in capsys.readouterr().err
