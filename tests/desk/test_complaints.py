"""What operators complain about elsewhere does not happen here."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import db
from bot.conversations import answers, speaking
from bot.conversations.asking import Answered, OpenTurn
from bot.conversations.outbox import OutboxState
from bot.conversations.turns import take
from bot.desk import tasks
from bot.whatsapp.client import Refused
from bot.whatsapp.content import Say, fit
from tests.desk.browserless import (
    PASSWORD,
    Desk,
    conversation,
    csrf_token,
    deliver,
    sign_in,
    waiting,
)
from tests.desk.browserless import app as app
from tests.whatsapp.edge import arrive, change, contact, query, says
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database
from tests.whatsapp.fake import FakeWhatsApp

MARIA = "5511987654321"
DONE = {"custom": {"type": "done"}}


def _writes(words: str) -> None:
    arrive(change(messages=[says(words)], contacts=[contact(MARIA)]))


def test_the_bot_does_not_answer_after_takeover_even_in_a_turn_already_running(app: Flask) -> None:
    """What it thought of comes to nothing, and the message is the operator's to read."""
    id_, ana = conversation(), Desk(app)
    turn = take(id_, 0)
    assert isinstance(turn, OpenTurn)
    assert ana.posts(f"/desk/c/{id_}/take").status_code == 200
    assert answers.answer(turn, Answered(turn.dialogue_id, [{"text": "Oi!"}, DONE])) is None
    assert query("SELECT count(*) FROM bot.outbox") == [(0,)]
    assert query("SELECT state FROM bot.turns") == [("left_to_person",)]


def test_what_the_bot_had_still_to_send_is_not_sent_after_takeover(app: Flask) -> None:
    """Nor is what is put back into the outbox for another try."""
    id_, ana = conversation(), Desk(app)
    turn = take(id_, 0)
    assert isinstance(turn, OpenTurn)
    bubbles = [{"text": "Um"}, {"custom": {"type": "copyable", "text": "Dois"}}, DONE]
    answers.answer(turn, Answered(turn.dialogue_id, bubbles))
    ana.posts(f"/desk/c/{id_}/take")
    query("UPDATE bot.outbox SET state = 'pending' WHERE state = 'sending'")
    assert deliver(id_, FakeWhatsApp()).sent == []
    assert query("SELECT DISTINCT state FROM bot.outbox") == [("withdrawn",)]


def test_the_bot_stays_silent_while_a_person_holds_the_conversation(app: Flask) -> None:
    """A message that comes later is kept for the operator, without a word of the bot's."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    _writes("tem alguém aí?")
    assert take(id_, 0) is None
    assert query("SELECT count(*) FROM bot.outbox") == [(0,)]
    assert "tem alguém aí?" in ana.gets(f"/desk/c/{id_}").text


def test_a_dead_bot_leaves_nobody_in_limbo(app: Flask) -> None:
    """The person is told, and people see why it waits for them."""
    id_, ana = conversation(), Desk(app)
    turn = take(id_, 0)
    assert isinstance(turn, OpenTurn)
    answers.give_up(turn)
    assert "Desculpe" in deliver(id_, FakeWhatsApp()).bubbles[0]
    assert "O bot falhou" in ana.gets("/desk/rows").text


def test_who_writes_after_resolution_meets_the_bot(app: Flask) -> None:
    """The conversation is the bot's again at once."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    take(id_, 0)
    assert ana.posts(f"/desk/c/{id_}/resolve").status_code == 422, "not without a disposition"
    assert ana.posts(f"/desk/c/{id_}/resolve", disposition="informed").status_code == 200
    _writes("oi de novo")
    assert isinstance(take(id_, 0), OpenTurn)
    assert query("SELECT disposition, reason FROM desk.resolutions") == [("informed", "ask_human")]


def test_two_operators_cannot_both_hold_a_conversation(app: Flask) -> None:
    """Who comes second is told who was first, and can write nothing."""
    id_, ana, bia = waiting(), Desk(app), Desk(app)
    assert ana.posts(f"/desk/c/{id_}/take").status_code == 200
    second = bia.posts(f"/desk/c/{id_}/take")
    assert second.status_code == 409
    assert "Ana Lima assumiu esta conversa antes" in second.text
    assert bia.replies(id_, "Oi!").status_code == 409
    assert query("SELECT count(*) FROM bot.outbox") == [(0,)]


