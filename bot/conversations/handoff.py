"""Who owns a conversation: from the bot to the queue of people, and back."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from bot.conversations.models import Audit, Conversation, Owner

URGENT = ("crisis", "death")
"""Reasons that people see before all others."""
TOLD = "people told"


def hand_over(session: Session, conversation: Conversation, reason: str, who: str = "bot") -> None:
    """Put a conversation in the queue of people; the bot is silent in it from now on."""
    if conversation.owner is not Owner.BOT:
        return
    conversation.owner = Owner.QUEUE
    conversation.handoff_reason = reason
    _record(session, conversation.id, who, "handed over", reason)


def tell_people(session: Session, conversation: Conversation, reason: str) -> None:
    """Note that people should look at a conversation that stays with the bot."""
    _record(session, conversation.id, "bot", TOLD, reason)


def give_back(session: Session, conversation: Conversation, who: str) -> None:
    """Return a conversation to the bot, which begins anew."""
    conversation.owner = Owner.BOT
    conversation.handoff_reason = None
    conversation.queue_notice_at = None
    conversation.dialogue_id = uuid4()
    _record(session, conversation.id, who, "given back", None)


def _record(
    session: Session, conversation_id: UUID, who: str, what: str, reason: str | None
) -> None:
    details = {"reason": reason} if reason else {}
    session.add(Audit(conversation_id=conversation_id, who=who, what=what, details=details))
