"""Tables of the durable middle, schema `bot`. PostgreSQL is the state of truth.

A contact is a person, known by aliases. A conversation is that person with one business
number, and has one owner. Messages of one burst make a turn; a turn is answered by outbox
rows, and Meta's statuses tell what became of them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base

SCHEMA = "bot"


class Owner(StrEnum):
    """Who answers a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    OPERATOR = "operator"


class TurnState(StrEnum):
    """`open` until its answer is written; the other states are final."""

    OPEN = "open"
    ANSWERED = "answered"
    LEFT_TO_PERSON = "left_to_person"
    FAILED = "failed"


class OutboxState(StrEnum):
    """The life of a message of ours. From `accepted` on it only moves forward."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"
    """The bot's, not sent because a person took over."""
    FAILED = "failed"


class RawEvent(Base):
    """A webhook as it came, byte for byte."""

    __tablename__ = "raw_events"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Contact(Base):
    """A person. A profile name proves nothing about who they are."""

    __tablename__ = "contacts"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    profile_name: Mapped[str | None]
    marketing_stopped: Mapped[bool] = mapped_column(default=False)
    contact_stopped: Mapped[str | None]
    """Why we never write first to this person again: opt_out, wrong_person, death…"""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ContactAlias(Base):
    """One identifier of a contact. `value` is compared, `address` is what Meta is given."""

    __tablename__ = "contact_aliases"
    __table_args__ = (UniqueConstraint("kind", "value"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.contacts.id"), index=True)
    kind: Mapped[str]
    """`phone`, `bsuid` or `parent_bsuid`."""
    value: Mapped[str]
    address: Mapped[str]


class Conversation(Base):
    """One person with one business number.

    `dialogue_id` is the sender Rasa knows: a new one makes Rasa forget, and so makes the
    person confirm identity again.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("contact_id", "phone_number_id"), {"schema": SCHEMA})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.contacts.id"))
    phone_number_id: Mapped[str]
    dialogue_id: Mapped[UUID] = mapped_column(default=uuid4)
    owner: Mapped[Owner] = mapped_column(default=Owner.BOT)
    operator_id: Mapped[UUID | None]
    """Who holds it, if and only if the owner is an operator."""
    team: Mapped[str] = mapped_column(default="geral", server_default="geral")
    """Whose people see it."""
    customer_id: Mapped[UUID | None]
    """Who it is to billing, once identity is confirmed."""
    handoff_reason: Mapped[str | None]
    queued_at: Mapped[datetime | None]
    """Since when it waits for people, or waited when somebody took it."""
    taken_at: Mapped[datetime | None]
    touched_at: Mapped[datetime | None]
    """When whoever holds it last did something in it."""
    snoozed_until: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    queue_notice_at: Mapped[datetime | None]
    last_inbound_at: Mapped[datetime | None]
    """By Meta's clock: free text may be sent for 24 hours after it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Turn(Base):
    """What a person said at one go, and whether it was answered."""

    __tablename__ = "turns"
    __table_args__ = (
        Index(
            "uq_turns_one_open",
            "conversation_id",
            unique=True,
            postgresql_where=sql("state = 'open'"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.conversations.id"))
    state: Mapped[TurnState] = mapped_column(default=TurnState.OPEN)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    asked_at: Mapped[datetime | None]
    """When Rasa was last asked: after a crash it may still be thinking."""
    answered_at: Mapped[datetime | None]
    heard: Mapped[dict[str, Any] | None]
    """What the bot understood and knew when it answered."""


class Message(Base):
    """A message of the person. `turn_id` is empty until a turn takes it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("wamid"),
        Index(
            "ix_messages_waiting",
            "conversation_id",
            postgresql_where=sql("turn_id IS NULL AND answerable"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.conversations.id"))
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.turns.id"), index=True)
    wamid: Mapped[str]
    type: Mapped[str]
    text: Mapped[str]
    choice_id: Mapped[str | None]
    answerable: Mapped[bool]
    """A reaction or a deleted message is kept but asks for no answer."""
    body: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class IssuedChoice(Base):
    """A button or list row we sent: the only ids that run as commands, and only here."""

    __tablename__ = "issued_choices"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey(f"{SCHEMA}.conversations.id"), index=True
    )
    payload: Mapped[str]
    expires_at: Mapped[datetime]


class OutboxRow(Base):
    """A message of ours, sent in order of `position` within its conversation."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_unsent",
            "conversation_id",
            "position",
            postgresql_where=sql("state IN ('pending', 'sending')"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.conversations.id"))
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.turns.id"))
    sent_by: Mapped[UUID | None]
    """Which operator wrote it; empty for the bot."""
    retry_of: Mapped[UUID | None] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    wamid: Mapped[str | None] = mapped_column(index=True)
    error_code: Mapped[int | None]
    error_detail: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    """When the request to Meta left."""


class File(Base):
    """A file an operator sends. Meta is given its bytes when the message goes out."""

    __tablename__ = "files"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey(f"{SCHEMA}.conversations.id"), index=True
    )
    name: Mapped[str]
    mime_type: Mapped[str]
    data: Mapped[bytes | None]
    """Empty once it is no longer kept."""
    media_id: Mapped[str | None]
    """What Meta calls it, once uploaded."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Status(Base):
    """What Meta said of a message of ours; may come before we know its wamid."""

    __tablename__ = "statuses"
    __table_args__ = ({"schema": SCHEMA},)

    wamid: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class ChannelPause(Base):
    """Nothing is sent from a business number before `until`."""

    __tablename__ = "channel_pauses"
    __table_args__ = ({"schema": SCHEMA},)

    phone_number_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    code: Mapped[int | None]
    detail: Mapped[str]


class Audit(Base):
    """What happened to a conversation, by whom; rows are only added."""

    __tablename__ = "audit"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(f"{SCHEMA}.conversations.id"), index=True
    )
    who: Mapped[str]
    what: Mapped[str]
    details: Mapped[dict[str, Any]]


class Serving(Base):
    """Which model answers; one row. Models are named by `bot/model.py`."""

    __tablename__ = "serving"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    current: Mapped[str]
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    canary: Mapped[str | None]
    """A model on trial, which answers `canary_percent` of the conversations."""
    canary_percent: Mapped[int] = mapped_column(default=0)
    canary_since: Mapped[datetime | None]