def test_an_assigned_chat_is_not_forgotten(app: Flask) -> None:
    """Too long without an answer it returns to the queue, and the person is told."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    _writes("e aí?")
    take(id_, 0)
    tasks.watch(datetime.now(UTC) + timedelta(minutes=29))
    assert query("SELECT owner FROM bot.conversations") == [("operator",)]
    tasks.watch(datetime.now(UTC) + timedelta(minutes=31))
    assert query("SELECT owner, operator_id, handoff_reason FROM bot.conversations") == [
        ("queue", None, "silent_operator")
    ]
    [told] = deliver(id_, FakeWhatsApp()).bubbles
    assert "outra pessoa da equipe" in told


def test_an_answered_chat_stays_with_its_operator(app: Flask) -> None:
    """Silence of the person is not silence of the operator."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    ana.replies(id_, "Já vejo isso para você.")
    tasks.watch(datetime.now(UTC) + timedelta(hours=5))
    assert query("SELECT owner FROM bot.conversations") == [("operator",)]


def test_what_waits_far_too_long_calls_the_supervisor(app: Flask) -> None:
    """Once."""
    id_, sonia = waiting("not_understood"), Desk(app)
    for minutes in (29, 31, 40):
        tasks.watch(datetime.now(UTC) + timedelta(minutes=minutes))
    assert "supervisão chamada" in sonia.gets("/desk/rows").text
    assert query(
        f"SELECT count(*) FROM bot.audit WHERE what = 'escalated' AND conversation_id = '{id_}'"
    ) == [(1,)]


def test_free_text_is_refused_once_the_window_is_closed(app: Flask) -> None:
    """Before it is sent, with the reason; a template goes out."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    query("UPDATE bot.conversations SET last_inbound_at = now() - interval '25 hours'")
    refused = ana.replies(id_, "Oi, ainda por aí?")
    assert refused.status_code == 422
    assert "24 horas" in refused.text
    assert query("SELECT count(*) FROM bot.outbox") == [(0,)]
    form = {
        "template": "retomar_atendimento|pt_BR",
        "value-1": "Maria",
        "value-2": "Loja",
        "message_id": str(uuid4()),
    }
    assert ana.posts(f"/desk/c/{id_}/template", **form).status_code == 200
    [(_, content, _)] = deliver(id_, FakeWhatsApp()).sent
    assert content["template"]["name"] == "retomar_atendimento"


def test_retry_really_sends_and_the_reason_is_kept(app: Flask) -> None:
    """Code and words of Meta's error are shown; sending again sends, once."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    ana.replies(id_, "Seu boleto segue abaixo.")
    deliver(id_, FakeWhatsApp(Refused(131026, "Message undeliverable", 400)))
    page = ana.gets(f"/desk/c/{id_}").text
    assert "código 131026 da Meta" in page
    assert "não recebe mensagens do WhatsApp agora" in page
    [(row,)] = query("SELECT id FROM bot.outbox")
    again = f"/desk/c/{id_}/again/{row}"
    assert [ana.posts(again).status_code for _ in range(2)] == [204, 409]
    assert deliver(id_, FakeWhatsApp()).bubbles == ["Seu boleto segue abaixo."]
    assert query("SELECT error_code FROM bot.outbox ORDER BY position") == [(131026,), (None,)]
    assert query("SELECT state FROM bot.outbox ORDER BY position") == [
        (OutboxState.FAILED.value,),
        (OutboxState.ACCEPTED.value,),
    ]


def test_a_double_click_sends_once(app: Flask) -> None:
    """The id of the form is the id of the message."""
    id_, ana, message_id = waiting(), Desk(app), uuid4()
    ana.posts(f"/desk/c/{id_}/take")
    for _ in range(2):
        assert ana.replies(id_, "Bom dia!", message_id).status_code == 200
    assert deliver(id_, FakeWhatsApp()).bubbles == ["Bom dia!"]


def test_operators_see_their_own_team_only(app: Flask) -> None:
    """Neither in the queue, nor by search, nor by address; CPF and phone are masked."""
    id_, ana, outsider = waiting(name="Fulana Única"), Desk(app), Desk(app, team="outra")
    assert "Fulana Única" in ana.gets("/desk/rows").text
    assert "987654321" not in ana.gets(f"/desk/c/{id_}").text
    assert "Fulana" not in outsider.gets("/desk/rows").text
    assert "Fulana" not in outsider.gets("/desk/search?q=Fulana").text
    assert outsider.gets(f"/desk/c/{id_}").status_code == 404
    assert outsider.posts(f"/desk/c/{id_}/take").status_code == 404


