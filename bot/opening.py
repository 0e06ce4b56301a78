"""When people answer, as it is kept: a supervisor's hours and closed days, else the policy's.

`policies/creditor.yml` says what holds until somebody changes it at the desk. Every process
that tells people when somebody is there asks here (docs/decisions/0011).
"""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import db
from bot.business_hours import SAO_PAULO, Attendance, BusinessHours
from bot.creditor import get_creditor

log = structlog.get_logger()

FRESH_SECONDS = 2.0
"""How long what was read is taken for true: the actions ask with every sentence."""


class OpeningHours(db.Base):
    """The hours of a week a supervisor gave; one row, or none while the policy's hold."""

    __tablename__ = "opening_hours"
    __table_args__ = ({"schema": "bot"},)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[dict[str, Any]]
    """`{"hours": …}` as `business_hours` of the policy."""


class ClosedDay(db.Base):
    """A day on which nobody is there, besides national holidays."""

    __tablename__ = "closed_days"
    __table_args__ = ({"schema": "bot"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str]


def attendance() -> Attendance:
    """When people are there; at most `FRESH_SECONDS` old."""
    return _kept.get()


def forget() -> None:
    """Read it anew the next time."""
    _kept.until = 0.0


def read(session: Session) -> Attendance:
    """When people are there, with what `session` has changed."""
    kept = session.get(OpeningHours, 1)
    today = datetime.now(SAO_PAULO).date()
    closed = session.scalars(
        select(ClosedDay.day).where(ClosedDay.day >= today - timedelta(days=1))
    )
    hours = BusinessHours.model_validate(kept.week["hours"]) if kept else _of_policy()
    return Attendance(hours, frozenset(closed))


def _of_policy() -> BusinessHours:
    return get_creditor().business_hours


def _read() -> Attendance:
    try:
        with db.transaction() as session:
            return read(session)
    except SQLAlchemyError as error:
        # The bot speaks on without the database; hours that may be old are better than silence.
        log.warning("hours of the policy: the database was not reached", error=str(error)[:200])
        return Attendance(_of_policy())


class _Kept:
    """What was read last. Two threads that read at once do so for nothing, not wrongly."""

    def __init__(self, read: Callable[[], Attendance]) -> None:
        self.until = 0.0
        self._read = read
        self._value: Attendance | None = None

    def get(self) -> Attendance:
        value = self._value
        if value is None or time.monotonic() > self.until:
            value = self._value = self._read()
            self.until = time.monotonic() + FRESH_SECONDS
        return value


_kept = _Kept(_read)
