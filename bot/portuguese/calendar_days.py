"""Days of the Brazilian calendar: the next 10th, the fifth business day, the end of a month.

Business days are the banks', nationwide: no weekends, no holidays of the exchange, no 31 December
(no settlement); 24 December counts, for banks open in the morning and settle (FEBRABAN).
"""

import calendar
from datetime import date, timedelta
from functools import lru_cache

import holidays

_ONE_DAY = timedelta(days=1)
_LEAP_CYCLE = 8  # years until a 29 February surely comes again


def day_in(year: int, month: int, day: int) -> date | None:
    """Return the date, or `None` where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def next_day_of_month(day: int, today: date) -> date | None:
    """Return the first date from `today` on that is the `day`th; a 31st skips short months."""
    for months in range(3):
        first = add_months(today.replace(day=1), months)
        found = first and day_in(first.year, first.month, day)
        if found and found >= today:
            return found
    return None


def next_day_and_month(day: int, month: int, today: date) -> date | None:
    """Return the next `day`/`month` from `today` on; 29 February waits for a leap year."""
    years = range(today.year, today.year + _LEAP_CYCLE + 1)
    days = (day_in(year, month, day) for year in years)
    return next((found for found in days if found and found >= today), None)


def add_days(day: date, days: int) -> date | None:
    """Return `day` plus `days`, or `None` past the year 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: date, months: int) -> date | None:
    """Return the same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_weekday(weekday: int, today: date) -> date | None:
    """Return the first such weekday (Monday is 0) after `today`."""
    return add_days(today, (weekday - today.weekday() - 1) % 7 + 1)


def weekday_next_week(weekday: int, today: date) -> date | None:
    """Return that weekday of the next week, weeks running from Monday to Sunday."""
    return add_days(today, 7 - today.weekday() + weekday)


def is_business_day(day: date) -> bool:
    """Whether banks settle payments on `day` anywhere in Brazil."""
    return day.weekday() < calendar.SATURDAY and day not in _bank_holidays(day.year)


def business_day_of_month(number: int, month: date) -> date | None:
    """Return the `number`th business day of the month that `month` lies in."""
    days = calendar.monthrange(month.year, month.month)[1]
    every = (month.replace(day=day) for day in range(1, days + 1))
    business_days = [day for day in every if is_business_day(day)]
    return business_days[number - 1] if 0 < number <= len(business_days) else None


def last_business_day(month: date) -> date:
    """Return the last business day of the month that `month` lies in."""
    day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    while not is_business_day(day):
        day -= _ONE_DAY
    return day


def add_business_days(day: date, number: int) -> date | None:
    """Return the `number`th business day after `day`."""
    found: date | None = day
    while found and number > 0:
        found = add_days(found, 1)
        number -= bool(found and is_business_day(found))
    return found


@lru_cache(maxsize=32)
def _bank_holidays(year: int) -> frozenset[date]:
    exchange = set(holidays.financial_holidays("BVMF", years=year))
    return frozenset((exchange | {date(year, 12, 31)}) - {date(year, 12, 24)})
