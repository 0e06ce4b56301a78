"""What becomes of an agreement: other dates, early payment, broken, cancelled, completed."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.billing.client import Actor, Agreement, BillingClient, BillingRefused
from bot.billing.context import Context
from bot.billing.events.models import EventRow
from bot.billing.models import InvoiceRow
from bot.billing.payments.tasks import break_all
from bot.db import transaction
from tests.billing.paying import agree, charge_part, event, paid, pay_by_hand, reference, tell
from tests.billing.support import TODAY, Api, FakeClock, MakeCustomer, key


@pytest.fixture
def context(api: Api) -> Context:
    found: Context = api.app.extensions["billing_context"]
    return found


def events() -> dict[str, dict[str, str]]:
    """What was told, by name: within one moment events have no order."""
    with transaction() as session:
        return {row.name: row.data for row in session.scalars(select(EventRow))}


def again(client: BillingClient, agreement: Agreement) -> Agreement:
    """The agreement as it is now."""
    with transaction() as session:
        customer = session.scalars(select(InvoiceRow.customer_id).limit(1)).one()
    return next(one for one in client.agreements(customer) if one.id == agreement.id)


def statuses(customer: UUID) -> set[str]:
    with transaction() as session:
        query = select(InvoiceRow.status).where(InvoiceRow.customer_id == customer)
        return {status.value for status in session.scalars(query)}


def pay_next(client: BillingClient, customer: UUID, agreement: Agreement, on: date = TODAY) -> None:
    paid(client, charge_part(client, customer, agreement), on=on)


# --- completed


def test_the_last_part_completes_the_agreement_and_starts_the_clock_of_the_name(
    client: BillingClient, maria: UUID
) -> None:
    """Súmula 548 do STJ: five business days from full payment."""
    agreement = agree(client, maria, 2)
    pay_next(client, maria, agreement)
    assert again(client, agreement).status == "active"
    pay_next(client, maria, agreement)
    done = again(client, agreement)
    assert (done.status, done.owed, done.clear_name_by) == ("completed", 0, date(2026, 7, 29))
    assert statuses(maria) == {"paid"}
    assert client.charges(maria) == []
    assert events()["agreement.completed"]["clear_name_by"] == "2026-07-29"


def test_a_refund_opens_a_completed_agreement_again(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 1)
    assert agreement.charge is not None
    paid(client, agreement.charge)
    assert again(client, agreement).status == "completed"
    tell(client, event("refunded", reference(agreement.charge)))
    opened = again(client, agreement)
    assert (opened.status, opened.clear_name_by, opened.owed) == ("active", None, agreement.total)
    assert statuses(maria) == {"in_agreement"}


def test_a_part_paid_late_in_part_keeps_its_late_charges(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, 3)
    clock.pass_days(10)  # the part is due after 7
    pay_by_hand(client, maria, "100.00", on=TODAY + timedelta(days=10), agreement_id=agreement.id)
    amount = agreement.parts[0].amount
    late = (amount * 2 / 100).quantize(Decimal("0.01")) + (amount / 1000).quantize(Decimal("0.01"))
    assert again(client, agreement).parts[0].paid == 100 - late
    charge = charge_part(client, maria, agreement)
    assert charge.amount == amount - 100 + late
    page = client.public_charge(charge.url.rsplit("/")[-1])
    assert sum(line.amount for line in page.lines) == charge.amount
    assert "Pago em 01/08/2026" in [line.label for line in page.lines]


# --- broken


def test_a_part_late_beyond_tolerance_breaks_the_agreement_and_the_bills_are_owed_again(
    client: BillingClient, maria: UUID, clock: FakeClock, context: Context
) -> None:
    before = client.debts(maria)
    agreement = agree(client, maria, 3)  # due on Wednesday 29 July; tolerance 5 days: 3 August
    for days, broken in ((12, 0), (13, 0), (14, 1), (15, 0)):
        clock.now = clock.now.replace(month=7, day=22) + timedelta(days=days)
        assert break_all(context) == broken
    ended = again(client, agreement)
    assert (ended.status, ended.owed, ended.charge) == ("broken", 0, None)
    assert ended.end_reason == "Parcela 1 não paga até 03/08/2026"
    assert client.debts(maria).original == before.original
    assert client.charges(maria) == []
    assert "agreement.broken" in events()


def test_what_was_paid_on_a_broken_agreement_counts_on_the_day_it_was_paid(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock, context: Context
) -> None:
    """The same as if it had been paid on the bills themselves that day."""
    one, other = make_customer(), make_customer(document="52601815906", phone=None)
    agreement = agree(client, one, 3)
    clock.pass_days(5)
    day = TODAY + timedelta(days=5)
    assert agreement.charge is not None
    paid(client, agreement.charge, on=day)
    pay_by_hand(client, other, str(agreement.charge.amount), on=day)
    clock.pass_days(60)
    assert break_all(context) == 1
    assert [(d.original, d.multa, d.juros, d.total) for d in client.debts(one).debts] == [
        (d.original, d.multa, d.juros, d.total) for d in client.debts(other).debts
    ]
    [payment] = client.payments_of(one)
    assert {share.agreement_id for share in payment.allocations} == {None}


def test_money_that_comes_after_the_break_pays_the_bills(
    client: BillingClient, maria: UUID, clock: FakeClock, context: Context
) -> None:
    agreement = agree(client, maria, 3)
    clock.pass_days(40)
    break_all(context)
    before = client.debts(maria).total
    assert agreement.charge is not None
    paid(client, agreement.charge, on=TODAY + timedelta(days=40))
    assert client.debts(maria).total == before - agreement.charge.amount


def test_money_for_a_broken_agreement_pays_the_one_that_took_its_place(
    client: BillingClient, maria: UUID, clock: FakeClock, context: Context
) -> None:
    old = agree(client, maria, 3)
    clock.pass_days(40)
    break_all(context)
    new = agree(client, maria, 3)
    assert old.charge is not None
    paid(client, old.charge, on=TODAY + timedelta(days=40))
    assert again(client, new).owed == new.total - old.charge.amount


def test_a_part_paid_in_time_by_its_very_charge_never_breaks_it(
    client: BillingClient, maria: UUID, clock: FakeClock, context: Context
) -> None:
    agreement = agree(client, maria, 3)
    clock.pass_days(12)
    assert agreement.charge is not None
    paid(client, agreement.charge, on=TODAY + timedelta(days=12))
    assert again(client, agreement).parts[0].status == "paid"
    clock.pass_days(5)
    assert break_all(context) == 0


# --- cancelled


def test_a_cancelled_agreement_gives_the_bills_back_less_what_was_paid(
    client: BillingClient, maria: UUID
) -> None:
    before = client.debts(maria)
    agreement = agree(client, maria, 3)
    assert agreement.charge is not None
    paid(client, agreement.charge)
    ended = client.cancel_agreement(maria, agreement.id, "pediu outro plano", idempotency_key=key())
    assert (ended.status, ended.end_reason) == ("cancelled", "pediu outro plano")
    assert client.debts(maria).total == before.total - agreement.charge.amount
    assert agree(client, maria, 2).status == "active"
    for change in (
        lambda: client.cancel_agreement(maria, agreement.id, "de novo", idempotency_key=key()),
        lambda: client.change_due_date(maria, agreement.id, 1, TODAY, idempotency_key=key()),
        lambda: client.pay_early(maria, agreement.id, idempotency_key=key()),
    ):
        with pytest.raises(BillingRefused, match="agreement_not_active"):
            change()


def test_a_refund_of_what_an_agreement_counted_on_ends_it(
    client: BillingClient, maria: UUID
) -> None:
    before = client.debts(maria)
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge, "300.00")
    agreement = agree(client, maria, 2)
    tell(client, event("refunded", reference(charge)))
    assert again(client, agreement).status == "cancelled"
    assert client.debts(maria) == before


# --- other dates


def test_a_part_can_wait_and_its_charge_says_the_new_date(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 3)
    assert agreement.charge is not None
    due = agreement.parts[0].due + timedelta(days=10)
    now = client.change_due_date(maria, agreement.id, 1, due, idempotency_key=key())
    assert now.charge is not None
    assert (now.parts[0].due, now.charge.due, now.owed) == (due, due, agreement.total)
    assert client.charges(maria) == [now.charge]
    assert now.charge.id != agreement.charge.id


@pytest.mark.parametrize(
    ("days", "says"),
    [(16, "the latest for this part"), (-8, "before today")],
)
def test_a_date_the_policy_does_not_allow_is_refused(
    client: BillingClient, maria: UUID, days: int, says: str
) -> None:
    agreement = agree(client, maria, 3)
    due = agreement.parts[0].due + timedelta(days=days)
    with pytest.raises(BillingRefused, match=says) as refused:
        client.change_due_date(maria, agreement.id, 1, due, idempotency_key=key())
    assert refused.value.code == "due_date_refused"


def test_dates_change_so_often_as_the_policy_says_and_never_once_late(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, 3)
    first, second = agreement.parts[0].due, agreement.parts[1].due
    for part, due in ((1, first + timedelta(days=1)), (1, first + timedelta(days=2))):
        client.change_due_date(maria, agreement.id, part, due, idempotency_key=key())
    client.change_due_date(maria, agreement.id, 2, second, idempotency_key=key())
    with pytest.raises(BillingRefused, match="changed 2 times"):
        client.change_due_date(
            maria, agreement.id, 2, second + timedelta(days=1), idempotency_key=key()
        )
    clock.pass_days(11)
    with pytest.raises(BillingRefused, match="late already"):
        client.change_due_date(
            maria, agreement.id, 1, first + timedelta(days=9), idempotency_key=key()
        )
    with pytest.raises(BillingRefused, match="not_found"):
        client.change_due_date(maria, agreement.id, 9, first, idempotency_key=key())


def test_people_may_move_dates_further_and_more_often_than_the_bot(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 3)
    last = agreement.parts[2].due
    bot = client
    ana = client.acting_for(Actor("operator", "ana"))
    rui = client.acting_for(Actor("supervisor", "rui"))

    def move(who: BillingClient, days: int) -> date:
        due = last + timedelta(days=days)
        moved = who.change_due_date(maria, agreement.id, 3, due, idempotency_key=key())
        return moved.parts[2].due

    for who, more, most in ((bot, ana, 15), (ana, rui, 30)):
        with pytest.raises(BillingRefused, match="the latest for this part"):
            move(who, most + 1)
        assert move(more, most + 1) == last + timedelta(days=most + 1)
    with pytest.raises(BillingRefused, match="changed 2 times"):
        move(bot, 1)
    assert move(ana, 1) == last + timedelta(days=1)


# --- early


def test_paying_everything_early_takes_the_interest_of_the_days_not_used_off(
    client: BillingClient, maria: UUID
) -> None:
    """CDC art. 52 §2: on the day of the yes, all of it."""
    agreement = agree(client, maria, 6)  # 830.74 with 28.32 of interest
    quote = client.quote_early_payment(maria, agreement.id)
    assert (quote.numbers, quote.balance) == ([1, 2, 3, 4, 5, 6], Decimal("830.74"))
    assert abs(quote.discount - Decimal("28.32")) <= Decimal("0.03")
    charge = client.pay_early(maria, agreement.id, idempotency_key=key())
    assert charge.amount == quote.total
    assert client.charges(maria) == [charge]
    page = client.public_charge(charge.url.rsplit("/")[-1])
    assert sum(line.amount for line in page.lines) == charge.amount
    paid(client, charge)
    done = again(client, agreement)
    assert (done.status, done.owed) == ("completed", 0)
    assert sum(part.discount for part in done.parts) == quote.discount
    assert sum(part.paid for part in done.parts) == charge.amount
    assert client.payments_of(maria)[0].to_refund == 0


def test_some_parts_paid_early_leave_the_others_as_they_were(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, 6)
    clock.pass_days(3)
    charge = client.pay_early(maria, agreement.id, [5, 6], idempotency_key=key())
    face = agreement.parts[4].amount + agreement.parts[5].amount
    assert face - 28 < charge.amount < face - 5
    paid(client, charge, on=TODAY + timedelta(days=3))
    now = again(client, agreement)
    assert [part.status for part in now.parts] == ["open"] * 4 + ["paid"] * 2
    assert now.owed == sum(part.amount for part in agreement.parts[:4])


def test_less_than_the_early_price_buys_no_discount(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 6)
    charge = client.pay_early(maria, agreement.id, [5, 6], idempotency_key=key())
    paid(client, charge, charge.amount - 1)
    now = again(client, agreement)
    assert [part.discount for part in now.parts] == [0] * 6
    assert now.owed == agreement.total - charge.amount + 1


def test_a_plan_without_interest_costs_the_same_early(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 3)
    quote = client.quote_early_payment(maria, agreement.id, [3])
    assert (quote.discount, quote.total) == (0, agreement.parts[2].amount)


def test_a_part_has_one_live_charge_early_or_not(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 6)
    client.pay_early(maria, agreement.id, idempotency_key=key())
    alone = charge_part(client, maria, agreement)
    assert client.charges(maria) == [alone]
    early = client.pay_early(maria, agreement.id, [1, 2], idempotency_key=key())
    assert client.charges(maria) == [early]


def test_nobody_changes_an_agreement_of_somebody_else(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    agreement = agree(client, maria, 3)
    other = make_customer(document="52601815906", phone=None)
    for change in (
        lambda: client.cancel_agreement(other, agreement.id, "x", idempotency_key=key()),
        lambda: client.change_due_date(other, agreement.id, 1, TODAY, idempotency_key=key()),
        lambda: client.quote_early_payment(other, agreement.id),
        lambda: pay_by_hand(client, other, "5.00", agreement_id=agreement.id),
    ):
        with pytest.raises(BillingRefused, match="not_found"):
            change()
