"""Tables of the trainers, schema `training`: messages to look at, verdicts, examples, changes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base
from bot.desk.models import USER

SCHEMA = "training"
ITEM = "training.items.id"


class State(StrEnum):
    """What became of an item."""

    OPEN = "open"
    ACCEPTED = "accepted"
    RELABELLED = "relabelled"
    REJECTED = "rejected"
    """Of no use: noise, another language, nothing to learn."""
    SKIPPED = "skipped"
    SECOND_OPINION = "second_opinion"


class Verdict(StrEnum):
    """What a trainer says of a message."""

    ACCEPT = "accept"
    RELABEL = "relabel"
    REJECT = "reject"
    SKIP = "skip"
    UNSURE = "unsure"


STATES = {
    Verdict.ACCEPT: State.ACCEPTED,
    Verdict.RELABEL: State.RELABELLED,
    Verdict.REJECT: State.REJECTED,
    Verdict.SKIP: State.SKIPPED,
    Verdict.UNSURE: State.SECOND_OPINION,
}


class Item(Base):
    """What somebody typed in one turn, masked; never the words themselves."""

    __tablename__ = "items"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("bot.turns.id"), unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("bot.conversations.id"))
    talk_id: Mapped[UUID | None] = mapped_column(ForeignKey("training.talks.id"), index=True)
    """Said by a guest, in no conversation of a debtor."""
    text: Mapped[str]
    plain: Mapped[str]
    """As `grouping.plain` writes it: searched, and compared."""
    spans: Mapped[list[list[Any]]] = mapped_column(JSONB)
    """Where stand-ins are, and for what: `[start, end, kind]`."""
    group_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ITEM))
    """The item its group began with."""
    said_at: Mapped[datetime]
    intent: Mapped[str | None]
    """What was heard; empty when the bot failed."""
    confidence: Mapped[float | None]
    ranking: Mapped[list[Any]] = mapped_column(JSONB)
    model: Mapped[str | None]
    signals: Mapped[list[str]] = mapped_column(ARRAY(String))
    score: Mapped[float]
    state: Mapped[State] = mapped_column(default=State.OPEN)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER))
    """Who wants a second opinion, and is not asked for it."""


class Annotation(Base):
    """A verdict; rows are only added."""

    __tablename__ = "annotations"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ITEM), index=True)
    trainer: Mapped[UUID] = mapped_column(ForeignKey(USER))
    verdict: Mapped[Verdict]
    intent: Mapped[str | None]
    entities: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class ExampleKind(StrEnum):
    """What a reviewed piece is for."""

    EXAMPLE = "example"
    INTENT = "intent"
    RESPONSE = "response"
    SYNONYM = "synonym"
    STORY = "story"
    """A test story: `intent` is the path of its file, `text` all of it."""
    REMOVAL = "removal"
    """A line to take out of the files, as it stands there."""
    MOVE = "move"
    """A line for another intent: the one it is under now, a space, and the line."""


class ChangeState(StrEnum):
    """How far a change of the files has come."""

    DRAFT = "draft"
    APPLIED = "applied"
    UNDONE = "undone"
    """It was in use and taken back; its pieces wait again."""


class Change(Base):
    """Reviewed examples on a branch of their own."""

    __tablename__ = "changes"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    branch: Mapped[str] = mapped_column(unique=True)
    commit: Mapped[str | None]
    author: Mapped[UUID] = mapped_column(ForeignKey(USER))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.DRAFT)


class ReviewedExample(Base):
    """What a trainer wants in the files, with marks as Rasa has them; `change_id` once it is."""

    __tablename__ = "examples"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    item_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(ITEM), index=True)
    kind: Mapped[ExampleKind]
    intent: Mapped[str]
    text: Mapped[str]
    author: Mapped[UUID] = mapped_column(ForeignKey(USER))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("training.changes.id"), index=True)


class Progress(Base):
    """Up to when everything said is in the inbox; one row."""

    __tablename__ = "progress"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(primary_key=True)
    looked_until: Mapped[datetime]


class Invitation(Base):
    """A link by which somebody without an account talks to a model."""

    __tablename__ = "invitations"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(unique=True)
    model: Mapped[str]
    note: Mapped[str]
    """Whom it is for."""
    author: Mapped[UUID] = mapped_column(ForeignKey(USER))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    expires_at: Mapped[datetime]


class Talk(Base):
    """One guest's conversation, a dialogue of its own in Rasa."""

    __tablename__ = "talks"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("training.invitations.id"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What each button that was offered last means to Rasa."""


class CandidateState(StrEnum):
    """How far a candidate has come. Up to `measuring` a job is at work."""

    WAITING = "waiting"
    TRAINING = "training"
    MEASURING = "measuring"
    READY = "ready"
    FAILED = "failed"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"


AT_WORK = (CandidateState.WAITING, CandidateState.TRAINING, CandidateState.MEASURING)


class Candidate(Base):
    """A model of a change, measured against the one that answered then."""

    __tablename__ = "candidates"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("training.changes.id"))
    author: Mapped[UUID] = mapped_column(ForeignKey(USER))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    state: Mapped[CandidateState] = mapped_column(default=CandidateState.WAITING)
    told: Mapped[str] = mapped_column(default="")
    """What it is at, or why it failed, for people."""
    model: Mapped[str | None]
    comparison: Mapped[dict[str, Any] | None]
    done_at: Mapped[datetime | None]


class Move(StrEnum):
    """What happened to the models that answer."""

    PROMOTED = "promoted"
    TRIED = "tried"
    TRIAL_ENDED = "trial_ended"
    ROLLED_BACK = "rolled_back"


class ModelMove(Base):
    """The history of the models; rows are only added."""

    __tablename__ = "moves"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    what: Mapped[Move]
    model: Mapped[str]
    """The model that was promoted, tried or taken back."""
    before: Mapped[str | None]
    who: Mapped[str]
    """As the audit names them; `watch` when it happened by itself."""
    reason: Mapped[str] = mapped_column(default="")
    candidate_id: Mapped[UUID | None] = mapped_column(ForeignKey("training.candidates.id"))
