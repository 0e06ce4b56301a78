"""What every provider keeps to: the sandbox and Asaas alike."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.billing import boleto, pix
from bot.billing.policy import get_policy
from bot.billing.providers import (
    Cancelled,
    Issued,
    NotificationKind,
    Order,
    Provider,
    WebhookRefused,
)
from bot.billing.providers.asaas import TOKEN_HEADER, AsaasProvider
from bot.billing.providers.builtin import SIGNATURE_HEADER, BuiltinProvider, sign
from bot.creditor import get_creditor
from tests.billing.providers.fake_asaas import WEBHOOK_TOKEN

TODAY = date(2026, 7, 22)
ORDER = Order(
    amount=Decimal("802.42"),
    due=date(2026, 7, 24),
    nosso_numero=7,
    reference="C7",
    description="Sofá em 10x",
    payer_name="Maria de Souza",
    payer_document="52998224725",
)
SECRET = "secret-of-the-tests"
Headers = dict[str, str]
BUILTIN_PAID = {
    "event_id": "e1",
    "kind": "paid",
    "reference": "C7",
    "amount": "802.42",
    "paid_on": "2026-07-23",
}
ASAAS_PAID = {
    "id": "evt_1&1",
    "event": "PAYMENT_RECEIVED",
    "payment": {
        "id": "pay_1",
        "status": "RECEIVED",
        "value": 802.42,
        "dueDate": "2026-07-24",
        "externalReference": "C7",
        "clientPaymentDate": "2026-07-23",
        "paymentDate": "2026-07-24",
    },
}


@pytest.fixture(params=["builtin", "asaas"])
def each(request: pytest.FixtureRequest) -> Provider:
    if request.param == "builtin":
        return BuiltinProvider(get_policy().bank, get_creditor(), SECRET)
    provider: AsaasProvider = request.getfixturevalue("provider")
    return provider


def issue(provider: Provider, order: Order = ORDER) -> Issued:
    issued = provider.issue(order)
    assert isinstance(issued, Issued), issued
    return issued


def signed(provider: Provider, body: bytes) -> Headers:
    """The headers with which the provider would post `body`."""
    if provider.name == "builtin":
        return {SIGNATURE_HEADER: sign(body, SECRET)}
    return {TOKEN_HEADER: WEBHOOK_TOKEN}


def paid_event(provider: Provider) -> dict[str, Any]:
    return BUILTIN_PAID if provider.name == "builtin" else ASAAS_PAID


def test_boleto_and_pix_say_what_was_ordered(each: Provider) -> None:
    issued = issue(each)
    slip, code = boleto.parse(issued.linha_digitavel, TODAY), pix.parse(issued.pix_payload)
    assert (slip.amount, slip.due) == (ORDER.amount, ORDER.due)
    assert code.amount == ORDER.amount
    assert slip.bank == issued.bank
    assert boleto.linha_digitavel(issued.barcode) == issued.linha_digitavel
    assert issued.nosso_numero_printed


def test_the_same_order_again_is_the_same_boleto(each: Provider) -> None:
    assert issue(each) == issue(each)


def test_two_orders_are_two_boletos(each: Provider) -> None:
    other = replace(ORDER, nosso_numero=8, reference="C8")
    assert issue(each).linha_digitavel != issue(each, other).linha_digitavel


@pytest.mark.parametrize("document", ["52998224725", "11222333000181", "12ABC34501DE35"])
def test_people_and_companies_are_charged(each: Provider, document: str) -> None:
    assert issue(each, replace(ORDER, payer_document=document))


def test_what_was_issued_can_be_cancelled_and_that_again(each: Provider) -> None:
    issue(each)
    assert each.cancel("C7") == each.cancel("C7") == Cancelled()


def test_cancelling_what_was_never_issued_is_no_error(each: Provider) -> None:
    assert each.cancel("C999") == Cancelled()


def test_nobody_knows_how_a_charge_stands_that_was_never_issued(each: Provider) -> None:
    assert each.state("C999") is None


def test_a_payment_is_told_by_webhook(each: Provider) -> None:
    body = json.dumps(paid_event(each)).encode()
    told = each.parse_webhook(body, signed(each, body))
    assert (told.kind, told.provider_reference) == (NotificationKind.PAID, "C7")
    assert (told.amount, told.paid_on) == (Decimal("802.42"), date(2026, 7, 23))
    assert told.event_id
    assert told.provider_payment_id


def test_the_name_of_a_header_may_come_in_any_case(each: Provider) -> None:
    body = json.dumps(paid_event(each)).encode()
    headers = {name.upper(): value for name, value in signed(each, body).items()}
    assert each.parse_webhook(body, headers).kind == NotificationKind.PAID


@pytest.mark.parametrize(
    "forge",
    [
        lambda headers: {},
        lambda headers: dict.fromkeys(headers, ""),
        lambda headers: dict.fromkeys(headers, "sha256=0"),
        lambda headers: dict.fromkeys(headers, "é" * 40),
    ],
)
def test_a_webhook_that_may_be_forged_is_refused(
    each: Provider, forge: Callable[[Headers], Headers]
) -> None:
    body = json.dumps(paid_event(each)).encode()
    with pytest.raises(WebhookRefused) as refused:
        each.parse_webhook(body, forge(signed(each, body)))
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"{}", b'{"id": 1}', b'{"event_id": "e"}', b"[" * 100_000, b"null"],
)
def test_a_webhook_that_cannot_be_read_is_refused_and_says_why(each: Provider, body: bytes) -> None:
    with pytest.raises(WebhookRefused, match="not an event") as refused:
        each.parse_webhook(body, signed(each, body))
    assert refused.value.status == 400


def test_an_event_nobody_knows_is_ignored(each: Provider) -> None:
    event = paid_event(each) | {"event": "PAYMENT_SOMETHING_NEW", "kind": "something new"}
    body = json.dumps(event).encode()
    assert each.parse_webhook(body, signed(each, body)).kind == NotificationKind.IGNORED


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["id", "event", "payment", "reference"]), inner)
        ),
        max_leaves=10,
    )
)
def test_whatever_is_posted_is_read_or_refused(each: Provider, value: Any) -> None:
    body = json.dumps(value).encode()
    with suppress(WebhookRefused):
        assert each.parse_webhook(body, signed(each, body)).event_id
