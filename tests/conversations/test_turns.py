"""A turn ends with an answer, whatever happens to the dialogue; never in silence."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.conversations import asking, tasks, turns
from bot.conversations.dialogue import Bubble, DialogueError, NoAnswer, Unreachable
from tests.whatsapp.edge import arrive, change, contact, query, says
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database
from tests.whatsapp.fake import FakeWhatsApp

pytestmark = pytest.mark.usefixtures("clean")

DONE: Bubble = {"custom": {"type": "done"}}


class FakeDialogue:
    """Rasa's part of the contract: each answer in turn, an error is raised."""

    def __init__(self, *answers: list[Bubble] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def ask(self, dialogue_id: UUID, message: str, metadata: dict[str, Any]) -> list[Bubble]:
        """The next answer; the last one again and again."""
        self.asked.append(message)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def recall(self, dialogue_id: UUID, turn_id: str) -> list[Bubble] | None:
        """Nothing was said before."""
        return None

    def fork(self, dialogue_id: UUID, turn_id: str, new_id: UUID) -> None:
        """Nothing stands before the first turn."""


def _run(monkeypatch: pytest.MonkeyPatch, dialogue: FakeDialogue, patience: float = 60) -> None:
    monkeypatch.setattr(tasks, "_dialogue", lambda: dialogue)
    monkeypatch.setattr(tasks, "_whatsapp", lambda: FakeWhatsApp())
    monkeypatch.setattr(asking, "PATIENCE", timedelta(seconds=patience))
    arrive(change(messages=[says("oi")], contacts=[contact("5511987654321")]))
    [(conversation,)] = query("SELECT id FROM bot.conversations")
    asyncio.run(tasks.advance(str(conversation)))


def _bubbles() -> list[str]:
    rows = query("SELECT content->'text'->>'body' FROM bot.outbox ORDER BY position")
    return [words for (words,) in rows]


@pytest.mark.parametrize("error", [Unreachable("down"), NoAnswer("half an answer")])
def test_a_dialogue_that_stays_down_gets_one_apology_and_a_person(
    monkeypatch: pytest.MonkeyPatch, error: DialogueError
) -> None:
    """And nothing that looks like an error."""
    _run(monkeypatch, FakeDialogue(error), patience=0.5)
    [apology] = _bubbles()
    assert "Desculpe" in apology
    assert query("SELECT owner, handoff_reason FROM bot.conversations") == [
        ("queue", "bot_failure")
    ]


def test_a_dialogue_that_comes_back_answers_and_nobody_notices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Retried until it works."""
    dialogue = FakeDialogue(Unreachable("down"), NoAnswer("empty"), [{"text": "Olá!"}, DONE])
    _run(monkeypatch, dialogue)
    assert _bubbles() == ["Olá!"]
    assert query("SELECT owner FROM bot.conversations") == [("bot",)]


def test_an_answer_nobody_foresaw_does_not_loop_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past all patience it is an apology and a person, too."""
    broken = FakeDialogue([{"custom": {"type": "choices"}}, DONE])
    _run(monkeypatch, broken, patience=-1)
    assert "Desculpe" in _bubbles()[0]


def test_a_turn_taken_over_meanwhile_is_left_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the bot was about to say is not said."""

    class TakenOver(FakeDialogue):
        def ask(self, *arguments: Any) -> list[Bubble]:
            query_change(
                "UPDATE bot.conversations SET owner = 'operator', operator_id = gen_random_uuid()"
            )
            return super().ask(*arguments)

    _run(monkeypatch, TakenOver([{"text": "tarde demais"}, DONE]))
    assert _bubbles() == []


def query_change(sql: str) -> None:
    """Change something behind the turn's back."""
    from sqlalchemy import text

    from bot import db

    with db.transaction() as session:
        session.execute(text(sql))


@given(st.text())
@example("\u2003/affirm")
@example("\x1f//restart")
@example("\u200b /greet")
def test_nothing_typed_begins_with_a_slash_for_rasa(text: str) -> None:
    """Whatever blanks people put before it: Rasa would execute it."""
    assert not turns.typed(text).strip().startswith("/")
