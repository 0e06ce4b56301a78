"""Who a person on WhatsApp is to us: one contact, whatever identifiers an update carries."""

from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.conversations.models import (
    Audit,
    Contact,
    ContactAlias,
    Conversation,
    IssuedChoice,
    OutboxRow,
    OutboxState,
)
from bot.whatsapp.payloads import Person
from bot.whatsapp.phones import canonical

Aliases = dict[str, tuple[str, str]]
"""kind → (value compared, address as Meta gave it)."""


def aliases_of(person: Person) -> Aliases:
    """The aliases an update gives; a phone and its `wa_id` are one, with the ninth digit."""
    found: Aliases = {}
    address = person.wa_id or person.phone
    if address:
        found["phone"] = (canonical(address), address)
    if person.bsuid:
        found["bsuid"] = (person.bsuid, person.bsuid)
    if person.parent_bsuid:
        found["parent_bsuid"] = (person.parent_bsuid, person.parent_bsuid)
    return found


def lock_people(session: Session, people: list[Person]) -> None:
    """Let two webhooks about the same person wait for each other until the transaction ends.

    Keys are taken in sorted order: two batches cannot wait in a circle.
    """
    keys = {f"{kind}:{value}" for p in people for kind, (value, _) in aliases_of(p).items()}
    for key in sorted(keys):
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key}
        )


def resolve(session: Session, person: Person) -> UUID:
    """The contact of `person`, made if new; identifiers not known before are added.

    When phone and user id point at different contacts the user id wins: phones are
    recycled. Who takes over an identifier, or comes with another one of a kind we knew,
    has to confirm identity again.
    """
    aliases = aliases_of(person)
    known = _known(session, aliases)
    contact_id = known.get("bsuid") or known.get("parent_bsuid") or known.get("phone")
    if contact_id is None:
        contact_id = _create(session, person)
    news = {kind: alias for kind, alias in aliases.items() if known.get(kind) != contact_id}
    if _give_aliases(session, contact_id, news):
        forget_identity(session, contact_id, "an identifier changed hands")
    _keep_profile_name(session, contact_id, person.profile_name)
    return contact_id


def known_as(session: Session, person: Person) -> UUID | None:
    """The contact known by an identifier of `person`, if there is one; nothing is made."""
    known = _known(session, aliases_of(person))
    return known.get("bsuid") or known.get("phone")


def change_number(session: Session, contact_id: UUID, new: Person) -> None:
    """Move a contact to its new identifiers; identity must be confirmed again."""
    _give_aliases(session, contact_id, aliases_of(new))
    forget_identity(session, contact_id, "number changed")


def forget_identity(session: Session, contact_id: UUID, why: str) -> None:
    """Begin the dialogue anew, so that nothing is shown before identity is confirmed.

    What was still to be sent is not sent, and what was sent cannot be tapped any more.
    """
    query = select(Conversation).where(Conversation.contact_id == contact_id)
    for conversation in session.scalars(query):
        conversation.dialogue_id = uuid4()
        conversation.customer_id = None
        _withdraw(session, conversation.id, why)
        session.add(
            Audit(
                conversation_id=conversation.id,
                who="whatsapp",
                what="identity reset",
                details={"why": why},
            )
        )


def _withdraw(session: Session, conversation_id: UUID, why: str) -> None:
    unsent = update(OutboxRow).where(
        OutboxRow.conversation_id == conversation_id, OutboxRow.state == OutboxState.PENDING
    )
    session.execute(unsent.values(state=OutboxState.FAILED, error_detail=why))
    session.execute(delete(IssuedChoice).where(IssuedChoice.conversation_id == conversation_id))


def stop(session: Session, conversation: Conversation, reason: str) -> None:
    """Never write first to this person again; what they write is still answered."""
    session.get_one(Contact, conversation.contact_id).contact_stopped = reason
    session.add(
        Audit(
            conversation_id=conversation.id,
            who="bot",
            what="contact stopped",
            details={"reason": reason},
        )
    )


def address_of(session: Session, contact_id: UUID) -> dict[str, str] | None:
    """Where to send to a contact, as `address_in` tells."""
    query = select(ContactAlias.kind, ContactAlias.address).where(
        ContactAlias.contact_id == contact_id
    )
    return address_in({row.kind: row.address for row in session.execute(query)})


def address_in(addresses: dict[str, str]) -> dict[str, str] | None:
    """Of addresses by kind, the one to send to: `{"to": phone}`, or `{"recipient": bsuid}`
    when no phone is known.

    None when another contact took over every identifier of this one.
    """
    if "phone" in addresses:
        return {"to": addresses["phone"]}
    bsuid = addresses.get("bsuid") or addresses.get("parent_bsuid")
    return {"recipient": bsuid} if bsuid else None


def _known(session: Session, aliases: Aliases) -> dict[str, UUID]:
    if not aliases:
        return {}
    pairs = [(kind, value) for kind, (value, _) in aliases.items()]
    query = select(ContactAlias.kind, ContactAlias.contact_id).where(
        func.row(ContactAlias.kind, ContactAlias.value).in_([func.row(*pair) for pair in pairs])
    )
    return {row.kind: row.contact_id for row in session.execute(query)}


def _create(session: Session, person: Person) -> UUID:
    contact = Contact(id=uuid4(), profile_name=person.profile_name)
    session.add(contact)
    session.flush()
    return contact.id


def _give_aliases(session: Session, contact_id: UUID, aliases: Aliases) -> bool:
    """Make these the contact's only ones of their kinds; whether any changed hands by that."""
    changes = [
        _give_alias(session, contact_id, kind, value, address)
        for kind, (value, address) in aliases.items()
    ]
    return any(changes)


def _give_alias(session: Session, contact_id: UUID, kind: str, value: str, address: str) -> bool:
    former = session.scalar(select(ContactAlias.contact_id).filter_by(kind=kind, value=value))
    others = delete(ContactAlias).where(
        ContactAlias.contact_id == contact_id,
        ContactAlias.kind == kind,
        ContactAlias.value != value,
    )
    replaced = session.execute(others.returning(ContactAlias.id)).all()
    row = {"contact_id": contact_id, "kind": kind, "value": value, "address": address}
    statement = insert(ContactAlias).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["kind", "value"], set_=row))
    if former is not None and former != contact_id:
        _inherit_stops(session, contact_id, former)
        return True
    return bool(replaced)


def _inherit_stops(session: Session, contact_id: UUID, former_id: UUID) -> None:
    """Keep the wish not to be written to of a contact that has become this one."""
    if address_of(session, former_id) is None:
        contact = session.get_one(Contact, contact_id)
        former = session.get_one(Contact, former_id)
        contact.marketing_stopped |= former.marketing_stopped
        contact.contact_stopped = contact.contact_stopped or former.contact_stopped


def _keep_profile_name(session: Session, contact_id: UUID, name: str | None) -> None:
    if name:
        contact = session.get_one(Contact, contact_id)
        contact.profile_name = name
