"""Dates of birth, as people type or dictate them to say who they are."""

import re
from collections.abc import Iterator
from datetime import date

from bot.portuguese.calendar_days import day_in
from bot.portuguese.choosing import Mention, meant
from bot.portuguese.date_meanings import MONTHS, SHORT_MONTHS, day_number, month_number
from bot.portuguese.numbers import with_digits

FIRST_YEAR, LAST_YEAR = 1900, 2020
_PIVOT = LAST_YEAR % 100  # "20" is 2020, "21" is 1921

_DAY, _MONTH, _YEAR = r"([0-9]{1,2}o?|primeiro)", r"([0-9]{1,2})", r"([0-9]{4}|[0-9]{2})"
_MONTH_NAME = rf"({'|'.join([*MONTHS, *SHORT_MONTHS, 'dez'])})"
_BY_NUMBER = re.compile(
    rf"(?<![0-9.,/]){_DAY} ?(?:[/.-]| d[eo] | ) ?{_MONTH} ?(?:[/.-]| d[eo] | ) ?(?:ano de |ano )?"
    rf"{_YEAR}(?![0-9]|[.,/-][0-9])"
)
_BY_NAME = re.compile(
    rf"(?<![0-9.,/]){_DAY} ?(?:[/.-]|d[eo]|) ?(?:mes de )?{_MONTH_NAME}(?![a-z]),? ?"
    rf"(?:[/.-]|d[eo]|) ?(?:ano de |ano )?{_YEAR}(?![0-9])"
)
_TOGETHER = re.compile(
    r"(?<![0-9.,/-])([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})(?![0-9]|[.,/-][0-9])"
)
_ISO = re.compile(r"(?<![0-9])([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")

BIRTH_DATES = (_ISO, _BY_NUMBER, _BY_NAME)
"""Dates with their separators, so that the reader of CPF digits steps around them."""


def parse_birth_date(text: str) -> date | None:
    """Return the date of birth in a whole message, from 1900 to 2020, or `None`.

    Day before month, with or without separators; a year of two digits from 21 on is of the last
    century. Days that do not exist are `None`. Never raises.
    """
    digits = with_digits(text)
    return meant(_mentions(digits), digits)


def _mentions(text: str) -> Iterator[Mention[date]]:
    for pattern in (_ISO, _BY_NUMBER, _BY_NAME, _TOGETHER):
        for match in pattern.finditer(text):
            groups = match.groups()
            day, month, year = reversed(groups) if pattern is _ISO else groups
            found = day_in(_full_year(year), _month(month), day_number(day))
            if found and FIRST_YEAR <= found.year <= LAST_YEAR:
                yield Mention(match.start(), match.end(), found)


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return 12 if written == "dez" else month_number(written)


def _full_year(written: str) -> int:
    if len(written) == len("1988"):
        return int(written)
    return int(written) + (2000 if int(written) <= _PIVOT else 1900)
