"""Nobody is offered a part that leaves less than the mínimo existencial (Decreto 11.567/2023)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.billing.offers import Inquiry, make_offers
from bot.billing.shapes import Reason, Wish
from tests.billing.negotiating import POLICY, TODAY, inquiries, owed

SOFA = owed([(Decimal("389.90"), TODAY - timedelta(days=late)) for late in (42, 12)])
KEPT = Decimal("600.00")


@given(inquiries)
def test_the_minimum_to_live_on_is_kept(inquiry: Inquiry) -> None:
    income = inquiry.wish.monthly_income if inquiry.wish else None
    made = make_offers(inquiry, POLICY)
    if income is None:
        assert not made.over_indebted
    for draft in made.drafts:
        assert income is None or income - max(draft.amounts) >= KEPT


@pytest.mark.parametrize(
    ("income", "counts"),
    [("2000.00", [1, 3, 6, 12]), ("900.00", [3, 6, 12]), ("700.00", [9, 12]), ("671.34", [12])],
)
def test_only_what_the_income_bears_is_offered(income: str, counts: list[int]) -> None:
    wish = Wish(monthly_income=Decimal(income))
    made = make_offers(Inquiry(SOFA, Reason.UNKNOWN, wish, TODAY), POLICY)
    assert [draft.count for draft in made.drafts] == counts
    assert (made.note_code, made.needs_person) == (None, False)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(monthly_income=Decimal("671.33")),
        Wish(monthly_income=Decimal("0.00")),
        Wish(monthly_income=Decimal("600.00"), monthly=Decimal("200.00")),
        Wish(can_pay_nothing=True),
    ],
)
def test_who_can_afford_no_plan_gets_none_and_a_person(wish: Wish) -> None:
    made = make_offers(Inquiry(SOFA, Reason.UNKNOWN, wish, TODAY), POLICY)
    assert (made.drafts, made.over_indebted, made.needs_person) == ((), True, True)


def test_more_than_the_income_bears_is_moved_to_what_it_bears() -> None:
    wish = Wish(monthly=Decimal("300.00"), monthly_income=Decimal("800.00"))
    made = make_offers(Inquiry(SOFA, Reason.UNKNOWN, wish, TODAY), POLICY)
    [plan] = [draft for draft in made.drafts if draft.wished]
    assert max(plan.amounts) == Decimal("200.00")
    assert [(change.field, change.possible) for change in made.changes] == [("monthly", "200.00")]


@given(st.decimals("0.01", "5000.00", places=2))
def test_who_first_could_pay_nothing_and_then_proposes_is_heard(monthly: Decimal) -> None:
    wish = Wish(can_pay_nothing=True, monthly=monthly)
    made = make_offers(Inquiry(SOFA, Reason.UNKNOWN, wish, TODAY), POLICY)
    assert made.note_code is not None
