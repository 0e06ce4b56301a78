"""What each expression of a date means on the calendar, once `date_expressions` has found it.

Every meaning takes the match and today, and gives a date or `None`; group numbers are the
pattern's. A result before today is dropped by the caller.
"""

from collections.abc import Callable
from datetime import date
from re import Match

from bot.portuguese.calendar_days import (
    add_business_days,
    add_days,
    add_months,
    business_day_of_month,
    day_in,
    last_business_day,
    next_day_and_month,
    next_day_of_month,
    next_weekday,
    weekday_next_week,
)
from bot.portuguese.feasts import next_feast
from bot.portuguese.numbers import ordinal

Meaning = Callable[[Match[str], date], date | None]

MONTHS = {
    "janeiro": 1, "fevereiro": 2, "marco": 3, "abril": 4, "maio": 5, "junho": 6, "julho": 7,
    "agosto": 8, "setembro": 9, "outubro": 10, "novembro": 11, "dezembro": 12, "feveiro": 2,
    "feverero": 2, "setenbro": 9, "novenbro": 11, "dezenbro": 12, "desembro": 12,
}  # fmt: skip
SHORT_MONTHS = {
    "jan": 1, "fev": 2, "mar": 3, "abr": 4, "mai": 5, "jun": 6, "jul": 7, "ago": 8, "set": 9,
    "out": 10, "nov": 11,
}  # fmt: skip
WEEKDAYS = {
    "segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "sabadao": 5,
    "domingo": 6,
}  # fmt: skip
SHORT_WEEKDAYS = {
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6, "2a": 0, "3a": 1,
    "4a": 2, "5a": 3, "6a": 4,
}  # fmt: skip
_ALL_MONTHS = MONTHS | SHORT_MONTHS
_ALL_WEEKDAYS = WEEKDAYS | SHORT_WEEKDAYS
_FRIDAY, _SATURDAY = 4, 5
_LATER = ("ou", "a", "ao", "ate", "-")


def day_number(written: str) -> int:
    """Return the day in "10", "1o", "primeiro" or "um"; 0 for anything else."""
    return 1 if written == "um" else ordinal(written) or 0


def month_number(name: str) -> int:
    """Return 1 to 12 for a normalised month name or its first three letters."""
    return _ALL_MONTHS[name]


def full_date(match: Match[str], _today: date) -> date | None:
    """Read day, month and year: "10/12/26"."""
    return day_in(_full_year(match[3]), int(match[2]), day_number(match[1]))


def _full_year(written: str) -> int:
    return int(written) + (2000 if len(written) == len("26") else 0)


def iso_date(match: Match[str], _today: date) -> date | None:
    """Read year, month and day: "2026-12-10"."""
    year, month, day = (int(group) for group in match.groups())
    return day_in(year, month, day)


def day_and_month(match: Match[str], today: date) -> date | None:
    """Read "10/12"."""
    return next_day_and_month(day_number(match[1]), int(match[2]), today)


def day_and_month_name(match: Match[str], today: date) -> date | None:
    """Read "10 de dezembro", with or without a year."""
    day, month = day_number(match[1]), _ALL_MONTHS[match[2] or match[3]]
    year = match[4] or match[5]
    if not year:
        return next_day_and_month(day, month, today)
    return day_in(_full_year(year), month, day)


def month_name_and_day(match: Match[str], today: date) -> date | None:
    """Read "em dezembro, dia 10"."""
    return next_day_and_month(day_number(match[2]), MONTHS[match[1]], today)


def day_next_month(match: Match[str], today: date) -> date | None:
    """Read "dia 10 do mês que vem"."""
    month = add_months(today.replace(day=1), 1)
    return month and day_in(month.year, month.month, day_number(match[1]))


def day_this_month(match: Match[str], today: date) -> date | None:
    """Read "dia 10 desse mês"."""
    return day_in(today.year, today.month, day_number(match[1]))


def day_of_month(match: Match[str], today: date) -> date | None:
    """Read "dia 10", the later day of "dia 10 ou 15", the new one of "do dia 10 pro 15"."""
    first, joint, second = match.groups()
    day = next_day_of_month(day_number(first), today)
    other = next_day_of_month(day_number(second), today) if second else None
    if not day or not other or joint == "e":
        return day
    return max(day, other) if joint in _LATER else other


def later_of_two_days(match: Match[str], today: date) -> date | None:
    """Read "entre dia 5 e 10"."""
    first = next_day_of_month(day_number(match[1]), today)
    return first and next_day_of_month(day_number(match[2]), first)


def business_day(match: Match[str], today: date) -> date | None:
    """Read "5º dia útil", of next month or a named one where group 2 says so."""
    if match[2] in MONTHS:
        start = next_day_and_month(1, MONTHS[match[2]], today.replace(day=1))
        return start and business_day_of_month(day_number(match[1]), start)
    for months in (1,) if match[2] else (0, 1):
        month = add_months(today.replace(day=1), months)
        found = month and business_day_of_month(day_number(match[1]), month)
        if found and found >= today:
            return found
    return None


