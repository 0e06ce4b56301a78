"""Asking Rasa: a turn is asked once, however often it is tried.

The worker calls these steps in order (`tasks.py`); each is one short transaction or one
HTTP call, and each may be repeated after a crash.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from bot import db
from bot.conversations.dialogue import Bubble, Dialogue, NoAnswer, Unreachable, is_complete
from bot.conversations.models import Conversation, Turn

PATIENCE = timedelta(seconds=60)
"""How long a turn waits for a Rasa that is down before a person is asked to take over."""
RASA_DEADLINE = timedelta(seconds=20)
"""After this long a question Rasa was asked before a crash is no longer being thought about."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class OpenTurn:
    """A turn the bot has to answer: the message for Rasa and what travels with it.

    `asked_before`: when an earlier try asked it, which may have been answered.
    """

    id: UUID
    conversation_id: UUID
    dialogue_id: UUID
    created_at: datetime
    asked_before: datetime | None
    wamid: str
    message: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """What Rasa said, and in which dialogue."""

    dialogue_id: UUID
    bubbles: list[Bubble]


def ask(dialogue: Dialogue, turn: OpenTurn) -> Answered:
    """Rasa's answer to the turn, asked once however often it is tried.

    Raises DialogueError when there is none yet; `reopen` the turn after a pause.
    """
    dialogue_id = turn.dialogue_id
    if turn.asked_before:
        said = _recall(dialogue, turn, turn.asked_before)
        if is_complete(said or []):
            return Answered(dialogue_id, said or [])
        if said is not None:
            dialogue_id = _fork(dialogue, turn)
        _note_asked(turn, datetime.now(UTC))
    try:
        return Answered(dialogue_id, dialogue.ask(dialogue_id, turn.message, turn.metadata))
    except (Unreachable, NoAnswer):
        # Rasa is not thinking about it: the next try need not wait for that.
        _note_asked(turn, LONG_AGO)
        raise


def reopen(turn: OpenTurn) -> OpenTurn:
    """The turn for another try, after one that brought no answer."""
    with db.transaction() as session:
        return replace(
            turn,
            dialogue_id=session.get_one(Conversation, turn.conversation_id).dialogue_id,
            asked_before=session.get_one(Turn, turn.id).asked_at,
        )


def _note_asked(turn: OpenTurn, asked_at: datetime) -> None:
    with db.transaction() as session:
        session.execute(update(Turn).where(Turn.id == turn.id).values(asked_at=asked_at))


def _recall(dialogue: Dialogue, turn: OpenTurn, asked_at: datetime) -> list[Bubble] | None:
    """What Rasa said to an earlier try, waiting for an answer still on its way."""
    while (said := dialogue.recall(turn.dialogue_id, str(turn.id))) is None:
        if datetime.now(UTC) - asked_at > RASA_DEADLINE:
            return None
        time.sleep(0.5)
    return said


def _fork(dialogue: Dialogue, turn: OpenTurn) -> UUID:
    """Leave a dialogue that ended in half an answer: go on in one that stands before it."""
    new_id = uuid4()
    dialogue.fork(turn.dialogue_id, str(turn.id), new_id)
    with db.transaction() as session:
        session.execute(
            update(Conversation)
            .where(
                Conversation.id == turn.conversation_id,
                Conversation.dialogue_id == turn.dialogue_id,
            )
            .values(dialogue_id=new_id)
        )
    return new_id


def is_out_of_patience(turn: OpenTurn) -> bool:
    """Whether a person should be asked to take over from a dialogue that is down."""
    return datetime.now(UTC) - turn.created_at > PATIENCE
