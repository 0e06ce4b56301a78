"""Who owns a conversation: the bot, the queue of people, or one operator.

Every change is one statement under the row's lock, so that two people never hold the same
conversation and the bot, which compares the owner where it writes (`answers.py`), is silent
from the commit on.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.conversations.models import (
    Audit,
    Conversation,
    OutboxRow,
    OutboxState,
    Owner,
    Turn,
    TurnState,
)
from bot.conversations.routing import team_for

URGENT = ("crisis", "death")
"""Reasons that people see before all others."""
TOLD = "people told"


class NotHeld(Exception):
    """The conversation is not, or no longer, held by whoever wants to act in it."""


def hand_over(session: Session, conversation: Conversation, reason: str, who: str = "bot") -> None:
    """Put a conversation in the queue of people; the bot is silent in it from now on."""
    if conversation.owner is not Owner.BOT:
        return
    conversation.owner = Owner.QUEUE
    conversation.team = team_for(session, reason)
    conversation.handoff_reason = reason
    conversation.queued_at = datetime.now(UTC)
    record(session, conversation.id, who, "handed over", reason=reason, team=conversation.team)


def tell_people(session: Session, conversation: Conversation, reason: str) -> None:
    """Note that people should look at a conversation that stays with the bot."""
    record(session, conversation.id, "bot", TOLD, reason=reason)


def take_over(session: Session, conversation_id: UUID, operator_id: UUID, who: str) -> bool:
    """Let one operator hold a conversation nobody holds; False when somebody was first.

    What the bot had still to send is not sent, and a turn it is thinking about is not answered.
    """
    free = Conversation.owner != Owner.OPERATOR
    if not _give(session, conversation_id, free, operator_id):
        return False
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.conversation_id == conversation_id,
            OutboxRow.state == OutboxState.PENDING,
            OutboxRow.sent_by.is_(None),
        )
        .values(state=OutboxState.WITHDRAWN)
    )
    session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.state == TurnState.OPEN)
        .values(state=TurnState.LEFT_TO_PERSON)
    )
    record(session, conversation_id, who, "taken over")
    return True


def pass_on(
    session: Session, conversation_id: UUID, operator_id: UUID, who: str, *, whoever: bool = False
) -> None:
    """Let another operator hold a conversation that `who` holds, or `whoever` holds it."""
    _give(session, conversation_id, Conversation.owner != Owner.BOT, operator_id)
    what = "reassigned" if whoever else "transferred"
    record(session, conversation_id, who, what, to=str(operator_id))


def _give(
    session: Session, conversation_id: UUID, condition: ColumnElement[bool], operator_id: UUID
) -> bool:
    now = datetime.now(UTC)
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id, condition)
        .values(
            owner=Owner.OPERATOR,
            operator_id=operator_id,
            taken_at=now,
            touched_at=now,
            snoozed_until=None,
            escalated_at=None,
        )
        .returning(Conversation.id)
    )
    return session.execute(statement).first() is not None


def held(session: Session, conversation_id: UUID, operator_id: UUID) -> Conversation:
    """The conversation, locked and touched, for something its operator does. Raises NotHeld."""
    conversation = session.scalar(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    )
    if conversation is None or conversation.operator_id != operator_id:
        raise NotHeld(f"conversation {conversation_id} is not held by {operator_id}")
    conversation.touched_at = datetime.now(UTC)
    return conversation


def put_back(session: Session, conversation: Conversation, who: str, reason: str) -> None:
    """Return a conversation that an operator holds to the queue."""
    _release(conversation, Owner.QUEUE)
    conversation.queued_at = datetime.now(UTC)
    conversation.handoff_reason = conversation.handoff_reason or reason
    record(session, conversation.id, who, "put back", reason=reason)


def give_back(
    session: Session, conversation: Conversation, who: str, *, goes_on: bool = False
) -> None:
    """Return a conversation to the bot, whose dialogue `goes_on` or else begins anew."""
    _release(conversation, Owner.BOT)
    conversation.handoff_reason = conversation.queued_at = None
    conversation.queue_notice_at = None
    if not goes_on:
        conversation.dialogue_id = uuid4()
        conversation.customer_id = None
    record(session, conversation.id, who, "given back", goes_on=goes_on)


def _release(conversation: Conversation, owner: Owner) -> None:
    conversation.owner = owner
    conversation.operator_id = None
    conversation.taken_at = conversation.touched_at = None
    conversation.snoozed_until = conversation.escalated_at = None


def record(
    session: Session, conversation_id: UUID | None, who: str, what: str, **details: object
) -> None:
    """Add a line to the audit."""
    session.add(Audit(conversation_id=conversation_id, who=who, what=what, details=details))
