"""A turn: what a person said at one go, put together for Rasa.

The statements are SQL by hand: somebody waits for them (docs/decisions/0004).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import answers, serving
from bot.conversations.asking import OpenTurn
from bot.conversations.models import Owner

LONGEST_BURST = timedelta(seconds=8)
LONGEST_TEXT = 2000
"""Characters of a message that understanding looks at: its beginning and its end."""

_COMMAND_START = re.compile(r"^[\s/\u200b-\u200f\u2060\ufeff]+")
RECEIPT_TYPES = frozenset({"image", "document", "video"})


@dataclass(frozen=True)
class Burst:
    """More may come: the newest message, and how many seconds to wait for another."""

    wamid: str
    pause: float


_CONVERSATION = text("""
    SELECT id, contact_id, owner, dialogue_id FROM bot.conversations WHERE id = :id FOR UPDATE
""")
_STATE = text("""
    SELECT turn.id AS open_turn, turn.created_at, turn.asked_at,
           (SELECT value FROM bot.contact_aliases
             WHERE contact_id = :contact AND kind = 'phone') AS phone,
           serving.current, serving.canary, serving.canary_percent
      FROM (SELECT) AS always
      LEFT JOIN bot.serving AS serving ON true
      LEFT JOIN bot.turns AS turn ON turn.conversation_id = :conversation AND turn.state = 'open'
""")
_MESSAGES = """
    SELECT message.wamid, message.type, message.text, message.choice_id, message.sent_at,
           message.received_at, message.body #>> ARRAY[message.type, 'id'] AS media_id,
           choice.payload
      FROM bot.messages AS message
      LEFT JOIN bot.issued_choices AS choice
        ON choice.id = message.choice_id AND choice.expires_at > now()
       AND choice.conversation_id = message.conversation_id
     WHERE message.conversation_id = :conversation AND {which}
     ORDER BY message.sent_at, message.received_at
"""
_WAITING = text(_MESSAGES.format(which="message.turn_id IS NULL AND message.answerable"))
_OF_TURN = text(_MESSAGES.format(which="message.turn_id = :turn"))
_NEW_TURN = text("""
    WITH turn AS (INSERT INTO bot.turns (id, conversation_id, state, created_at, asked_at)
                  VALUES (:turn, :conversation, 'open', :now, :now))
    UPDATE bot.messages SET turn_id = :turn WHERE wamid = ANY(:wamids)
""")
_ASKED = text("UPDATE bot.turns SET asked_at = :now WHERE id = :turn")

Record = Row[Any]


def take(conversation_id: UUID, burst_seconds: float) -> OpenTurn | Burst | None:
    """The turn to answer now: one left open by a crash, or all that waits; None if nothing.

    The caller asks it at once: it is noted as asked. A conversation owned by people keeps its
    messages for them.
    """
    with db.transaction() as session:
        conversation = session.execute(_CONVERSATION, {"id": conversation_id}).one()
        of_it = {"conversation": conversation_id, "contact": conversation.contact_id}
        state = session.execute(_STATE, of_it).one()
        if state.open_turn is not None:
            return _take_again(session, conversation, state)
        return _take_waiting(session, conversation, state, burst_seconds)


def _take_again(session: Session, conversation: Record, state: Record) -> OpenTurn | None:
    of_turn = {"conversation": conversation.id, "turn": state.open_turn}
    messages = session.execute(_OF_TURN, of_turn).all()
    session.execute(_ASKED, {"turn": state.open_turn, "now": datetime.now(UTC)})
    turn = _describe(conversation, state, messages, state.open_turn, state.created_at)
    return _for_its_owner(session, conversation, replace(turn, asked_before=state.asked_at))


def _take_waiting(
    session: Session, conversation: Record, state: Record, burst_seconds: float
) -> OpenTurn | Burst | None:
    waiting = session.execute(_WAITING, {"conversation": conversation.id}).all()
    if not waiting:
        return None
    pause = _pause(waiting, burst_seconds)
    if pause > 0 and conversation.owner == Owner.BOT:
        return Burst(_newest(waiting).wamid, pause)
    messages = _complete_in_itself(waiting)
    turn = _describe(conversation, state, messages, uuid4(), datetime.now(UTC))
    new = {"turn": turn.id, "conversation": conversation.id, "now": turn.created_at}
    session.execute(_NEW_TURN, {**new, "wamids": [message.wamid for message in messages]})
    return _for_its_owner(session, conversation, turn)


def _newest(messages: Sequence[Record]) -> Record:
    return max(messages, key=lambda message: message.received_at)


def _pause(messages: Sequence[Record], burst_seconds: float) -> float:
    """How long to wait for the rest of a burst; a tap is complete in itself."""
    if _newest(messages).choice_id:
        return 0
    last = _newest(messages).received_at + timedelta(seconds=burst_seconds)
    longest = min(message.received_at for message in messages) + LONGEST_BURST
    seconds: float = (min(last, longest) - datetime.now(UTC)).total_seconds()
    return seconds


def _complete_in_itself(waiting: Sequence[Record]) -> Sequence[Record]:
    """What was written up to the next tap, or that tap alone: words before or after it keep
    their own meaning."""
    words = list(takewhile(lambda message: not message.choice_id, waiting))
    return words or waiting[:1]


def _for_its_owner(session: Session, conversation: Record, turn: OpenTurn) -> OpenTurn | None:
    """The turn; None when people own the conversation: then its messages are kept for them."""
    if conversation.owner == Owner.BOT:
        return turn
    answers.leave_to_person(session, turn.conversation_id, turn.id)
    return None


def _describe(
    conversation: Record,
    state: Record,
    messages: Sequence[Record],
    turn_id: UUID,
    created_at: datetime,
) -> OpenTurn:
    return OpenTurn(
        id=turn_id,
        conversation_id=conversation.id,
        dialogue_id=conversation.dialogue_id,
        created_at=created_at,
        asked_before=None,
        wamid=_newest(messages).wamid,
        message=_for_rasa(messages),
        metadata={
            "turn_id": str(turn_id),
            "phone": state.phone,
            "model": serving.model_for(conversation.id, state),
            "said_at": messages[-1].sent_at.isoformat(),
            "said": "\n".join(m.text for m in messages if m.text)[:LONGEST_TEXT],
        },
    )


def _for_rasa(messages: Sequence[Record]) -> str:
    """One message for Rasa: the command of a tap, or of a receipt, or else the words typed."""
    if messages[0].choice_id:
        return _command_of_tap(messages[0])
    receipts = [message for message in messages if message.type in RECEIPT_TYPES]
    if receipts:
        return "/already_paid" + json.dumps({"receipt": receipts[-1].media_id or ""})
    text = "\n".join(typed(message.text) for message in messages).strip()
    if text:
        return text if len(text) <= LONGEST_TEXT else text[:200] + "\n" + text[200 - LONGEST_TEXT :]
    is_voice = any(message.type == "audio" for message in messages)
    return "/voice_message" if is_voice else "/unreadable_message"


def typed(text: str) -> str:
    """`text` without leading slashes, whatever blanks are before them: Rasa executes those."""
    return "\n".join(_COMMAND_START.sub("", line) for line in text.splitlines())


def _command_of_tap(tap: Record) -> str:
    """The command behind a button of ours; any other id is a stale choice.

    A template's quick reply that we did not issue says its words.
    """
    if tap.payload is not None:
        return str(tap.payload)
    if tap.type == "button" and typed(tap.text).strip():
        return typed(tap.text)
    return "/stale_choice"
