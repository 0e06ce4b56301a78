"""The due date in four digits, which wrap every 9,000 days (FEBRABAN).

The factor counts days from 1997-10-07. It reached 9999 on 2025-02-21 and went back to 1000 the
day after; it wraps again on 2049-10-14. `0000` says the boleto has no due date.
"""

from datetime import date, timedelta
from typing import Final

BASE: Final = date(1997, 10, 7)
FIRST_REUSED: Final = 1000
CYCLE: Final = 9000
LOOK_AHEAD: Final = timedelta(days=5500)


def due_factor(due: date | None) -> str:
    """Return the 4-digit factor of `due`. Raises `ValueError` for a date on or before the base."""
    if due is None:
        return "0000"
    days = (due - BASE).days
    if days < 1:
        raise ValueError(f"due: {due} is before 1997-10-08, the first date a factor can hold")
    if days < FIRST_REUSED:
        return f"{days:04d}"
    return f"{FIRST_REUSED + (days - FIRST_REUSED) % CYCLE:04d}"


def due_date(factor: str, today: date) -> date | None:
    """Return the date a factor stands for when read on `today`; `None` for `0000`.

    FEBRABAN reads a factor as the date from 3,000 days before `today` to 5,500 after it. The 499
    dates of each cycle outside that window are read as past: such a boleto has long lapsed.
    """
    days = int(factor)
    if days == 0:
        return None
    first = BASE + timedelta(days=days)
    if days < FIRST_REUSED:
        return first
    cycles = (today + LOOK_AHEAD - first).days // CYCLE
    return first + timedelta(days=CYCLE * max(cycles, 0))
