"""A message's place in its conversation: what was said before and after it, all of it masked."""

from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True)
class Said:
    """Something in a conversation. `who`: person, bot or team."""

    who: str
    at: datetime
    text: str
    item_id: int | None = None
    intent: str | None = None


def around(message: inbox.Message) -> list[Said]:
    """What came just before a message, the message, and what came after it."""
    ours = _ours(message.conversation_id) if message.conversation_id else ()
    said = sorted([*_theirs(message), *ours], key=_when)
    places = [place for place, each in enumerate(said) if each.item_id == message.id]
    here = places[0] if places else len(said)
    return said[max(0, here - BEFORE) : here + 1 + AFTER]


def _when(said: Said) -> datetime:
    return said.at


def _theirs(message: inbox.Message) -> Iterator[Said]:
    for each in inbox.conversation(message):
        yield Said("person", each.said_at, each.text, each.id, each.intent)


def _ours(conversation: UUID) -> Iterator[Said]:
    rows = select(OutboxRow).where(OutboxRow.conversation_id == conversation)
    with db.transaction() as session:
        sent: Sequence[OutboxRow] = session.scalars(rows).all()
        names = [name for name in session.scalars(_NAMES, {"conversation": conversation}) if name]
        texts = all_texts(session)
    for row in sent:
        words, choices, _ = words_of(row.content, texts)
        shown = mask("\n".join([words, *(f"▢ {title}" for title in choices)]), names).text
        yield Said("team" if row.sent_by else "bot", row.created_at, shown)
