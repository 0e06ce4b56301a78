"""What Meta says of our messages, applied forward only, whatever the order it comes in."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.conversations import outbox
from bot.conversations.models import OutboxRow, OutboxState, Status
from bot.whatsapp.payloads import StatusUpdate


def store(session: Session, update: StatusUpdate) -> UUID | None:
    """Keep a status and apply it; the conversation to wake if its message goes out again."""
    statement = (
        insert(Status)
        .values(wamid=update.wamid, status=update.status, at=update.at, body=update.body)
        .on_conflict_do_nothing()
        .returning(Status.wamid)
    )
    is_new = session.scalar(statement) is not None
    row = _row_of(session, update)
    if row is None or not is_new or _is_overtaken(session, update):
        return None
    row.wamid = update.wamid
    outbox.apply(session, row, update)
    return row.conversation_id if row.state is OutboxState.PENDING else None


def _is_overtaken(session: Session, update: StatusUpdate) -> bool:
    """Whether this says `sent` of a try whose failure we know and already mend."""
    failed = session.get(Status, (update.wamid, "failed"))
    return update.status == "sent" and failed is not None


def _row_of(session: Session, update: StatusUpdate) -> OutboxRow | None:
    """The message a status is about: by our id that Meta echoes, else by Meta's."""
    query = select(OutboxRow).with_for_update()
    try:
        row = session.scalar(query.where(OutboxRow.id == UUID(update.callback or "")))
    except ValueError:
        row = None
    return row or session.scalar(query.where(OutboxRow.wamid == update.wamid))
