"""Offers over the API: the same question has one answer, and it never gets worse."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from bot.billing.client import BillingClient, BillingRefused, Offers, Reason, Wish
from bot.billing.models import InvoiceRow, OfferRow
from bot.db import transaction
from tests.billing.support import TODAY, FakeClock, MakeCustomer


def counts(answer: Offers) -> list[int]:
    return [offer.count for offer in answer.offers]


def wished(answer: Offers) -> int:
    return next(offer.count for offer in answer.offers if offer.wished)


def test_payment_at_once_comes_first_and_then_three_plans(
    client: BillingClient, maria: UUID
) -> None:
    answer = client.offers(maria)
    assert counts(answer) == [1, 3, 6, 12]
    assert [offer.kind for offer in answer.offers] == ["full"] + ["installments"] * 3
    assert (answer.note_code, answer.needs_person) == (None, False)
    assert answer.offers[0].valid_until == TODAY


def test_the_cheapest_offer_says_what_it_saves(client: BillingClient, maria: UUID) -> None:
    full = client.offers(maria).offers[0]
    assert (full.total, full.discount, full.extra_cost) == (
        Decimal("784.48"),
        Decimal("17.94"),
        Decimal("0.00"),
    )
    assert "R$ 17,94" in full.why


def test_a_plan_says_what_it_costs_against_paying_today(client: BillingClient, maria: UUID) -> None:
    full, _, six, _ = client.offers(maria).offers
    assert six.extra_cost == six.total - full.total
    assert "R$ 46,26" in six.why


def test_asking_again_the_same_day_gives_the_same_offers(
    client: BillingClient, maria: UUID
) -> None:
    first = client.offers(maria, "reason_forgot", Wish(installments=5))
    assert client.offers(maria, "reason_forgot", Wish(installments=5)) == first
    with transaction() as session:
        assert session.query(OfferRow).count() == len(first.offers)


def test_an_offer_can_be_looked_up_by_its_id(client: BillingClient, maria: UUID) -> None:
    offer = client.offers(maria).offers[2]
    assert client.offer(maria, offer.id) == offer


def test_another_day_has_other_offers(client: BillingClient, maria: UUID, clock: FakeClock) -> None:
    today = client.offers(maria)
    clock.pass_days(1)
    tomorrow = client.offers(maria)
    assert not {offer.id for offer in today.offers} & {offer.id for offer in tomorrow.offers}


def test_who_forgot_pays_no_multa_when_paying_now(client: BillingClient, maria: UUID) -> None:
    plain, forgot = client.offers(maria), client.offers(maria, Reason.FORGOT)
    assert plain.offers[0].total - forgot.offers[0].total == Decimal("3.90")  # half of one multa


def test_who_lost_the_job_gets_longer_and_lighter_plans(client: BillingClient, maria: UUID) -> None:
    plain, jobless = client.offers(maria), client.offers(maria, Reason.UNEMPLOYMENT)
    assert counts(jobless)[-1] == 24
    assert jobless.offers[-1].parts[0].amount < plain.offers[-1].parts[0].amount
    assert jobless.offers[1].parts[0].due == TODAY + timedelta(days=30)


def test_who_is_dissatisfied_goes_to_a_person_with_the_offers(
    client: BillingClient, maria: UUID
) -> None:
    answer = client.offers(maria, Reason.DISSATISFIED)
    assert answer.needs_person
    assert answer.offers


def test_what_was_offered_for_one_reason_is_not_taken_back_for_another(
    client: BillingClient, maria: UUID
) -> None:
    kind = client.offers(maria, Reason.HEALTH_FAMILY)
    plain = client.offers(maria)
    assert plain.offers[0].total == kind.offers[0].total
    for offer in kind.offers:
        same = client.offers(maria, wish=Wish(installments=offer.count))
        found = next(other for other in same.offers if other.count == offer.count)
        assert (same.note_code, found.total) == ("accepted", offer.total)


def test_a_small_debt_is_not_split_below_the_minimum(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    assert counts(client.offers(make_customer([("60.00", 10)]))) == [1]
    answer = client.offers(make_customer([("130.00", 10)], "52601815906", None))
    assert counts(answer) == [1, 2, 3]


def test_an_old_debt_gets_a_discount_on_the_principal(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    full = client.offers(make_customer([("1000.00", 400)])).offers[0]
    assert full.total == Decimal("800.00")


def test_who_owes_nothing_is_offered_nothing(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    answer = client.offers(make_customer([]), wish=Wish(installments=3))
    assert (answer.offers, answer.note_code, answer.needs_person) == ([], None, False)


@pytest.mark.parametrize(
    ("wish", "note", "count"),
    [
        (Wish(installments=5), "accepted", 5),
        (Wish(installments=15), "nearest", 12),
        (Wish(installments=36), "far", 12),
        (Wish(installments=1), "accepted", 1),
        (Wish(monthly=Decimal("100.00")), "accepted", 9),
        (Wish(monthly=Decimal("60.00")), "nearest", 12),
        (Wish(monthly=Decimal("20.00")), "far", 12),
        (Wish(monthly=Decimal("2000.00")), "accepted", 1),
        (Wish(total=Decimal("790.00")), "accepted", 1),
        (Wish(total=Decimal("700.00")), "nearest", 1),
        (Wish(total=Decimal("100.00")), "far", 1),
        (Wish(percent=Decimal(2)), "accepted", 1),
        (Wish(percent=Decimal(10)), "nearest", 1),
        (Wish(percent=Decimal(90)), "far", 1),
        (Wish(first_due=TODAY + timedelta(days=5)), "accepted", 1),
        (Wish(first_due=TODAY + timedelta(days=25)), "accepted", 3),
        (Wish(first_due=TODAY + timedelta(days=45)), "nearest", 3),
        (Wish(first_due=TODAY + timedelta(days=90)), "far", 3),
        (Wish(first_due=TODAY - timedelta(days=1)), "nearest", 1),
        (Wish(down_payment=Decimal("200.00")), "accepted", 3),
        (Wish(down_payment=Decimal("10.00")), "nearest", 3),
        (Wish(down_payment=Decimal("790.00")), "accepted", 1),
        (Wish(installments=6, monthly=Decimal("140.00")), "accepted", 6),
        (Wish(installments=6, monthly=Decimal("100.00")), "nearest", 9),
        (Wish(installments=3, total=Decimal("700.00")), "nearest", 3),
        (Wish(installments=500), "far", 12),
        (Wish(monthly=Decimal(0)), "far", 12),
        (Wish(total=Decimal("0.00")), "far", 1),
        (Wish(down_payment=Decimal(0), installments=6), "accepted", 6),
        (Wish(percent=Decimal(150)), "far", 1),
        (Wish(percent=Decimal("1.5")), "accepted", 1),
    ],
)
def test_a_wish_is_met_or_moved_to_the_nearest_the_policy_allows(
    client: BillingClient, maria: UUID, wish: Wish, note: str, count: int
) -> None:
    answer = client.offers(maria, wish=wish)
    assert (answer.note_code, wished(answer)) == (note, count)
    assert answer.needs_person == (note == "far")
    assert len(answer.offers) <= 4


def test_a_wished_down_payment_is_the_first_part(client: BillingClient, maria: UUID) -> None:
    wish = Wish(down_payment=Decimal("200.00"), monthly=Decimal("100.00"))
    answer = client.offers(maria, wish=wish)
    plan = next(offer for offer in answer.offers if offer.wished)
    assert plan.parts[0].amount == Decimal("200.00")
    assert max(part.amount for part in plan.parts[1:]) <= Decimal("100.00")


def test_a_wished_date_is_the_first_due_date(client: BillingClient, maria: UUID) -> None:
    day = TODAY + timedelta(days=14)
    plans = client.offers(maria, wish=Wish(first_due=day)).offers[1:]
    assert {plan.parts[0].due for plan in plans} == {day}


def test_a_debt_paid_in_part_meanwhile_makes_new_offers(client: BillingClient, maria: UUID) -> None:
    before = client.offers(maria)
    with transaction() as session:
        invoice = session.query(InvoiceRow).first()
        assert invoice is not None
        invoice.paid_amount = Decimal("300.00")
    after = client.offers(maria)
    assert after.offers[0].total < before.offers[0].total - 290


@pytest.mark.parametrize("reason", ["forgot", "REASON_FORGOT", ""])
def test_a_reason_that_is_none_is_refused(client: BillingClient, maria: UUID, reason: str) -> None:
    with pytest.raises(BillingRefused, match="invalid_request"):
        client.offers(maria, reason)
