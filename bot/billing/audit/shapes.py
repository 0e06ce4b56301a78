"""The audit as it crosses the API."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from bot.billing.fields import NO_NUL
from bot.billing.shapes import PageQuery, Shape

Word = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class AuditQuery(PageQuery):
    """Which changes; everything given must fit. `until` itself is not part of it."""

    customer_id: UUID | None = None
    table_name: Word | None = None
    actor: Word | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Operation(StrEnum):
    """What was done to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Change(Shape):
    """A column's value before and after; personal data and secrets are masked."""

    old: Any
    new: Any


class AuditEntry(Shape):
    """One changed row: by whom, when, under which policy, in which request."""

    id: int
    at: AwareDatetime
    actor: str
    policy_version: str | None
    request_id: str | None
    table_name: str
    row_id: str
    customer_id: UUID | None
    operation: Operation
    changes: dict[str, Change]


class Audit(Shape):
    entries: list[AuditEntry]
    next_cursor: str | None
