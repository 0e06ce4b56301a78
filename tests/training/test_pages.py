"""The trainers' pages: who may open them, and what they do, without a browser."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bot.desk.guarding import PERMISSIONS
from bot.desk.roles import MATRIX, May, Role
from bot.nlu.examples import Example, read_examples
from bot.nlu.linting import read_domain
from bot.settings import PROJECT
from bot.training import app as training
from bot.training import collecting, examples
from bot.training.guide import get_guide
from tests.desk.browserless import Desk, conversation, csrf_token
from tests.desk.browserless import app as app
from tests.training import checkout
from tests.training.checkout import git
from tests.training.talking import hear
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database

ROUTES: dict[str, May] = {
    "GET /": May.TRAIN,
    "GET /agreement": May.TRAIN,
    "GET /messages/<n>": May.TRAIN,
    "POST /messages/<n>": May.TRAIN,
    "GET /messages/<n>/neighbours": May.TRAIN,
    "GET /changes": May.TRAIN,
    "POST /changes": May.TRAIN,
    "GET /changes/<x>": May.TRAIN,
    "POST /changes/<x>/discard": May.TRAIN,
    "POST /examples": May.TRAIN,
    "POST /examples/<n>": May.TRAIN,
    "POST /examples/<n>/remove": May.TRAIN,
    "POST /lines": May.TRAIN,
    "GET /stories": May.TRAIN,
    "GET /models": May.TRAIN,
    "GET /models/<x>": May.TRAIN,
    "GET /models/<x>/<p>-<p>.svg": May.TRAIN,
    "POST /models/<x>/promote": May.TRAIN,
    "POST /models/<x>/try": May.TRAIN,
    "POST /models/<x>/invite": May.TRAIN,
    "POST /models/end-trial": May.TRAIN,
    "POST /models/roll-back": May.TRAIN,
    "POST /changes/<x>/train": May.TRAIN,
    "GET /watch": May.TRAIN,
    "GET /conversations/<c>/story": May.TRAIN,
    "POST /conversations/<c>/story": May.TRAIN,
}
"""Every route of these pages and what it asks for."""
UNSURE = ("nlu_fallback", ("propose_date", 0.5), ("ask_more_time", 0.4))
SURE = ("ask_debt", ("ask_debt", 0.98), ("ask_charges", 0.01))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of some of the training data."""
    return checkout.make(tmp_path_factory.mktemp("training") / "project", each_intent=20)


@pytest.fixture
def forgotten(clean: None) -> Iterator[None]:
    """Nothing said, nothing reviewed; nor afterwards: accounts could not be deleted."""
    everything = "TRUNCATE training.progress, training.items, training.changes"
    query(f"{everything} RESTART IDENTITY CASCADE")
    yield
    query(f"{everything} RESTART IDENTITY CASCADE")


