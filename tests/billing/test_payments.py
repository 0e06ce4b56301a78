"""Money that comes in: once, in any order, partial, too much, late or for nobody known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.billing.charge_models import ChargeRow
from bot.billing.client import BillingClient, BillingRefused
from bot.billing.events.models import EventRow
from bot.billing.models import InvoiceRow
from bot.billing.payments.tasks import match_all
from bot.billing.providers.builtin import SIGNATURE_HEADER, sign
from bot.billing.replay import replay
from bot.db import transaction
from tests.billing.paying import agree, charge_part, event, paid, pay_by_hand, reference, tell
from tests.billing.support import EVIDENCE, TODAY, TOKEN, Api, FakeClock, MakeCustomer, key

CENT = Decimal("0.01")


def context(api: Api):
    return api.app.extensions["billing_context"]


SETTLED = ["charge.issued", "invoice.paid", "invoice.paid", "payment.received"]
"""What others hear when Maria's two bills are charged and paid."""


def event_names() -> list[str]:
    with transaction() as session:
        return sorted(session.scalars(select(EventRow.name)))


def invoice_of(customer: UUID, number: int = 0) -> InvoiceRow:
    with transaction() as session:
        rows = session.scalars(
            select(InvoiceRow).where(InvoiceRow.customer_id == customer).order_by(InvoiceRow.due)
        ).all()
        return rows[number]


def test_a_charge_paid_in_full_settles_what_it_was_for(client: BillingClient, maria: UUID) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge)
    assert client.debts(maria).total == 0
    assert client.public_charge(charge.url.rsplit("/")[-1]).status == "paid"
    [payment] = client.payments_of(maria)
    assert (payment.amount, payment.to_refund, payment.state) == (charge.amount, 0, "received")
    assert sum(share.principal + share.late_charges for share in payment.allocations) == Decimal(
        "802.42"
    )
    assert event_names() == SETTLED


