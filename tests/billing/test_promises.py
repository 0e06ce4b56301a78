"""Promises to pay: one that is open, kept by paying, broken by the clock alone."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.billing.actors import Actor
from bot.billing.client import BillingClient, BillingRefused, Promise
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.events.models import EventRow
from bot.billing.http import EXTENSION
from bot.billing.models import InvoiceRow, InvoiceStatus
from bot.billing.promises import service
from bot.billing.promises.tasks import settle_all
from bot.db import transaction
from tests.billing.paying import agree, paid, pay_by_hand
from tests.billing.support import EVIDENCE, MORNING, TODAY, Api, FakeClock, MakeCustomer, key

FRIDAY = TODAY + timedelta(days=2)
GRACE_OVER = 6  # days: Friday, two of grace, and the next one is too late


@pytest.fixture
def context(api: Api) -> Context:
    found: Context = api.app.extensions[EXTENSION]
    return found


def promise(client: BillingClient, customer: UUID, day: date = FRIDAY, **what: object) -> Promise:
    return client.promise(customer, day, EVIDENCE, idempotency_key=key(), **what)  # type: ignore[arg-type]


def only(client: BillingClient, customer: UUID) -> Promise:
    [found] = client.promises(customer).promises
    return found


def pay(context: Context, customer: UUID, amount: str, paid_on: date = FRIDAY) -> None:
    with transaction() as session:
        get_customer(session, customer, lock=True)
        service.note_payment(session, context, customer, Decimal(amount), paid_on)


def write_off(client: BillingClient, customer: UUID, bill: UUID) -> None:
    client.acting_for(Actor("operator", "ana")).write_off(
        customer, bill, "produto devolvido", idempotency_key=key()
    )


def events(customer: UUID) -> list[EventRow]:
    with transaction() as session:
        return list(session.scalars(select(EventRow).where(EventRow.customer_id == customer)))


def test_a_promise_says_what_was_promised_by_when_and_who_took_it(
    client: BillingClient, maria: UUID
) -> None:
    made = promise(client, maria, amount=Decimal("200.00"))
    assert (made.status, made.amount, made.paid) == ("open", Decimal("200.00"), Decimal("0.00"))
    assert (made.promised_for, made.grace_until) == (FRIDAY, FRIDAY + timedelta(days=2))
    assert made.invoice_ids == [debt.invoice_id for debt in client.debts(maria).debts]
    assert made.taken_by
    assert only(client, maria) == made


def test_grace_runs_from_the_first_business_day(client: BillingClient, maria: UUID) -> None:
    saturday = FRIDAY + timedelta(days=1)
    assert promise(client, maria, saturday).grace_until == saturday + timedelta(days=4)


def test_a_new_promise_replaces_the_one_before(client: BillingClient, maria: UUID) -> None:
    first, second = promise(client, maria), promise(client, maria, TODAY)
    assert [(p.id, p.status) for p in client.promises(maria).promises] in (
        [(second.id, "open"), (first.id, "replaced")],
        [(first.id, "replaced"), (second.id, "open")],  # of one moment
    )


@pytest.mark.parametrize("days", [-1, 16])
def test_a_promise_is_neither_for_yesterday_nor_for_ever(
    client: BillingClient, maria: UUID, days: int
) -> None:
    with pytest.raises(BillingRefused, match="promise_date_refused"):
        promise(client, maria, TODAY + timedelta(days=days))
    latest = client.promises(maria).latest_date
    assert latest == TODAY + timedelta(days=15)
    assert promise(client, maria, latest).status == "open"


def test_who_owes_nothing_has_nothing_to_promise(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    with pytest.raises(BillingRefused, match="nothing_owed"):
        promise(client, make_customer(invoices=()))


def test_a_promise_can_be_about_one_bill(client: BillingClient, maria: UUID) -> None:
    bill = client.debts(maria).debts[1].invoice_id
    assert promise(client, maria, invoice_ids=[bill]).invoice_ids == [bill]
    with pytest.raises(BillingRefused, match="not_found"):
        promise(client, maria, invoice_ids=[uuid4()])


def test_a_promise_can_be_about_the_next_part_of_an_agreement(
    client: BillingClient, maria: UUID
) -> None:
    offer = client.offers(maria).offers[1]
    agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    made = promise(client, maria, agreement_id=agreement.id)
    assert (made.agreement_id, made.invoice_ids) == (agreement.id, [])


def test_what_was_promised_and_paid_is_kept(
    client: BillingClient, maria: UUID, context: Context
) -> None:
    promise(client, maria, amount=Decimal("200.00"))
    pay(context, maria, "120.00")
    assert only(client, maria).status == "open"
    pay(context, maria, "80.00")
    kept = only(client, maria)
    assert (kept.status, kept.paid, kept.ended_at) == ("kept", Decimal("200.00"), MORNING)


def test_without_an_amount_it_is_kept_when_the_debts_are_gone(
    client: BillingClient, maria: UUID, context: Context
) -> None:
    promise(client, maria)
    pay(context, maria, "1.00")
    assert only(client, maria).status == "open"
    with transaction() as session:
        for row in session.scalars(select(InvoiceRow)):
            row.status = InvoiceStatus.PAID
    pay(context, maria, "801.42")
    assert only(client, maria).status == "kept"


def test_a_promise_breaks_after_its_grace_and_only_once(
    client: BillingClient, maria: UUID, context: Context, clock: FakeClock
) -> None:
    promise(client, maria, amount=Decimal("200.00"))
    clock.pass_days(GRACE_OVER - 2)
    assert settle_all(context) == 0
    clock.pass_days(1)
    assert [settle_all(context), settle_all(context)] == [1, 0]
    assert only(client, maria).status == "broken"
    [event] = events(maria)
    assert (event.name, event.data["promised_for"]) == ("promise.broken", FRIDAY.isoformat())


def test_a_payment_made_in_time_and_seen_late_mends_a_broken_promise(
    client: BillingClient, maria: UUID, context: Context, clock: FakeClock
) -> None:
    promise(client, maria, amount=Decimal("200.00"))
    clock.pass_days(GRACE_OVER)
    settle_all(context)
    pay(context, maria, "200.00", FRIDAY + timedelta(days=3))
    assert only(client, maria).status == "broken"
    pay(context, maria, "200.00", FRIDAY)
    assert only(client, maria).status == "kept"


def test_an_agreement_takes_the_place_of_a_promise(client: BillingClient, maria: UUID) -> None:
    promise(client, maria)
    client.agree(maria, client.offers(maria).offers[0].id, EVIDENCE, idempotency_key=key())
    assert only(client, maria).status == "replaced"
    assert {event.name for event in events(maria)} == {"agreement.created", "charge.issued"}


def test_a_promise_is_taken_back_once(client: BillingClient, maria: UUID) -> None:
    made, same = promise(client, maria), key()
    for _ in range(2):
        taken_back = client.cancel_promise(maria, made.id, idempotency_key=same)
        assert (taken_back.status, taken_back.end_reason) == ("cancelled", "taken_back")
    with pytest.raises(BillingRefused, match="already_ended"):
        client.cancel_promise(maria, made.id, idempotency_key=key())


@pytest.mark.parametrize("amount", [None, Decimal("200.00")])
def test_a_promise_whose_bills_are_written_off_is_neither_kept_nor_broken(
    client: BillingClient, maria: UUID, context: Context, clock: FakeClock, amount: Decimal | None
) -> None:
    for bill in promise(client, maria, amount=amount).invoice_ids:
        assert only(client, maria).status == "open"
        write_off(client, maria, bill)
    clock.pass_days(GRACE_OVER)
    settle_all(context)
    ended = only(client, maria)
    assert (ended.status, ended.end_reason) == ("cancelled", "written_off")
    assert (ended.paid, ended.ended_at) == (Decimal("0.00"), MORNING)
    assert events(maria) == []


def test_what_is_written_off_need_not_be_paid_to_keep_a_promise(
    client: BillingClient, maria: UUID
) -> None:
    given_up, owed = promise(client, maria).invoice_ids
    paid(client, client.issue_charge(maria, invoice_id=owed, idempotency_key=key()))
    assert only(client, maria).status == "open"
    write_off(client, maria, given_up)
    assert (only(client, maria).status, only(client, maria).end_reason) == ("kept", None)


def test_a_broken_promise_is_not_mended_by_a_write_off(
    client: BillingClient, maria: UUID, context: Context, clock: FakeClock
) -> None:
    bill = client.debts(maria).debts[0].invoice_id
    promise(client, maria, invoice_ids=[bill])
    clock.pass_days(GRACE_OVER)
    settle_all(context)
    write_off(client, maria, bill)
    pay_by_hand(client, maria, "1.00", on=FRIDAY)
    assert only(client, maria).status == "broken"


def test_a_promise_about_an_agreement_that_is_cancelled_is_neither_kept_nor_broken(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 3)
    promise(client, maria, agreement_id=agreement.id)
    client.cancel_agreement(maria, agreement.id, "quis", idempotency_key=key())
    ended = only(client, maria)
    assert (ended.status, ended.end_reason) == ("cancelled", "agreement_ended")


def test_promises_come_page_by_page(client: BillingClient, maria: UUID, clock: FakeClock) -> None:
    made = []
    for _ in range(60):
        made.append(promise(client, maria, TODAY + timedelta(days=5)).id)
        clock.now += timedelta(seconds=1)
    first = client.promises(maria)
    promise(client, maria, TODAY + timedelta(days=5))  # one more meanwhile moves nothing
    second = client.promises(maria, first.next_cursor)
    assert [p.id for p in first.promises + second.promises] == made[::-1]
    assert second.next_cursor is None


def test_a_payment_keeps_the_promise(client: BillingClient, maria: UUID) -> None:
    made = client.promise(maria, TODAY, EVIDENCE, amount=Decimal("100.00"), idempotency_key=key())
    pay_by_hand(client, maria, "60.00")
    assert [one.status for one in client.promises(maria).promises] == ["open"]
    pay_by_hand(client, maria, "40.00")
    [kept] = client.promises(maria).promises
    assert (kept.id, kept.status, kept.paid) == (made.id, "kept", Decimal("100.00"))