@pytest.fixture
def pages(forgotten: None, app: Flask, project: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The desk and the trainers' pages."""
    monkeypatch.setattr(collecting, "_known", collecting.Known.nothing())
    monkeypatch.setenv("TRAINING_REPOSITORY", str(project))
    training.install(app)
    return app


def _collect() -> None:
    collecting.collect(datetime.now(UTC))


def _items() -> dict[str, int]:
    return {text: id_ for id_, text in query("SELECT id, text FROM training.items")}


def _judges(trainer: Desk, item: int, verdict: str, **form: Any) -> str:
    """Where the page goes on to, or why it refuses."""
    page = trainer.gets(f"/training/messages/{item}").text
    found = re.search(r'name="revision" value="(\d+)"', page)
    form = {"revision": found[1] if found else "", **form}
    answer = trainer.posts(f"/training/messages/{item}", verdict=verdict, **form)
    return answer.headers.get("HX-Redirect") or unescape(answer.text)


def _address(route: str, conversation_id: object) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    some = "00000000-0000-0000-0000-000000000001"
    path = path.replace("<c>", str(conversation_id)).replace("<x>", some).replace("<n>", "1")
    path = path.replace("<p>-<p>", "confusions-current")
    return method, "/training" + path


def test_the_table_names_every_route(pages: Flask) -> None:
    """A route that is not in it is a route nobody thought about."""
    found = set()
    for rule in pages.url_map.iter_rules():
        if rule.endpoint.startswith("training.") and rule.endpoint != "training.static":
            path = re.sub(r"<uuid:conversation_id>", "<c>", rule.rule.removeprefix("/training"))
            path = re.sub(r"<int:\w+>", "<n>", re.sub(r"<uuid:\w+>", "<x>", path))
            path = re.sub(r"<any\([^)]*\):\w+>", "<p>", path)
            found |= {f"{m} {path}" for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
            assert rule.endpoint in PERMISSIONS
    assert found == set(ROUTES)


def test_trainers_may_and_nobody_else(pages: Flask) -> None:
    """403 for what is not theirs; anything but 403 for what is."""
    id_ = conversation()
    for role in Role:
        person = Desk(pages, role)
        token = csrf_token(person.gets("/desk/", follow_redirects=True).text)
        for route, may in ROUTES.items():
            method, path = _address(route, id_)
            answer = person.client.open(path, method=method, headers={"X-CSRFToken": token})
            assert (answer.status_code == 403) == (may not in MATRIX[role]), route
            assert answer.status_code < 500, route


def test_nobody_gets_anything_without_signing_in_or_without_a_token(pages: Flask) -> None:
    """Every route leads to the sign-in page; a form of elsewhere is refused."""
    id_, stranger, tina = conversation(), pages.test_client(), Desk(pages, Role.TRAINER)
    token = csrf_token(stranger.get("/desk/login").text)
    for route in ROUTES:
        method, path = _address(route, id_)
        answer = stranger.open(path, method=method, data={"csrf_token": token})
        assert answer.status_code == 302, route
        assert answer.location.startswith("/desk/login"), route
        if method == "POST":
            assert tina.client.post(path).status_code == 400, route


def test_another_teams_conversation_does_not_exist(pages: Flask) -> None:
    """Knowing the id is of no use, and the page of a message does not lead there."""
    hear("sei lá viu", *UNSURE)
    _collect()
    [(id_,)] = query("SELECT id FROM bot.conversations")
    outsider = Desk(pages, Role.TRAINER, team="outra")
    token = csrf_token(outsider.gets("/training/").text)
    for route in ROUTES:
        if "<c>" in route:
            method, path = _address(route, id_)
            answer = outsider.client.open(path, method=method, headers={"X-CSRFToken": token})
            assert answer.status_code == 404, route
    assert "como teste" not in outsider.gets(f"/training/messages/{_items()['sei lá viu']}").text


def test_the_inbox_tells_what_is_worth_a_look_and_why(pages: Flask) -> None:
    """The most useful first, with what was heard; stand-ins say for what they stand."""
    hear("quanto eu devo?", *SURE)
    hear("sou a Zuleidy e sei lá viu", *UNSURE, name="Zuleidy Kramer")
    _collect()
    tina = Desk(pages, Role.TRAINER)
    page = tina.gets("/training/").text
    assert "Zuleidy" not in page
    assert 'title="No lugar de um nome"' in page
    assert page.index("sei lá viu") < page.index("quanto eu devo?")
    for words in ("teve que perguntar", "não entendeu", "Propõe uma data", "Quanto deve", "98 %"):
        assert words in page
    assert "quanto eu devo?" not in tina.gets("/training/?signal=asked").text
    assert "sei lá viu" not in tina.gets("/training/?q=devo").text
    assert "sei lá viu" not in tina.gets("/training/?until=2001-01-01").text
    assert "sei lá viu" in tina.gets("/training/?intent=nlu_fallback&state=all").text


def test_an_address_that_makes_no_sense_is_told_so(pages: Flask) -> None:
    """In a sentence."""
    tina = Desk(pages, Role.TRAINER)
    for asked in ("state=nada", "signal=x", "since=ontem", "after=x", "after=[1]", "after=[{},1]"):
        assert tina.gets(f"/training/?{asked}").status_code == 422, asked


def test_a_verdict_goes_on_to_the_next_and_makes_an_example(pages: Flask) -> None:
    """Values marked; the last one can be looked at again."""
    hear("só dou 80 pila por mês", *UNSURE)
    hear("sei lá viu", *UNSURE, phone="5521999991111")
    _collect()
    tina, items = Desk(pages, Role.TRAINER), _items()
    mark = {"start": 7, "end": 14, "entity": "amount", "role": "monthly"}
    first, second = items["só dou 80 pila por mês"], items["sei lá viu"]
    later = [_judges(tina, first, "relabel", intent="propose_amount", entities=json.dumps([mark]))]
    later.append(_judges(tina, second, "skip"))
    assert any(f"/training/messages/{second}?last={first}" in each for each in later)
    assert query("SELECT intent, text FROM training.examples") == [
        ("propose_amount", 'só dou [80 pila]{"entity": "amount", "role": "monthly"} por mês')
    ]
    page = tina.gets(f"/training/messages/{second}?last={first}").text
    assert "Guardado: “só dou 80 pila por mês” (corrigidas)" in page
    assert "<b>Ana Lima</b> pulou" in page
    assert "Tudo avaliado" in tina.gets("/training/").text


def test_what_people_write_is_never_a_script(pages: Flask) -> None:
    """Neither in the list nor on the page, and no page runs or loads what is not ours."""
    hear('<img src=x onerror=alert(1)> "><script>alert(2)</script>', *UNSURE)
    _collect()
    tina, [item] = Desk(pages, Role.TRAINER), _items().values()
    for path in ("/training/", f"/training/messages/{item}", "/training/changes"):
        answer = tina.gets(path)
        assert "<img src=x" not in answer.text
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick" not in answer.text
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_who_was_faster_is_said(pages: Flask) -> None:
    """And nothing is kept of the second."""
    hear("sei lá viu", *UNSURE)
    _collect()
    [item], ana, bia = _items().values(), Desk(pages, Role.TRAINER), Desk(pages, Role.TRAINER)
    assert "acabou" not in _judges(ana, item, "reject")
    assert "acabou de avaliar" in _judges(bia, item, "relabel", intent="ask_debt", revision="0")
    assert query("SELECT state FROM training.items") == [("rejected",)]


NO_SENSE: tuple[tuple[str, dict[str, str], str], ...] = (
    ("dança", {}, "Diga o que"),
    ("accept", {}, "não entendeu"),
    ("relabel", {}, "Escolha a intenção"),
    ("relabel", {"intent": "voice_message"}, "Não existe a intenção"),
    ("skip", {"entities": "{"}, "não chegaram inteiras"),
    ("skip", {"entities": '[{"start":0,"end":3,"entity":"offer_id"}]'}, "Não existe o valor"),
    ("skip", {"entities": '[{"start":0,"end":99,"entity":"date"}]'}, "fora da mensagem"),
)


def test_a_verdict_that_makes_no_sense_is_refused(pages: Flask) -> None:
    """In a sentence, with nothing kept."""
    hear("sei lá viu", *UNSURE)
    _collect()
    tina, [item] = Desk(pages, Role.TRAINER), _items().values()
    for verdict, form, why in NO_SENSE:
        assert why in _judges(tina, item, verdict, **form)
    assert query("SELECT count(*) FROM training.annotations") == [(0,)]


def test_the_conversation_around_it_is_masked_on_both_sides(pages: Flask) -> None:
    """Who it was is neither in what they said nor in what we answered."""
    hear("oi, aqui é a Zuleidy", "greet", ("greet", 0.99), name="Zuleidy Kramer")
    hear("sei lá viu", *UNSURE, name="Zuleidy Kramer")
    answer = (
        """UPDATE bot.outbox SET content = jsonb_set(content, '{text,body}', '"Oi, Zuleidy!"')"""
    )
    query(answer)
    _collect()
    page = Desk(pages, Role.TRAINER).gets(f"/training/messages/{_items()['sei lá viu']}").text
    assert page.count("said-by bot") == 2
    assert "uleidy" not in page
    assert "ramer" not in page


def test_a_second_opinion_is_for_colleagues_and_shows_how_far_they_agree(pages: Flask) -> None:
    """What the first said is folded away until the second has judged."""
    hear("sei lá viu", *UNSURE)
    _collect()
    [item], ana, bia = _items().values(), Desk(pages, Role.TRAINER), Desk(pages, Role.TRAINER)
    _judges(ana, item, "unsure", intent="ask_more_time", note="ou é desconto?")
    assert "sei lá viu" not in ana.gets("/training/").text
    assert "pedem sua opinião" in bia.gets("/training/").text
    assert "decida antes de olhar" in bia.gets(f"/training/messages/{item}").text
    _judges(bia, item, "relabel", intent="ask_more_time")
    assert "100 %" in ana.gets("/training/agreement").text


def _adds(trainer: Desk, kind: str, **form: Any) -> str:
    answer = trainer.posts("/training/examples", kind=kind, **form)
    return answer.headers.get("HX-Redirect") or unescape(answer.text)


def _pieces() -> list[int]:
    return [id_ for (id_,) in query("SELECT id FROM training.examples ORDER BY id")]


HOURS = {
    "intent": "ask_hours",
    "topic": "conversation",
    "examples": "que horas abrem?\nate q horas vcs ficam",
    "answers": "Das 8 às 18.\n\nAbrimos às 8 e fechamos às 18.",
}


def test_pieces_made_by_hand_become_a_change_on_a_branch(pages: Flask, project: Path) -> None:
    """Shown as a diff, applied in the trainer's name, discarded, and they wait again."""
    tina, before = Desk(pages, Role.TRAINER), git(project, "rev-parse", "HEAD")
    for kind, form in (
        ("intent", HOURS),
        ("example", {"intent": "ask_hours", "text": "ces abrem domingo?"}),
        ("synonym", {"intent": "boleto", "text": "boletim"}),
        ("response", {"intent": "utter_ask_hours_x", "text": "Opa"}),
    ):
        said = _adds(tina, kind, **form)
        assert ("não existe no domain.yml" in said) == (kind == "response"), said
    page = unescape(tina.gets("/training/changes").text)
    assert "ask_hours" in page
    assert "data/nlu/synonyms.yml" in page
    assert '<button class="main" id="apply">' in page
    base = re.search(r'name="base" value="(\w+)"', page)
    assert base
    applied = tina.posts("/training/changes", id=_pieces(), title="Horários", base=base[1])
    made = applied.headers["HX-Redirect"]
    assert "ces abrem domingo?" in tina.gets(made).text
    assert git(project, "rev-parse", "HEAD") == before
    [branch] = git(project, "branch", "--list", "--format=%(refname:short)", "training/*").split()
    assert git(project, "log", "-1", "--format=%an|%s", branch) == "Ana Lima|Horários\n"
    assert "Nada à espera" in tina.gets("/training/changes").text
    tina.posts(f"{made}/discard")
    assert git(project, "branch", "--list", "training/*") == ""
    assert "ces abrem domingo?" in tina.gets("/training/changes").text


def _boletos(root: Path) -> list[Example]:
    found = read_examples([root / "data" / "nlu" / "payment.yml"])
    return [each for each in found if each.intent == "ask_boleto"]


def test_what_clashes_is_said_beside_the_piece(pages: Flask) -> None:
    """An error keeps it from being applied; what is not chosen does not."""
    tina = Desk(pages, Role.TRAINER)
    _adds(tina, "example", intent="ask_pix", text=_boletos(PROJECT)[0].text)
    _adds(tina, "example", intent="ask_pix", text="manda o pix ai rapidao fera")
    clash, sound = _pieces()
    page = unescape(tina.gets("/training/changes").text)
    assert "A mesma mensagem em duas intenções" in page
    assert "data/nlu/payment.yml" in page
    assert '<button class="main" id="apply" disabled>' in page
    page = tina.gets(f"/training/changes?choose=1&id={sound}").text
    assert '<button class="main" id="apply">' in page
    mended = tina.posts(
        f"/training/examples/{clash}", text="pix da segunda via, pode?", intent="ask_pix"
    )
    assert mended.status_code == 204
    assert "duas intenções" not in tina.gets("/training/changes").text
    tina.posts(f"/training/examples/{clash}/remove")
    assert _pieces() == [sound]
    assert "Alguém já aplicou ou removeu" in tina.posts(f"/training/examples/{clash}/remove").text


def test_a_piece_that_cannot_be_written_does_not_hide_the_others(pages: Flask) -> None:
    """It is named, and the diff shows what the others do."""
    tina = Desk(pages, Role.TRAINER)
    _adds(tina, "example", intent="ask_pix", text="manda o pix ai rapidao fera")
    query(
        "INSERT INTO training.examples (kind, intent, text, author)"
        f" VALUES ('example', 'ask_weather', 'chove?', '{tina.id}')"
    )
    page = unescape(tina.gets("/training/changes").text)
    assert "A intenção ask_weather não existe no domain.yml." in page
    assert "rapidao fera</code>" in page
    assert '<button class="main" id="apply" disabled>' in page


UNWRITABLE: tuple[tuple[str, dict[str, str]], ...] = (
    ("story", {"intent": "a", "text": "b"}),
    ("example", {"intent": "ask_pix", "text": ""}),
    ("example", {"intent": "ask_pix", "text": "a" * 2000}),
    ("intent", {**HOURS, "intent": "Que horas?"}),
    ("intent", {**HOURS, "answers": ""}),
    ("synonym", {"intent": "boleto", "text": "Boleto"}),
)


def test_what_cannot_be_written_is_refused_at_once(pages: Flask) -> None:
    """In a sentence, with nothing kept."""
    tina = Desk(pages, Role.TRAINER)
    for kind, form in UNWRITABLE:
        assert 'class="refused"' in _adds(tina, kind, **form), form
    assert _pieces() == []


def test_a_line_of_the_files_goes_out_or_to_another_intent(pages: Flask) -> None:
    """Noted from the neighbours of a message, done by the change."""
    hear("me manda a segunda via do boleto", "ask_boleto", ("ask_boleto", 0.99))
    _collect()
    tina, [item] = Desk(pages, Role.TRAINER), _items().values()
    page = tina.gets(f"/training/messages/{item}/neighbours").text
    assert 'name="place" value="data/nlu/payment.yml:' in page
    one, other = [f"data/nlu/payment.yml:{each.place.line}" for each in _boletos(PROJECT)[:2]]
    assert "sai de Quer o boleto" in tina.posts("/training/lines", place=one).text
    assert "vai para Quer Pix" in tina.posts("/training/lines", place=other, to="ask_pix").text
    page = tina.gets("/training/changes").text
    assert page.count('class="removed"') == 2
    assert page.count('class="added"') == 1
    assert "não está mais" in tina.posts("/training/lines", place="data/nlu/payment.yml:1").text


def test_without_git_the_pages_say_what_to_do(
    pages: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was reviewed is still there."""
    tina = Desk(pages, Role.TRAINER)
    _adds(tina, "example", intent="ask_pix", text="manda o pix ai rapidao fera")
    monkeypatch.setenv("TRAINING_REPOSITORY", str(tmp_path))
    page = tina.gets("/training/changes").text
    assert "não é um repositório git" in page
    assert "rapidao fera" in page


def test_a_conversation_nobody_remembers_is_no_test(pages: Flask) -> None:
    """The bot's memory of it is what a test is made of."""
    answer = Desk(pages, Role.TRAINER).gets(f"/training/conversations/{conversation()}/story")
    assert "não há o que salvar" in answer.text


def test_every_intent_has_its_line_in_the_guide() -> None:
    """But those that come from buttons and media; every value that is marked has a name."""
    guide = get_guide()
    assert guide.topics[-1].name != "Ainda sem linha no guia"
    assert all(intent.means for intent in guide.intents.values())
    assert set(guide.intents) <= read_domain(PROJECT / "domain.yml").intents
    marked = {
        (mark.entity, mark.role)
        for example in examples.training_data().examples
        for mark in example.annotations
    }
    assert marked <= {(value.entity, value.role) for value in guide.values}


def test_a_new_intent_is_mended_without_writing_it_all_again(pages: Flask) -> None:
    """What was typed is there to be corrected: another answer, one message less."""
    tina = Desk(pages, Role.TRAINER)
    new = {"kind": "intent", "intent": "ask_store_hours", "topic": "conversation"}
    said = "a loja abre que horas\r\nabre no sábado a loja?"
    tina.posts("/training/examples", **new, examples=said, answers="Abre às 9h.")
    [(piece,)] = query("SELECT id FROM training.examples")
    page = tina.gets("/training/changes").text
    assert "abre no sábado a loja?</textarea>" in page
    both = "Abre às 9h.\r\n\r\nÀs 9h a loja abre."
    answer = tina.posts(
        f"/training/examples/{piece}", **new, examples="a loja abre que horas", answers=both
    )
    assert answer.headers["HX-Redirect"] == "/training/changes"
    [(text,)] = query("SELECT text FROM training.examples")
    assert json.loads(text)["answers"] == ["Abre às 9h.", "Às 9h a loja abre."]
    assert json.loads(text)["examples"] == ["a loja abre que horas"]
