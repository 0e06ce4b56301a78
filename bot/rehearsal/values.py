"""The amounts and dates written in a message. Pure."""

import re
from datetime import date
from decimal import Decimal

from bot.portuguese import normalise

_AMOUNT = re.compile(r"R\$\s*((?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,2})?)")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/-])")
_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto"),
    *("setembro", "outubro", "novembro", "dezembro"),
)
_LONG = re.compile(rf"\b(\d{{1,2}})[ºo]? de ({'|'.join(_MONTHS)})(?: de (\d{{4}}))?\b")
NO_YEAR = 1
"""The year of a date written without one."""


def amounts_in(text: str) -> set[Decimal]:
    """Every amount after "R$"."""
    return {amount_of(found) for found in _AMOUNT.findall(text)}


def amount_of(written: str) -> Decimal:
    """ "1.234,5" as a number."""
    return Decimal(written.replace(".", "").replace(",", ".")).quantize(Decimal("0.01"))


def days_in(text: str) -> set[date]:
    """Every date like 10/12, 10/12/2026 or "10 de dezembro"; see NO_YEAR."""
    numeric = [(day, int(month), year) for day, month, year in _NUMERIC.findall(text)]
    plain = normalise(text)
    long = [(day, _MONTHS.index(name) + 1, year) for day, name, year in _LONG.findall(plain)]
    return {day for found in (*numeric, *long) if (day := _day(*found))}


def _day(day: str, month: int, year: str) -> date | None:
    try:
        return date(
            int(year) + (2000 if len(year) == 2 else 0) if year else NO_YEAR, month, int(day)
        )
    except ValueError:
        return None
