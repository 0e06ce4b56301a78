"""Over the API: who asks decides what may be granted; what was granted anybody may accept."""

from decimal import Decimal
from uuid import UUID

import pytest
import requests

from bot.billing.actors import Actor
from bot.billing.client import BillingClient, Offer, Offers, Reason, Wish
from bot.billing.models import OfferRequestRow
from bot.db import transaction
from tests.billing.support import EVIDENCE, TODAY, TOKEN, Api, FakeClock, MakeCustomer, key

ANA = Actor("operator", "ana")
RUI = Actor("supervisor", "rui")
LESS = Wish(total=Decimal("760.00"))


def wished(answer: Offers) -> Offer:
    return next(offer for offer in answer.offers if offer.wished)


def test_an_offer_an_operator_makes_is_accepted_through_the_bot(
    client: BillingClient, maria: UUID
) -> None:
    assert client.offers(maria, wish=LESS).note_code == "nearest"
    granted = client.acting_for(ANA).offers(maria, wish=LESS)
    assert (granted.note_code, wished(granted).total) == ("accepted", Decimal("760.00"))
    agreement = client.agree(maria, wished(granted).id, EVIDENCE, idempotency_key=key())
    assert agreement.total == Decimal("760.00")


def test_what_an_operator_granted_the_bot_offers_from_then_on(
    client: BillingClient, maria: UUID
) -> None:
    granted = wished(client.acting_for(ANA).offers(maria, wish=LESS))
    assert client.offers(maria).offers[0].id == granted.id
    assert client.offers(maria, Reason.FORGOT).offers[0].total <= granted.total


def test_a_supervisor_grants_what_an_operator_may_not(client: BillingClient, maria: UUID) -> None:
    wish = Wish(total=Decimal("690.00"))
    assert client.acting_for(ANA).offers(maria, wish=wish).note_code == "nearest"
    assert client.acting_for(RUI).offers(maria, wish=wish).note_code == "accepted"


def test_who_asked_is_kept_with_what_was_offered(client: BillingClient, maria: UUID) -> None:
    client.acting_for(ANA).offers(maria, wish=LESS)
    with transaction() as session:
        [request] = session.query(OfferRequestRow)
    assert (request.actor, request.authority) == ("operator:ana", "operator")


@pytest.mark.parametrize(
    "header", ["operator:", "root", "operator:ana maria", "bot;", "", "a" * 200]
)
def test_a_malformed_actor_is_refused(api: Api, maria: UUID, header: str) -> None:
    answer = requests.post(
        f"{api.url}/customers/{maria}/offers",
        json={},
        headers={"Authorization": f"Bearer {TOKEN}", "X-Actor": header},
        timeout=5,
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_actor")


def test_one_request_never_lends_its_actor_to_the_next(client: BillingClient, maria: UUID) -> None:
    for _ in range(20):
        client.acting_for(RUI).customer(maria)
    assert client.offers(maria, wish=LESS).note_code == "nearest"


def test_a_proposal_far_outside_is_kept_for_a_person(client: BillingClient, maria: UUID) -> None:
    wish = Wish(monthly=Decimal("20.00"), first_due=TODAY)
    answer = client.offers(maria, Reason.CASH_FLOW, wish)
    assert (answer.note_code, answer.needs_person) == ("far", True)
    [proposal] = client.proposals(maria)
    assert (proposal.wish, proposal.reason) == (wish, Reason.CASH_FLOW)
    assert (proposal.asked_by, proposal.owed) == ("bot", Decimal("802.42"))
    assert proposal.changes == answer.changes
    assert [change.field for change in proposal.changes] == ["monthly"]


def test_the_same_proposal_twice_is_one_and_the_newest_comes_first(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    for sum_ in ("20.00", "20.00", "25.00", "20.00"):
        client.offers(maria, wish=Wish(monthly=Decimal(sum_)))
    assert len(client.proposals(maria)) == 2
    clock.pass_days(1)
    client.offers(maria, wish=Wish(monthly=Decimal("30.00")))
    assert client.proposals(maria)[0].wish.monthly == Decimal("30.00")


def test_what_was_met_is_no_proposal(client: BillingClient, maria: UUID) -> None:
    client.offers(maria, wish=Wish(installments=6))
    client.offers(maria, wish=Wish(installments=15))
    client.offers(maria, Reason.DISSATISFIED)
    assert client.proposals(maria) == []


def test_who_can_afford_nothing_is_told_who_helps_and_goes_to_a_person(
    client: BillingClient, maria: UUID
) -> None:
    wish = Wish(monthly_income=Decimal("500.00"), monthly=Decimal("50.00"))
    answer = client.offers(maria, wish=wish)
    assert (answer.offers, answer.over_indebted, answer.needs_person) == ([], True, True)
    assert answer.guidance is not None
    assert "14.181/2021" in answer.guidance.text
    names = [contact.name for contact in answer.guidance.contacts]
    assert names == ["Procon", "Defensoria Pública"]
    [proposal] = client.proposals(maria)
    assert proposal.over_indebted


def test_proposals_of_another_customer_are_not_shown(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    client.offers(maria, wish=Wish(monthly=Decimal("20.00")))
    assert client.proposals(make_customer([("10.00", 9)], "52601815906", None)) == []
