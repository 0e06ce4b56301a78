"""Files that operators send: kept here, given to Meta when their message goes out.

A row of the outbox names its file (`content["file"]`). Meta's id for it is kept, so that a
message tried again is not uploaded again; whatever Meta could not take is, once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.handoff import record
from bot.conversations.models import File
from bot.whatsapp.client import Refused, WhatsApp
from bot.whatsapp.content import with_media

KEPT_DAYS = 30
"""As long as Meta keeps what was uploaded."""
NOT_TAKEN = 131053
AGAIN = "uploaded_again"

Json = dict[str, Any]


def keep(
    session: Session, file_id: UUID, conversation_id: UUID, name: str, mime_type: str, data: bytes
) -> None:
    """Store a file; one kept before under this id stays as it is."""
    values = {"id": file_id, "conversation_id": conversation_id, "name": name}
    statement = insert(File).values(**values, mime_type=mime_type, data=data)
    session.execute(statement.on_conflict_do_nothing())


def uploaded(whatsapp: WhatsApp, content: Json) -> Json | Refused:
    """`content` as Meta takes it, its file uploaded if it was not yet."""
    if "file" not in content:
        return content
    with db.transaction() as session:
        file = session.get_one(File, UUID(content["file"]))
    media_id = file.media_id or _upload(whatsapp, file)
    return media_id if isinstance(media_id, Refused) else with_media(content, media_id)


def _upload(whatsapp: WhatsApp, file: File) -> str | Refused:
    if file.data is None:
        return Refused(NOT_TAKEN, f"the file is not kept for more than {KEPT_DAYS} days")
    media_id = whatsapp.upload(file.name, file.data, file.mime_type)
    if isinstance(media_id, str):
        with db.transaction() as session:
            session.execute(update(File).where(File.id == file.id).values(media_id=media_id))
    return media_id


def to_upload_again(session: Session, content: Json) -> Json | None:
    """`content` with its file to be uploaded anew; None when it has none, or was already."""
    if "file" not in content or AGAIN in content:
        return None
    return {**afresh(session, content), AGAIN: True}


def afresh(session: Session, content: Json) -> Json:
    """`content` as if it had never been sent: what Meta made of its file is forgotten."""
    if "file" in content:
        mine = File.id == UUID(content["file"])
        session.execute(update(File).where(mine).values(media_id=None))
    return {name: value for name, value in content.items() if name != AGAIN}


def forget_old() -> None:
    """Delete the bytes of what was sent long ago; that it was sent stays in the transcript."""
    since = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    is_old = File.created_at < since, File.data.is_not(None)
    with db.transaction() as session:
        old = session.scalars(select(File.id).where(*is_old)).all()
        if old:
            session.execute(update(File).where(File.id.in_(old)).values(data=None, media_id=None))
            record(session, None, "system", "files forgotten", count=len(old))
