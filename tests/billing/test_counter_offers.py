"""A counter-offer is accepted as said or answered with what would have to change. Pure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.billing.actors import Authority
from bot.billing.drafts import Draft
from bot.billing.installments import monthly_due_dates
from bot.billing.offers import Inquiry, OfferSet, make_offers
from bot.billing.profiles import Profile
from bot.billing.quotes import Quote
from bot.billing.shapes import Reason, Wish
from tests.billing.negotiating import (
    POLICY,
    TODAY,
    Bills,
    bills,
    inquiries,
    owed,
    reasons,
    small,
)

SOFA = owed([(Decimal("389.90"), TODAY - timedelta(days=late)) for late in (42, 12)])
"""R$ 802,42 today; R$ 784,48 at once."""


def asked(authority: Authority = Authority.BOT, **wish: object) -> OfferSet:
    wished = Wish.model_validate(wish)
    inquiry = Inquiry(SOFA, Reason.UNKNOWN, wished, TODAY, authority=authority)
    return make_offers(inquiry, POLICY)


def wished(made: OfferSet) -> Draft:
    return next(draft for draft in made.drafts if draft.wished)


def reais(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("wish", "parts"),
    [
        ({"monthly": "300.00"}, ["300.00", "300.00", "202.42"]),
        ({"monthly": "200.00"}, ["200.00"] * 4 + ["26.65"]),
        ({"installments": 6, "monthly": "140.00"}, ["140.00"] * 5 + ["130.74"]),
        ({"monthly": "400.00"}, ["400.00", "397.42", "5.00"]),
        ({"monthly": "2000.00"}, ["784.48"]),
        ({"down_payment": "100.00", "installments": 2}, ["100.00", "351.21", "351.21"]),
        (
            {"down_payment": "100.00", "installments": 5},
            ["100.00", "144.73", "144.73", "144.73", "144.73", "144.71"],
        ),
        ({"down_payment": "300.00", "monthly": "300.00"}, ["300.00", "300.00", "202.42"]),
        ({"down_payment": "202.42", "monthly": "300.00"}, ["202.42", "300.00", "300.00"]),
        ({"total": "784.48"}, ["784.48"]),
        ({"total": "900.00"}, ["784.48"]),
        ({"installments": 3}, ["267.47", "267.47", "267.48"]),
    ],
)
def test_what_fits_the_policy_is_accepted_to_the_cent(
    wish: dict[str, object], parts: list[str]
) -> None:
    made = asked(**wish)
    assert (made.note_code, made.changes) == ("accepted", ())
    assert list(wished(made).amounts) == reais(*parts)


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 7, 25), 1), (date(2026, 8, 10), 3), (date(2026, 8, 21), 3)]
)
def test_a_date_that_fits_is_accepted_to_the_day_and_repeats_every_month(
    day: date, count: int
) -> None:
    made = asked(first_due=day.isoformat(), **({"installments": count} if count > 1 else {}))
    assert made.note_code == "accepted"
    assert wished(made).dues == monthly_due_dates(day, count)


@pytest.mark.parametrize(
    ("authority", "wish", "note", "parts"),
    [
        ("BOT", {"total": "760.00"}, "nearest", ["784.48"]),
        ("OPERATOR", {"total": "760.00"}, "accepted", ["760.00"]),
        ("OPERATOR", {"total": "700.00"}, "nearest", ["740.80"]),
        ("SUPERVISOR", {"total": "700.00"}, "accepted", ["700.00"]),
        ("SUPERVISOR", {"total": "10.00"}, "far", ["784.48"]),
        ("OPERATOR", {"total": "780.00", "installments": 3}, "accepted", ["260.00"] * 3),
        ("OPERATOR", {"monthly": "60.00"}, "accepted", ["60.00"] * 14 + ["28.10"]),
        ("OPERATOR", {"installments": 6, "monthly": "135.00"}, "accepted", ["135.00"] * 6),
    ],
)
def test_each_authority_grants_what_it_may_and_no_more(
    authority: str, wish: dict[str, object], note: str, parts: list[str]
) -> None:
    made = asked(Authority[authority], **wish)
    assert made.note_code == note
    assert [str(amount) for amount in wished(made).amounts] == parts


@pytest.mark.parametrize(
    ("wish", "field", "wanted", "possible", "says"),
    [
        ({"installments": 15}, "installments", "15", "12", "15x"),
        ({"monthly": "60.00"}, "monthly", "60.00", "71.34", "R$ 60,00"),
        ({"down_payment": "10.00"}, "down_payment", "10.00", "40.00", "R$ 40,00"),
        ({"total": "700.00"}, "total", "700.00", "784.48", "R$ 784,48"),
        ({"percent": "10"}, "percent", "10", "2.23", "2,23%"),
        ({"first_due": "2026-09-05"}, "first_due", "2026-09-05", "2026-08-21", "21/08/2026"),
        ({"first_due": "2026-07-21"}, "first_due", "2026-07-21", "2026-07-22", "22/07/2026"),
        (
            {"total": "784.48", "first_due": "2026-08-10"},
            "first_due",
            "2026-08-10",
            "2026-08-01",
            "01/08",
        ),
        ({"installments": 3, "monthly": "500.00"}, "monthly", "500.00", "267.48", "R$ 267,48"),
    ],
)
def test_what_does_not_fit_says_what_would_have_to_change(
    wish: dict[str, object], field: str, wanted: str, possible: str, says: str
) -> None:
    made = asked(**wish)
    assert made.note_code == "nearest"
    [change] = made.changes
    assert (change.field, change.asked, change.possible) == (field, wanted, possible)
    assert says in change.sentence


@given(inquiries)
def test_accepted_means_as_said_and_anything_else_says_what_differs(inquiry: Inquiry) -> None:
    made = make_offers(inquiry, POLICY)
    if made.note_code is None:
        return
    assert (made.note_code == "accepted") == (not made.changes)
    if made.note_code == "accepted":
        assert inquiry.wish is not None
        _check_as_said(inquiry.wish, wished(made), inquiry)


def _check_as_said(wish: Wish, draft: Draft, inquiry: Inquiry) -> None:
    """Worked out from the words alone."""
    pays_down = bool(wish.down_payment) and draft.count > 1
    rest = list(draft.amounts[1:] if draft.down_payment else draft.amounts)
    if wish.first_due is not None:
        assert draft.dues == monthly_due_dates(wish.first_due, draft.count)
    if pays_down:
        assert draft.amounts[0] == wish.down_payment
    elif wish.down_payment:
        assert draft.total <= wish.down_payment
    if wish.installments is not None:
        assert draft.count == wish.installments + pays_down
    if wish.monthly is not None:
        assert max(rest) <= wish.monthly
        if rest[-1] != POLICY.terms(inquiry.reason).installments.min_remainder:
            assert set(rest[:-1]) <= {wish.monthly}
        assert set(rest[:-2]) <= {wish.monthly}
    if wish.total is not None:
        assert draft.total <= wish.total
    if wish.percent is not None:
        taken_off = draft.original_total - draft.total
        assert taken_off * 100 >= wish.percent * draft.original_total - 50


@given(bills(), reasons, st.integers(2, 12))
def test_a_number_of_parts_inside_the_policy_is_accepted(
    of: Bills, reason: Reason, count: int
) -> None:
    debts = owed(of)
    assume(count in Quote(debts, POLICY.terms(reason)).plans(None))
    made = make_offers(Inquiry(debts, reason, Wish(installments=count), TODAY), POLICY)
    assert made.note_code == "accepted"
    assert wished(made).count == count


@given(bills(), reasons, small)
def test_a_monthly_sum_is_met_with_the_fewest_parts_that_fit_it(
    of: Bills, reason: Reason, monthly: Decimal
) -> None:
    debts = owed(of)
    made = make_offers(Inquiry(debts, reason, Wish(monthly=monthly), TODAY), POLICY)
    plans = Quote(debts, POLICY.terms(reason)).plans(None)
    chosen = wished(made)
    if made.note_code == "accepted":
        assert all(max(plans[count]) > monthly for count in plans if count < chosen.count)
    else:
        remainder = POLICY.terms(reason).installments.min_remainder
        assert all(max(parts) > monthly - remainder for parts in plans.values())


@given(bills(), reasons, st.sampled_from(Profile))
def test_an_offer_already_made_is_accepted_when_it_is_asked_for(
    of: Bills, reason: Reason, profile: Profile
) -> None:
    inquiry = Inquiry(owed(of), reason, None, TODAY, profile=profile)
    for offer in make_offers(inquiry, POLICY).drafts:
        wish = Wish(installments=offer.count, total=offer.total, first_due=offer.dues[0])
        again = make_offers(Inquiry(inquiry.debts, reason, wish, TODAY, profile=profile), POLICY)
        assert again.note_code == "accepted"
        assert wished(again).amounts == offer.amounts
