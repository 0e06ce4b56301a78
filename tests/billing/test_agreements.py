"""From an offer to an agreement: once, whole, and only for whom it was made."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.client import (
    Agreement,
    BillingClient,
    BillingRefused,
    Offer,
)
from bot.billing.models import AgreementInvoiceRow, AgreementRow, InvoiceRow, InvoiceStatus
from bot.billing.payments import service as payments
from bot.billing.payments.shapes import PaymentRequest
from bot.db import transaction
from tests.billing.support import EVIDENCE, MORNING, Api, FakeClock, MakeCustomer, key

COPY_AGREEMENT = text(
    "INSERT INTO billing.agreements SELECT (jsonb_populate_record(a, jsonb_build_object("
    "'id', CAST(:id AS uuid), 'number', 1, 'idempotency_key', 'copy', 'offer_id', ("
    "SELECT id FROM billing.offers WHERE id <> a.offer_id LIMIT 1)))).* "
    "FROM billing.agreements a WHERE id = :of"
)


def plan(client: BillingClient, customer: UUID, count: int = 3) -> Offer:
    return next(offer for offer in client.offers(customer).offers if offer.count == count)


def agree(client: BillingClient, customer: UUID, offer: Offer) -> Agreement:
    return client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())


def test_a_yes_makes_the_agreement_and_the_charge_of_its_first_part(
    client: BillingClient, maria: UUID
) -> None:
    offer = plan(client, maria)
    agreement = agree(client, maria, offer)
    assert agreement.total == offer.total
    assert [(p.number, p.due, p.amount) for p in agreement.parts] == [
        (p.number, p.due, p.amount) for p in offer.parts
    ]
    assert agreement.charge is not None
    assert (agreement.charge.amount, agreement.charge.due) == (
        offer.parts[0].amount,
        offer.parts[0].due,
    )
    assert client.debts(maria).total == 0
    assert client.agreements(maria) == [agreement]
    assert client.charges(maria) == [agreement.charge]


def test_the_evidence_of_the_yes_and_the_policy_are_kept(
    client: BillingClient, maria: UUID
) -> None:
    agree(client, maria, plan(client, maria))
    with transaction() as session:
        row = session.scalars(select(AgreementRow)).one()
    assert row.evidence["text"] == "sim, fechado"
    assert row.evidence["message_id"] == "wamid.1"
    assert row.created_at == MORNING
    assert len(row.policy_version) == 12


def test_the_same_key_gives_the_same_agreement(client: BillingClient, maria: UUID) -> None:
    offer, same = plan(client, maria), key()
    first = client.agree(maria, offer.id, EVIDENCE, idempotency_key=same)
    assert client.agree(maria, offer.id, EVIDENCE, idempotency_key=same) == first
    assert len(client.agreements(maria)) == 1


def test_a_key_used_for_another_offer_is_refused(client: BillingClient, maria: UUID) -> None:
    three, same = plan(client, maria), key()
    twelve = plan(client, maria, 12)
    client.agree(maria, three.id, EVIDENCE, idempotency_key=same)
    with pytest.raises(BillingRefused) as refused:
        client.agree(maria, twelve.id, EVIDENCE, idempotency_key=same)
    assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")


def test_twenty_who_accept_one_offer_at_once_make_one_agreement(
    client: BillingClient, maria: UUID
) -> None:
    offer = plan(client, maria)

    def attempt(_: int) -> str:
        try:
            return agree(client, maria, offer).number
        except BillingRefused as refused:
            return refused.code

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(attempt, range(20)))
    assert results.count("already_agreed") == 19
    assert len(client.agreements(maria)) == 1
    assert len(client.charges(maria)) == 1


def test_twenty_times_the_same_key_at_once_are_one_agreement_and_twenty_answers(
    client: BillingClient, maria: UUID
) -> None:
    offer, same = plan(client, maria), key()
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _: client.agree(maria, offer.id, EVIDENCE, idempotency_key=same), range(20)
            )
        )
    assert {answer.id for answer in answers} == {client.agreements(maria)[0].id}


def test_a_yes_at_once_with_a_payment_waits_for_it_and_finds_the_debts_changed(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    offer, request = (
        plan(client, maria),
        PaymentRequest(
            customer_id=maria, amount=Decimal("100.00"), paid_on=MORNING.date(), reference="TED 1"
        ),
    )
    with ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            payments.enter(session, api.app.extensions["billing_context"], request)
            asked = pool.submit(agree, client, maria, offer)
            while not (_is_waiting() or asked.done()):
                time.sleep(0.01)
        with pytest.raises(BillingRefused, match="offer_expired"):
            asked.result()
    assert client.agreements(maria) == []


def test_an_offer_for_debts_already_agreed_is_refused(client: BillingClient, maria: UUID) -> None:
    three, full = plan(client, maria), plan(client, maria, 1)
    agree(client, maria, three)
    with pytest.raises(BillingRefused, match="already_agreed"):
        agree(client, maria, full)


def test_yesterdays_offer_has_expired(client: BillingClient, maria: UUID, clock: FakeClock) -> None:
    offer = plan(client, maria)
    clock.pass_days(1)
    with pytest.raises(BillingRefused, match="offer_expired"):
        agree(client, maria, offer)


def test_an_offer_is_good_until_midnight_in_sao_paulo(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    offer = plan(client, maria)
    clock.now = MORNING.replace(day=23, hour=2, minute=59)
    assert agree(client, maria, offer).status == "active"


def test_an_offer_expires_when_its_debts_change(client: BillingClient, maria: UUID) -> None:
    offer = plan(client, maria)
    with transaction() as session:
        invoice = session.scalars(select(InvoiceRow)).first()
        assert invoice is not None
        invoice.paid_amount = Decimal("100.00")
    with pytest.raises(BillingRefused, match="offer_expired"):
        agree(client, maria, offer)


@pytest.mark.parametrize("offer_id", ["x" * 22, "not an id", "a"])
def test_an_offer_that_does_not_exist_cannot_be_agreed(
    client: BillingClient, maria: UUID, offer_id: str
) -> None:
    with pytest.raises(BillingRefused) as refused:
        client.agree(maria, offer_id, EVIDENCE, idempotency_key=key())
    assert refused.value.status in {404, 422}


def test_nothing_of_one_customer_can_be_used_by_another(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    other = make_customer(document="52601815906", phone="5521976543210")
    offer = plan(client, maria)
    agreement = agree(client, maria, offer)
    attempts: list[Callable[[], object]] = [
        lambda: client.offer(other, offer.id),
        lambda: agree(client, other, offer),
        lambda: client.issue_charge(other, agreement_id=agreement.id, idempotency_key=key()),
        lambda: client.issue_charge(other, invoice_id=_invoice_of(maria), idempotency_key=key()),
        lambda: client.debts(uuid4()),
        lambda: client.agreements(uuid4()),
    ]
    for attempt in attempts:
        with pytest.raises(BillingRefused) as refused:
            attempt()
        assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_the_database_refuses_a_second_active_agreement_for_an_invoice(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, plan(client, maria))
    copied, invoice = uuid4(), _invoice_of(maria)
    with transaction() as session:
        session.execute(COPY_AGREEMENT, {"id": copied, "of": agreement.id})
        session.add(AgreementInvoiceRow(agreement_id=copied, invoice_id=invoice, active=False))
    with pytest.raises(IntegrityError, match="uq_agreement_invoices_active"):
        _activate(copied)


def test_the_database_refuses_a_second_live_charge_for_an_instalment(
    client: BillingClient, maria: UUID
) -> None:
    agree(client, maria, plan(client, maria))
    copy = text(
        "INSERT INTO billing.charges SELECT (jsonb_populate_record(c, jsonb_build_object("
        "'id', gen_random_uuid(), 'token', 'another', 'nosso_numero', 999))).* "
        "FROM billing.charges c"
    )
    with pytest.raises(IntegrityError, match="uq_charges_live_installment"), transaction() as s:
        s.execute(copy)
    with transaction() as session:
        session.execute(update(ChargeRow).values(status=ChargeStatus.CANCELLED))
        session.execute(copy)


def test_a_charge_for_the_bare_debt_is_taken_back_by_the_agreement(
    client: BillingClient, maria: UUID
) -> None:
    before = client.issue_charge(maria, idempotency_key=key())
    agreement = agree(client, maria, plan(client, maria))
    assert client.charges(maria) == [agreement.charge]
    with pytest.raises(BillingRefused, match="charge_cancelled"):
        client.public_charge(before.url.rsplit("/")[-1])


def test_agreements_are_listed_newest_first(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    old = agree(client, maria, plan(client, maria))
    _owe_again(maria)
    new = agree(client, maria, plan(client, maria, 1))
    assert [agreement.number for agreement in client.agreements(maria)] == [new.number, old.number]


def _invoice_of(customer: UUID) -> UUID:
    with transaction() as session:
        query = select(InvoiceRow.id).where(InvoiceRow.customer_id == customer)
        return session.scalars(query.limit(1)).one()


def _activate(agreement: UUID) -> None:
    with transaction() as session:
        session.execute(
            update(AgreementInvoiceRow)
            .where(AgreementInvoiceRow.agreement_id == agreement)
            .values(active=True)
        )


def _is_waiting() -> bool:
    """Whether somebody waits for what another transaction holds."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with transaction() as session:
        return bool(session.scalar(waiting))


def _owe_again(customer: UUID) -> None:
    with transaction() as session:
        session.add(
            InvoiceRow(
                customer_id=customer,
                external_id="another",
                contract="LH-2",
                description="Mesa",
                due=date(2026, 6, 1),
                amount=Decimal("500.00"),
                status=InvoiceStatus.OPEN,
            )
        )
