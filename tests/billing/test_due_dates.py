"""When the first part falls due: as usual, on a preferred day, as wished, never sooner than
what stands. Pure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.billing.due_dates import FirstDue
from bot.billing.policy import load
from bot.billing.quotes import Standing
from bot.billing.shapes import Reason
from bot.billing.terms import Terms

TODAY = date(2026, 7, 22)


def terms(*preferred_days: int) -> Terms:
    usual = load().terms(Reason.UNKNOWN)
    plan = usual.installments.model_copy(update={"preferred_days": preferred_days})
    return usual.model_copy(update={"installments": plan})


def first_due(*preferred_days: int, wished: date | None = None) -> FirstDue:
    of = terms(*preferred_days)
    return FirstDue(of, of, TODAY, wished, ())


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        ((), date(2026, 7, 29)),
        ((5, 10, 20), date(2026, 8, 5)),
        ((29,), date(2026, 7, 29)),
        ((28,), date(2026, 7, 29)),  # 28 August would be too late
        ((31,), date(2026, 7, 31)),
    ],
)
def test_the_first_part_falls_due_on_the_next_preferred_day_that_is_not_too_late(
    preferred: tuple[int, ...], expected: date
) -> None:
    assert first_due(*preferred).of(3) == expected
    assert first_due(*preferred).of(1) == TODAY + timedelta(days=3)


def test_a_wished_day_need_not_be_a_preferred_one() -> None:
    assert first_due(5, wished=date(2026, 8, 7)).of(3) == date(2026, 8, 7)


def test_what_stands_later_is_not_moved_sooner() -> None:
    later = Standing((Decimal("50.00"),) * 6, None, TODAY + timedelta(days=45))
    of = terms()
    dates = FirstDue(of, of, TODAY, None, [later])
    assert [dates.of(count) for count in (1, 3, 6, 7)] == [
        TODAY + timedelta(days=days) for days in (3, 45, 45, 7)
    ]
