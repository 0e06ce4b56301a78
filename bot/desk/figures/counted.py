"""The figures of a period as they were counted, and as rows to take away."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select

from bot import db
from bot.desk.figures.models import DailyFigure
from bot.desk.figures.period import Period
from bot.desk.figures.words import NAMES, dimension_words, plain_number
from bot.portuguese import format_date

ZERO = Decimal(0)
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

    @classmethod
    def read(cls, period: Period) -> "Counted":
        """Read a period from the table."""
        days: dict[date, Day] = {}
        with db.transaction() as session:
            for row in session.scalars(_rows(period)):
                names = days.setdefault(row.day, {})
                names.setdefault(row.name, {})[row.dimension] = row.value
        return cls(period, days)

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

    def missing(self, today: date) -> list[date]:
        """Days that are there but were not counted."""
        return [day for day in self.period.days if day <= today and day not in self.days]


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
