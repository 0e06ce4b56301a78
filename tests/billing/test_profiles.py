"""What a history makes of somebody, and what that changes of their offers."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.billing.client import BillingClient, Wish
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    InvoiceRow,
    InvoiceStatus,
    OfferRow,
)
from bot.billing.profiles import History, Profile, profile
from bot.db import transaction
from tests.billing.support import EVIDENCE, TODAY, key

counts = st.integers(0, 20)
histories = st.builds(History, counts, counts, counts)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (History(), Profile.FIRST_TIME),
        (History(late_bills=1), Profile.RETURNING),
        (History(completed=1, late_bills=2), Profile.RETURNING),
        (History(broken=1, late_bills=2), Profile.RETURNING),
        (History(broken=2), Profile.HABITUAL),
        (History(broken=2, completed=2), Profile.HABITUAL),
        (History(broken=2, completed=3), Profile.RETURNING),
        (History(late_bills=6), Profile.HABITUAL),
        (History(late_bills=9, completed=1), Profile.RETURNING),
    ],
)
def test_the_rule_of_profiles(history: History, expected: Profile) -> None:
    assert profile(history, 2, 6) is expected


@given(histories)
def test_keeping_an_agreement_never_makes_a_profile_worse(history: History) -> None:
    kept = History(history.completed + 1, history.broken, history.late_bills)
    if profile(history, 2, 6) is not Profile.HABITUAL:
        assert profile(kept, 2, 6) is not Profile.HABITUAL


def _end_an_agreement(
    client: BillingClient, customer: UUID, status: AgreementStatus, invoices: InvoiceStatus
) -> None:
    offer = client.offers(customer).offers[0]
    client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())
    with transaction() as session:
        session.execute(
            update(AgreementRow)
            .where(AgreementRow.status == AgreementStatus.ACTIVE)
            .values(status=status)
        )
        session.execute(
            update(InvoiceRow)
            .where(InvoiceRow.status == InvoiceStatus.IN_AGREEMENT)
            .values(status=invoices)
        )
        session.execute(update(AgreementInvoiceRow).values(active=False))


def _forget_offers() -> None:
    """Let every offer made so far be past its date."""
    with transaction() as session:
        session.execute(update(OfferRow).values(valid_until=TODAY - timedelta(days=1)))


def test_four_parts_are_free_of_interest_only_the_first_time(
    client: BillingClient, maria: UUID
) -> None:
    wish = Wish(installments=4)
    first = [offer for offer in client.offers(maria, wish=wish).offers if offer.wished]
    assert first[0].total == first[0].original_total
    _end_an_agreement(client, maria, AgreementStatus.BROKEN, InvoiceStatus.OPEN)
    _forget_offers()
    again = [offer for offer in client.offers(maria, wish=wish).offers if offer.wished]
    assert again[0].total > first[0].total


def test_who_broke_two_agreements_is_asked_for_a_down_payment(
    client: BillingClient, maria: UUID
) -> None:
    for _ in range(2):
        _end_an_agreement(client, maria, AgreementStatus.BROKEN, InvoiceStatus.OPEN)
        _forget_offers()
    plans = client.offers(maria).offers[1:]
    assert [plan.count for plan in plans][-1] == 8
    for plan in plans:
        assert plan.parts[0].amount == Decimal("160.48")
