"""What a history makes of somebody, and what that changes of their offers."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.billing.client import BillingClient
from bot.billing.models import AgreementRow, AgreementStatus, InvoiceRow, InvoiceStatus
from bot.billing.profiles import History, Profile, profile
from bot.db import transaction
from tests.billing.support import EVIDENCE, MakeCustomer, key

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
        session.connection().exec_driver_sql("UPDATE billing.agreement_invoices SET active = false")


def test_the_first_time_four_parts_are_free_of_interest_and_later_three(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    def of_four(customer: UUID) -> Decimal:
        from bot.billing.client import Wish

        answer = client.offers(customer, wish=Wish(installments=4))
        return next(offer.total for offer in answer.offers if offer.wished)

    assert of_four(maria) == Decimal("802.42")
    _end_an_agreement(client, maria, AgreementStatus.COMPLETED, InvoiceStatus.PAID)
    with transaction() as session:
        customer = session.query(AgreementRow).one().customer_id
        session.execute(update(InvoiceRow).values(external_id=InvoiceRow.external_id + "-old"))
        session.add(
            InvoiceRow(
                customer_id=customer,
                external_id="new",
                contract="LH-1",
                description="Sofá",
                due=session.query(InvoiceRow).first().due,
                amount=Decimal("802.42"),
            )
        )
    assert of_four(maria) > Decimal("802.42")


def test_who_broke_two_agreements_is_asked_for_a_down_payment(
    client: BillingClient, maria: UUID
) -> None:
    for _ in range(2):
        _end_an_agreement(client, maria, AgreementStatus.BROKEN, InvoiceStatus.OPEN)
        with transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE billing.offers SET valid_until = '2026-07-21'"
            )
    plans = client.offers(maria).offers[1:]
    assert [plan.count for plan in plans][-1] == 8
    for plan in plans:
        assert plan.parts[0].amount == Decimal("160.48")
