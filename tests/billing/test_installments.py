"""Instalments to the cent, and the dates they fall on."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.billing.installments import installments, monthly_due_dates

NO_INTEREST = Decimal(0)

totals = st.decimals("100.00", "99999999.99", places=2)
counts = st.integers(1, 60)
rates = st.decimals("0.0001", "0.2", places=4)


def test_a_thousand_at_one_percent_in_twelve_is_the_price_table():
    parts = installments(Decimal("1000.00"), 12, Decimal("0.01"))
    assert parts == (Decimal("88.85"),) * 11 + (Decimal("88.84"),)
    assert sum(parts) == Decimal("1066.19")


@pytest.mark.parametrize(
    ("total", "count", "parts"),
    [
        ("100.00", 1, ["100.00"]),
        ("100.00", 4, ["25.00"] * 4),
        ("100.00", 3, ["33.33", "33.33", "33.34"]),
        ("200.00", 3, ["66.66", "66.66", "66.68"]),
        ("0.03", 3, ["0.01"] * 3),
    ],
)
def test_without_interest_the_last_part_takes_what_does_not_divide(total, count, parts):
    split = installments(Decimal(total), count, NO_INTEREST)
    assert split == tuple(Decimal(part) for part in parts)


def test_a_single_instalment_with_interest_is_due_a_month_from_now():
    assert installments(Decimal("100.00"), 1, Decimal("0.01")) == (Decimal("101.00"),)


@given(totals, counts)
def test_without_interest_the_parts_add_up_to_the_total(total, count):
    parts = installments(total, count, NO_INTEREST)
    assert sum(parts) == total
    assert len(parts) == count
    assert len(set(parts[:-1])) <= 1
    assert parts[-1] - parts[0] < Decimal("0.01") * count


@given(totals, counts, rates)
def test_with_interest_the_parts_pay_the_debt_off(total, count, rate):
    """Paying them month by month leaves nothing owed but the rounding of each part."""
    parts = installments(total, count, rate)
    owed = total
    for part in parts:
        owed = owed * (1 + rate) - part
    assert abs(owed) <= Decimal("0.01") * count * (1 + rate) ** count
    assert sum(parts) >= total


@given(totals, counts, rates)
def test_with_interest_all_parts_but_the_last_are_equal(total, count, rate):
    parts = installments(total, count, rate)
    assert len(set(parts[:-1])) <= 1
    assert all(part > 0 and part.as_tuple().exponent == -2 for part in parts)


@given(totals, counts, rates, rates)
def test_a_higher_rate_never_costs_less(total, count, rate, other):
    assume(rate < other)
    assert sum(installments(total, count, rate)) <= sum(installments(total, count, other))


@pytest.mark.parametrize(
    ("total", "count", "rate", "error", "problem"),
    [
        (100.0, 3, NO_INTEREST, TypeError, "total: expected a Decimal"),
        (Decimal("100.00"), 3, 0.01, TypeError, "monthly_rate: expected a Decimal"),
        (Decimal("100.00"), "3", NO_INTEREST, TypeError, "count: expected an int"),
        (Decimal("100.00"), True, NO_INTEREST, TypeError, "count: expected an int"),
        (Decimal("100.00"), 0, NO_INTEREST, ValueError, "count: 0 is not from 1 to 360"),
        (Decimal("100.00"), 361, NO_INTEREST, ValueError, "count: 361 is not from 1 to 360"),
        (Decimal("100.001"), 3, NO_INTEREST, ValueError, "total: .* more than 2 decimals"),
        (Decimal("-1.00"), 3, NO_INTEREST, ValueError, "total: -1.00 is negative"),
        (Decimal("100.00"), 3, Decimal(1), ValueError, "monthly_rate: 1 is not a fraction"),
        (Decimal("0.02"), 3, NO_INTEREST, ValueError, "0.02 is too small for 3"),
        (Decimal("0.00"), 1, NO_INTEREST, ValueError, "0.00 is too small for 1"),
        (Decimal("0.05"), 12, Decimal("0.01"), ValueError, "0.05 is too small for 12"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(total, count, rate, error, problem):
    with pytest.raises(error, match=problem):
        installments(total, count, rate)


def test_due_dates_keep_their_day_and_clip_to_short_months():
    assert monthly_due_dates(date(2027, 1, 31), 5) == (
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    )


def test_due_dates_cross_the_year_and_know_leap_years():
    assert monthly_due_dates(date(2027, 11, 30), 4)[1:] == (
        date(2027, 12, 30),
        date(2028, 1, 30),
        date(2028, 2, 29),
    )


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_there_is_one_due_date_a_month(first, count):
    dates = monthly_due_dates(first, count)
    months = [day.year * 12 + day.month for day in dates]
    assert months == list(range(months[0], months[0] + count))
    assert dates[0] == first
    assert all(day.day <= first.day for day in dates)


def test_a_plan_has_at_least_one_due_date():
    with pytest.raises(ValueError, match="count: 0"):
        monthly_due_dates(date(2027, 1, 31), 0)
