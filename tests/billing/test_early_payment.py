"""What paying before its time takes off a plan's interest (CDC art. 52 §2)."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.billing.early_payment import Plan, PlannedPart
from bot.billing.installments import installments, monthly_due_dates

START = date(2026, 7, 22)


def plan(total: Decimal, count: int, rate: str, first: int) -> Plan:
    amounts = installments(total, count, Decimal(rate))
    dues = monthly_due_dates(START + timedelta(days=first), count)
    parts = [PlannedPart(due, amount) for due, amount in zip(dues, amounts, strict=True)]
    return Plan(START, sum(amounts) - total, parts)


def cost(made: Plan, day: date) -> Decimal:
    return sum(made.price(part.amount, part.due, day) for part in made.parts)


plans = st.builds(
    plan,
    st.decimals("50.00", "20000.00", places=2),
    st.integers(2, 60),
    st.sampled_from(["0.01", "0.0199", "0.004"]),
    st.integers(1, 60),
)


@given(plans)
def test_paid_on_the_day_of_the_yes_no_interest_is_due(made: Plan) -> None:
    total = sum(part.amount for part in made.parts)
    cents = Decimal("0.01") * len(made.parts)
    assert abs(cost(made, START) - (total - made.interest)) <= cents


@given(plans, st.integers(0, 1800), st.integers(1, 60))
def test_the_later_the_dearer_and_never_dearer_than_agreed(
    made: Plan, after: int, more: int
) -> None:
    day = START + timedelta(days=after)
    total = sum(part.amount for part in made.parts)
    assert cost(made, day) <= cost(made, day + timedelta(days=more)) <= total


def test_what_is_due_or_late_has_no_reduction() -> None:
    made = plan(Decimal("1000.00"), 12, "0.01", 30)
    first = made.parts[0]
    for late in (0, 1, 40):
        assert made.price(first.amount, first.due, first.due + timedelta(days=late)) == first.amount


def test_without_interest_nothing_is_taken_off() -> None:
    made = plan(Decimal("900.00"), 3, "0", 30)
    assert cost(made, START) == Decimal("900.00")
