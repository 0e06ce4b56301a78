"""The days on which a bill can be paid at a bank, nationwide, and the same day in other years.

Weekends, the national holidays, Carnival Monday and Tuesday, Good Friday and Corpus Christi are
not business days (Resolução CMN 4.880/2020); on 31 December banks neither open nor settle. State
and city holidays are left out: they depend on where the payer is.
"""

from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Whether banks settle payments on `day` anywhere in Brazil."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


def next_business_day(day: date) -> date:
    """Return `day` itself if it is a business day, otherwise the first one after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def business_days_after(day: date, count: int) -> date:
    """Return the last of `count` business days that follow `day`."""
    for _ in range(count):
        day = next_business_day(day + timedelta(days=1))
    return day


def years_after(day: date, years: int) -> date:
    """Return the same date `years` later; 29 February becomes 1 March (CC, art. 132, § 3º)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_before(day: date, years: int) -> date:
    """Return the latest date of which `day` is `years` later, or past it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """Return the exchange's holidays made into the banks'.

    On 24 December there is no trading, but banks open from 9 to 11 and settle; on the 31st they
    do neither (FEBRABAN).
    """
    exchange = set(holidays.financial_holidays("BVMF", years=year))
    return frozenset((exchange | {date(year, 12, 31)}) - {date(year, 12, 24)})
