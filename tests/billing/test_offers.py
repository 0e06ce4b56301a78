"""What must hold for every debt, reason, profile, authority and wish. Pure: nothing runs."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.billing.actors import Authority
from bot.billing.money import CENT
from bot.billing.offers import Inquiry, make_offers
from bot.billing.policy import NegotiationPolicy
from bot.billing.profiles import Profile
from bot.billing.quotes import OpenDebt, Quote
from bot.billing.shapes import Reason, Wish
from bot.billing.terms import Terms
from bot.billing.wishes import is_proposal
from tests.billing.negotiating import (
    POLICY,
    TODAY,
    Bills,
    authorities,
    bills,
    inquiries,
    owed,
    profiles,
    reasons,
    standing,
    wishes,
)

VALID_A_WEEK: NegotiationPolicy = POLICY.model_copy(
    update={"offers": POLICY.offers.model_copy(update={"valid_days": 7})}
)


@given(inquiries)
def test_there_are_at_most_four_offers_and_paying_at_once_is_the_first(inquiry: Inquiry) -> None:
    made = make_offers(inquiry, POLICY)
    counts = [draft.count for draft in made.drafts]
    assert len(counts) <= 4
    assert counts == sorted(set(counts))
    assert made.over_indebted == (not counts)
    if inquiry.wish is None or inquiry.wish.monthly_income is None:
        assert counts[0] == 1
    proposed = is_proposal(inquiry.wish) and not made.over_indebted
    assert sum(draft.wished for draft in made.drafts) == (made.note_code is not None) == proposed


@given(inquiries)
def test_parts_and_lines_add_up_to_the_total(inquiry: Inquiry) -> None:
    original = sum(debt.total for debt in inquiry.debts)
    for draft in make_offers(inquiry, POLICY).drafts:
        assert sum(draft.amounts) == draft.total > 0
        assert min(draft.amounts) > 0
        assert sum(line.amount for line in draft.lines) == draft.total
        assert draft.original_total == original
        assert list(draft.dues) == sorted(set(draft.dues))
        assert TODAY <= draft.valid_until <= draft.dues[0]


@given(inquiries)
def test_no_offer_is_outside_the_policy_and_the_authority(inquiry: Inquiry) -> None:
    limit = POLICY.terms(inquiry.reason, inquiry.profile, inquiry.authority)
    plan = limit.installments
    for draft in make_offers(inquiry, POLICY).drafts:
        days = (draft.dues[0] - TODAY).days
        if draft.count == 1:
            assert draft.total >= _least_at_once(inquiry, limit)
            assert 0 <= days <= limit.at_once.max_due_days
            continue
        assert draft.total >= _least_in_parts(inquiry, limit)
        assert draft.count <= plan.max_count
        assert min(draft.amounts[:-1]) >= plan.min_value
        assert draft.amounts[-1] >= plan.min_remainder
        assert 0 <= days <= plan.max_first_due_days


def _least_at_once(inquiry: Inquiry, limit: Terms) -> Decimal:
    """The discounts, worked out apart from the code under test, to a cent a component."""
    total = Decimal(0)
    for debt in inquiry.debts:
        bucket = limit.at_once.discount(debt.days_late)
        total += debt.balance * (1 - bucket.principal)
        total += debt.multa * (1 - bucket.multa) + debt.juros * (1 - bucket.juros)
    return total - len(inquiry.debts) * Decimal("0.015")


def _least_in_parts(inquiry: Inquiry, limit: Terms) -> Decimal:
    plan, total = limit.installments, Decimal(0)
    for debt in inquiry.debts:
        total += debt.balance * (1 - plan.principal)
        total += debt.multa * (1 - plan.multa) + debt.juros * (1 - plan.juros)
    return total - len(inquiry.debts) * Decimal("0.015")


@given(inquiries)
def test_nothing_beyond_the_usual_terms_is_offered_unasked(inquiry: Inquiry) -> None:
    for authority in Authority:
        asked = replace(inquiry, wish=None, authority=authority)
        assert make_offers(asked, POLICY) == make_offers(
            replace(asked, authority=Authority.BOT), POLICY
        )


@given(inquiries)
def test_paying_sooner_never_costs_more_and_more_parts_never_cost_less(inquiry: Inquiry) -> None:
    drafts = make_offers(inquiry, POLICY).drafts
    totals = [draft.total for draft in drafts]
    assert totals == sorted(totals)
    assert all(draft.extra_cost >= 0 for draft in drafts)
    if drafts and drafts[0].count == 1:
        assert [draft.extra_cost for draft in drafts] == [total - totals[0] for total in totals]


@given(inquiries, authorities)
def test_more_authority_is_never_worse_for_the_debtor(
    inquiry: Inquiry, authority: Authority
) -> None:
    codes = ["far", "nearest", "accepted"]
    notes = [
        make_offers(replace(inquiry, authority=each), POLICY).note_code
        for each in sorted({Authority.BOT, authority})
    ]
    for less, more in pairwise(note for note in notes if note):
        assert codes.index(more) >= codes.index(less)


@given(
    bills(),
    st.tuples(reasons, profiles, authorities, wishes),
    st.tuples(reasons, profiles, authorities, wishes),
    st.integers(0, 7),
)
def test_offers_are_never_worse_than_those_that_stand(
    of: Bills,
    first: tuple[Reason, Profile, Authority, Wish | None],
    then: tuple[Reason, Profile, Authority, Wish | None],
    days: int,
) -> None:
    """Whatever the reason, the profile, the authority and the day."""
    before = _asked(of, first, TODAY)
    day = TODAY + timedelta(days=days)
    made = make_offers(before, VALID_A_WEEK).drafts
    still_valid = [draft for draft in made if draft.valid_until >= day]
    after = replace(_asked(of, then, day), standing=standing(still_valid))
    drafts = make_offers(after, VALID_A_WEEK).drafts
    assert [draft.total for draft in drafts] == sorted(draft.total for draft in drafts)
    dated = after.wish is not None and after.wish.first_due is not None
    for old in still_valid:
        for new in drafts:
            if old.count >= new.count and _no_less_down(new.down_payment, old.down_payment):
                assert new.total <= old.total
                if not dated and (old.count == 1) == (new.count == 1):
                    assert new.dues[0] >= old.dues[0]


def _asked(of: Bills, who: tuple[Reason, Profile, Authority, Wish | None], day: date) -> Inquiry:
    reason, profile, authority, wish = who
    return Inquiry(owed(of, day), reason, wish, day, (), profile, authority)


def _no_less_down(new: Decimal | None, old: Decimal | None) -> bool:
    return old is None or (new is not None and new >= old)


@given(inquiries)
def test_the_same_question_has_the_same_answer_when_its_offers_stand(inquiry: Inquiry) -> None:
    first = make_offers(inquiry, POLICY)
    again = make_offers(replace(inquiry, standing=standing(first.drafts)), POLICY)
    assert again == first


@given(inquiries, authorities, profiles)
def test_what_somebody_granted_the_bot_keeps_to(
    inquiry: Inquiry, authority: Authority, profile: Profile
) -> None:
    granted = make_offers(replace(inquiry, authority=authority), POLICY)
    if granted.note_code != "accepted":
        return
    asked = replace(
        inquiry, authority=Authority.BOT, profile=profile, standing=standing(granted.drafts)
    )
    assert make_offers(asked, POLICY).note_code == "accepted"


@given(
    st.integers(2, 24),
    st.sampled_from([Decimal("0.0001"), Decimal("0.001"), Decimal("0.01")]),
    st.decimals("0.00", "5.00", places=2),
)
def test_no_part_is_below_the_minimum_whatever_the_interest(
    count: int, rate: Decimal, above: Decimal
) -> None:
    terms = POLICY.terms(Reason.UNEMPLOYMENT)
    plan = terms.installments.model_copy(
        update={"monthly_interest": rate, "interest_free_up_to": 0}
    )
    debts = [OpenDebt(UUID(int=1), plan.min_value * count + above, Decimal(0), Decimal(0), 40)]
    quote = Quote(debts, terms.model_copy(update={"installments": plan}))
    for amounts in quote.plans(None).values():
        assert min(amounts) >= plan.min_value


@given(bills(), reasons)
def test_who_broke_agreements_starts_with_a_down_payment(of: Bills, reason: Reason) -> None:
    debts = owed(of)
    plan = POLICY.terms(reason, Profile.HABITUAL).installments
    for draft in make_offers(
        Inquiry(debts, reason, None, TODAY, profile=Profile.HABITUAL), POLICY
    ).drafts[1:]:
        split = Quote(debts, POLICY.terms(reason, Profile.HABITUAL)).split_total
        assert draft.amounts[0] >= split * plan.down_payment - CENT
