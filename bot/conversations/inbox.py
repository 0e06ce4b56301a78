"""Storing what Meta tells us: everything of one webhook in one transaction.

A message is kept once by its `wamid`, however often it is delivered, and wakes the turn of
its conversation in the same commit.
"""

from uuid import UUID, uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import contacts, statuses, tasks
from bot.conversations.models import Contact, Conversation, Message, RawEvent
from bot.whatsapp.payloads import (
    InboundMessage,
    MarketingPreference,
    NumberChange,
    Person,
    StatusUpdate,
    Update,
)

log = structlog.get_logger()

NO_ANSWER = frozenset({"reaction", "revoke", "system"})
"""Types of message that ask for no answer."""


def receive(body: bytes, updates: list[Update]) -> None:
    """Store a webhook and wake the conversations it is about; durable when this returns."""
    with db.transaction() as session:
        session.add(RawEvent(body=body))
        contacts.lock_people(session, _people(updates))
        woken = [_store(session, update) for update in updates]
        for conversation_id in sorted({id_ for id_ in woken if id_}):
            tasks.wake(session, conversation_id)


def _people(updates: list[Update]) -> list[Person]:
    people: list[Person] = []
    for update in updates:
        match update:
            case InboundMessage():
                people.append(update.sender)
            case NumberChange():
                people += [update.old, update.new]
            case MarketingPreference():
                people.append(update.person)
    return people


def _store(session: Session, update: Update) -> UUID | None:
    """Store one update; the conversation to wake, if it asks for an answer."""
    match update:
        case InboundMessage():
            return _store_message(session, update)
        case StatusUpdate():
            return statuses.store(session, update)
        case NumberChange():
            _store_number_change(session, update)
        case MarketingPreference():
            _store_preference(session, update)
    return None


def _store_message(session: Session, message: InboundMessage) -> UUID | None:
    if not message.sender:
        log.warning("message without a sender", wamid=message.wamid, type=message.type)
        return None
    contact_id = contacts.resolve(session, message.sender)
    conversation = _conversation(session, contact_id, message.phone_number_id)
    if not _insert(session, conversation.id, message):
        return None
    if message.edits_wamid and _edit_in_place(session, message):
        return None
    if conversation.last_inbound_at is None or message.sent_at > conversation.last_inbound_at:
        conversation.last_inbound_at = message.sent_at
    return None if message.type in NO_ANSWER else conversation.id


def _conversation(session: Session, contact_id: UUID, phone_number_id: str) -> Conversation:
    query = select(Conversation).where(
        Conversation.contact_id == contact_id, Conversation.phone_number_id == phone_number_id
    )
    conversation = session.scalar(query)
    if conversation is None:
        conversation = Conversation(
            id=uuid4(), contact_id=contact_id, phone_number_id=phone_number_id
        )
        session.add(conversation)
        session.flush()
    return conversation


def _insert(session: Session, conversation_id: UUID, message: InboundMessage) -> bool:
    """Whether the message is new; a duplicate changes nothing."""
    statement = (
        insert(Message)
        .values(
            id=uuid4(),
            conversation_id=conversation_id,
            wamid=message.wamid,
            type=message.type,
            text=message.text,
            choice_id=message.choice_id,
            answerable=message.type not in NO_ANSWER,
            body=message.body,
            sent_at=message.sent_at,
        )
        .on_conflict_do_nothing(index_elements=["wamid"])
        .returning(Message.id)
    )
    return session.scalar(statement) is not None


def _edit_in_place(session: Session, edit: InboundMessage) -> bool:
    """Put the new words into a message no turn has taken yet; else the edit is answered itself."""
    query = select(Message).where(Message.wamid == edit.edits_wamid, Message.turn_id.is_(None))
    original = session.scalar(query.with_for_update())
    if original is None or not edit.text:
        return False
    original.text = edit.text
    session.scalars(select(Message).filter_by(wamid=edit.wamid)).one().answerable = False
    return True


def _store_number_change(session: Session, change: NumberChange) -> None:
    """Apply a change once: a copy that comes days late would undo a confirmed identity."""
    contact_id = contacts.known_as(session, change.old)
    if contact_id is None:
        return
    conversation = _conversation(session, contact_id, change.phone_number_id)
    note = InboundMessage(
        change.wamid, "system", change.phone_number_id, change.old, change.sent_at
    )
    if _insert(session, conversation.id, note):
        contacts.change_number(session, contact_id, change.new)


def _store_preference(session: Session, preference: MarketingPreference) -> None:
    if preference.person:
        contact = session.get_one(Contact, contacts.resolve(session, preference.person))
        contact.marketing_stopped = preference.stopped