def test_revealing_is_noted(app: Flask) -> None:
    """And so is looking."""
    id_, ana = waiting(), Desk(app)
    ana.gets(f"/desk/c/{id_}")
    assert "+55 11 98765-4321" in ana.posts(f"/desk/c/{id_}/reveal").text
    noted = query(f"SELECT what FROM bot.audit WHERE who = 'operator:{ana.email}' ORDER BY id")
    assert noted == [("signed in",), ("viewed",), ("revealed",)]


@pytest.mark.parametrize("change", ["UPDATE bot.audit SET who = 'nobody'", "DELETE FROM bot.audit"])
def test_the_audit_is_only_added_to(app: Flask, change: str) -> None:
    """The database itself refuses."""
    waiting()
    Desk(app)
    with pytest.raises(Exception, match="append-only"):
        query(change)


def test_transfer_snooze_and_note(app: Flask) -> None:
    """A colleague gets it with the note; put aside it waits, until the person writes."""
    id_, ana, bia = waiting(), Desk(app), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    to = {"to": f"user:{bia.id}", "note": "Ela prefere boleto."}
    assert ana.posts(f"/desk/c/{id_}/transfer", **to).status_code == 200
    assert "Ela prefere boleto." in bia.gets(f"/desk/c/{id_}").text
    assert ana.replies(id_, "Oi").status_code == 409
    assert bia.posts(f"/desk/c/{id_}/snooze", minutes="60").status_code == 200
    assert "adiada até" in bia.gets("/desk/rows").text
    _writes("voltei")
    query("UPDATE bot.conversations SET last_inbound_at = now() + interval '1 second'")
    with db.transaction() as session:
        session.execute(tasks._WOKEN)
    assert "adiada até" not in bia.gets("/desk/rows").text


def test_another_team_gets_a_conversation_into_its_own_queue(app: Flask) -> None:
    """Who gave it away does not see it any more."""
    id_, ana, outsider = waiting(name="Fulana"), Desk(app), Desk(app, team="outra")
    ana.posts(f"/desk/c/{id_}/take")
    assert ana.posts(f"/desk/c/{id_}/transfer", to="team:outra").status_code == 200
    assert ana.gets(f"/desk/c/{id_}").status_code == 404
    assert "Fulana" in outsider.gets("/desk/rows").text


def test_a_draft_waits_for_the_message_that_is_being_sent(app: Flask) -> None:
    """It would be begun again after it was sent, and sent twice."""
    id_, ana, message = waiting(), Desk(app), uuid4()
    ana.posts(f"/desk/c/{id_}/take")
    draft = {"text": "Segue o boleto", "message_id": str(message)}
    with ThreadPoolExecutor() as pool:
        with db.transaction() as session:
            speaking.say(session, id_, ana.id, fit(Say("Segue o boleto")), message)
            late = pool.submit(ana.posts, f"/desk/c/{id_}/draft", **draft)
            assert not wait([late], timeout=0.5).done
        assert late.result(10).status_code == 204
    assert "Segue o boleto" not in ana.gets(f"/desk/c/{id_}/composer").text


def test_a_draft_stays(app: Flask) -> None:
    """Whatever else happens in the conversation."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    ana.posts(f"/desk/c/{id_}/draft", text="Comecei a escrev")
    _writes("oi?")
    assert "Comecei a escrev</textarea>" in ana.gets(f"/desk/c/{id_}/composer").text
    ana.replies(id_, "Comecei a escrever.")
    assert "Comecei" not in ana.gets(f"/desk/c/{id_}/composer").text


def test_a_conversation_ended_in_two_windows_at_once_is_ended_once(app: Flask) -> None:
    """How it ended is written together with giving it back, or not at all."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    other = app.test_client()
    sign_in(other, ana.email, PASSWORD)

    def ends(client: FlaskClient) -> int:
        headers = {"X-CSRFToken": csrf_token(client.get("/desk/").text)}
        form = {"disposition": "informed"}
        return client.post(f"/desk/c/{id_}/resolve", data=form, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ends, (ana.client, other))) == [200, 409]
    assert query("SELECT count(*) FROM desk.resolutions") == [(1,)]
    lines = query("SELECT what FROM bot.audit WHERE what IN ('resolved', 'given back')")
    assert sorted(lines) == [("given back",), ("resolved",)]
