"""Sending: rows in order per conversation, each accepted, refused, or *we don't know*.

Only the job that holds the conversation's lock sends. A row found in `sending` was left by
a worker that died: it is never sent again, Meta's status tells what became of it.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import contacts, files, templates
from bot.conversations.handoff import hand_over
from bot.conversations.models import (
    ChannelPause,
    Conversation,
    OutboxRow,
    OutboxState,
    Status,
)
from bot.whatsapp.client import Accepted, Refused, Result, Unknown, WhatsApp
from bot.whatsapp.content import with_link_for_document
from bot.whatsapp.errors import TEMPLATE_CODES, Remedy, remedy
from bot.whatsapp.payloads import StatusUpdate, status_update

log = structlog.get_logger()

OPTED_OUT = 131050
MAX_ATTEMPTS = 5
ACCOUNT_PAUSE = timedelta(minutes=5)
"""After an account error one message is tried again this often, until somebody mended it."""
LONGEST_PAUSE = 3600.0
UNKNOWN_LIFE = timedelta(minutes=5)
"""An unknown row no status spoke of for this long is shown to an operator."""

IN_FLIGHT = (OutboxState.SENDING, OutboxState.UNKNOWN)
_ARRIVED = ("delivered", "read")
_FORWARD = ("accepted", "sent", "delivered", "read")


# Outside 24 hours of the person's last message only templates may be sent.
_UNSENT = text("""
    SELECT row.id, row.state, row.content,
           row.next_attempt_at > clock_timestamp()
               OR coalesce(pause.until > clock_timestamp(), false) AS has_to_wait,
           row.sent_by IS NULL AND conversation.owner = 'operator' AS is_silenced,
           conversation.last_inbound_at > clock_timestamp() - interval '24 hours' AS is_window_open,
           (SELECT jsonb_object_agg(kind, address) FROM bot.contact_aliases AS alias
             WHERE alias.contact_id = conversation.contact_id) AS addresses
      FROM bot.outbox AS row
      JOIN bot.conversations AS conversation ON conversation.id = row.conversation_id
      LEFT JOIN bot.channel_pauses AS pause
        ON pause.phone_number_id = conversation.phone_number_id
     WHERE row.conversation_id = :conversation AND row.state IN ('pending', 'sending')
     ORDER BY row.position
       FOR UPDATE OF row
""")
_SENDING = text("""
    UPDATE bot.outbox
       SET state = 'sending', attempts = attempts + 1, sent_at = clock_timestamp()
     WHERE id = :id
