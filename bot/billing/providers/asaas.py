"""Asaas (API v3): boletos with Pix, registered and payable.

Multa, juros and discounts are not sent: a charge has one amount, ours, for as long as it can be
paid; a late debtor gets a new one. Nothing but name and document of the debtor goes to Asaas,
and Asaas is told not to write to them: only we know when that is allowed.
"""

import hmac
import json
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import requests
from pydantic import BaseModel, Field, ValidationError

from bot.billing import boleto
from bot.billing.providers.contract import (
    SECONDS,
    Cancelled,
    ChargeState,
    Issued,
    Notification,
    NotificationKind,
    Order,
    Paid,
    Refused,
    State,
    Unknown,
    WebhookRefused,
    header,
    readable,
)

Model = TypeVar("Model", bound=BaseModel)

TOKEN_HEADER = "asaas-access-token"
CONNECT_SECONDS = 2.0
READ_SECONDS = 4.0

PAID = {"RECEIVED", "CONFIRMED", "RECEIVED_IN_CASH", "DUNNING_RECEIVED"}
OPEN = {"PENDING", "OVERDUE", "AWAITING_RISK_ANALYSIS", "AUTHORIZED", "DUNNING_REQUESTED"}
PARTIALLY_REFUNDED = "PAYMENT_PARTIALLY_REFUNDED"
# https://docs.asaas.com/docs/payment-events; CONFIRMED comes before RECEIVED, or after it.
KINDS = {
    "PAYMENT_CONFIRMED": NotificationKind.PAID,
    "PAYMENT_RECEIVED": NotificationKind.PAID,
    "PAYMENT_DUNNING_RECEIVED": NotificationKind.PAID,
    "PAYMENT_REFUNDED": NotificationKind.REFUNDED,
    PARTIALLY_REFUNDED: NotificationKind.REFUNDED,
    "PAYMENT_CHARGEBACK_REQUESTED": NotificationKind.REFUNDED,
    "PAYMENT_RECEIVED_IN_CASH_UNDONE": NotificationKind.REFUNDED,
    "PAYMENT_DELETED": NotificationKind.CANCELLED,
}


class _Customer(BaseModel):
    id: str
    deleted: bool = False


class _Customers(BaseModel):
    data: list[_Customer]


class _Refund(BaseModel):
    value: Decimal
    status: str


class _Payment(BaseModel):
    """A charge, as Asaas calls it; `value` is what was paid once it was."""

    id: str
    value: Decimal
    dueDate: date  # noqa: N815
    status: str
    deleted: bool = False
    externalReference: str | None = None  # noqa: N815
    clientPaymentDate: date | None = None  # noqa: N815
    paymentDate: date | None = None  # noqa: N815
    confirmedDate: date | None = None  # noqa: N815
    refunds: list[_Refund] | None = None

    @property
    def state(self) -> ChargeState:
        if self.deleted:
            return ChargeState.GONE
        if self.status in PAID:
            return ChargeState.PAID
        return ChargeState.OPEN if self.status in OPEN else ChargeState.REFUNDED

    @property
    def refunded(self) -> Decimal:
        """What went back so far."""
        done = (refund.value for refund in self.refunds or () if refund.status == "DONE")
        return sum(done, Decimal("0.00"))

    @property
    def paid_on(self) -> date | None:
        """The day on which the debtor paid, which is not always that of the credit."""
        return self.clientPaymentDate or self.paymentDate or self.confirmedDate


class _Payments(BaseModel):
    data: list[_Payment]


class _Line(BaseModel):
    identificationField: str  # noqa: N815
    nossoNumero: str  # noqa: N815


class _PixCode(BaseModel):
    payload: str = Field(min_length=1)


class _Event(BaseModel):
    id: str = Field(min_length=1)
    event: str
    payment: _Payment | None = None


class _Rejected(Unknown):
    """Asaas read the request and said no (400)."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.refused = Refused(code, reason)


class AsaasProvider:
    """Asaas at `url` (sandbox or production). Safe to share between threads."""

    name = "asaas"
    demonstration = False

    def __init__(self, url: str, api_key: str, webhook_token: str) -> None:
        self._url = url.rstrip("/")
        self._token = webhook_token
        self._session = requests.Session()
        self._session.headers.update({"access_token": api_key, "User-Agent": "combinado"})

    def issue(self, order: Order) -> Issued | Refused:
        """Create a charge for `order`, or take up the one it has already."""
        calls = _Calls(self._session, self._url)
        payment = next(iter(_payments(calls, order.reference)), None)
        if payment is None:
            try:
                payment = _create(calls, order)
            except _Rejected as rejected:
                return rejected.refused
        if (payment.value, payment.dueDate) != (order.amount, order.due):
            return Refused("reference_taken", f"{order.reference} is another charge, {payment.id}")
        return _codes(calls, payment)

    def cancel(self, reference: str) -> Cancelled | Paid:
        """Delete whatever can still be paid under `reference`."""
        calls = _Calls(self._session, self._url)
        payments = _payments(calls, reference)
        for payment in payments:
            if payment.state == ChargeState.OPEN:
                calls.call("DELETE", f"/payments/{quote(payment.id, safe='')}")
        paid = (_paid(payment) for payment in payments if payment.state == ChargeState.PAID)
        return next(paid, Cancelled())

    def state(self, reference: str) -> State | None:
        """Tell how a charge stands; a deleted one is not known any more."""
        payments = _payments(_Calls(self._session, self._url), reference)
        payments.sort(key=lambda payment: payment.state != ChargeState.PAID)
        return next((State(p.state, p.value, p.paid_on) for p in payments), None)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read an event that carries the token given to Asaas for this webhook."""
        token = header(headers, TOKEN_HEADER)
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise WebhookRefused(401, f"{TOKEN_HEADER} is not ours")
        try:
            event = _Event.model_validate(_loads(body))
        except (ValueError, RecursionError) as error:
            raise WebhookRefused(400, f"not an event of Asaas: {_first(error)}") from None
        kind = KINDS.get(event.event, NotificationKind.IGNORED)
        payment = event.payment
        if payment is None:
            return Notification(event.id, NotificationKind.IGNORED, "", "", None, None)
        is_partial = event.event == PARTIALLY_REFUNDED
        return readable(
            Notification(
                event_id=event.id,
                kind=kind,
                provider_payment_id=payment.id,
                provider_reference=payment.externalReference or "",
                amount=payment.refunded if is_partial else payment.value,
                paid_on=payment.paid_on,
            )
        )


