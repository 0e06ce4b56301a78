"""What somebody's history says of them. Pure.

A profile changes terms; it never decides whether to negotiate, and is told to nobody.
"""

from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """How somebody has paid so far."""

    FIRST_TIME = "first_time"
    RETURNING = "returning"
    HABITUAL = "habitual"


@dataclass(frozen=True)
class History:
    """Agreements that ended, and bills paid or agreed late, before those overdue now."""

    completed: int = 0
    broken: int = 0
    late_bills: int = 0


def profile(history: History, habitual_broken: int, habitual_late_bills: int) -> Profile:
    """Return the profile of a history.

    `first_time`: nothing was late before, and no agreement ended. `habitual`: that many broken
    agreements or that many late bills, unless more agreements were kept than broken: who keeps
    their word is not habitual, however often they were late. Else `returning`.
    """
    if history == History():
        return Profile.FIRST_TIME
    often = history.broken >= habitual_broken or history.late_bills >= habitual_late_bills
    kept_more = history.completed > history.broken
    return Profile.HABITUAL if often and not kept_more else Profile.RETURNING
