"""Asaas: what is sent to it, and every way in which it does not answer."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Event

import pytest

from bot.billing.client import BillingClient
from bot.billing.providers import (
    Cancelled,
    ChargeState,
    Issued,
    NotificationKind,
    Paid,
    Refused,
    State,
    Unknown,
)
from bot.billing.providers import asaas as asaas_module
from bot.billing.providers.asaas import TOKEN_HEADER, AsaasProvider
from bot.billing.providers.contract import SECONDS
from tests.billing.providers.fake_asaas import (
    API_KEY,
    PATIENCE,
    WEBHOOK_TOKEN,
    FakeAsaas,
    Fault,
    impatience,
)
from tests.billing.providers.test_contract import ORDER, issue

EVERY_CALL = [
    "GET /payments",
    "GET /customers",
    "POST /customers",
    "POST /payments",
    "GET /payments/{id}/identificationField",
    "GET /payments/{id}/pixQrCode",
]
PAID_ON = date(2026, 7, 23)


def test_only_our_amount_is_charged_and_asaas_does_not_write_to_the_debtor(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    [customer], [payment] = asaas.customers.values(), asaas.payments.values()
    assert customer["notificationDisabled"]
    assert (customer["name"], customer["cpfCnpj"]) == (ORDER.payer_name, ORDER.payer_document)
    assert (payment["value"], payment["dueDate"]) == (ORDER.amount, "2026-07-24")
    assert (payment["externalReference"], payment["billingType"]) == ("C7", "BOLETO")
    assert payment["description"] == "Sofá em 10x"
    assert not {"fine", "interest", "discount"} & set(payment)


def test_a_debtor_known_to_asaas_is_not_made_twice(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    issue(provider, replace(ORDER, nosso_numero=8, reference="C8"))
    assert len(asaas.customers) == 1


def test_a_debtor_deleted_at_asaas_is_made_again(provider: AsaasProvider, asaas: FakeAsaas) -> None:
    issue(provider)
    next(iter(asaas.customers.values()))["deleted"] = True
    issue(provider, replace(ORDER, nosso_numero=8, reference="C8"))
    assert len(asaas.customers) == 2


def test_a_line_that_changed_at_asaas_is_fetched_again(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    before = issue(provider)
    asaas.update(next(iter(asaas.payments)), description="outra")
    assert issue(provider).linha_digitavel != before.linha_digitavel


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Decimal("4.99")}, "invalid_value"),
        ({"due": date(2026, 7, 21)}, "invalid_dueDate"),
        ({"payer_document": "123"}, "invalid_cpfCnpj"),
    ],
)
def test_what_asaas_will_not_issue_is_refused_with_its_reason(
    provider: AsaasProvider, change: dict[str, object], code: str
) -> None:
    refused = provider.issue(replace(ORDER, **change))  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.reason


@pytest.mark.parametrize("call", EVERY_CALL)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=401),
        Fault(status=403),
        Fault(status=404),
        Fault(status=429),
        Fault(status=500, done=True),
        Fault(status=200, done=True),
        Fault(),
        Fault(done=True),
        Fault(done=True, seconds=PATIENCE + 0.3),
    ],
    ids=str,
)
def test_whatever_goes_wrong_a_charge_is_issued_once(
    provider: AsaasProvider, asaas: FakeAsaas, call: str, fault: Fault
) -> None:
    asaas.fail(call, fault)
    with impatience():
        while asaas.faults[call]:  # on a busy machine another call may be too slow before it
            with pytest.raises(Unknown):
                provider.issue(ORDER)
    assert isinstance(provider.issue(ORDER), Issued)
    assert asaas.created() == 1


def test_a_wrong_key_is_not_a_refusal(asaas: FakeAsaas) -> None:
    with pytest.raises(Unknown, match="401"):
        AsaasProvider(asaas.url, "wrong", "").issue(ORDER)


def test_an_account_without_a_pix_key_gets_no_half_charge_through(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    no_key = {"errors": [{"code": "invalid_action", "description": "Cadastre uma chave Pix."}]}
    asaas.fail("GET /payments/{id}/pixQrCode", Fault(status=400, body=no_key))
    with pytest.raises(Unknown, match="Cadastre uma chave Pix"):
        provider.issue(ORDER)


def test_a_line_for_another_amount_is_not_handed_over(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    other = {
        "identificationField": "00190000090275928800021932978170187890000005000",
        "nossoNumero": "6543",
    }
    asaas.fail("GET /payments/{id}/identificationField", Fault(status=200, body=other))
    with pytest.raises(Unknown, match="not for its amount"):
        provider.issue(ORDER)


def test_a_reference_of_somebody_elses_charge_is_not_taken_for_ours(
    provider: AsaasProvider,
) -> None:
    issue(provider)
    refused = provider.issue(replace(ORDER, amount=Decimal("10.00")))
    assert isinstance(refused, Refused)
    assert refused.code == "reference_taken"


def test_a_cancelled_charge_cannot_be_paid_at_asaas(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    assert provider.cancel("C7") == Cancelled()
    assert asaas.live() == []
    assert provider.state("C7") is None


def test_a_paid_charge_cannot_be_cancelled(provider: AsaasProvider, asaas: FakeAsaas) -> None:
    issue(provider)
    event = asaas.pay("C7", PAID_ON)
    body = json.dumps(event, default=float).encode()
    told = provider.parse_webhook(body, {TOKEN_HEADER: WEBHOOK_TOKEN})
    assert provider.cancel("C7") == Paid(told.provider_payment_id, ORDER.amount, PAID_ON)


def test_a_charge_paid_in_the_moment_it_is_cancelled_is_not_taken_for_cancelled(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    not_now = {"errors": [{"code": "invalid_action", "description": "Não pode ser removida."}]}
    asaas.fail("DELETE /payments/{id}", Fault(status=400, body=not_now))
    with pytest.raises(Unknown, match="removida"):
        provider.cancel("C7")


@pytest.mark.parametrize("call", ["GET /payments", "DELETE /payments/{id}"])
def test_nothing_is_cancelled_as_long_as_nobody_knows(
    provider: AsaasProvider, asaas: FakeAsaas, call: str
) -> None:
    issue(provider)
    asaas.fail(call, Fault(status=500, done=True))
    with pytest.raises(Unknown, match="500"):
        provider.cancel("C7")
    assert provider.cancel("C7") == Cancelled()


def test_the_state_of_a_charge_is_told_for_reconciliation(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    assert provider.state("C7") == State(ChargeState.OPEN, ORDER.amount, None)
    asaas.pay("C7", PAID_ON, Decimal("810.00"))
    assert provider.state("C7") == State(ChargeState.PAID, Decimal("810.00"), PAID_ON)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("PAYMENT_CONFIRMED", NotificationKind.PAID),
        ("PAYMENT_RECEIVED", NotificationKind.PAID),
        ("PAYMENT_REFUNDED", NotificationKind.REFUNDED),
        ("PAYMENT_DELETED", NotificationKind.CANCELLED),
        ("PAYMENT_OVERDUE", NotificationKind.IGNORED),
        ("PAYMENT_BANK_SLIP_VIEWED", NotificationKind.IGNORED),
    ],
)
def test_events_of_asaas(
    provider: AsaasProvider, asaas: FakeAsaas, event: str, kind: NotificationKind
) -> None:
    issue(provider)
    [payment] = asaas.payments.values()
    paid = payment | {"confirmedDate": "2026-07-22"}
    body = json.dumps(asaas.event(event, paid), default=str).encode()
    told = provider.parse_webhook(body, {TOKEN_HEADER: WEBHOOK_TOKEN})
    assert (told.kind, told.provider_reference) == (kind, "C7")
    assert told.provider_payment_id == payment["id"]


def test_a_partial_refund_tells_what_went_back_so_far(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    [payment] = asaas.payments.values()
    refunds = [{"value": 10.5, "status": "DONE"}, {"value": 5, "status": "PENDING"}]
    event = asaas.event("PAYMENT_PARTIALLY_REFUNDED", payment | {"refunds": refunds})
    told = provider.parse_webhook(
        json.dumps(event, default=str).encode(), {TOKEN_HEADER: WEBHOOK_TOKEN}
    )
    assert (told.kind, told.amount) == (NotificationKind.REFUNDED, Decimal("10.5"))


def test_the_day_of_a_payment_is_the_one_on_which_the_debtor_paid(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    [payment] = asaas.payments.values()
    days = {"clientPaymentDate": "2026-07-20", "paymentDate": "2026-07-21"}
    body = json.dumps(asaas.event("PAYMENT_RECEIVED", payment | days), default=str).encode()
    told = provider.parse_webhook(body, {TOKEN_HEADER: WEBHOOK_TOKEN})
    assert told.paid_on == date(2026, 7, 20)


def test_an_event_about_no_charge_is_ignored(provider: AsaasProvider, asaas: FakeAsaas) -> None:
    body = json.dumps(asaas.event("TRANSFER_DONE", None)).encode()
    told = provider.parse_webhook(body, {TOKEN_HEADER: WEBHOOK_TOKEN})
    assert told.kind == NotificationKind.IGNORED


def test_a_charge_made_by_hand_at_asaas_has_no_reference(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    issue(provider)
    [payment] = asaas.payments.values()
    by_hand = payment | {"externalReference": None, "paymentDate": "2026-07-22"}
    body = json.dumps(asaas.event("PAYMENT_RECEIVED", by_hand), default=str).encode()
    assert provider.parse_webhook(body, {TOKEN_HEADER: WEBHOOK_TOKEN}).provider_reference == ""


def test_all_calls_together_end_in_time(
    provider: AsaasProvider, asaas: FakeAsaas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the six would be in time; on a slower machine there are fewer before the end."""
    monkeypatch.setattr(asaas_module, "SECONDS", 0.5)
    for call in EVERY_CALL:
        asaas.fail(call, Fault(slow=True, seconds=0.15))
    with pytest.raises(Unknown):
        provider.issue(ORDER)
    assert len(asaas.calls) < len(EVERY_CALL)


def test_a_call_that_is_never_answered_is_given_up(
    provider: AsaasProvider, asaas: FakeAsaas
) -> None:
    released = Event()
    asaas.fail("GET /payments", Fault(until=released))
    with impatience(), pytest.raises(Unknown, match="ReadTimeout"):
        provider.issue(ORDER)
    released.set()


def test_the_client_waits_longer_than_billing_does(client: BillingClient) -> None:
    from bot.billing import issuing
    from bot.billing.transport import CONNECT_SECONDS, ISSUE_SECONDS

    assert issuing.START_SECONDS + SECONDS < ISSUE_SECONDS
    assert CONNECT_SECONDS * 2 + ISSUE_SECONDS <= 10
    assert issuing.LEASE.total_seconds() > 2 * SECONDS


def test_the_key_is_only_ever_a_header(provider: AsaasProvider, asaas: FakeAsaas) -> None:
    issue(provider)
    assert not any(API_KEY in call for call in asaas.calls)
