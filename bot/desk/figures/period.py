"""The days somebody looks at, and the same number of days before them."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.portuguese import format_date

LAST_DAYS = (7, 30, 90)
MOST_DAYS = 366
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class UnreadablePeriod(ValueError):
    """No period; the message says why, in Portuguese."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, given: Mapping[str, str], today: date) -> "Period":
        """Read a query string: `period` is days or a month, or `from` and `to` are days.

        Raises UnreadablePeriod. Without any of them it is the last 30 days.
        """
        if given.get("from") or given.get("to"):
            return _custom(given.get("from", ""), given.get("to", ""))
        name = given.get("period") or "30"
        if name in map(str, LAST_DAYS):
            return cls(today - timedelta(int(name) - 1), today)
        if found := _MONTH.fullmatch(name):
            return _month(int(found[1]), int(found[2]), today)
        raise UnreadablePeriod("Não entendi o período. Escolha um da lista ou duas datas.")

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(number) for number in range(len(self))]

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, just before it."""
        return Period(self.first - timedelta(len(self)), self.first - timedelta(1))

    def __str__(self) -> str:
        if len(self) == 1:
            return format_date(self.first)
        return f"{format_date(self.first)} a {format_date(self.last)}"


def _month(year: int, month: int, today: date) -> Period:
    """A month; of the one that is running, the days so far."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return Period(first, min(last, today) if first <= today else last)


def _custom(first: str, last: str) -> Period:
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise UnreadablePeriod("Escolha o primeiro e o último dia.") from None
    if period.first > period.last:
        raise UnreadablePeriod("O primeiro dia vem depois do último.")
    if len(period) > MOST_DAYS:
        raise UnreadablePeriod(f"Escolha no máximo {MOST_DAYS} dias.")
    if period.first.year < 2000:
        raise UnreadablePeriod("Não há números antes de 2000.")
    return period


def months_before(today: date, count: int) -> list[str]:
    """`2026-11`, `2026-10`, …: this month and those before it."""
    numbers = [today.year * 12 + today.month - 1 - back for back in range(count)]
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]
