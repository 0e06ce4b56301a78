"""From a yes to a boleto at the bank: once, whatever dies or stays silent on the way."""

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
import requests
from sqlalchemy import select, update

from bot import db
from bot.billing import issuing
from bot.billing.agreements import agree
from bot.billing.charge_models import ChargeInvoiceRow, ChargeRow, ChargeStatus
from bot.billing.client import (
    Agreement,
    BillingClient,
    BillingRefused,
    BillingUnavailable,
    Charge,
    Offer,
)
from bot.billing.context import Context, make_context
from bot.billing.events.models import EventRow
from bot.billing.events.shapes import EventName
from bot.billing.providers import Order, tasks
from bot.billing.providers.asaas import TOKEN_HEADER, AsaasProvider
from bot.billing.shapes import AgreementRequest
from bot.db import transaction
from bot.settings import get_settings
from tests.billing.providers.fake_asaas import (
    API_KEY,
    PATIENCE,
    WEBHOOK_TOKEN,
    FakeAsaas,
    Fault,
    impatience,
)
from tests.billing.support import EVIDENCE, TODAY, TOKEN, Api, FakeClock, MakeCustomer, key
from tests.house import House

SILENT = Fault(done=True, seconds=PATIENCE + 0.3)
LOST = Fault(done=True)
"""The bank has done it, and its answer is lost."""
DOWN = Fault(status=500)
LATER = issuing.LONGEST_PAUSE + timedelta(seconds=1)


def plan(client: BillingClient, customer: UUID, count: int = 3) -> Offer:
    return next(offer for offer in client.offers(customer).offers if offer.count == count)


def say_yes(client: BillingClient, customer: UUID, same: str | None = None) -> Agreement:
    offer = plan(client, customer)
    return client.agree(customer, offer.id, EVIDENCE, idempotency_key=same or key())


def second_copy(client: BillingClient, customer: UUID, same: str | None = None) -> Charge:
    return client.issue_charge(customer, idempotency_key=same or key())


def charge_invoice(client: BillingClient, customer: UUID, invoice: UUID) -> Charge:
    return client.issue_charge(customer, invoice_id=invoice, idempotency_key=key())


def references(asaas: FakeAsaas) -> list[str]:
    return [payment["externalReference"] for payment in asaas.live()]


def rows() -> list[ChargeRow]:
    with transaction() as session:
        return list(session.scalars(select(ChargeRow).order_by(ChargeRow.nosso_numero)))


def states() -> list[str]:
    return [row.status.value for row in rows()]


def told_of() -> list[str]:
    """The charges of which others heard that they can be paid."""
    with transaction() as session:
        issued = select(EventRow).where(EventRow.name == EventName.CHARGE_ISSUED)
        return [row.data["charge_id"] for row in session.scalars(issued)]


def pass_lease(clock: FakeClock) -> None:
    clock.now += LATER


