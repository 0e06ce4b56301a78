"""Tables of the desk, schema `desk`: accounts, and what people add to conversations."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask_security import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.client import Actor
from bot.db import Base
from bot.desk.roles import EVERY_TEAM, MATRIX, May, Role

SCHEMA = "desk"
CONVERSATION = "bot.conversations.id"
USER = "desk.users.id"


class Team(Base):
    """People who see the same conversations."""

    __tablename__ = "teams"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


@dataclass
class RoleName(RoleMixin):
    """A role as Flask-Security wants it; what it may is in `roles.py`."""

    name: str


class User(Base, UserMixin):
    """Somebody who signs in."""

    __tablename__ = "users"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    team: Mapped[str] = mapped_column(ForeignKey("desk.teams.id"))
    password: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: uuid4().hex)
    """Changed, it ends every session of this person."""
    has_to_change_password: Mapped[bool] = mapped_column(default=False)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def roles(self) -> list[RoleName]:  # type: ignore[override]
        """As Flask-Security asks."""
        return [RoleName(self.role)]

    @property
    def actor(self) -> Actor:
        """In whose name billing is asked: only supervisors have more authority than operators."""
        role = "supervisor" if self.role is Role.SUPERVISOR else "operator"
        return Actor(role, self.email)

    @property
    def who(self) -> str:
        """As the audit names them."""
        return f"{self.role}:{self.email}"

    @property
    def is_shut_out(self) -> bool:
        """Whether too many wrong passwords or codes were tried just now."""
        return self.locked_until is not None and self.locked_until > datetime.now(UTC)

    def may(self, what: May | str) -> bool:
        """Whether their role allows it."""
        return May(what) in MATRIX[self.role]

    def sees(self, team: str) -> bool:
        """Whether conversations of `team` are theirs to see."""
        return self.role in EVERY_TEAM or self.team == team


class Note(Base):
    """What people write for each other; the person never sees it."""

    __tablename__ = "notes"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(CONVERSATION))
    author: Mapped[UUID] = mapped_column(ForeignKey(USER))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Draft(Base):
    """Words somebody has begun and not sent."""

    __tablename__ = "drafts"
    __table_args__ = ({"schema": SCHEMA},)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    author: Mapped[UUID] = mapped_column(ForeignKey(USER), primary_key=True)
    text: Mapped[str]


class RequestStatus(StrEnum):
    """What became of asking the supervisor for more."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


class AuthorityRequest(Base):
    """An operator asks a supervisor for terms outside their own authority."""

    __tablename__ = "requests"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(CONVERSATION))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey(USER))
    wish: Mapped[dict[str, Any]]
    reason: Mapped[str]
    note: Mapped[str]
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    offer: Mapped[dict[str, Any] | None]
    """What billing grants a supervisor, once approved."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER))
    answer: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class Resolution(Base):
    """How a conversation with a person ended (tabulação)."""

    __tablename__ = "resolutions"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(CONVERSATION))
    operator: Mapped[UUID] = mapped_column(ForeignKey(USER))
    disposition: Mapped[str]
    reason: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Review(Base):
    """A supervisor's look at a resolved conversation."""

    __tablename__ = "reviews"
    __table_args__ = ({"schema": SCHEMA},)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("desk.resolutions.id"), primary_key=True)
    reviewer: Mapped[UUID] = mapped_column(ForeignKey(USER))
    score: Mapped[int]
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Person(Base):
    """Of a confirmed customer what the queue shows and is searched by; the rest is billing's."""

    __tablename__ = "people"
    __table_args__ = ({"schema": SCHEMA},)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    customer_id: Mapped[UUID]
    name: Mapped[str]
    document_end: Mapped[str]


class CannedText(Base):
    """A quick reply, called by its shortcut; `{nome}` and the like are filled in."""

    __tablename__ = "texts"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    shortcut: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]


class Absence(Base):
    """What people hear when nobody is there; one row."""

    __tablename__ = "absence"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
