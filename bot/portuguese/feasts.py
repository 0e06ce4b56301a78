"""Feasts by their names: on a date of their own, on a Sunday of their month, or with Easter.

Names are normalised. Which words may stand around them is in `date_expressions`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from bot.portuguese.calendar_days import day_in

_SUNDAY, _THURSDAY = 6, 3


def _fixed(day: int, month: int, year: int) -> date:
    return date(year, month, day)


def _nth_weekday(number: int, weekday: int, month: int, year: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _from_easter(days: int, year: int) -> date:
    return _easter(year) + timedelta(days=days)


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar, by Gauss's rule as Meeus gives it."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + leap + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


Feast = Callable[[int], date]

FEASTS: dict[str, Feast] = {
    "natal": partial(_fixed, 25, 12),
    "ano novo": partial(_fixed, 1, 1),
    "reveillon": partial(_fixed, 31, 12),
    "virada do ano": partial(_fixed, 31, 12),
    "pascoa": partial(_from_easter, 0),
    "carnaval": partial(_from_easter, -47),
    "corpus christi": partial(_from_easter, 60),
    "sao joao": partial(_fixed, 24, 6),
    "sao pedro": partial(_fixed, 29, 6),
    "santo antonio": partial(_fixed, 13, 6),
    "finados": partial(_fixed, 2, 11),
    "tiradentes": partial(_fixed, 21, 4),
    "consciencia negra": partial(_fixed, 20, 11),
    "proclamacao da republica": partial(_fixed, 15, 11),
    "independencia": partial(_fixed, 7, 9),
    "black friday": lambda year: _nth_weekday(4, _THURSDAY, 11, year) + timedelta(days=1),
}
"""Feasts that are a day only after "no", "até o" and the like: Natal is a city too."""

NAMED_DAYS: dict[str, Feast] = {
    "dia das? criancas?": partial(_fixed, 12, 10),
    "dia das? maes?": partial(_nth_weekday, 2, _SUNDAY, 5),
    "dia dos? pais?": partial(_nth_weekday, 2, _SUNDAY, 8),
    "dia dos namorados": partial(_fixed, 12, 6),
    "dia do trabalh(?:o|ador)": partial(_fixed, 1, 5),
    "dia dos? professor(?:es)?": partial(_fixed, 15, 10),
    "dia de reis": partial(_fixed, 6, 1),
    "quarta(?:[ -]?feira)? de cinzas": partial(_from_easter, -46),
    "sexta(?:[ -]?feira)? santa": partial(_from_easter, -2),
    "domingo de pascoa": partial(_from_easter, 0),
}
"""Names, as patterns, that can be nothing but a day."""


def next_feast(name: str, today: date) -> date | None:
    """Return the next day of a feast from `today` on, or `None` for an unknown name."""
    feast = _feast(name)
    if not feast or not day_in(today.year + 1, 1, 1):
        return None
    return next(
        (day for year in (today.year, today.year + 1) if (day := feast(year)) >= today), None
    )


def _feast(name: str) -> Feast | None:
    named = (feast for pattern, feast in NAMED_DAYS.items() if re.fullmatch(pattern, name))
    return FEASTS.get(name) or next(named, None)