class TestIssuing:
    def test_a_yes_gives_the_boleto_that_is_at_the_bank(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        charge = say_yes(client, maria).charge
        assert charge is not None
        [payment] = asaas.live()
        assert (payment["value"], payment["dueDate"]) == (charge.amount, str(charge.due))
        assert client.charges(maria) == [charge]
        token = charge.url.rsplit("/")[-1]
        page = client.public_charge(token)
        assert (page.amount, page.bank_name, page.demonstration) == (
            charge.amount,
            "Banco 461",
            False,
        )
        assert client.slip(token).startswith(b"%PDF")

    def test_the_link_of_a_charge_not_issued_yet_says_so(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        asaas.fail("POST /payments", DOWN)
        say_yes(client, maria)
        assert client.public_charge(rows()[0].token).status == "issuing"
        with pytest.raises(BillingRefused, match="charge_pending"):
            client.slip(rows()[0].token)

    def test_twenty_who_accept_at_once_get_one_agreement_and_one_charge(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        offer, same = plan(client, maria), key()
        with ThreadPoolExecutor(20) as pool:
            answers = list(
                pool.map(
                    lambda _: client.agree(maria, offer.id, EVIDENCE, idempotency_key=same),
                    range(20),
                )
            )
        assert len({answer.id for answer in answers}) == 1
        assert {answer.charge for answer in answers} == {client.charges(maria)[0]}
        assert asaas.created() == 1

    def test_no_transaction_is_open_while_the_bank_is_asked(
        self, client: BillingClient, maria: UUID, api: Api, context: Context, asaas: FakeAsaas
    ) -> None:
        has_been_seen = Event()
        asaas.fail("POST /payments", Fault(status=500, until=has_been_seen))
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(say_yes, client, maria)
            while "POST /payments" not in asaas.calls:
                time.sleep(0.001)
            assert [agreement.charge for agreement in client.agreements(maria)] == [None]
            assert not asked.done()
            has_been_seen.set()
            assert asked.result().charge is None

    @pytest.mark.parametrize(
        "call",
        ["POST /customers", "POST /payments", "GET /payments/{id}/pixQrCode", "GET /payments"],
    )
    @pytest.mark.parametrize("fault", [SILENT, DOWN, Fault(), Fault(done=True)], ids=str)
    def test_a_bank_that_does_not_answer_costs_no_agreement_and_doubles_no_charge(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
        call: str,
        fault: Fault,
    ) -> None:
        asaas.fail(call, fault)
        offer, same = plan(client, maria), key()
        with impatience():
            while asaas.faults[call]:  # on a busy machine another call may be too slow before it
                pass_lease(clock)
                first = client.agree(maria, offer.id, EVIDENCE, idempotency_key=same)
        assert first.charge is None
        assert client.agree(maria, offer.id, EVIDENCE, idempotency_key=same) == first
        pass_lease(clock)
        again = client.agree(maria, offer.id, EVIDENCE, idempotency_key=same)
        assert again.charge == client.charges(maria)[0]
        assert asaas.created() == 1

    def test_whoever_asks_for_a_charge_the_bank_is_silent_about_is_told_to_ask_again(
        self, api: Api, maria: UUID, clock: FakeClock, context: Context, asaas: FakeAsaas
    ) -> None:
        asaas.fail("POST /payments", LOST)
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": key()}
        url = f"{api.url}/customers/{maria}/charges"
        pending = requests.post(url, json={}, headers=headers, timeout=5)
        assert (pending.status_code, pending.json()["code"]) == (503, "charge_pending")
        assert int(pending.headers["Retry-After"]) > 0
        pass_lease(clock)
        assert requests.post(url, json={}, headers=headers, timeout=5).status_code == 200
        assert asaas.created() == 1

    def test_the_client_says_that_a_charge_is_pending_and_not_that_billing_is_down(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        asaas.fail("POST /payments", DOWN)
        with pytest.raises(BillingRefused) as refused:
            second_copy(client, maria)
        assert refused.value.code == "charge_pending"

    def test_a_second_copy_asked_elsewhere_waits_for_the_same_charge(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        asaas.fail("POST /payments", LOST)
        for _ in range(3):
            with pytest.raises(BillingRefused, match="charge_pending"):
                second_copy(client, maria)
        pass_lease(clock)
        assert client.charges(maria) == []
        charge = second_copy(client, maria)
        assert (asaas.created(), client.charges(maria)) == (1, [charge])

    def test_the_job_finishes_what_nobody_asks_for_again(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        asaas.fail("POST /payments", LOST)
        say_yes(client, maria)
        issuing.settle_forgotten(context)
        assert (client.charges(maria), told_of()) == ([], [])
        pass_lease(clock)
        issuing.settle_forgotten(context)
        [charge] = client.charges(maria)
        assert (asaas.created(), told_of()) == (1, [str(charge.id)])

    def test_many_customers_are_finished_by_one_run_of_the_job(
        self,
        client: BillingClient,
        make_customer: MakeCustomer,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        documents = ["52998224725", "52601815906", "18609139034"]
        customers = [make_customer(document=text, phone=None) for text in documents]
        asaas.fail("GET /payments", DOWN, DOWN, DOWN)
        for customer in customers:
            say_yes(client, customer)
        pass_lease(clock)
        issuing.settle_forgotten(context)
        assert [len(client.charges(customer)) for customer in customers] == [1, 1, 1]

    def test_a_bank_long_down_is_asked_less_and_less_often_but_every_minute(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        asaas.fail("GET /payments", *[DOWN] * 6)
        say_yes(client, maria)
        pauses = []
        for _ in range(5):
            pauses.append((_next_attempt() - clock.now).total_seconds())
            clock.now = _next_attempt()
            issuing.settle_forgotten(context)
        assert pauses == [20, 40, 60, 60, 60]

    def test_a_provider_with_a_bug_loses_no_agreement(
        self,
        client: BillingClient,
        maria: UUID,
        api: Api,
        clock: FakeClock,
        context: Context,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def crash(order: Order) -> None:
            raise KeyError(order.reference)

        with monkeypatch.context() as patch:
            patch.setattr(context.provider, "issue", crash)
            assert say_yes(client, maria).charge is None
        pass_lease(clock)
        issuing.settle_forgotten(context)
        assert client.agreements(maria)[0].charge is not None


class TestRefusals:
    def test_what_the_bank_refuses_is_told_with_its_reason(
        self, client: BillingClient, make_customer: MakeCustomer, context: Context, asaas: FakeAsaas
    ) -> None:
        customer = make_customer([("4.00", 10)])
        with pytest.raises(BillingRefused) as refused:
            second_copy(client, customer)
        assert (refused.value.status, refused.value.code) == (409, "charge_refused")
        assert "inferior a R$ 5,00" in refused.value.detail
        assert (states(), asaas.created()) == (["refused"], 0)

    def test_a_refused_charge_is_seen_until_another_is_there(
        self, api: Api, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        bad = {"errors": [{"code": "invalid_name", "description": "Nome inválido."}]}
        asaas.fail("POST /customers", Fault(status=400, body=bad))
        with pytest.raises(BillingRefused, match="charge_refused"):
            second_copy(client, maria)
        [waiting] = _waiting(api, maria)
        assert (waiting["status"], waiting["problem"]) == ("refused", "Nome inválido.")
        assert second_copy(client, maria) == client.charges(maria)[0]
        assert _waiting(api, maria) == []

    def test_a_charge_waited_for_is_seen_with_what_is_in_its_way(
        self, api: Api, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        asaas.fail("POST /payments", DOWN)
        assert say_yes(client, maria).charge is None
        [waiting] = _waiting(api, maria)
        assert (waiting["status"], waiting["problem"]) == (
            "issuing",
            "POST /payments: answered 500",
        )

    def test_an_agreement_stands_though_its_charge_was_refused(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        asaas.fail("POST /customers", Fault(status=400))
        agreement = say_yes(client, maria)
        assert (agreement.status, agreement.charge) == ("active", None)
        charge = client.issue_charge(maria, agreement_id=agreement.id, idempotency_key=key())
        assert client.agreements(maria)[0].charge == charge


class TestReplacing:
    def test_the_old_charge_is_cancelled_at_the_bank_before_the_new_one_is_issued(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        old = second_copy(client, maria)
        clock.pass_days(5)
        asaas.calls.clear()
        new = second_copy(client, maria)
        assert new.amount > old.amount
        assert asaas.calls.index("DELETE /payments/{id}") < asaas.calls.index("POST /payments")
        assert len(asaas.live()) == 1

    def test_an_agreement_takes_the_charge_of_the_bare_debt_back_at_the_bank(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        second_copy(client, maria)
        charge = say_yes(client, maria).charge
        assert charge is not None
        assert [payment["value"] for payment in asaas.live()] == [charge.amount]

    @pytest.mark.parametrize("call", ["GET /payments", "DELETE /payments/{id}"])
    def test_as_long_as_nobody_knows_if_the_old_one_is_cancelled_no_new_one_is_issued(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
        call: str,
    ) -> None:
        second_copy(client, maria)
        clock.pass_days(5)
        asaas.fail(call, DOWN, DOWN)
        for _ in range(2):
            with pytest.raises(BillingRefused, match="charge_pending"):
                second_copy(client, maria)
            issuing.settle_forgotten(context)
            assert asaas.created() == 1
            pass_lease(clock)
        clock.now += timedelta(minutes=1)
        assert second_copy(client, maria) == client.charges(maria)[0]
        assert (asaas.created(), len(asaas.live())) == (2, 1)

    def test_when_the_old_one_turns_out_to_be_paid_no_new_one_is_issued(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        second_copy(client, maria)
        asaas.pay(references(asaas)[0], TODAY)
        clock.pass_days(5)
        with pytest.raises(BillingRefused, match="charge_refused") as refused:
            second_copy(client, maria)
        assert "was paid meanwhile" in refused.value.detail
        assert (states(), asaas.created()) == (["paid", "refused"], 1)

    def test_money_for_a_charge_taken_back_too_late_is_taken_in_once_webhook_or_not(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        charge = second_copy(client, maria)
        event = asaas.pay(references(asaas)[0], TODAY)
        clock.pass_days(5)
        with pytest.raises(BillingRefused, match="charge_refused"):
            second_copy(client, maria)
        assert client.debts(maria).total == 0
        with pytest.raises(BillingRefused, match="nothing_to_charge"):
            second_copy(client, maria)
        body = json.dumps(event, default=float).encode()
        assert client.notify("asaas", body, {TOKEN_HEADER: WEBHOOK_TOKEN})
        [payment] = client.payments_of(maria)
        assert (payment.amount, payment.paid_on) == (charge.amount, TODAY)

    def test_a_cancellation_that_waits_keeps_no_other_debt_waiting(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        first, second = (debt.invoice_id for debt in client.debts(maria).debts)
        old = charge_invoice(client, maria, first)
        clock.pass_days(5)
        asaas.fail("DELETE /payments/{id}", DOWN)
        with pytest.raises(BillingRefused, match="charge_pending"):
            charge_invoice(client, maria, first)
        other = charge_invoice(client, maria, second)
        assert client.charges(maria) == [other]
        assert {payment["value"] for payment in asaas.live()} == {old.amount, other.amount}
        assert states() == ["cancelling", "issuing", "live"]

    def test_a_charge_paid_meanwhile_refuses_what_was_to_replace_it_and_nothing_else(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        first, second = (debt.invoice_id for debt in client.debts(maria).debts)
        charge_invoice(client, maria, first)
        clock.pass_days(5)
        asaas.fail("DELETE /payments/{id}", DOWN)
        asaas.fail("POST /payments", DOWN)
        for invoice in (first, second):
            with pytest.raises(BillingRefused, match="charge_pending"):
                charge_invoice(client, maria, invoice)
        asaas.pay(references(asaas)[0], TODAY)
        pass_lease(clock)
        issuing.settle_forgotten(context)
        assert states() == ["paid", "refused", "live"]

    def test_parts_of_one_agreement_do_not_wait_for_each_other(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        agreement = say_yes(client, maria)
        early = client.pay_early(maria, agreement.id, [2, 3], idempotency_key=key())
        asaas.fail("DELETE /payments/{id}", DOWN)
        later = agreement.parts[2].due + timedelta(days=1)
        client.change_due_date(maria, agreement.id, 3, later, idempotency_key=key())
        due = agreement.parts[0].due + timedelta(days=1)
        moved = client.change_due_date(maria, agreement.id, 1, due, idempotency_key=key())
        assert moved.charge is not None
        assert early.amount in {payment["value"] for payment in asaas.live()}
        assert client.charges(maria) == [moved.charge]

    def test_a_charge_replaced_while_the_bank_was_silent_is_taken_back_when_found(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        asaas.fail("POST /payments", LOST)
        with pytest.raises(BillingRefused, match="charge_pending"):
            second_copy(client, maria)
        one = client.debts(maria).debts[0].invoice_id
        with pytest.raises(BillingRefused, match="charge_pending"):
            client.issue_charge(maria, invoice_id=one, idempotency_key=key())
        pass_lease(clock)
        issuing.settle_forgotten(context)
        assert states() == ["cancelled", "live"]
        assert references(asaas) == [rows()[1].reference]

    def test_two_charges_asked_for_at_once_never_both_stand_at_the_bank(
        self, client: BillingClient, maria: UUID, context: Context, asaas: FakeAsaas
    ) -> None:
        one = client.debts(maria).debts[0].invoice_id

        def ask(number: int) -> None:
            invoice = one if number % 2 else None
            client.issue_charge(maria, invoice_id=invoice, idempotency_key=key())

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(8)))
        assert references(asaas) == [row.reference for row in rows() if row.status == "live"]
        assert len(asaas.live()) == 1

    def test_an_expired_charge_is_taken_back_at_the_bank_once_payments_of_its_last_day_are_known(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        second_copy(client, maria)
        clock.pass_days(9)
        issuing.settle_forgotten(context)
        assert states() == ["live"]
        assert client.charges(maria) == []
        clock.pass_days(4)
        issuing.settle_forgotten(context)
        assert (states(), asaas.live()) == (["expired"], [])

    def test_a_charge_paid_on_its_last_day_does_not_expire(
        self,
        client: BillingClient,
        maria: UUID,
        clock: FakeClock,
        context: Context,
        asaas: FakeAsaas,
    ) -> None:
        second_copy(client, maria)
        asaas.pay(references(asaas)[0], TODAY)
        clock.pass_days(30)
        issuing.settle_forgotten(context)
        assert states() == ["paid"]

    def test_boletos_of_the_sandbox_are_replaced_once_there_is_a_real_bank(
        self, client: BillingClient, maria: UUID, request: pytest.FixtureRequest
    ) -> None:
        sandbox = second_copy(client, maria)
        request.getfixturevalue("context")
        asaas: FakeAsaas = request.getfixturevalue("asaas")
        assert second_copy(client, maria).id != sandbox.id
        assert (states(), len(asaas.live())) == (["cancelled", "live"], 1)

    def test_boletos_of_a_bank_are_not_replaced_where_it_cannot_be_asked(
        self, api: Api, client: BillingClient, maria: UUID, asaas: FakeAsaas, context: Context
    ) -> None:
        second_copy(client, maria)
        sandbox = replace(make_context(get_settings()), clock=context.clock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(api.app.extensions, "billing_context", sandbox)
            with pytest.raises(BillingRefused, match="charge_pending"):
                second_copy(client, maria)
        assert len(asaas.live()) == 1

    def test_invoices_of_a_charge_taken_back_are_free_for_another(
        self, client: BillingClient, maria: UUID, context: Context
    ) -> None:
        second_copy(client, maria)
        say_yes(client, maria)
        with transaction() as session:
            live = session.scalars(select(ChargeInvoiceRow).where(ChargeInvoiceRow.live)).all()
        assert live == []


class TestSandbox:
    def test_the_job_of_the_worker_issues_what_was_written_without_a_request(
        self, api: Api, client: BillingClient, maria: UUID
    ) -> None:
        offer, context = plan(client, maria), make_context(get_settings(), api.clock)
        request = AgreementRequest(offer_id=offer.id, evidence=EVIDENCE)
        with transaction() as session:
            agree(session, context, maria, request, "by hand")
        assert client.agreements(maria)[0].charge is None
        asyncio.run(tasks.settle_forgotten_charges(timestamp=0))
        assert client.agreements(maria)[0].charge is not None


class TestKilled:
    """`kill -9` of the real process, with a bank that has the charge or does not yet."""

    @pytest.fixture
    def house(self, api: Api, asaas: FakeAsaas, tmp_path: Path) -> Iterator[House]:
        house = House(
            db.database_url(),
            tmp_path,
            BILLING_PROVIDER="asaas",
            ASAAS_API_URL=asaas.url,
            ASAAS_API_KEY=API_KEY,
            ASAAS_WEBHOOK_TOKEN=WEBHOOK_TOKEN,
        )
        house.start("billing")
        yield house
        house.stop_all()

    @pytest.mark.parametrize("call", ["GET /customers", "POST /payments"])
    def test_billing_killed_between_agreement_and_charge_finishes_it_once(
        self, house: House, maria: UUID, asaas: FakeAsaas, call: str
    ) -> None:
        client, same = BillingClient(house.url("billing"), TOKEN), key()
        offer = plan(client, maria)
        asaas.fail(call, Fault(done=True, seconds=5))
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(client.agree, maria, offer.id, EVIDENCE, idempotency_key=same)
            while call not in asaas.calls:
                time.sleep(0.01)
            house.kill("billing")
            with pytest.raises(BillingUnavailable):
                asked.result()
        assert states() == ["issuing"]
        house.start("billing")
        _end_leases()
        agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=same)
        assert agreement.charge == client.charges(maria)[0]
        assert (states(), asaas.created()) == (["live"], 1)

    def test_the_job_finishes_what_a_killed_process_began(
        self, house: House, maria: UUID, asaas: FakeAsaas, provider: AsaasProvider
    ) -> None:
        client = BillingClient(house.url("billing"), TOKEN)
        asaas.fail("POST /payments", Fault(done=True, seconds=5))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(say_yes, client, maria)
            while not asaas.created():
                time.sleep(0.01)
            house.kill("billing")
        _end_leases()
        issuing.settle_forgotten(replace(make_context(get_settings()), provider=provider))
        assert (states(), asaas.created()) == (["live"], 1)


def _next_attempt() -> Any:
    return rows()[0].next_attempt_at


def _end_leases() -> None:
    """Let the time pass for which the killed process had claimed its charge."""
    with transaction() as session:
        session.execute(
            update(ChargeRow)
            .where(ChargeRow.status == ChargeStatus.ISSUING)
            .values(next_attempt_at=ChargeRow.next_attempt_at - LATER)
        )


def _waiting(api: Api, customer: UUID) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.get(f"{api.url}/customers/{customer}/charges", headers=headers, timeout=5)
    waiting: list[dict[str, Any]] = answer.json()["waiting"]
    return waiting
