"""The answer of a turn: written and marked in one transaction, whoever owns the conversation.

The statements are SQL by hand: somebody waits for them (docs/decisions/0004).
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import db, words
from bot.business_hours import say_when_people_answer
from bot.conversations import contacts
from bot.conversations.asking import Answered, OpenTurn
from bot.conversations.dialogue import NoAnswer
from bot.conversations.handoff import hand_over, tell_people
from bot.conversations.models import Conversation, Owner, TurnState
from bot.conversations.outbox import Claimed, claim
from bot.conversations.reply import Reply
from bot.opening import attendance
from bot.whatsapp.content import Say, fit

CHOICE_LIFE = timedelta(hours=24)
QUEUE_NOTICE_EVERY = timedelta(minutes=30)

_LOCK = text("""
    SELECT owner, dialogue_id, customer_id FROM bot.conversations WHERE id = :id FOR UPDATE
""")
_END = text("""
    UPDATE bot.turns
       SET state = CAST(:state AS text),
           answered_at = CASE WHEN CAST(:state AS text) = 'answered' THEN clock_timestamp() END,
           heard = CAST(:heard AS jsonb)
     WHERE id = :turn AND state = 'open'
    RETURNING id
""")
_KNOW = text("UPDATE bot.conversations SET customer_id = :customer WHERE id = :conversation")
_ASK_AGAIN = text("UPDATE bot.turns SET asked_at = NULL WHERE id = :turn AND state = 'open'")
_CLOSE_CHOICES = text("DELETE FROM bot.issued_choices WHERE conversation_id = :conversation")
_LAST_SAID = text("""
    SELECT content #>> '{text,body}' FROM bot.outbox
     WHERE conversation_id = :conversation ORDER BY position DESC LIMIT 1
""")
_WRITE = text("""
    WITH choices AS (
        INSERT INTO bot.issued_choices (id, conversation_id, payload, expires_at)
        SELECT key, :conversation, value, :expires_at
          FROM jsonb_each_text(CAST(:payloads AS jsonb)))
    INSERT INTO bot.outbox (id, conversation_id, turn_id, content, state, attempts)
    SELECT gen_random_uuid(), :conversation, :turn, value, 'pending', 0
      FROM jsonb_array_elements(CAST(:contents AS jsonb)) WITH ORDINALITY
     ORDER BY ordinality
""")


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
        conversation = session.execute(_LOCK, {"id": turn.conversation_id}).one()
        if conversation.owner != Owner.BOT:
            _end(session, turn.id, TurnState.LEFT_TO_PERSON)
            return None
        if conversation.dialogue_id != answered.dialogue_id:
            session.execute(_ASK_AGAIN, {"turn": turn.id})
            return None
        if not _end(session, turn.id, TurnState.ANSWERED, reply.heard):
            return None
        _know(session, turn.conversation_id, conversation.customer_id, reply.heard)
        _write(session, turn.conversation_id, turn.id, reply)
        _do(session, turn.conversation_id, reply)
        return claim(session, turn.conversation_id)


def _end(
    session: Session, turn_id: UUID, state: TurnState, heard: dict[str, Any] | None = None
) -> bool:
    """Whether the turn was open until now: a second answer ends nothing."""
    row = {"turn": turn_id, "state": state.value, "heard": heard and json.dumps(heard)}
    return session.execute(_END, row).first() is not None


def _know(
    session: Session, conversation_id: UUID, known: UUID | None, heard: dict[str, Any] | None
) -> None:
    """Keep who the person is to billing as the dialogue knows it: confirmed, or not any more."""
    customer = (heard or {}).get("customer_id")
    if heard is not None and customer != (str(known) if known else None):
        session.execute(_KNOW, {"conversation": conversation_id, "customer": customer})


def _write(session: Session, conversation_id: UUID, turn_id: UUID, reply: Reply) -> None:
    if reply.closes_choices:
        session.execute(_CLOSE_CHOICES, {"conversation": conversation_id})
    row = {
        "conversation": conversation_id,
        "turn": turn_id,
        "payloads": json.dumps(reply.payloads),
        "expires_at": datetime.now(UTC) + CHOICE_LIFE,
        "contents": json.dumps([content for say in reply.says for content in fit(say)]),
    }
    session.execute(_WRITE, row)


def _do(session: Session, conversation_id: UUID, reply: Reply) -> None:
    """What happens besides words."""
    if not (reply.stop_contact or reply.handoff or reply.tells_people):
        return
    conversation = session.get_one(Conversation, conversation_id)
    if reply.stop_contact:
        contacts.stop(session, conversation, reply.stop_contact)
    if reply.tells_people:
        tell_people(session, conversation, reply.tells_people)
    if reply.handoff:
        hand_over(session, conversation, reply.handoff)
        conversation.queue_notice_at = datetime.now(UTC)


def give_up(turn: OpenTurn) -> None:
    """Apologise once and put the conversation in the queue: the bot is down."""
    with db.transaction() as session:
        conversation = session.get_one(Conversation, turn.conversation_id, with_for_update=True)
        if conversation.owner is Owner.BOT and _end(session, turn.id, TurnState.FAILED):
            _write(session, conversation.id, turn.id, _says("utter_bot_down"))
            hand_over(session, conversation, "bot_failure")
            conversation.queue_notice_at = datetime.now(UTC)


def leave_to_person(session: Session, conversation_id: UUID, turn_id: UUID) -> None:
    """Keep a turn for people; somebody still in the queue is told so now and then."""
    _end(session, turn_id, TurnState.LEFT_TO_PERSON)
    conversation, now = session.get_one(Conversation, conversation_id), datetime.now(UTC)
    noticed = conversation.queue_notice_at
    if conversation.owner is Owner.QUEUE and (not noticed or now - noticed > QUEUE_NOTICE_EVERY):
        conversation.queue_notice_at = now
        last = session.execute(_LAST_SAID, {"conversation": conversation_id}).scalar() or ""
        _write(session, conversation_id, turn_id, _says("utter_still_in_queue", last))


def _says(response: str, after: str = "") -> Reply:
    when = say_when_people_answer(attendance(), datetime.now(UTC))
    return Reply(says=[Say(words.say(response, after=after, people_answer=when))])
