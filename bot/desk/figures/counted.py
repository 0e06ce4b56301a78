"""The figures of a period as they were counted, and as rows to take away."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, select

from bot import db
from bot.desk.figures.models import DailyFigure
from bot.desk.figures.period import Period
from bot.desk.figures.words import NAMES, dimension_words, plain_number
from bot.portuguese import format_date

ZERO = Decimal(0)
MONTH = 30
STANDINGS = ("ageing", "ageing_amount", "not_due")
"""How it stood, not what happened: the last of a period counts, not the sum."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which Excel knows UTF-8."""
COLUMNS = ("dia", "indicador", "detalhe", "valor", "código")

Day = dict[str, dict[str, Decimal]]
"""Name → dimension → value."""


@dataclass(frozen=True)
class Counted:
    """What was counted: for each day its figures by name and dimension."""

    period: Period
    days: dict[date, Day]
    nights: dict[date, Day] = field(default_factory=dict)
    """How it stood, also on the `MONTH` nights before the period."""

    @classmethod
    def read(cls, period: Period) -> "Counted":
        """Read a period from the table."""
        earlier = Period(period.first - timedelta(MONTH), period.last)
        with db.transaction() as session:
            days = _by_day(session.scalars(_rows(period)))
            stood = _rows(earlier).where(DailyFigure.name.in_(STANDINGS))
            return cls(period, days, _by_day(session.scalars(stood)))

    def night(self, day: date, name: str, *dimensions: str) -> Decimal | None:
        """How it stood on a night, in all or for some dimensions; None when that is not known."""
        found = self.nights.get(day, {}).get(name)
        if found is None:
            return None
        return sum((found.get(one, ZERO) for one in dimensions or found), ZERO)

    def total(self, name: str, *dimensions: str) -> Decimal:
        """What it came to in the period, in all or for some dimensions."""
        return sum((self.on(day, name, *dimensions) for day in self.days), ZERO)

    def on(self, day: date, name: str, *dimensions: str) -> Decimal:
        """What it came to on a day."""
        found = self.days.get(day, {}).get(name, {})
        return sum((found.get(one, ZERO) for one in dimensions or found), ZERO)

    def by_dimension(self, name: str) -> dict[str, Decimal]:
        """What it came to for each dimension, the most first."""
        there = {dimension for day in self.days.values() for dimension in day.get(name, ())}
        found = {dimension: self.total(name, dimension) for dimension in there}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def known(self, *names: str) -> list[date]:
        """Days on which how it stood is known for each of these."""
        return [day for day in sorted(self.days) if {*names} <= self.days[day].keys()]

    def missing(self, began: date | None, today: date) -> list[date]:
        """Days gone by, since there was anything to count, that were not counted."""
        there = [day for day in self.period.days if began is not None and began <= day < today]
        return [day for day in there if day not in self.days]


def _by_day(rows: Iterable[DailyFigure]) -> dict[date, Day]:
    days: dict[date, Day] = {}
    for row in rows:
        days.setdefault(row.day, {}).setdefault(row.name, {})[row.dimension] = row.value
    return days


def _rows(period: Period) -> Select[DailyFigure]:
    return (
        select(DailyFigure)
        .where(DailyFigure.day.between(period.first, period.last))
        .order_by(DailyFigure.day, DailyFigure.name, DailyFigure.dimension)
    )


def as_csv(period: Period) -> Iterator[str]:
    """Row by row for a Brazilian spreadsheet: `;` between columns, a comma in numbers."""
    yield BOM + _line(COLUMNS)
    with db.transaction() as session:
        for row in session.scalars(_rows(period).execution_options(yield_per=1000)):
            name, what = NAMES.get(row.name, row.name), dimension_words(row.dimension)
            value = plain_number(row.value)
            yield _line((format_date(row.day), name, what, value, f"{row.name}:{row.dimension}"))


def _line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(values)
    return out.getvalue()