def test_a_bill_paid_without_an_agreement_starts_the_clock_of_the_name(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    """Súmula 548 do STJ: five business days from the day of the last payment."""
    pay_by_hand(client, maria, "100.00")
    assert "invoice.paid" not in event_names()
    clock.pass_days(2)
    pay_by_hand(client, maria, "900.00", on=TODAY + timedelta(days=1))
    with transaction() as session:
        paid = select(EventRow).where(EventRow.name == "invoice.paid")
        told = [row.data for row in session.scalars(paid)]
    assert {event["external_id"] for event in told} == {"52998224725-1", "52998224725-2"}
    assert {event["clear_name_by"] for event in told} == {"2026-07-30"}


def test_a_charge_paid_days_later_but_in_time_costs_what_it_said(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    clock.pass_days(2)
    paid(client, charge, on=TODAY + timedelta(days=2))
    assert client.debts(maria).total == 0
    assert client.payments_of(maria)[0].to_refund == 0


def test_the_amount_of_a_charge_settles_it_as_long_as_it_can_be_paid(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    clock.pass_days(6)
    paid(client, charge, on=TODAY + timedelta(days=6))
    assert client.debts(maria).total == 0


def test_a_charge_paid_after_it_expired_counts_as_of_that_day(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    clock.pass_days(40)
    before = client.debts(maria).total
    paid(client, charge, on=TODAY + timedelta(days=40))
    assert client.debts(maria).total == before - charge.amount > 0


def test_the_same_event_told_twenty_times_at_once_is_one_payment(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    body = event("paid", reference(charge), amount=str(charge.amount), paid_on=TODAY)
    with ThreadPoolExecutor(20) as pool:
        news = list(pool.map(lambda _: tell(client, body), range(20)))
    assert news.count(True) == 1
    assert len(client.payments_of(maria)) == 1
    assert event_names() == SETTLED


def test_ten_payments_and_an_agreement_at_once_lose_nothing(
    client: BillingClient, maria: UUID
) -> None:
    def act(number: int) -> str:
        try:
            if number == 5:
                return agree(client, maria, 3).status
            return pay_by_hand(client, maria, "10.00").state
        except BillingRefused as refused:
            return refused.code

    with ThreadPoolExecutor(11) as pool:
        done = list(pool.map(act, range(11)))
    assert done.count("received") == 10
    totals = client.reconciliation(TODAY, TODAY).totals
    assert totals.received == 100 == totals.principal + totals.late_charges


def test_confirmed_after_received_is_the_same_payment(client: BillingClient, maria: UUID) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge)
    paid(client, charge)
    assert len(client.payments_of(maria)) == 1


def test_a_part_of_a_debt_pays_juros_and_multa_first_and_the_rest_stays_open(
    client: BillingClient, maria: UUID
) -> None:
    """CC arts. 354 and 355: 403.16 with 13.26 of late charges, oldest first."""
    [share] = pay_by_hand(client, maria, "113.26").allocations
    assert (share.late_charges, share.principal) == (Decimal("13.26"), Decimal("100.00"))
    oldest = client.debts(maria).debts[0]
    assert (oldest.original, oldest.multa, oldest.juros) == (Decimal("289.90"), 0, 0)
    assert [(line.label, line.amount) for line in oldest.memory] == [
        ("Valor original", Decimal("389.90")),
        ("Multa e juros", Decimal("13.26")),
        ("Pago em 22/07/2026", Decimal("-113.26")),
    ]


def test_what_a_partial_payment_left_is_carried_and_juros_run_on(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    pay_by_hand(client, maria, "5.00")
    clock.pass_days(30)
    row, debt = invoice_of(maria), client.debts(maria).debts[0]
    assert (row.paid_amount, row.carried, row.juros_from) == (0, Decimal("8.26"), TODAY)
    assert (debt.original, debt.multa) == (Decimal("389.90"), 0)
    assert debt.juros == Decimal("8.26") + Decimal("3.90")
    assert sum(line.amount for line in debt.memory) == debt.total


def test_a_partial_payment_takes_back_the_charge_and_a_new_one_is_for_the_rest(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge, "300.00")
    assert client.charges(maria) == []
    rest = client.issue_charge(maria, idempotency_key=key())
    assert rest.amount == charge.amount - 300 == client.debts(maria).total


def test_an_offer_made_before_a_payment_is_over(client: BillingClient, maria: UUID) -> None:
    offer = client.offers(maria).offers[0]
    pay_by_hand(client, maria, "5.00")
    with pytest.raises(BillingRefused, match="offer_expired"):
        client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())


def test_too_much_for_a_part_pays_the_next_one(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 3)
    assert agreement.charge is not None
    paid(client, agreement.charge, agreement.parts[0].amount + 50)
    [now] = client.agreements(maria)
    assert [part.status for part in now.parts] == ["paid", "open", "open"]
    assert now.parts[1].paid == 50
    assert now.owed == agreement.total - agreement.parts[0].amount - 50
    assert charge_part(client, maria, agreement).amount == agreement.parts[1].amount - 50


def test_too_much_for_everything_waits_to_be_given_back(client: BillingClient, maria: UUID) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge, charge.amount + 10)
    [payment] = client.waiting_payments()
    assert payment.to_refund == 10
    back = client.refund_payment(payment.id, Decimal("10.00"), idempotency_key=key())
    assert (back.to_refund, back.refunded) == (0, 10)
    assert client.debts(maria).total == 0
    assert client.waiting_payments() == []
    with pytest.raises(BillingRefused, match="refund_too_high"):
        client.refund_payment(payment.id, charge.amount + CENT, idempotency_key=key())


def test_a_payment_for_nothing_known_waits_for_a_person_who_places_it(
    client: BillingClient, maria: UUID
) -> None:
    tell(client, event("paid", "order-7", amount="403.16", paid_on=TODAY))
    [payment] = client.waiting_payments()
    assert (payment.state, payment.customer_id) == ("unmatched", None)
    placed = client.match_payment(payment.id, customer_id=maria, idempotency_key=key())
    assert placed.allocations[0].principal == Decimal("389.90")
    assert client.waiting_payments() == []
    with pytest.raises(BillingRefused, match="payment_matched"):
        client.match_payment(payment.id, customer_id=maria, idempotency_key=key())


def test_a_payment_told_of_before_its_charge_is_placed_when_that_is_known(
    client: BillingClient, maria: UUID, api: Api
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    with transaction() as session:
        row = session.get_one(ChargeRow, charge.id)
        number, row.nosso_numero = row.nosso_numero, 999_999
    tell(client, event("paid", f"C{number}", amount=str(charge.amount), paid_on=TODAY))
    match_all(context(api))
    assert client.waiting_payments()[0].state == "unmatched"
    with transaction() as session:
        session.get_one(ChargeRow, charge.id).nosso_numero = number
    match_all(context(api))
    match_all(context(api))
    assert client.debts(maria).total == 0
    assert event_names() == SETTLED


def test_a_charge_replaced_by_an_agreement_but_paid_all_the_same_pays_the_agreement(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    agreement = agree(client, maria, 3)
    paid(client, charge)
    [now] = client.agreements(maria)
    assert agreement.total - charge.amount == now.owed
    assert client.debts(maria).total == 0


def test_a_charge_paid_twice_is_too_much_once(client: BillingClient, maria: UUID) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge, payment_id="pix-1")
    paid(client, charge, payment_id="pix-2")
    assert [payment.to_refund for payment in client.payments_of(maria)].count(charge.amount) == 1


def test_a_refund_makes_the_debt_owed_again(client: BillingClient, maria: UUID) -> None:
    before = client.debts(maria)
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge)
    tell(client, event("refunded", reference(charge)))
    assert client.debts(maria) == before
    [payment] = client.payments_of(maria)
    assert (payment.state, payment.refunded, payment.allocations) == (
        "refunded",
        charge.amount,
        [],
    )
    assert client.issue_charge(maria, idempotency_key=key()).id != charge.id


def test_a_refund_told_before_its_payment_is_not_forgotten(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    tell(client, event("refunded", reference(charge)))
    paid(client, charge)
    assert client.payments_of(maria)[0].state == "refunded"
    assert client.debts(maria).total == charge.amount


def test_a_partial_refund_told_twice_counts_once(client: BillingClient, maria: UUID) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge)
    for _ in range(2):
        tell(client, event("refunded", reference(charge), amount="100.00"))
    assert client.payments_of(maria)[0].refunded == 100
    assert client.debts(maria).total == 100


def test_payments_out_of_order_give_the_same_as_in_order(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    clock.pass_days(20)
    days = [TODAY + timedelta(days=after) for after in (3, 9, 17)]
    one, other = make_customer(), make_customer(document="52601815906", phone=None)
    for day in days:
        pay_by_hand(client, one, "70.00", on=day)
    for day in reversed(days):
        pay_by_hand(client, other, "70.00", on=day)
    totals = [(debt.total, debt.original) for debt in client.debts(one).debts]
    assert totals == [(debt.total, debt.original) for debt in client.debts(other).debts]


def test_a_charge_the_provider_deleted_can_no_longer_be_paid(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    tell(client, event("cancelled", reference(charge)))
    assert client.charges(maria) == []


def test_a_reference_typed_twice_is_one_payment(client: BillingClient, maria: UUID) -> None:
    money = {"customer_id": maria, "amount": Decimal("5.00"), "paid_on": TODAY}
    client.enter_payment(**money, reference="TED 1", idempotency_key=key())
    with pytest.raises(BillingRefused, match="payment_known"):
        client.enter_payment(**money, reference="TED 1", idempotency_key=key())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Decimal("0.00")}, "invalid_request"),
        ({"amount": Decimal("-1.00")}, "invalid_request"),
        ({"amount": Decimal("1.001")}, "invalid_request"),
        ({"amount": Decimal("99999999999.00")}, "invalid_request"),
        ({"paid_on": TODAY + timedelta(days=1)}, "paid_on_refused"),
        ({"paid_on": date(1900, 1, 1)}, "paid_on_refused"),
        ({"reference": ""}, "invalid_request"),
        ({"reference": "a\x00b"}, "invalid_request"),
        ({"customer_id": None}, "invalid_request"),
        ({"customer_id": UUID(int=0)}, "not_found"),
        ({"charge_id": UUID(int=0)}, "not_found"),
    ],
)
def test_what_cannot_be_a_payment_is_refused_and_changes_nothing(
    client: BillingClient, maria: UUID, change: dict[str, object], code: str
) -> None:
    good = {"customer_id": maria, "amount": CENT, "paid_on": TODAY, "reference": "x"}
    with pytest.raises(BillingRefused) as refused:
        client.enter_payment(**(good | change), idempotency_key=key())
    assert refused.value.code == code
    assert client.payments_of(maria) == []


def test_a_payment_cannot_be_put_on_somebody_elses_debt(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    other = make_customer(document="52601815906", phone=None)
    with pytest.raises(BillingRefused, match="not_found"):
        pay_by_hand(client, maria, "5.00", invoice_id=invoice_of(other).id)


def test_the_debt_the_payer_named_is_paid_before_older_ones(
    client: BillingClient, maria: UUID
) -> None:
    """CC art. 352."""
    newer = client.debts(maria).debts[1]
    pay_by_hand(client, maria, str(newer.total), invoice_id=newer.invoice_id)
    assert [debt.days_late for debt in client.debts(maria).debts] == [42]


@pytest.mark.parametrize("headers", [{}, {SIGNATURE_HEADER: "sha256=00"}, {"x": "dêmo"}])
def test_a_webhook_nobody_signed_is_refused_and_not_kept(
    client: BillingClient, maria: UUID, headers: dict[str, str]
) -> None:
    body = event("paid", "C1", amount="1.00", paid_on=TODAY)
    with pytest.raises(BillingRefused) as refused:
        client.notify("builtin", body, headers)
    assert (refused.value.status, refused.value.code) == (401, "webhook_refused")
    with pytest.raises(BillingRefused, match="not_found"):
        client.notify("asaas", body, headers)
    assert client.waiting_payments() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b'{"event_id": 1}',
        b"[" * 50_000,
        event("paid", "C1"),
        event("paid", "C1", amount="1.001", paid_on=TODAY),
        event("paid", "C1", amount="NaN", paid_on=TODAY),
        event("paid", "C\u0000", amount="1.00", paid_on=TODAY),
        event("paid", "C1", amount="1.00", paid_on="0001-01-01"),
    ],
)
def test_a_signed_webhook_nobody_can_read_is_kept_once_for_a_person(
    client: BillingClient, api: Api, body: bytes
) -> None:
    headers = {SIGNATURE_HEADER: sign(body, TOKEN)}
    assert [client.notify("builtin", body, headers) for _ in range(2)] == [True, False]
    assert client.reconciliation(TODAY, TODAY).unreadable == 1
    assert client.waiting_payments() == []


def test_offers_count_the_late_charges_that_a_payment_left_over(
    client: BillingClient, maria: UUID
) -> None:
    before = client.offers(maria).offers[0].original_total
    pay_by_hand(client, maria, "5.00")
    [full, *_] = client.offers(maria).offers
    assert full.original_total == client.debts(maria).total == before - 5
    with transaction() as session:
        assert replay(session, full.id).equal
