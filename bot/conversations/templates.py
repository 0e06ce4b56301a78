"""Which templates may be sent: as Meta lists them, without those that just failed.

Meta is asked when `WHATSAPP_BUSINESS_ACCOUNT_ID` is set; until she has answered once, whoever
asks falls back to the templates of a policy. A template that Meta refuses (132xxx) is not
offered again until she lists it as approved after that; one she is not asked about, for a day.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import db
from bot.conversations.models import SCHEMA
from bot.settings import Settings
from bot.whatsapp import templates as meta
from bot.whatsapp.client import WhatsApp
from bot.whatsapp.templates import APPROVED, Listed, TemplatesUnread

log = structlog.get_logger()

UNLISTED, DELETED = "UNLISTED", "DELETED"
RESTS = timedelta(days=1)
"""How long a template that Meta is not asked about is left alone after it failed."""


class Template(db.Base):
    """A template, from Meta's list or because it failed."""

    __tablename__ = "templates"
    __table_args__ = ({"schema": SCHEMA},)

    name: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    """Meta's, or `DELETED` when it is listed no more, or `UNLISTED`: it only failed."""
    reason: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"names": […]}`: the values its text asks for."""
    is_plain: Mapped[bool] = mapped_column(default=True)
    listed_at: Mapped[datetime | None]
    failed_code: Mapped[int | None]
    """Meta's error when it was last sent."""
    failed_at: Mapped[datetime | None]

    @property
    def is_failed(self) -> bool:
        """Whether it is set aside because it failed."""
        if self.failed_at is None:
            return False
        return self.status != UNLISTED or datetime.now(UTC) - self.failed_at < RESTS

    @property
    def may_be_sent(self) -> bool:
        """Whether Meta would take it, as far as we know."""
        return self.status in (APPROVED, UNLISTED) and not self.is_failed


def read(session: Session) -> list[Template]:
    """All that Meta listed or that failed, by name."""
    order = Template.name, Template.language
    return list(session.scalars(select(Template).order_by(*order)))


def texts(session: Session) -> dict[str, str]:
    """What each template that Meta ever listed says."""
    return {each.name: each.text for each in read(session) if each.text}


def note_failure(session: Session, content: dict[str, Any], code: int | None) -> None:
    """Offer a template no more: Meta refuses it."""
    node = content["template"]
    log.error("template set aside", template=node["name"], code=code)
    values = {"name": node["name"], "language": node["language"]["code"]}
    failure = {"failed_code": code, "failed_at": datetime.now(UTC)}
    row = {"status": UNLISTED, "reason": "", "text": "", "parameters": {}, "is_plain": True}
    statement = insert(Template).values(**values, **row, **failure)
    keys = ["name", "language"]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=failure))


def refresh(settings: Settings) -> bool:
    """Ask Meta what there is; False when there is nobody to ask, or no answer."""
    account, began = settings.whatsapp_business_account_id, datetime.now(UTC)
    if not account:
        return False
    try:
        listed = meta.read(WhatsApp(settings), account)
    except TemplatesUnread as error:
        log.warning("templates not read", error=str(error))
        return False
    with db.transaction() as session:
        store(session, listed, began)
    return True


def store(session: Session, listed: Sequence[Listed], began: datetime) -> None:
    """Keep Meta's list, which was asked for when it `began`."""
    seen = {"listed_at": began}
    for each in listed:
        values = {"status": each.status, "reason": each.reason, "text": each.text, **seen}
        values |= {"parameters": {"names": each.parameters}, "is_plain": each.is_plain}
        statement = insert(Template).values(name=each.name, language=each.language, **values)
        keys = ["name", "language"]
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    approved = Template.status == APPROVED, Template.listed_at == began, Template.failed_at < began
    session.execute(update(Template).where(*approved).values(failed_code=None, failed_at=None))
    gone = Template.listed_at < began
    session.execute(update(Template).where(gone).values(status=DELETED))
