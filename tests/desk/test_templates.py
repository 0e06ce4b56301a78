"""Templates: as Meta lists them, filled in, and set aside when she refuses one."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot import db
from bot.conversations import templates
from bot.desk.roles import Role
from bot.settings import Settings, get_settings
from bot.simulator.app import create_app
from bot.whatsapp import templates as meta
from bot.whatsapp.client import Refused, WhatsApp
from bot.whatsapp.templates import Listed
from tests.desk.browserless import Desk, deliver, waiting
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database
from tests.whatsapp.fake import FakeWhatsApp

GREETING = Listed("retomar_atendimento", "pt_BR", "APPROVED", "", "Olá, {{1}}! É da {{2}}.", True)
READY = Listed("documento_pronto", "pt_BR", "APPROVED", "", "{{1}}: {{2}} está pronto.", True)
NAMED = Listed("aviso", "en", "APPROVED", "", "Hi {{name}}, see {{name}} {{what}}.", True)
PAUSED = Listed("antigo", "pt_BR", "PAUSED", "", "Olá!", True)
REFUSED = Listed("feio", "pt_BR", "REJECTED", "ABUSIVE_CONTENT", "Pague!", True)
PICTURE = Listed("com_foto", "pt_BR", "APPROVED", "", "Veja a foto.", False)


@pytest.fixture
def simulator() -> Iterator[Settings]:
    """Settings of a house whose WhatsApp is a simulator that runs."""
    app = create_app(Settings(demo=True))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Settings(demo=True, whatsapp_api_url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()


@pytest.fixture
def held(app: Flask) -> tuple[UUID, Desk]:
    """A conversation whose window is closed, and who holds it."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    query("UPDATE bot.conversations SET last_inbound_at = now() - interval '25 hours'")
    return id_, ana


def _meta_lists(*listed: Listed) -> None:
    with db.transaction() as session:
        templates.store(session, listed, datetime.now(UTC))


def _sends(desk: Desk, id_: UUID, key: str, **values: str) -> str:
    fields = {f"value-{field}": value for field, value in values.items()}
    form = {"template": key, "message_id": str(uuid4()), **fields}
    return desk.posts(f"/desk/c/{id_}/template", **form).text


