"""When people answer: opening hours, closed days, and how we say them. What holds now is told
by `bot/opening.py`.

The bot answers at any hour; whoever is handed to a person hears when that person will be there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator

from bot.portuguese import format_moment, format_time, format_weekday
from bot.words import say

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
WEEK = ("seg", "ter", "qua", "qui", "sex", "sab", "dom")
LONGEST_PAUSE_DAYS = 60
_DAY = f"({'|'.join(WEEK)})"

Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Days = Annotated[str, StringConstraints(pattern=f"^{_DAY}(-{_DAY})?$")]


class Opening(BaseModel):
    """From when to when people are there on a day, or on days that follow one another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Days
    opens: Hour
    closes: Hour

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens}, which is not before {self.closes}")
        if self._first > self._last:
            raise ValueError(f"{self.days}: write the earlier day of the week first")
        return self

    @property
    def _first(self) -> int:
        return WEEK.index(self.days[:3])

    @property
    def _last(self) -> int:
        return WEEK.index(self.days[-3:])

    def is_of(self, weekday: int) -> bool:
        """Whether `weekday`, Monday being 0, is one of its days."""
        return self._first <= weekday <= self._last

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when it begins and ends on `day`; None when it is not one of its days."""
        if not self.is_of(day.weekday()) or day in _holidays(day.year):
            return None
        opens, closes = time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        return datetime.combine(day, opens, SAO_PAULO), datetime.combine(day, closes, SAO_PAULO)

    def __str__(self) -> str:
        return say(
            "line_hours_of_days" if self._first < self._last else "line_hours_of_day",
            first=format_weekday(self._first),
            last=format_weekday(self._last),
            opens=format_time(time.fromisoformat(self.opens)),
            closes=format_time(time.fromisoformat(self.closes)),
        )


class BusinessHours(RootModel[Annotated[tuple[Opening, ...], Field(min_length=1)]]):
    """All the hours of a week; written out, what people read: "de segunda a sexta, das 9h…"."""

    model_config = ConfigDict(frozen=True)

    def __str__(self) -> str:
        return "; ".join(map(str, self.root))


class NeverOpen(ValueError):
    """Nobody would be there for `LONGEST_PAUSE_DAYS`."""


@dataclass(frozen=True)
class Attendance:
    """When people are there: the hours of a week, without the days that are closed."""

    hours: BusinessHours
    closed: frozenset[date] = frozenset()

    def are_open(self, moment: datetime) -> bool:
        """Whether somebody is there at `moment`."""
        return any(opens <= moment < closes for opens, closes in self.on(_day_of(moment)))

    def open_next(self, moment: datetime) -> datetime:
        """Return when somebody will be there next; `moment` itself when somebody is.

        Raises NeverOpen.
        """
        if self.are_open(moment):
            return moment
        for later in range(LONGEST_PAUSE_DAYS):
            begins = [opens for opens, _ in self.on(_day_of(moment + timedelta(days=later)))]
            if to_come := [opens for opens in begins if opens > moment]:
                return min(to_come)
        raise NeverOpen(f"nobody is there for {LONGEST_PAUSE_DAYS} days after {moment}")

    def on(self, day: date) -> Sequence[tuple[datetime, datetime]]:
        """Return when it begins and ends on `day`."""
        if day in self.closed:
            return []
        return [hours for opening in self.hours.root if (hours := opening.on(day))]

    def __str__(self) -> str:
        return str(self.hours)


def say_when_people_answer(attendance: Attendance, now: datetime, *, after: str = "") -> str:
    """Say whether a person answers now, or from when on; not in the words of `after`."""
    if attendance.are_open(now):
        return say("line_people_answer_now", after=after)
    moment = format_moment(attendance.open_next(now), now)
    return say("line_people_answer_later", after=after, moment=moment)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(SAO_PAULO).date()


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BR", years=year))
