"""What came in, told so that it adds up; and the public door for providers."""

import argparse
import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from uuid import UUID

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from bot.billing.charge_models import ChargeRow, ChargeStatus
from bot.billing.client import BillingClient
from bot.billing.payments import command, reconciliation
from bot.billing.payments.reconciliation import reconcile
from bot.billing.payments.report import COLUMNS, to_csv
from bot.billing.providers.builtin import SIGNATURE_HEADER, sign
from bot.billing.webhooks import blueprint
from bot.db import transaction
from tests.billing.paying import agree, event, paid, pay_by_hand, reference, tell
from tests.billing.support import TODAY, TOKEN, Api, key

MONTH = (TODAY - timedelta(days=30), TODAY)


@pytest.fixture
def some_payments(client: BillingClient, maria: UUID) -> None:
    """A part paid with too much after all, one unknown, one that went back."""
    pay_by_hand(client, maria, "50.00", on=TODAY - timedelta(days=3))
    agreement = agree(client, maria, 1)
    assert agreement.charge is not None
    paid(client, agreement.charge, agreement.charge.amount + 7)
    tell(client, event("paid", "=1+1", amount="11.11", paid_on=TODAY))
    back = pay_by_hand(client, maria, "20.00")
    client.refund_payment(back.id, Decimal("20.00"), idempotency_key=key())


@pytest.mark.usefixtures("some_payments")
def test_the_totals_add_up_and_nothing_is_left_out(client: BillingClient) -> None:
    report = client.reconciliation(*MONTH)
    totals = report.totals
    assert len(report.payments) == 4
    assert (totals.to_refund, totals.unmatched, totals.refunded) == (7, Decimal("11.11"), 20)
    parts = (totals.principal, totals.late_charges, totals.to_refund, totals.unmatched)
    assert totals.received == sum(parts) + totals.refunded
    assert client.reconciliation(TODAY - timedelta(days=9), MONTH[0]).payments == []


@pytest.mark.usefixtures("some_payments")
def test_the_csv_has_a_row_for_each_thing_a_payment_did(client: BillingClient) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(client.reconciliation(*MONTH)))))
    assert tuple(rows[0]) == COLUMNS
    done = [row["what"] for row in rows if not row["what"].startswith("total")]
    assert sorted(done) == ["paid", "paid", "refunded", "to refund", "unmatched"]
    assert {row["reference"] for row in rows if row["what"] == "unmatched"} == {"'=1+1"}
    split = [row for row in rows if row["what"] == "paid"]
    total = next(row for row in rows if row["what"] == "total principal")
    assert sum(Decimal(row["principal"]) for row in split) == Decimal(total["amount"])


@pytest.mark.usefixtures("some_payments")
def test_the_command_prints_the_csv_of_the_days_it_is_asked_for(
    client: BillingClient, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(**vars(parser.parse_args([f"--from={MONTH[0]}", f"--to={MONTH[1]}"])))
    assert capsys.readouterr().out == to_csv(client.reconciliation(*MONTH))


@pytest.mark.parametrize(("ours", "theirs"), [(True, False), (False, True), (True, None)])
def test_a_charge_on_which_we_and_the_provider_differ_is_named(
    client: BillingClient,
    maria: UUID,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    ours: bool,
    theirs: bool | None,
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    if ours:
        paid(client, charge)
    monkeypatch.setattr(reconciliation, "provider_says_paid", lambda _, row: theirs)
    report = reconcile(api.app.extensions["billing_context"], TODAY, charge.due)
    expected = [] if theirs is None else [(reference(charge), "us" if ours else "provider")]
    assert [(one.reference, one.paid_says) for one in report.differences] == expected
    assert report.unasked == 0


def test_a_charge_known_to_be_paid_without_its_payment_is_named(
    client: BillingClient, maria: UUID, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider said so when we wanted to cancel it, and its webhook never came."""
    charge = client.issue_charge(maria, idempotency_key=key())
    with transaction() as session:
        session.get_one(ChargeRow, charge.id).status = ChargeStatus.PAID
    monkeypatch.setattr(reconciliation, "provider_says_paid", lambda _, row: True)
    report = reconcile(api.app.extensions["billing_context"], TODAY, charge.due)
    assert [one.paid_says for one in report.differences] == ["provider"]


def test_a_slow_provider_is_not_waited_for(
    client: BillingClient, maria: UUID, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.issue_charge(maria, idempotency_key=key())
    report = reconcile(api.app.extensions["billing_context"], TODAY, TODAY + timedelta(9), -1)
    assert report.unasked == 1


# --- the public door


@pytest.fixture
def door(client: BillingClient) -> Iterator[str]:
    app = Flask("web")
    app.register_blueprint(blueprint(client))
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.port}/webhooks/"
    listening.shutdown()


def test_a_signed_webhook_is_answered_200_once_it_is_stored(
    client: BillingClient, maria: UUID, door: str
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    body = event("paid", reference(charge), amount=str(charge.amount), paid_on=TODAY)
    headers = {SIGNATURE_HEADER: sign(body, TOKEN), "Authorization": "Bearer theirs"}
    for _ in range(2):
        assert requests.post(door + "builtin", body, headers=headers, timeout=5).status_code == 200
    assert [payment.amount for payment in client.payments_of(maria)] == [charge.amount]


@pytest.mark.parametrize(("provider", "status"), [("builtin", 401), ("asaas", 404), ("x", 404)])
def test_a_webhook_nobody_signed_is_answered_as_what_it_is(
    client: BillingClient, door: str, provider: str, status: int
) -> None:
    assert requests.post(door + provider, b"{}", timeout=5).status_code == status


def test_while_billing_is_down_a_webhook_is_to_come_again() -> None:
    app = Flask("web")
    app.register_blueprint(blueprint(BillingClient("http://127.0.0.1:1", TOKEN)))
    answer = app.test_client().post("/webhooks/builtin", data=b"{}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
