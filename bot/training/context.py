"""A message's place in its conversation: what was said before and after it, all of it masked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from bot import db
from bot.conversations.models import OutboxRow
from bot.desk.offered_templates import all_texts
from bot.desk.transcript import words_of
from bot.training import inbox
from bot.training.masking import mask

BEFORE, AFTER = 6, 5

_NAMES = text("""
    SELECT contact.profile_name FROM bot.conversations AS c
      JOIN bot.contacts AS contact ON contact.id = c.contact_id WHERE c.id = :conversation
    UNION SELECT name FROM desk.people WHERE conversation_id = :conversation
    UNION SELECT heard ->> 'customer_name' FROM bot.turns WHERE conversation_id = :conversation
""")
_TURNS = text("SELECT id, created_at FROM bot.turns WHERE conversation_id = :conversation")


@dataclass(frozen=True)
class Said:
    """Something in a conversation. `who`: person, bot or team; `at`: when its turn began."""

    who: str
    at: datetime
    text: str
    item_id: int | None = None


def around(message: inbox.Message) -> list[Said]:
    """What came just before a message, the message, and what came after it."""
    begun: dict[UUID | None, datetime] = {}
    ours: list[Said] = []
    conversation = message.conversation_id
    if conversation:  # a guest has none
        begun = _begun(conversation)
        ours = list(_ours(conversation, begun))
    theirs = [
        Said("person", begun.get(each.turn_id, each.said_at), each.text, each.id)
        for each in inbox.conversation(message)
    ]
    said = sorted([*theirs, *ours], key=lambda each: each.at)
    here = next((place for place, each in enumerate(said) if each.item_id == message.id), len(said))
    return said[max(0, here - BEFORE) : here + 1 + AFTER]


def _begun(conversation: UUID) -> dict[UUID | None, datetime]:
    with db.transaction() as session:
        turns = session.execute(_TURNS, {"conversation": conversation}).all()
    return {turn.id: turn.created_at for turn in turns}


def _ours(conversation: UUID, begun: Mapping[UUID | None, datetime]) -> Iterator[Said]:
    rows = select(OutboxRow).where(OutboxRow.conversation_id == conversation)
    with db.transaction() as session:
        sent: Sequence[OutboxRow] = session.scalars(rows.order_by(OutboxRow.position)).all()
        names = [name for name in session.scalars(_NAMES, {"conversation": conversation}) if name]
        texts = all_texts(session)
    for row in sent:
        words, choices, _ = words_of(row.content, texts)
        shown = mask("\n".join([words, *(f"▢ {title}" for title in choices)]), names).text
        at = begun.get(row.turn_id, row.created_at)
        yield Said("team" if row.sent_by else "bot", at, shown)