""")
_WITHDRAW = text("UPDATE bot.outbox SET state = 'withdrawn' WHERE id = :id")
_UNKNOWN = text("UPDATE bot.outbox SET state = 'unknown' WHERE id = :id")


@dataclass(frozen=True)
class Claimed:
    """A row on its way out."""

    id: UUID
    to: dict[str, str]
    content: dict[str, Any]


def deliver(whatsapp: WhatsApp, conversation_id: UUID, row: Claimed | None = None) -> None:
    """Send what waits, in order, until nothing is left or the next one has to wait.

    `row`: the first one, where it was claimed already.
    """
    row = row or _claim_first(conversation_id)
    while row:
        result = _send(whatsapp, row)
        with db.transaction() as session:
            _record(session, session.get_one(OutboxRow, row.id, with_for_update=True), result)
            row = claim(session, conversation_id)


def _send(whatsapp: WhatsApp, row: Claimed) -> Result:
    content = files.uploaded(whatsapp, row.content)
    if isinstance(content, Refused):
        return content
    return whatsapp.send(row.to, content, callback=str(row.id))


def _claim_first(conversation_id: UUID) -> Claimed | None:
    with db.transaction() as session:
        return claim(session, conversation_id)


def claim(session: Session, conversation_id: UUID) -> Claimed | None:
    """Mark the next row as being sent; rows that cannot go are set aside on the way.

    Whoever calls this holds the conversation's lock and sends what it returns.
    """
    session.flush()  # statements by hand are not preceded by one
    for row in session.execute(_UNSENT, {"conversation": conversation_id}).all():
        if row.state == OutboxState.SENDING:
            session.execute(_UNKNOWN, {"id": row.id})
        elif row.is_silenced:
            session.execute(_WITHDRAW, {"id": row.id})
        elif row.has_to_wait:
            return None
        elif not row.is_window_open and row.content["type"] != "template":
            _set_aside_unsent(session, row.id, 131047, "24-hour window closed before sending")
        elif (to := contacts.address_in(row.addresses or {})) is None:
            why = "the person's number belongs to another contact now"
            _set_aside_unsent(session, row.id, 131026, why)
        else:
            session.execute(_SENDING, {"id": row.id})
            return Claimed(row.id, to, row.content)
    return None


def _set_aside_unsent(session: Session, row_id: UUID, code: int, detail: str) -> None:
    fail(session, session.get_one(OutboxRow, row_id), code, detail)


def _record(session: Session, row: OutboxRow, result: Result) -> None:
    """Note what Meta answered; a status that came before the answer knew more."""
    if row.state not in IN_FLIGHT:
        return
    match result:
        case Accepted(wamid=wamid):
            _accept(session, row, wamid)
        case Refused():
            _refuse(session, row, result)
        case Unknown(detail=detail):
            row.state, row.error_detail = OutboxState.UNKNOWN, detail


def _accept(session: Session, row: OutboxRow, wamid: str) -> None:
    """Meta took the row; its statuses may have come before this was stored."""
    row.wamid = wamid
    row.error_code = row.error_detail = None
    row.state = OutboxState.ACCEPTED
    early = session.scalars(select(Status).where(Status.wamid == wamid))
    for status in sorted(early, key=lambda status: status.status == "failed"):
        apply(session, row, status_update(status.body))


def _refuse(session: Session, row: OutboxRow, refused: Refused) -> None:
    fail(
        session,
        row,
        refused.code,
        refused.detail,
        http_status=refused.http_status,
        retry_after=refused.retry_after,
        is_transient=refused.is_transient,
    )


def apply(session: Session, row: OutboxRow, update: StatusUpdate) -> None:
    """Do what a status of the row asks for."""
    if update.status == "failed":
        fail(session, row, update.error_code, update.error_detail)
    else:
        advance(row, update.status)


def advance(row: OutboxRow, status: str) -> None:
    """Move a row forward to `status`; an older status that comes late changes nothing.

    What reached the person has, whatever was noted before: it must not go out again.
    """
    status = "read" if status == "played" else status
    is_set_aside = row.state in (OutboxState.FAILED, OutboxState.PARKED)
    if status not in _FORWARD or (is_set_aside and status not in _ARRIVED):
        return
    reached = _FORWARD.index(row.state.value) if row.state.value in _FORWARD else -1
    if _FORWARD.index(status) > reached:
        row.state = OutboxState(status)


def fail(
    session: Session,
    row: OutboxRow,
    code: int | None,
    detail: str | None,
    *,
    http_status: int | None = None,
    retry_after: float | None = None,
    is_transient: bool = False,
) -> None:
    """Do what Meta's error table asks for; what cannot be sent goes to a person.

    The same error may come in the response and by webhook: the second finds it done.
    """
    if row.state in (OutboxState.FAILED, OutboxState.PARKED) or row.state.value in _ARRIVED:
        return
    row.error_code, row.error_detail = code, detail
    log.warning("not sent", outbox=str(row.id), code=code, detail=detail)
    _heed(session, row, remedy(code, http_status, is_transient), retry_after)


def _heed(session: Session, row: OutboxRow, asked: Remedy, retry_after: float | None) -> None:
    """Do what is asked after the error noted on the row."""
    conversation = session.get_one(Conversation, row.conversation_id)
    code, detail = row.error_code, row.error_detail
    match asked:
        case Remedy.RETRY if row.attempts < MAX_ATTEMPTS:
            _try_again(row, 2.0**row.attempts * random.uniform(0.5, 1.0))
        case Remedy.SEND_LINK if other := _another_way(session, row.content):
            row.content = other
            _try_again(row, 0)
        case Remedy.DELAY_RECIPIENT:
            _try_again(row, 4.0**row.attempts)
        case Remedy.BACK_OFF:
            pause = min(retry_after or 2.0**row.attempts, LONGEST_PAUSE)
            _pause_channel(session, conversation, timedelta(seconds=pause), code, detail)
            _try_again(row, pause)
        case Remedy.PAUSE_ALL:
            log.critical("WhatsApp refuses this account: sending paused", code=code, detail=detail)
            _pause_channel(session, conversation, ACCOUNT_PAUSE, code, detail)
            _try_again(row, ACCOUNT_PAUSE.total_seconds())
        case Remedy.PARK:
            _set_aside(session, row, conversation, OutboxState.PARKED)
        case Remedy.GIVE_UP if code == OPTED_OUT:
            contacts.stop(session, conversation, "opt_out")
            _set_aside(session, row, conversation, OutboxState.FAILED)
        case Remedy.VERIFY_PERSON:
            contacts.forget_identity(session, conversation.contact_id, "identity key changed")
            _set_aside(session, row, conversation, OutboxState.FAILED)
        case _:
            _set_aside(session, row, conversation, OutboxState.FAILED)


def _another_way(session: Session, content: dict[str, Any]) -> dict[str, Any] | None:
    """A file Meta could not take: uploaded anew, once; a document with a link: its link."""
    return files.to_upload_again(session, content) or with_link_for_document(content)


def _try_again(row: OutboxRow, seconds: float) -> None:
    row.state = OutboxState.PENDING
    row.next_attempt_at = datetime.now(UTC) + timedelta(seconds=min(seconds, LONGEST_PAUSE))


def _set_aside(
    session: Session, row: OutboxRow, conversation: Conversation, state: OutboxState
) -> None:
    row.state = state
    if row.error_code in TEMPLATE_CODES and row.content["type"] == "template":
        templates.note_failure(session, row.content, row.error_code)
    hand_over(session, conversation, "undelivered", who="whatsapp")


def _pause_channel(
    session: Session,
    conversation: Conversation,
    pause: timedelta,
    code: int | None,
    detail: str | None,
) -> None:
    """Hold the business number; a longer pause already in force stays."""
    row = {
        "phone_number_id": conversation.phone_number_id,
        "until": datetime.now(UTC) + pause,
        "code": code,
        "detail": detail or "",
    }
    statement = insert(ChannelPause).values(row)
    is_longer = ChannelPause.until < statement.excluded.until
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["phone_number_id"], set_=row, where=is_longer
        )
    )


def give_up_on_unknown(session: Session) -> None:
    """Show an operator every row nobody has heard of since it left."""
    query = select(OutboxRow).where(
        OutboxRow.state == OutboxState.UNKNOWN,
        OutboxRow.sent_at < datetime.now(UTC) - UNKNOWN_LIFE,
    )
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        conversation = session.get_one(Conversation, row.conversation_id)
        _set_aside(session, row, conversation, OutboxState.FAILED)
