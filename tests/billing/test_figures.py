"""What happened on a day, counted: exactly, by whom, and the same whenever it is asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.billing.client import Actor, BillingClient, DayFigures
from bot.billing.context import SAO_PAULO, Context
from bot.billing.customers.shapes import CustomerChange
from bot.billing.http import EXTENSION
from bot.billing.nightly.service import work_out
from bot.billing.promises.service import settle
from bot.db import transaction
from tests.billing.paying import agree, paid, pay_by_hand
from tests.billing.support import EVIDENCE, TODAY, Api, MakeCustomer, key

OPERATOR = Actor("operator", "ana")


def counted(found: DayFigures) -> dict[tuple[str, str], tuple[int, str]]:
    return {(one.name, one.by): (one.count, str(one.amount)) for one in found.figures}


def test_a_day_of_agreements_and_payments(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    """The bot and an operator make one agreement each; the bot's is paid the same day."""
    joao = make_customer([("100.00", 10)], "52601815906", "5511911112222", name="João")
    theirs, ours = agree(client, maria, 1), agree(client.acting_for(OPERATOR), joao, 1)
    assert theirs.charge is not None
    paid(client, theirs.charge)
    found = client.figures(TODAY)
    assert counted(found) == {
        ("customers_offered", "bot"): (1, "0.00"),
        ("customers_offered", "people"): (1, "0.00"),
        ("agreements_made", "bot"): (1, str(theirs.total)),
        ("agreements_made", "people"): (1, str(ours.total)),
        ("agreements_first_paid", "bot"): (1, str(theirs.total)),
        ("agreements_completed", "bot"): (1, str(theirs.total)),
        ("payments_received", "bot"): (1, str(theirs.total)),
    }
    assert client.figures(TODAY) == found
    assert counted(client.figures(TODAY - timedelta(days=1))) == {}


def test_promises_end_on_their_day_and_a_day_gone_by_stays_as_it_was(
    api: Api, client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    """Broken on one day; the late payment of the next takes nothing back."""
    context: Context = api.app.extensions[EXTENSION]
    made = client.promise(maria, TODAY, EVIDENCE, amount=Decimal("50.00"), idempotency_key=key())
    api.clock.pass_days((made.grace_until - TODAY).days + 1)
    broken_on = api.clock.now.astimezone(SAO_PAULO).date()
    with transaction() as session:
        settle(session, context, maria, made.id)
    first, broken = client.figures(TODAY), client.figures(broken_on)
    assert counted(first) == {("promises_made", "bot"): (1, "50.00")}
    assert counted(broken) == {("promises_broken", "bot"): (1, "50.00")}
    api.clock.pass_days(1)
    pay_by_hand(client, maria, "50.00", on=made.grace_until)
    assert [client.figures(TODAY), client.figures(broken_on)] == [
        first,
        broken.model_copy(update={"not_due": None}),
    ]
    assert counted(client.figures(broken_on + timedelta(days=1))) == {
        ("promises_kept", "bot"): (1, "50.00"),
        ("payments_received", "nobody"): (1, "50.00"),
    }


def test_refunds_and_opt_outs_are_dated_by_the_audit(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    """Its clock is the database's; what other tests wrote there today stays."""
    api.clock.now = datetime.now(UTC)
    today = api.clock.now.astimezone(SAO_PAULO).date()
    before = counted(client.figures(today))
    payment = pay_by_hand(client, maria, "20.00", on=today)
    for amount in ("5.00", "7.00"):
        client.refund_payment(payment.id, Decimal(amount), idempotency_key=key())
    client.change_customer(maria, CustomerChange(opted_out_by="whatsapp"), idempotency_key=key())
    found = counted(client.figures(today))
    assert found["payments_received", "nobody"] == (1, "20.00")
    assert found["payments_refunded", "nobody"] == (2, "12.00")
    earlier, _ = before.get(("opt_outs", "bot"), (0, "0.00"))
    assert found["opt_outs", "bot"] == (earlier + 1, "0.00")


def test_ageing_is_that_of_the_night(
    api: Api, client: BillingClient, make_customer: MakeCustomer
) -> None:
    """And unknown for a night that was not worked out."""
    make_customer([("100.00", 3), ("200.00", 3), ("70.00", -4)])
    found = client.figures(TODAY)
    assert found.ageing is None
    assert found.not_due == Decimal("70.00")
    work_out(api.app.extensions[EXTENSION])
    ageing = client.figures(TODAY).ageing
    assert ageing is not None
    assert len(ageing) == 8
    assert (ageing[0].bucket, ageing[0].invoices) == ("1-5", 2)
    assert ageing[0].total > Decimal("300.00")
    assert client.figures(TODAY - timedelta(days=1)).not_due is None


def test_bills_that_come_in_are_counted(
    api: Api, client: BillingClient, make_customer: MakeCustomer
) -> None:
    """On the day they came in, by the audit's clock."""
    today = datetime.now(UTC).astimezone(SAO_PAULO).date()
    before = counted(client.figures(today)).get(("invoices_billed", "nobody"), (0, "0.00"))
    make_customer([("100.00", 3), ("200.00", 3)])
    count, amount = counted(client.figures(today))["invoices_billed", "nobody"]
    assert count == before[0] + 2
    assert Decimal(amount) == Decimal(before[1]) + 300


def test_a_name_that_nobody_was_told_to_clear_in_time_is_counted_once(
    client: BillingClient, maria: UUID
) -> None:
    """On the day after its last day; told late is late for ever, told in time is not; where
    nobody listens there is nothing to count."""
    invoice = client.debts(maria).debts[0]
    pay_by_hand(client, maria, str(invoice.total), invoice_id=invoice.invoice_id)
    [(event, clear_by)] = _rows(
        "SELECT id, CAST(data ->> 'clear_name_by' AS date) FROM billing.events"
        " WHERE name = 'invoice.paid'"
    )
    after = clear_by + timedelta(1)
    late = ("late_name_removals", "nobody")
    assert late not in counted(client.figures(after))
    _run(
        "INSERT INTO billing.subscriptions (id, url, secret, events, active, failures, created_at)"
        " VALUES (gen_random_uuid(), 'https://x.example', 's', '{invoice.paid}', true, 0,"
        " '2026-01-01')"
    )
    assert counted(client.figures(after))[late] == (1, "0.00")
    assert late not in counted(client.figures(clear_by))
    for told, is_late in ((after, True), (clear_by, False)):
        _run("DELETE FROM billing.deliveries")
        _run(
            "INSERT INTO billing.deliveries (id, subscription_id, event_id, status, attempts,"
            " next_attempt_at, delivered_at, created_at) SELECT gen_random_uuid(), id, :event,"
            " 'delivered', 1, now(), CAST(:at AS timestamptz), now() FROM billing.subscriptions",
            event=event,
            at=f"{told}T12:00:00-03:00",
        )
        assert (late in counted(client.figures(after))) == is_late


def _rows(sql: str, **values: object) -> list[Any]:
    with transaction() as session:
        return list(session.execute(text(sql), values))


def _run(sql: str, **values: object) -> None:
    with transaction() as session:
        session.execute(text(sql), values)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_empty_days(client: BillingClient, day: str) -> None:
    """No day is an error."""
    assert counted(client.figures(datetime.fromisoformat(day).date())) == {}
