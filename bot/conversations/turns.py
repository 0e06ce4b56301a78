"""A turn: what a person said at one go, asked of Rasa once and answered once.

The worker calls these steps in order (`tasks.py`); each is one short transaction or one
HTTP call, and each may be repeated after a crash.
"""

import json
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot import db, words
from bot.conversations import contacts
from bot.conversations.dialogue import Bubble, Dialogue, NoAnswer, Unreachable, is_complete
from bot.conversations.handoff import hand_over
from bot.conversations.models import (
    Conversation,
    IssuedChoice,
    Message,
    OutboxRow,
    Owner,
    Turn,
    TurnState,
)
from bot.conversations.outbox import Claimed, claim
from bot.conversations.reply import Reply
from bot.whatsapp.content import Say, fit

log = structlog.get_logger()

PATIENCE = timedelta(seconds=60)
"""How long a turn waits for a Rasa that is down before a person is asked to take over."""
RASA_DEADLINE = timedelta(seconds=20)
"""After this long a question Rasa was asked before a crash is no longer being thought about."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CHOICE_LIFE = timedelta(hours=24)
QUEUE_NOTICE_EVERY = timedelta(minutes=30)
LONGEST_BURST = timedelta(seconds=8)
LONGEST_TEXT = 2000
"""Characters of a message that understanding looks at: its beginning and its end."""

_COMMAND_START = re.compile(r"^[\s/\u200b-\u200f\u2060\ufeff]+")
RECEIPT_TYPES = frozenset({"image", "document", "video"})


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
class Burst:
    """More may come: the newest message, and how many seconds to wait for another."""

    wamid: str
    pause: float


def take(conversation_id: UUID, burst_seconds: float) -> OpenTurn | Burst | None:
    """The turn to answer now: one left open by a crash, or all that waits; None if nothing.

    The caller asks it at once: it is noted as asked. A conversation owned by people keeps its
    messages for them.
    """
    with db.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id, with_for_update=True)
        left_open = session.scalar(
            select(Turn).where(
                Turn.conversation_id == conversation_id, Turn.state == TurnState.OPEN
            )
        )
        if left_open is not None:
            return _take_again(session, conversation, left_open)
        return _take_waiting(session, conversation, burst_seconds)


def _take_again(session: Session, conversation: Conversation, turn: Turn) -> OpenTurn | None:
    messages = _messages(session, Message.turn_id == turn.id)
    asked_before, turn.asked_at = turn.asked_at, datetime.now(UTC)
    return _for_its_owner(session, conversation, turn, messages, asked_before)


def _take_waiting(
    session: Session, conversation: Conversation, burst_seconds: float
) -> OpenTurn | Burst | None:
    waiting = _messages(
        session,
        Message.conversation_id == conversation.id,
        Message.turn_id.is_(None),
        Message.answerable.is_(True),
    )
    if not waiting:
        return None
    pause = _pause(waiting, burst_seconds)
    if pause > 0 and conversation.owner is Owner.BOT:
        return Burst(_newest(waiting).wamid, pause)
    messages = _complete_in_itself(waiting)
    turn = _new_turn(session, conversation.id, messages)
    return _for_its_owner(session, conversation, turn, messages, None)


def _messages(session: Session, *which: ColumnElement[bool]) -> list[Message]:
    """Messages in the order they were written."""
    query = select(Message).where(*which).order_by(Message.sent_at, Message.received_at)
    return list(session.scalars(query))


def _newest(messages: list[Message]) -> Message:
    return max(messages, key=lambda message: message.received_at)


def _pause(messages: list[Message], burst_seconds: float) -> float:
    """How long to wait for the rest of a burst; a tap is complete in itself."""
    if _newest(messages).choice_id:
        return 0
    last = _newest(messages).received_at + timedelta(seconds=burst_seconds)
    longest = min(message.received_at for message in messages) + LONGEST_BURST
    return (min(last, longest) - datetime.now(UTC)).total_seconds()


def _complete_in_itself(waiting: list[Message]) -> list[Message]:
    """What was written up to the next tap, or that tap alone: words before or after it keep
    their own meaning."""
    words = list(takewhile(lambda message: not message.choice_id, waiting))
    return words or waiting[:1]


def _new_turn(session: Session, conversation_id: UUID, messages: list[Message]) -> Turn:
    now = datetime.now(UTC)
    turn = Turn(id=uuid4(), conversation_id=conversation_id, created_at=now, asked_at=now)
    session.add(turn)
    session.flush()
    for message in messages:
        message.turn_id = turn.id
    return turn


def _for_its_owner(
    session: Session,
    conversation: Conversation,
    turn: Turn,
    messages: list[Message],
    asked_before: datetime | None,
) -> OpenTurn | None:
    """The turn, described for Rasa; None when people own the conversation."""
    if conversation.owner is not Owner.BOT:
        _leave_to_person(session, conversation, turn)
        return None
    return _describe(session, conversation, turn, messages, asked_before)


def _leave_to_person(session: Session, conversation: Conversation, turn: Turn) -> None:
    """Keep the messages for people; somebody still in the queue is told so now and then."""
    turn.state = TurnState.LEFT_TO_PERSON
    now = datetime.now(UTC)
    noticed = conversation.queue_notice_at
    if conversation.owner is Owner.QUEUE and (not noticed or now - noticed > QUEUE_NOTICE_EVERY):
        conversation.queue_notice_at = now
        _write(session, turn, Reply(says=[Say(words.say("utter_still_in_queue"))]))


def _describe(
    session: Session,
    conversation: Conversation,
    turn: Turn,
    messages: list[Message],
    asked_before: datetime | None,
) -> OpenTurn:
    return OpenTurn(
        id=turn.id,
        conversation_id=conversation.id,
        dialogue_id=conversation.dialogue_id,
        created_at=turn.created_at,
        asked_before=asked_before,
        wamid=_newest(messages).wamid,
        message=_for_rasa(session, conversation.id, messages),
        metadata={
            "turn_id": str(turn.id),
            "phone": contacts.phone_of(session, conversation.contact_id),
            "said_at": messages[-1].sent_at.isoformat(),
            "said": "\n".join(m.text for m in messages if m.text)[:LONGEST_TEXT],
        },
    )


def _for_rasa(session: Session, conversation_id: UUID, messages: list[Message]) -> str:
    """One message for Rasa: the command of a tap, or of a receipt, or else the words typed."""
    if messages[0].choice_id:
        return _command_of_tap(session, conversation_id, messages[0])
    receipts = [message for message in messages if message.type in RECEIPT_TYPES]
    if receipts:
        media = receipts[-1].body.get(receipts[-1].type)
        media_id = media.get("id") if isinstance(media, dict) else None
        return "/already_paid" + json.dumps({"receipt": str(media_id or "")})
    text = "\n".join(typed(message.text) for message in messages).strip()
    if text:
        return text if len(text) <= LONGEST_TEXT else text[:200] + "\n" + text[200 - LONGEST_TEXT :]
    is_voice = any(message.type == "audio" for message in messages)
    return "/voice_message" if is_voice else "/unreadable_message"


def typed(text: str) -> str:
    """`text` without leading slashes, whatever blanks are before them: Rasa executes those."""
    return "\n".join(_COMMAND_START.sub("", line) for line in text.splitlines())


def _command_of_tap(session: Session, conversation_id: UUID, tap: Message) -> str:
    """The command behind a button of ours; any other id is a stale choice.

    A template's quick reply that we did not issue says its words.
    """
    choice = session.get(IssuedChoice, tap.choice_id)
    is_ours = choice is not None and choice.conversation_id == conversation_id
    if choice and is_ours and choice.expires_at > datetime.now(UTC):
        return choice.payload
    if tap.type == "button" and typed(tap.text).strip():
        return typed(tap.text)
    return "/stale_choice"


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


def answer(turn: OpenTurn, answered: Answered) -> Claimed | None:
    """Write the answer and mark the turn, in one transaction; its first bubble, to be sent.

    Nothing is written when people took over meanwhile, when the turn was answered before, or
    when somebody else holds the number by now: then it is asked again, of the new dialogue.
    Raises NoAnswer when there is nothing to say: silence is no answer.
    """
    reply = Reply.of(answered.bubbles)
    if not reply.says:
        raise NoAnswer("an answer without words")
    with db.transaction() as session:
        conversation, open_turn = _lock(session, turn)
        if open_turn is None:
            return None
        if conversation.owner is not Owner.BOT:
            open_turn.state = TurnState.LEFT_TO_PERSON
            return None
        if conversation.dialogue_id != answered.dialogue_id:
            open_turn.asked_at = None
            return None
        if reply.closes_choices:
            _close_choices(session, conversation.id)
        _write(session, open_turn, reply)
        open_turn.state = TurnState.ANSWERED
        open_turn.answered_at = datetime.now(UTC)
        if reply.stop_contact:
            contacts.stop(session, conversation, reply.stop_contact)
        if reply.handoff:
            hand_over(session, conversation, reply.handoff)
            conversation.queue_notice_at = datetime.now(UTC)
        return claim(session, conversation)


def give_up(turn: OpenTurn) -> None:
    """Apologise once and put the conversation in the queue: the bot is down."""
    with db.transaction() as session:
        conversation, open_turn = _lock(session, turn)
        if open_turn is None or conversation.owner is not Owner.BOT:
            return
        _write(session, open_turn, Reply(says=[Say(words.say("utter_bot_down"))]))
        open_turn.state = TurnState.FAILED
        hand_over(session, conversation, "bot_failure")
        conversation.queue_notice_at = datetime.now(UTC)


def _lock(session: Session, turn: OpenTurn) -> tuple[Conversation, Turn | None]:
    conversation = session.get_one(Conversation, turn.conversation_id, with_for_update=True)
    row = session.get_one(Turn, turn.id)
    return conversation, row if row.state is TurnState.OPEN else None


def _close_choices(session: Session, conversation_id: UUID) -> None:
    session.execute(delete(IssuedChoice).where(IssuedChoice.conversation_id == conversation_id))


def _write(session: Session, turn: Turn, reply: Reply) -> None:
    expires_at = datetime.now(UTC) + CHOICE_LIFE
    for token, payload in reply.payloads.items():
        session.add(
            IssuedChoice(
                id=token,
                conversation_id=turn.conversation_id,
                payload=payload,
                expires_at=expires_at,
            )
        )
    for say in reply.says:
        for content in fit(say):
            session.add(
                OutboxRow(
                    id=uuid4(),
                    conversation_id=turn.conversation_id,
                    turn_id=turn.id,
                    content=content,
                )
            )
            session.flush()  # one by one: `position` is the order of sending
