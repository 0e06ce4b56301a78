"""The rows of the queue: what waits, why, for how long, and who is on it.

The statements are SQL by hand: they run for every change that somebody looks at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Row as Record
from sqlalchemy import text

from bot import db
from bot.conversations.models import Owner
from bot.desk.masking import mask_phone
from bot.desk.policy import get_policy

MOST = 400

_SELECT = """
    SELECT c.id, c.owner, c.team, c.operator_id, holder.name AS holder, c.handoff_reason AS reason,
           c.queued_at, c.taken_at, c.snoozed_until, c.escalated_at, c.last_inbound_at,
           contact.profile_name, person.name, person.document_end, phone.value AS phone,
           last.words, last.is_theirs, last.at AS last_at, unanswered.since AS unanswered_since,
           EXISTS (SELECT 1 FROM bot.outbox AS row
                    WHERE row.conversation_id = c.id AND row.state IN ('failed', 'parked')
                      AND NOT EXISTS (SELECT 1 FROM bot.outbox AS again
                                       WHERE again.retry_of = row.id)
                      AND row.created_at > now() - interval '2 days') AS is_undelivered,
           EXISTS (SELECT 1 FROM desk.requests AS asked
                    WHERE asked.conversation_id = c.id AND asked.status = 'open') AS asks_supervisor
      FROM bot.conversations AS c
      JOIN bot.contacts AS contact ON contact.id = c.contact_id
      LEFT JOIN desk.users AS holder ON holder.id = c.operator_id
      LEFT JOIN desk.people AS person
        ON person.conversation_id = c.id AND person.customer_id = c.customer_id
      LEFT JOIN bot.contact_aliases AS phone
        ON phone.contact_id = c.contact_id AND phone.kind = 'phone'
      LEFT JOIN LATERAL (
        SELECT * FROM (
            (SELECT text AS words, true AS is_theirs, sent_at AS at FROM bot.messages
              WHERE conversation_id = c.id AND answerable ORDER BY sent_at DESC LIMIT 1)
            UNION ALL
            (SELECT coalesce(content #>> '{text,body}', content #>> '{interactive,body,text}',
                             content ->> 'name', content #>> '{document,filename}',
                             content #>> '{template,name}'),
                    false, created_at FROM bot.outbox
              WHERE conversation_id = c.id AND state <> 'withdrawn'
              ORDER BY position DESC LIMIT 1)) AS both_sides
         ORDER BY at DESC LIMIT 1) AS last ON true
      LEFT JOIN LATERAL (
        SELECT min(received_at) AS since FROM bot.messages
         WHERE conversation_id = c.id AND answerable AND received_at > coalesce(
            (SELECT max(created_at) FROM bot.outbox
              WHERE conversation_id = c.id AND sent_by IS NOT NULL),
            c.queued_at, c.taken_at)) AS unanswered ON c.owner <> 'bot'
"""
_OPEN = text(_SELECT + " WHERE c.owner <> 'bot' AND (:team = '' OR c.team = :team) LIMIT :most")
_ONE = text(_SELECT + " WHERE c.id = :id")
_FOUND = text(
    _SELECT
    + """
     WHERE (:team = '' OR c.team = :team) AND (
           contact.profile_name ILIKE :like OR person.name ILIKE :like
        OR (:digits <> '' AND (phone.value LIKE '%' || :digits
                               OR person.document_end LIKE '%' || right(:digits, 4)))
        OR EXISTS (SELECT 1 FROM bot.messages WHERE conversation_id = c.id AND text ILIKE :like)
        OR EXISTS (SELECT 1 FROM bot.outbox WHERE conversation_id = c.id
                      AND content::text ILIKE :like))
     ORDER BY c.last_inbound_at DESC NULLS LAST LIMIT 50
"""
)


@dataclass(frozen=True)
class Row:
    """A conversation as the list shows it."""

    id: UUID
    owner: str
    team: str
    operator_id: UUID | None
    holder: str | None
    name: str
    phone: str
    document_end: str | None
    reason: str
    priority: int
    since: datetime | None
    """Since when somebody waits for people: in the queue, or for an answer."""
    due: datetime | None
    """Until when they should be taken, or answered."""
    snoozed_until: datetime | None
    is_escalated: bool
    is_undelivered: bool
    asks_supervisor: bool
    words: str
    is_theirs: bool
    last_at: datetime | None

    @classmethod
    def of(cls, record: Record[Any]) -> "Row":
        """Read a record of `_SELECT`."""
        waiting = get_policy().waiting(record.reason)
        is_queued = record.owner == Owner.QUEUE
        since = record.queued_at if is_queued else record.unanswered_since
        minutes = waiting.minutes if is_queued else get_policy().silence_minutes
        return cls(
            id=record.id,
            owner=record.owner,
            team=record.team,
            operator_id=record.operator_id,
            holder=record.holder,
            name=record.name or record.profile_name or "Sem nome",
            phone=mask_phone(record.phone),
            document_end=record.document_end,
            reason=waiting.label if record.reason else "",
            priority=0 if record.escalated_at else waiting.priority,
            since=since,
            due=since + timedelta(minutes=minutes) if since else None,
            snoozed_until=record.snoozed_until,
            is_escalated=record.escalated_at is not None,
            is_undelivered=record.is_undelivered,
            asks_supervisor=record.asks_supervisor,
            words=(record.words or "")[:120],
            is_theirs=bool(record.is_theirs),
            last_at=record.last_at,
        )

    @property
    def order(self) -> str:
        """Compared as text: the urgent first, then who waits longest, then the others."""
        since = self.since or self.last_at
        return f"{self.priority if self.since else 9}|{since.isoformat() if since else ''}"


def open_rows(team: str) -> list[Row]:
    """What people own, of a team or (empty) of all, the most urgent first."""
    return sorted(_read(_OPEN, team=team, most=MOST), key=lambda row: row.order)


def found(team: str, words: str) -> list[Row]:
    """Conversations in whatever state: by name, by the end of CPF or phone, by what was said."""
    digits = "".join(filter(str.isdigit, words))
    like = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    is_number = len(digits) >= 3 and not any(map(str.isalpha, words))
    return _read(_FOUND, team=team, like=f"%{like}%", digits=digits if is_number else "")


def row_of(conversation_id: UUID) -> Row | None:
    """One conversation."""
    return next(iter(_read(_ONE, id=conversation_id)), None)


def draw(app: Flask, conversation_id: UUID) -> tuple[str, str] | None:
    """Team and HTML of one row, outside of any request."""
    row = row_of(conversation_id)
    if row is None:
        return None
    macros: Any = app.jinja_env.get_template("desk/_row.html").module
    return row.team, str(macros.row(row))


def _read(statement: Any, **values: object) -> list[Row]:
    with db.transaction() as session:
        records: Sequence[Record[Any]] = session.execute(statement, values).all()
    return [Row.of(record) for record in records]
