"""What the bot hands over goes to the team that the policy names for its reason."""

from uuid import UUID

import pytest
from flask import Flask
from structlog.testing import capture_logs

from bot.conversations import answers, routing
from bot.conversations.asking import Answered, OpenTurn
from bot.conversations.turns import take
from bot.desk.roles import Role
from tests.desk.browserless import Desk, conversation
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database

MARIA = {"phone": "5511987654321", "name": "Maria"}
JOAO = {"phone": "5521976543210", "name": "João"}


@pytest.fixture(autouse=True)
def policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disputes go to a team of their own, as if `policies/desk.yml` said so."""
    monkeypatch.setattr(routing, "routes", lambda: {"dispute_debt": "Contestação"})


def _handed_over(reason: str, **who: str) -> UUID:
    id_ = conversation(**who)
    turn = take(id_, 0)
    assert isinstance(turn, OpenTurn)
    bubbles = [{"text": "Vou chamar."}, {"custom": {"type": "handoff", "reason": reason}}]
    answers.answer(turn, Answered(turn.dialogue_id, bubbles))
    return id_


def test_a_dispute_waits_in_the_queue_of_its_team(app: Flask) -> None:
    """Whose people see it, and nobody else; everything else waits in the general one."""
    ari = Desk(app, Role.ADMIN)
    ari.posts("/desk/teams", name="Contestação")
    [(team,)] = query("SELECT id FROM desk.teams WHERE name = 'Contestação'")
    ana, carla = Desk(app), Desk(app, Role.SUPERVISOR, team=team)
    query("UPDATE desk.teams SET name = 'Contestação' WHERE id = :id", id=team)
    disputed = _handed_over("dispute_debt", **MARIA)
    asked = _handed_over("ask_human", **JOAO)
    assert str(disputed) in carla.gets("/desk/rows").text
    assert str(asked) not in carla.gets("/desk/rows").text
    assert str(asked) in ana.gets("/desk/rows").text
    assert ana.gets(f"/desk/c/{disputed}").status_code == 404
    assert "recebe Contesta a dívida" in ari.gets("/desk/people").text
    assert "Vêm direto para esta equipe: Contesta a dívida." in carla.gets("/desk/wall").text


def test_a_team_that_does_not_exist_loses_nobody(app: Flask) -> None:
    """It waits in the general queue, the log says so loudly, and so does the page of people."""
    query("DELETE FROM desk.teams WHERE id <> 'geral'")
    ana, ari = Desk(app), Desk(app, Role.ADMIN)
    with capture_logs() as logs:
        id_ = _handed_over("dispute_debt", **MARIA)
        routing.warn_of_unknown_teams()
    assert str(id_) in ana.gets("/desk/rows").text
    said = [(line["log_level"], line["team"]) for line in logs if "team" in line["event"]]
    assert said == [("error", "Contestação")] * 2
    assert "a equipe “Contestação”, que não existe" in ari.gets("/desk/people").text


def test_a_conversation_given_back_is_routed_anew(app: Flask) -> None:
    """The team of last time is not the team for ever."""
    carla = Desk(app, team="contestação")
    id_ = _handed_over("dispute_debt", **MARIA)
    carla.posts(f"/desk/c/{id_}/take")
    carla.posts(f"/desk/c/{id_}/resolve", disposition="disputed")
    _handed_over("ask_human", **MARIA)
    assert query("SELECT team FROM bot.conversations") == [("geral",)]