class _Calls:
    """HTTP calls that end before one deadline, however many they are."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session = session
        self._url = url
        self._deadline = time.monotonic() + SECONDS

    def call(self, method: str, path: str, body: str | None = None, **query: str) -> Any:
        """Return the JSON of the answer. Raises Unknown, or _Rejected for a 400.

        Asaas refuses a GET with a body, so that only what has one says what it is.
        """
        what = f"{method} {path}"
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=query,
                data=body and body.encode(),
                headers={"Content-Type": "application/json"} if body else None,
                timeout=self._timeout(what),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unknown(f"{what}: {type(error).__name__}") from error
        if response.status_code == 400:
            raise _rejection(response)
        if response.status_code != 200:
            raise Unknown(f"{what}: answered {response.status_code}")
        return _json(response, what)

    def _timeout(self, what: str) -> tuple[float, float]:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Unknown(f"{what}: no time was left for it")
        return min(CONNECT_SECONDS, left), min(READ_SECONDS, left)


def _payments(calls: _Calls, reference: str) -> list[_Payment]:
    """Return what there is under a reference and is not deleted."""
    page = _read(_Payments, calls.call("GET", "/payments", externalReference=reference))
    return [payment for payment in page.data if not payment.deleted]


def _paid(payment: _Payment) -> Paid:
    if payment.paid_on is None:
        raise Unknown(f"{payment.id} is paid, and does not say when")
    return Paid(payment.id, payment.value, payment.paid_on)


def _create(calls: _Calls, order: Order) -> _Payment:
    fields = {
        "customer": _customer(calls, order),
        "billingType": "BOLETO",
        "dueDate": order.due.isoformat(),
        "description": order.description[:500],
        "externalReference": order.reference,
    }
    # A number, and never a float on the way.
    body = f'{json.dumps(fields)[:-1]}, "value": {order.amount:.2f}}}'
    return _read(_Payment, calls.call("POST", "/payments", body))


def _customer(calls: _Calls, order: Order) -> str:
    """Return Asaas's id of the debtor, who is made known to it when it knows none."""
    page = _read(_Customers, calls.call("GET", "/customers", cpfCnpj=order.payer_document))
    for customer in page.data:
        if not customer.deleted:
            return customer.id
    fields = {
        "name": order.payer_name,
        "cpfCnpj": order.payer_document,
        "notificationDisabled": True,
    }
    return _read(_Customer, calls.call("POST", "/customers", json.dumps(fields))).id


def _codes(calls: _Calls, payment: _Payment) -> Issued:
    """Fetch line and Pix of a charge; a line that does not say its amount is not handed over."""
    path = f"/payments/{quote(payment.id, safe='')}"
    line = _read(_Line, calls.call("GET", f"{path}/identificationField"))
    code = _read(_PixCode, calls.call("GET", f"{path}/pixQrCode"))
    try:
        slip = boleto.parse(line.identificationField, payment.dueDate)
    except ValueError as error:
        raise Unknown(f"the line of {payment.id} is not valid: {error}") from None
    if slip.bank is None or slip.amount != payment.value:
        raise Unknown(f"the line of {payment.id} is not for its amount")
    return Issued(
        bank=slip.bank,
        nosso_numero_printed=line.nossoNumero,
        barcode=slip.barcode,
        linha_digitavel=slip.linha_digitavel,
        pix_payload=code.payload,
    )


def _rejection(response: requests.Response) -> _Rejected:
    """Read `{"errors": [{"code", "description"}]}`, of which there may be several."""
    try:
        errors = response.json()["errors"]
        reason = " ".join(str(error["description"]) for error in errors)
        return _Rejected(str(errors[0]["code"]), reason[:500])
    except (ValueError, KeyError, TypeError, IndexError):
        return _Rejected("bad_request", "Asaas answered 400 and did not say why")


def _json(response: requests.Response, what: str) -> Any:
    try:
        return _loads(response.content)
    except ValueError:
        raise Unknown(f"{what}: the answer is not JSON") from None


def _loads(body: bytes) -> Any:
    return json.loads(body, parse_float=Decimal)


def _read(model: type[Model], answer: Any) -> Model:
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        raise Unknown(f"the answer is not a {model.__name__}: {_first(error)}") from None


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return type(error).__name__
