"""Disputes: what somebody says is wrong is not collected until a person has answered."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.billing.actors import Actor, acting
from bot.billing.client import (
    BillingClient,
    BillingRefused,
    Dispute,
    DisputeDecision,
    DisputeKind,
)
from bot.billing.context import Context
from bot.billing.disputes.service import decide as decide_dispute
from bot.billing.disputes.shapes import Correction
from bot.billing.http import EXTENSION
from bot.billing.models import InvoiceRow, InvoiceStatus
from bot.db import transaction
from tests.billing.paying import pay_by_hand
from tests.billing.support import EVIDENCE, TODAY, Api, FakeClock, MakeCustomer, key


def dispute(
    client: BillingClient,
    customer: UUID,
    kind: DisputeKind = DisputeKind.ALREADY_PAID,
    invoices: Sequence[UUID] = (),
) -> Dispute:
    return client.dispute(
        customer,
        kind,
        "paguei dia 3",
        invoice_ids=invoices,
        receipt="E2E-1",
        evidence=EVIDENCE,
        idempotency_key=key(),
    )


def decide(
    client: BillingClient, found: Dispute, outcome: str, corrections: Sequence[Correction] = ()
) -> Dispute:
    decision = DisputeDecision.model_validate(
        {"outcome": outcome, "note": "visto no banco", "corrections": corrections}
    )
    return client.decide_dispute(found.customer_id, found.id, decision, idempotency_key=key())


@pytest.fixture
def desk(client: BillingClient) -> BillingClient:
    """Ana, an operator."""
    return client.acting_for(Actor("operator", "ana"))


def statuses(customer: UUID) -> list[InvoiceStatus]:
    with transaction() as session:
        rows = select(InvoiceRow.status).where(InvoiceRow.customer_id == customer)
        return list(session.scalars(rows.order_by(InvoiceRow.due)))


def test_what_is_disputed_is_not_collected_and_its_charges_are_withdrawn(
    client: BillingClient, maria: UUID
) -> None:
    client.issue_charge(maria, idempotency_key=key())
    first, second = client.debts(maria).debts
    opened = dispute(client, maria, invoices=[first.invoice_id])
    assert (opened.status, opened.receipt, opened.evidence) == ("open", "E2E-1", EVIDENCE)
    assert [invoice.external_id for invoice in opened.invoices] == [first.external_id]
    assert client.charges(maria) == []
    assert client.debts(maria).debts == [second]
    assert client.offers(maria).offers[0].original_total == second.total
    with pytest.raises(BillingRefused, match="nothing_to_charge"):
        client.issue_charge(maria, invoice_id=first.invoice_id, idempotency_key=key())


def test_without_naming_bills_all_that_are_open_sleep(client: BillingClient, maria: UUID) -> None:
    dispute(client, maria, DisputeKind.DECEASED)
    assert client.debts(maria).debts == []
    assert client.offers(maria).offers == []


def test_an_offer_made_before_cannot_be_accepted_any_more(
    client: BillingClient, maria: UUID
) -> None:
    offer = client.offers(maria).offers[0]
    dispute(client, maria)
    with pytest.raises(BillingRefused, match="offer_expired"):
        client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())


def test_a_complaint_is_taken_even_where_nothing_is_open(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    assert dispute(client, make_customer(invoices=())).invoices == []


@pytest.mark.parametrize(
    ("kind", "days"),
    [(DisputeKind.WRONG_AMOUNT, 7), (DisputeKind.DISSATISFIED, 7), (DisputeKind.NOT_MINE, 15)],
)
def test_the_clock_of_an_answer_depends_on_what_is_wrong(
    client: BillingClient, maria: UUID, kind: DisputeKind, days: int
) -> None:
    """LGPD, art. 19: fifteen days where personal data may be wrong."""
    assert dispute(client, maria, kind).answer_by == TODAY + timedelta(days=days)


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn"])
def test_who_was_wrong_or_gives_up_owes_as_before(
    client: BillingClient, desk: BillingClient, maria: UUID, outcome: str
) -> None:
    before = client.debts(maria)
    ended = decide(desk, dispute(client, maria), outcome)
    assert (ended.status, ended.decision_note) == (outcome, "visto no banco")
    assert (ended.decided_by is not None, ended.correct_by) == (True, None)
    assert client.debts(maria) == before


def test_who_was_right_owes_nothing_and_registers_are_put_right_in_five_business_days(
    client: BillingClient, desk: BillingClient, maria: UUID
) -> None:
    """CDC, art. 43, § 3º; Súmula 548 do STJ. From Wednesday to Wednesday."""
    ended = decide(desk, dispute(client, maria), "upheld")
    assert ended.correct_by == TODAY + timedelta(days=7)
    assert statuses(maria) == [InvoiceStatus.CANCELLED] * 2


def test_a_wrong_amount_is_corrected(
    client: BillingClient, desk: BillingClient, maria: UUID
) -> None:
    first, second = client.debts(maria).debts
    correction = Correction(invoice_id=first.invoice_id, amount=Decimal("300.00"))
    decide(desk, dispute(client, maria, DisputeKind.WRONG_AMOUNT), "upheld", [correction])
    [debt] = client.debts(maria).debts
    assert (debt.invoice_id, debt.original) == (first.invoice_id, Decimal("300.00"))
    assert second.invoice_id not in [debt.invoice_id for debt in client.debts(maria).debts]


@pytest.mark.parametrize(
    ("outcome", "amount"), [("upheld", "389.90"), ("upheld", "500.00"), ("rejected", "300.00")]
)
def test_a_dispute_never_makes_a_debt_bigger(
    client: BillingClient, desk: BillingClient, maria: UUID, outcome: str, amount: str
) -> None:
    opened = dispute(client, maria)
    bill = opened.invoices[0].invoice_id
    with pytest.raises(BillingRefused, match="correction_refused"):
        decide(desk, opened, outcome, [Correction(invoice_id=bill, amount=Decimal(amount))])
    assert client.disputes(maria).disputes == [opened]


def test_a_bill_paid_down_to_the_corrected_amount_is_paid(
    client: BillingClient, desk: BillingClient, maria: UUID
) -> None:
    first = client.debts(maria).debts[0]
    with transaction() as session:
        session.get_one(InvoiceRow, first.invoice_id).paid_amount = Decimal("100.00")
    opened = dispute(client, maria, DisputeKind.WRONG_AMOUNT, [first.invoice_id])
    correction = Correction(invoice_id=first.invoice_id, amount=Decimal("100.00"))
    decide(desk, opened, "upheld", [correction])
    assert statuses(maria) == [InvoiceStatus.PAID, InvoiceStatus.OPEN]


def test_a_dispute_is_decided_once(client: BillingClient, desk: BillingClient, maria: UUID) -> None:
    opened = dispute(client, maria)
    decide(desk, opened, "withdrawn")
    with pytest.raises(BillingRefused, match="already_ended"):
        decide(desk, opened, "upheld")
    assert statuses(maria) == [InvoiceStatus.OPEN] * 2


def test_of_many_who_dispute_a_bill_at_once_one_does(client: BillingClient, maria: UUID) -> None:
    bill = client.debts(maria).debts[0].invoice_id

    def attempt(_: int) -> str:
        try:
            return dispute(client, maria, invoices=[bill]).status
        except BillingRefused as refused:
            return refused.code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == ["already_disputed"] * 5 + ["open"]


def test_what_is_settled_or_in_an_agreement_or_another_s_cannot_be_disputed(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    bills = [debt.invoice_id for debt in client.debts(maria).debts]
    other = make_customer(document="52601815906", phone=None)
    for stranger in (client.debts(other).debts[0].invoice_id, uuid4()):
        with pytest.raises(BillingRefused, match="not_found"):
            dispute(client, maria, invoices=[stranger])
    with transaction() as session:
        session.get_one(InvoiceRow, bills[1]).status = InvoiceStatus.PAID
    with pytest.raises(BillingRefused, match="nothing_owed"):
        dispute(client, maria, invoices=bills)
    client.agree(maria, client.offers(maria).offers[0].id, EVIDENCE, idempotency_key=key())
    with pytest.raises(BillingRefused, match="already_agreed"):
        dispute(client, maria, invoices=bills[:1])


def test_a_promise_about_what_is_disputed_is_off(client: BillingClient, maria: UUID) -> None:
    client.promise(maria, TODAY, EVIDENCE, idempotency_key=key())
    dispute(client, maria)
    [promise] = client.promises(maria).promises
    assert (promise.status, promise.end_reason) == ("cancelled", "disputed")


def test_people_see_what_must_be_answered_soonest_first(
    client: BillingClient, desk: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    someone, other = make_customer(), make_customer(document="52601815906", phone=None)
    late = dispute(client, someone, DisputeKind.FRAUD)
    clock.pass_days(1)
    soon = dispute(client, other)
    assert [found.id for found in client.open_disputes().disputes] == [soon.id, late.id]
    decide(desk, soon, "rejected")
    assert [found.id for found in client.open_disputes().disputes] == [late.id]


def test_the_bot_can_withdraw_a_dispute_but_not_say_who_is_right(
    client: BillingClient, maria: UUID, api: Api
) -> None:
    opened = dispute(client, maria)
    context: Context = api.app.extensions[EXTENSION]

    def end(outcome: Literal["upheld", "rejected", "withdrawn"]) -> str:
        decision = DisputeDecision(outcome=outcome, note="disse que se enganou")
        with acting(Actor("bot")), transaction() as session:
            return decide_dispute(session, context, maria, opened.id, decision).status

    for outcome in ("upheld", "rejected"):
        with pytest.raises(BillingRefused, match="not_allowed"):
            end(outcome)
    assert end("withdrawn") == "withdrawn"


def test_what_was_paid_on_a_bill_that_was_not_owed_is_free_for_others(
    client: BillingClient, desk: BillingClient, maria: UUID
) -> None:
    older, newer = client.debts(maria).debts
    pay_by_hand(client, maria, "100.00", invoice_id=older.invoice_id)
    found = client.dispute(
        maria, "not_mine", "não comprei", invoice_ids=[older.invoice_id], idempotency_key=key()
    )
    [payment] = client.payments_of(maria)
    assert [share.invoice_id for share in payment.allocations] == [older.invoice_id]
    decide(desk, found, "upheld")
    [payment] = client.payments_of(maria)
    assert [share.invoice_id for share in payment.allocations] == [newer.invoice_id]


def test_a_bill_paid_while_it_was_disputed_is_paid_when_the_dispute_is_rejected(
    client: BillingClient, desk: BillingClient, maria: UUID
) -> None:
    older = client.debts(maria).debts[0]
    found = client.dispute(
        maria, "wrong_amount", "caro", invoice_ids=[older.invoice_id], idempotency_key=key()
    )
    pay_by_hand(client, maria, str(older.total), invoice_id=older.invoice_id)
    decide(desk, found, "rejected")
    assert statuses(maria) == [InvoiceStatus.PAID, InvoiceStatus.OPEN]


def test_a_bill_paid_while_it_was_disputed_is_disputed_again_when_the_money_goes_back(
    client: BillingClient, maria: UUID
) -> None:
    older = client.debts(maria).debts[0]
    dispute(client, maria, invoices=[older.invoice_id])
    payment = pay_by_hand(client, maria, str(older.total), invoice_id=older.invoice_id)
    client.refund_payment(payment.id, payment.amount, idempotency_key=key())
    assert statuses(maria) == [InvoiceStatus.DISPUTED, InvoiceStatus.OPEN]
    with pytest.raises(BillingRefused, match="already_disputed"):
        dispute(client, maria, invoices=[older.invoice_id])


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn"])
def test_a_bill_given_up_while_it_was_disputed_is_never_owed_again(
    client: BillingClient, desk: BillingClient, maria: UUID, outcome: str
) -> None:
    older = client.debts(maria).debts[0]
    found = dispute(client, maria, invoices=[older.invoice_id])
    desk.write_off(maria, older.invoice_id, "não compensa", idempotency_key=key())
    decide(desk, found, outcome)
    assert statuses(maria) == [InvoiceStatus.WRITTEN_OFF, InvoiceStatus.OPEN]
    payment = pay_by_hand(client, maria, str(older.total), invoice_id=older.invoice_id)
    client.refund_payment(payment.id, payment.amount, idempotency_key=key())
    assert statuses(maria) == [InvoiceStatus.WRITTEN_OFF, InvoiceStatus.OPEN]