def test_metas_list_is_read_page_by_page(
    simulator: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every template, whatever became of it."""
    monkeypatch.setattr(meta, "PAGE", 2)
    found = meta.read(WhatsApp(simulator), simulator.whatsapp_business_account_id)
    assert [(each.name, each.status) for each in found] == [
        ("retomar_atendimento", "APPROVED"),
        ("retorno_do_atendimento", "APPROVED"),
        ("documento_pronto", "APPROVED"),
        ("lembrete_antigo", "PAUSED"),
        ("aviso_final", "REJECTED"),
    ]
    assert found[0].parameters == ["1", "2"]
    assert found[-1].reason == "ABUSIVE_CONTENT"
    with pytest.raises(meta.TemplatesUnread):
        meta.read(WhatsApp(simulator), "999")


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "TEXT", "text": "Olá {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.example/{{1}}"}]},
        {"type": "BUTTONS", "buttons": [{"type": "OTP"}]},
        {"type": "CAROUSEL", "cards": []},
    ],
)
def test_what_needs_more_than_words_is_not_offered(component: dict[str, object]) -> None:
    """A picture, a link of its own: the desk could not fill it in."""
    body = {"type": "BODY", "text": "Veja."}
    node = {"name": "x", "language": "pt_BR", "status": "APPROVED"}
    assert not meta._listed({**node, "components": [body, component]}).is_plain
    assert meta._listed({**node, "components": [body]}).is_plain


def test_until_meta_has_answered_the_policys_templates_are_offered(
    held: tuple[UUID, Desk],
) -> None:
    """Filled in with the two names."""
    id_, ana = held
    assert "Retomar a conversa" in ana.gets(f"/desk/c/{id_}/composer").text
    _sends(ana, id_, "retomar_atendimento|pt_BR", **{"1": "Maria", "2": "Loja"})
    [(_, content, _)] = deliver(id_, FakeWhatsApp()).sent
    [body] = content["template"]["components"]
    assert [p["text"] for p in body["parameters"]] == ["Maria", "Loja"]
    assert "Olá, Maria! Aqui é da Loja." in ana.gets(f"/desk/c/{id_}/thread").text


def test_then_metas_are_with_what_is_wrong_with_those_that_may_not_go(
    held: tuple[UUID, Desk],
) -> None:
    """Those that need a picture are not there at all."""
    id_, ana = held
    _meta_lists(GREETING, READY, NAMED, PAUSED, REFUSED, PICTURE)
    page = ana.gets(f"/desk/c/{id_}/composer").text
    assert "Documento pronto" in page
    assert "Antigo: pausado pela Meta" in page
    assert "Feio: recusado pela Meta (ABUSIVE_CONTENT)" in page
    assert "foto" not in page
    assert "Temos uma resposta" not in page, "Meta does not list it"
    assert "Este modelo não pode ir: pausado" in _sends(ana, id_, "antigo|pt_BR")
    assert "Escolha um modelo" in _sends(ana, id_, "com_foto|pt_BR")


def test_every_value_is_asked_for(held: tuple[UUID, Desk]) -> None:
    """Nothing goes out with a hole in it, nor with what Meta refuses."""
    id_, ana = held
    _meta_lists(READY)
    key = "documento_pronto|pt_BR"
    assert "Preencha o campo 2" in _sends(ana, id_, key, **{"1": "Maria", "2": " "})
    assert "numa linha só" in _sends(ana, id_, key, **{"1": "Maria", "2": "a\nb"})
    assert query("SELECT count(*) FROM bot.outbox") == [(0,)]
    _sends(ana, id_, key, **{"1": "Maria", "2": "boleto"})
    assert "Maria: boleto está pronto." in ana.gets(f"/desk/c/{id_}/thread").text


def test_values_with_names_go_by_name(held: tuple[UUID, Desk]) -> None:
    """One value that stands twice is asked for once; the language is Meta's."""
    id_, ana = held
    _meta_lists(NAMED)
    _sends(ana, id_, "aviso|en", name="Maria", what="it")
    [(_, content, _)] = deliver(id_, FakeWhatsApp()).sent
    assert content["template"]["language"] == {"code": "en"}
    [body] = content["template"]["components"]
    assert [(p["parameter_name"], p["text"]) for p in body["parameters"]] == [
        ("name", "Maria"),
        ("what", "it"),
    ]
    assert "Hi Maria, see Maria it." in ana.gets(f"/desk/c/{id_}/thread").text


@pytest.mark.parametrize("code", [132001, 132015])
def test_a_template_meta_refuses_is_set_aside_until_she_approves_it_again(
    held: tuple[UUID, Desk], code: int
) -> None:
    """With her reason; nobody can choose it meanwhile."""
    id_, ana = held
    key = "retomar_atendimento|pt_BR"
    values = {"1": "Maria", "2": "Loja"}
    _meta_lists(GREETING)
    _sends(ana, id_, key, **values)
    deliver(id_, FakeWhatsApp(Refused(code, "template", http_status=400)))
    assert f"código {code} da Meta" in ana.gets(f"/desk/c/{id_}/composer").text
    assert "Este modelo não pode ir" in _sends(ana, id_, key, **values)
    _meta_lists(Listed(*[*GREETING.__dict__.values()][:2], "PAUSED", "", GREETING.text, True))
    assert "pausado pela Meta" in ana.gets(f"/desk/c/{id_}/composer").text
    _meta_lists(GREETING)
    assert "Este modelo não pode ir" not in _sends(ana, id_, key, **values)


def test_where_meta_is_not_asked_a_refused_template_rests_a_day(held: tuple[UUID, Desk]) -> None:
    """Nobody would ever say that it is approved again."""
    id_, ana = held
    _sends(ana, id_, "retomar_atendimento|pt_BR", **{"1": "Maria", "2": "Loja"})
    deliver(id_, FakeWhatsApp(Refused(132015, "paused", http_status=400)))
    page = ana.gets(f"/desk/c/{id_}/composer").text
    assert "pausou este modelo" in page
    assert "Temos uma resposta" in page
    query("UPDATE bot.templates SET failed_at = now() - interval '25 hours'")
    assert "pausou este modelo" not in ana.gets(f"/desk/c/{id_}/composer").text


def test_a_supervisor_sees_them_all_and_asks_meta_again(
    app: Flask, simulator: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the page of texts; no answer changes nothing."""
    sonia = Desk(app, Role.SUPERVISOR)
    assert "Ainda não lidos da Meta" in sonia.gets("/desk/texts").text
    monkeypatch.setattr("bot.desk.views.leading.get_settings", lambda: simulator)
    assert sonia.posts("/desk/templates").status_code == 302
    page = sonia.gets("/desk/texts").text
    assert "Lidos da Meta às" in page
    assert "Documento pronto" in page
    assert "recusado pela Meta (ABUSIVE_CONTENT)" in page
    away = get_settings().model_copy(update={"whatsapp_api_url": "http://127.0.0.1:9"})
    monkeypatch.setattr("bot.desk.views.leading.get_settings", lambda: away)
    assert "A Meta não respondeu" in sonia.posts("/desk/templates").text
    assert "Documento pronto" in sonia.gets("/desk/texts").text
