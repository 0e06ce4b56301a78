"""Giving a conversation back to the bot, whose dialogue goes on where that makes sense."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.dialogue import Dialogue, DialogueError
from bot.conversations.handoff import give_back, held
from bot.conversations.models import Conversation, Turn, TurnState
from bot.conversations.speaking import tell

log = structlog.get_logger()

RECENT = timedelta(hours=12)
"""As long as Rasa keeps a session (`session_expiration_time`): then identity is asked again."""


def hand_back(
    dialogue: Dialogue,
    conversation_id: UUID,
    operator_id: UUID,
    who: str,
    customer_name: str | None,
    response: str | None = None,
    also: Callable[[Session, Conversation], None] = lambda _session, _conversation: None,
) -> None:
    """Let the bot answer again, and say `response`, if given, to the person.

    Whoever was confirmed lately goes on from there; everybody else is asked who they are. What is
    `also` written of the conversation as it was held is written with it, or neither is.
    Raises NotHeld.
    """
    goes_on = customer_name is not None and _resume(
        dialogue, conversation_id, operator_id, customer_name
    )
    with db.transaction() as session:
        conversation = held(session, conversation_id, operator_id)
        also(session, conversation)
        give_back(session, conversation, who, goes_on=goes_on)
        if response:
            tell(session, conversation, response)


def _resume(
    dialogue: Dialogue, conversation_id: UUID, operator_id: UUID, customer_name: str
) -> bool:
    with db.transaction() as session:
        conversation = held(session, conversation_id, operator_id)
        answered = select(func.max(Turn.answered_at)).where(
            Turn.conversation_id == conversation_id, Turn.state == TurnState.ANSWERED
        )
        last = session.scalar(answered)
    if conversation.customer_id is None or last is None or datetime.now(UTC) - last > RECENT:
        return False
    try:
        dialogue.resume(conversation.dialogue_id, conversation.customer_id, customer_name)
    except DialogueError as error:
        log.warning("dialogue begins anew", conversation=str(conversation_id), error=str(error))
        return False
    return True
