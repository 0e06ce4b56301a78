"""The queue of people, from the command line: who waits, and giving back to the bot."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import contacts, handoff
from bot.conversations.models import Audit, Contact, ContactAlias, Conversation, Owner
from bot.settings import get_settings
from bot.whatsapp.phones import canonical

TOLD_FOR = timedelta(days=7)


class NotWaiting(Exception):
    """No conversation with this phone waits for a person."""


def show() -> None:
    """Print one line for each conversation that people own: phone, reason, name.

    Those of despair and of death come first. Then, for the last days, what people were told of
    conversations that stay with the bot.
    """
    get_settings()
    with db.transaction() as session:
        for conversation, name in session.execute(_waiting()):
            _print(session, conversation, conversation.handoff_reason or "", name)
        for conversation, name, details in session.execute(_told()):
            _print(session, conversation, f"({details['reason']})", name)


def _waiting() -> Select[Conversation, str | None]:
    return (
        select(Conversation, Contact.profile_name)
        .join(Contact)
        .where(Conversation.owner != Owner.BOT)
        .order_by(
            case((Conversation.handoff_reason.in_(handoff.URGENT), 0), else_=1),
            Conversation.last_inbound_at,
        )
    )


def _told() -> Select[Conversation, str | None, dict[str, Any]]:
    return (
        select(Conversation, Contact.profile_name, Audit.details)
        .join(Contact)
        .join(Audit, Audit.conversation_id == Conversation.id)
        .where(
            Audit.what == handoff.TOLD,
            Audit.at > datetime.now(UTC) - TOLD_FOR,
            Conversation.owner == Owner.BOT,
        )
        .order_by(Audit.at)
    )


def _print(session: Session, conversation: Conversation, reason: str, name: str | None) -> None:
    to = contacts.address_of(session, conversation.contact_id) or {}
    address = next(iter(to.values()), "no address")
    print(f"{address:<20} {reason:<32} {name or ''}")


def release(phone: str) -> None:
    """Give the conversation with `phone` (or a user id) back to the bot, which begins anew.

    Raises NotWaiting.
    """
    get_settings()
    query = (
        select(Conversation)
        .join(ContactAlias, ContactAlias.contact_id == Conversation.contact_id)
        .where(ContactAlias.value.in_([phone, canonical(phone)]), Conversation.owner != Owner.BOT)
        .with_for_update()
    )
    with db.transaction() as session:
        conversations = session.scalars(query).unique().all()
        if not conversations:
            raise NotWaiting(f"{phone}: no such conversation waits; `combinado queue` lists them")
        for conversation in conversations:
            handoff.give_back(session, conversation, who="command line")
