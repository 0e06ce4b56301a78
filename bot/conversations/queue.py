"""The queue of people, from the command line: who waits, and giving back to the bot."""

from sqlalchemy import select

from bot import db
from bot.conversations import contacts, handoff
from bot.conversations.models import Contact, ContactAlias, Conversation, Owner
from bot.settings import get_settings
from bot.whatsapp.phones import canonical


class NotWaiting(Exception):
    """No conversation with this phone waits for a person."""


def show() -> None:
    """Print one line for each conversation that people own: phone, reason, name."""
    get_settings()
    query = (
        select(Conversation, Contact.profile_name)
        .join(Contact)
        .where(Conversation.owner != Owner.BOT)
        .order_by(Conversation.last_inbound_at)
    )
    with db.transaction() as session:
        for conversation, name in session.execute(query):
            to = contacts.address_of(session, conversation.contact_id) or {}
            address = next(iter(to.values()), "no address")
            print(f"{address:<20} {conversation.handoff_reason or '':<32} {name or ''}")


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