def next_business_day(_match: Match[str], today: date) -> date | None:
    """Read "próximo dia útil"."""
    return add_business_days(today, 1)


def feast(match: Match[str], today: date) -> date | None:
    """Read "no Natal", "dia das mães"."""
    return next_feast(match[1], today)


def christmas_eve(_match: Match[str], today: date) -> date | None:
    """Read "véspera de Natal"."""
    return next_day_and_month(24, 12, today)


def end_of_named_month(match: Match[str], today: date) -> date | None:
    """Read "último dia útil de agosto"."""
    start = next_day_and_month(1, MONTHS[match[1]], today.replace(day=1))
    return start and last_business_day(start)


def last_day_of_named_month(match: Match[str], today: date) -> date | None:
    """Read "último dia de agosto", a business day or not."""
    start = next_day_and_month(1, MONTHS[match[1]], today.replace(day=1))
    after = start and add_months(start, 1)
    return after and add_days(after, -1)


def end_of_month(match: Match[str], today: date) -> date | None:
    """Read "fim do mês": the last business day, of next month where group 1 says so."""
    month = add_months(today.replace(day=1), 1 if match[1] else 0)
    if month and last_business_day(month) < today:
        month = add_months(month, 1)
    return month and last_business_day(month)


def last_day_of_month(match: Match[str], today: date) -> date | None:
    """Read "último dia do mês", a business day or not."""
    month = add_months(today.replace(day=1), 2 if match[1] else 1)
    return month and add_days(month, -1)


def start_of_month(match: Match[str], today: date) -> date | None:
    """Read "começo do mês": the next 1st."""
    return today if today.day == 1 and not match[1] else add_months(today.replace(day=1), 1)


def middle_of_month(match: Match[str], today: date) -> date | None:
    """Read "meio do mês": the 15th."""
    if not match[1]:
        return next_day_of_month(15, today)
    month = add_months(today.replace(day=1), 1)
    return month and month.replace(day=15)


def month_by_name(match: Match[str], today: date) -> date | None:
    """Read "fim de dezembro" (last business day), "meio de maio" (15th), "em janeiro" (1st)."""
    part, month = match[1] or "", _ALL_MONTHS[match[2]]
    if part.startswith(("fi", "ul")):
        start = next_day_and_month(1, month, today.replace(day=1))
        return start and last_business_day(start)
    return next_day_and_month(15 if part.startswith("me") else 1, month, today)


def next_month(_match: Match[str], today: date) -> date | None:
    """Read "mês que vem": its 1st."""
    return add_months(today.replace(day=1), 1)


def next_week(_match: Match[str], today: date) -> date | None:
    """Read "semana que vem": its Monday."""
    return weekday_next_week(0, today)


def this_week(_match: Match[str], today: date) -> date | None:
    """Read "ainda essa semana": Friday, or today on the weekend."""
    return add_days(today, max(_FRIDAY - today.weekday(), 0))


def end_of_week(match: Match[str], today: date) -> date | None:
    """Read "fim da semana": Friday, of next week where group 1 says so."""
    return weekday_next_week(_FRIDAY, today) if match[1] else this_week(match, today)


def weekend(match: Match[str], today: date) -> date | None:
    """Read "fim de semana": Saturday, or today on a Sunday."""
    if match[1]:
        return weekday_next_week(_SATURDAY, today)
    return add_days(today, max(_SATURDAY - today.weekday(), 0))


def weekday(match: Match[str], today: date) -> date | None:
    """Read "sexta": the next one, today excluded."""
    return next_weekday(_ALL_WEEKDAYS[match[1]], today)


def this_weekday(match: Match[str], today: date) -> date | None:
    """Read "essa sexta", "sexta agora": the next one, today included."""
    number = _ALL_WEEKDAYS[match[1]]
    return today if number == today.weekday() else next_weekday(number, today)


def weekday_of_next_week(match: Match[str], today: date) -> date | None:
    """Read "sexta que vem": that of the next week, Monday to Sunday."""
    return weekday_next_week(_ALL_WEEKDAYS[match[1]], today)


def in_so_many(match: Match[str], today: date) -> date | None:
    """Read "daqui 15 dias", "em 2 semanas", "daqui a um mês", "em 3 dias úteis"."""
    number = int(match[1]) if match[1].isdecimal() else 1
    unit = match[2] or "dias"
    if unit.startswith("mes"):
        return add_months(today, number)
    if "ut" in unit:
        return add_business_days(today, number)
    days = 7 if unit.startswith("seman") else 15 if unit.startswith("quinz") else 1
    return add_days(today, number * days)


def in_days(days: int) -> Meaning:
    """Return the meaning of "hoje", "amanhã", "depois de amanhã"."""
    return lambda _match, today: add_days(today, days)


def end_of_year(_match: Match[str], today: date) -> date | None:
    """Read "fim do ano": the last business day of December."""
    return last_business_day(today.replace(month=12, day=1))


def next_year(_match: Match[str], today: date) -> date | None:
    """Read "ano que vem": 1 January."""
    return day_in(today.year + 1, 1, 1)
