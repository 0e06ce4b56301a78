"""What people say in a conversation: an operator's words, or ours when it changes hands.

A message carries the id its form was shown with: sent twice, it is written once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot import words
from bot.business_hours import say_when_people_answer
from bot.conversations import files, tasks
from bot.conversations.handoff import held
from bot.conversations.models import Conversation, OutboxRow, OutboxState
from bot.opening import attendance
from bot.whatsapp.content import Say, fit

WINDOW = timedelta(hours=24)
UNDELIVERED = (OutboxState.FAILED, OutboxState.PARKED)


class WindowClosed(Exception):
    """More than 24 hours after the person's last message only templates may be sent."""


class NotRetried(Exception):
    """This message did arrive, is on its way, or was sent again before."""


def window_until(conversation: Conversation) -> datetime | None:
    """Until when free text may be sent; None when it may not."""
    last = conversation.last_inbound_at
    return last + WINDOW if last and last + WINDOW > datetime.now(UTC) else None


def say(
    session: Session,
    conversation_id: UUID,
    operator_id: UUID,
    contents: Sequence[dict[str, Any]],
    message_id: UUID,
) -> None:
    """Write an operator's message into the outbox.

    Raises NotHeld, or WindowClosed before anything is written.
    """
    conversation = held(session, conversation_id, operator_id)
    _check_window(conversation, contents)
    for place, content in enumerate(contents):
        id_ = message_id if place == 0 else uuid5(message_id, str(place))
        _write(session, conversation_id, content, id=id_, sent_by=operator_id)
    tasks.wake(session, conversation_id)


def send_again(session: Session, row_id: UUID, operator_id: UUID) -> None:
    """Send a message that did not arrive once more, at the end of the conversation.

    Raises NotRetried, NotHeld or WindowClosed.
    """
    row = session.get_one(OutboxRow, row_id)
    conversation = held(session, row.conversation_id, operator_id)
    if row.state not in UNDELIVERED:
        raise NotRetried(f"outbox {row_id} is {row.state}")
    _check_window(conversation, [row.content])
    marks = {"id": uuid5(row_id, "again"), "sent_by": operator_id, "retry_of": row_id}
    content = files.afresh(session, row.content)
    if not _write(session, row.conversation_id, content, **marks):
        raise NotRetried(f"outbox {row_id} was sent again already")
    tasks.wake(session, row.conversation_id)


def tell(session: Session, conversation: Conversation, response: str) -> None:
    """Say a response of `domain.yml` ourselves, if the window lets us."""
    when = say_when_people_answer(attendance(), datetime.now(UTC))
    tell_words(session, conversation, words.say(response, people_answer=when))


def tell_words(session: Session, conversation: Conversation, said: str) -> None:
    """Say something ourselves, if the window lets us."""
    if window_until(conversation) is None:
        return
    for content in fit(Say(said)):
        _write(session, conversation.id, content, id=uuid4())
    tasks.wake(session, conversation.id)


def conversation_of(session: Session, row_id: UUID) -> UUID | None:
    """Whose message of ours this is."""
    return session.scalar(select(OutboxRow.conversation_id).where(OutboxRow.id == row_id))


def is_written(session: Session, message_id: str) -> bool:
    """Whether the message of this form was written already."""
    try:
        return session.get(OutboxRow, UUID(message_id)) is not None
    except ValueError:
        return False


def _check_window(conversation: Conversation, contents: Sequence[dict[str, Any]]) -> None:
    is_free = any(content["type"] != "template" for content in contents)
    if is_free and window_until(conversation) is None:
        raise WindowClosed(f"last message of the person: {conversation.last_inbound_at}")


def _write(session: Session, conversation_id: UUID, content: dict[str, Any], **marks: Any) -> bool:
    """Whether the row is new."""
    values = {
        "conversation_id": conversation_id,
        "content": content,
        "state": OutboxState.PENDING,
        "attempts": 0,
        **marks,
    }
    statement = insert(OutboxRow).values(values).on_conflict_do_nothing().returning(OutboxRow.id)
    return session.scalar(statement) is not None
