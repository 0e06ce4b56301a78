"""The only door to billing for the rest of the house: one method per endpoint of its API.

Every call ends within 10 seconds. A call that got no answer is repeated once, which is safe:
reading changes nothing, and writing carries an idempotency key.
"""

import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import requests
from pydantic import BaseModel, ValidationError

from bot.billing.documents.shapes import Document, Documents, PublicDocument
from bot.billing.errors import BillingError, BillingRefused, BillingUnavailable
from bot.billing.payments.shapes import (
    MatchRequest,
    Payment,
    PaymentRequest,
    Payments,
    Receipt,
    Reconciliation,
    RefundRequest,
)
from bot.billing.shapes import (
    Agreement,
    AgreementRequest,
    Agreements,
    CancellationRequest,
    Charge,
    ChargeRequest,
    Charges,
    Customer,
    Debts,
    DueDateRequest,
    EarlyPaymentRequest,
    EarlyQuote,
    Evidence,
    Identification,
    IdentificationRequest,
    Offer,
    Offers,
    OffersRequest,
    PublicCharge,
    Reason,
    Wish,
)
from bot.settings import get_settings

__all__ = [
    "Agreement",
    "BillingClient",
    "BillingError",
    "BillingRefused",
    "BillingUnavailable",
    "Charge",
    "Customer",
    "Debts",
    "Document",
    "EarlyQuote",
    "Evidence",
    "Identification",
    "Offer",
    "Offers",
    "Payment",
    "PublicCharge",
    "PublicDocument",
    "Reason",
    "Reconciliation",
    "Wish",
    "get_client",
]

CONNECT_SECONDS = 1.0
READ_SECONDS = 4.0
ATTEMPTS = 2

Answer = TypeVar("Answer", bound=BaseModel)


class BillingClient:
    """Billing's API at `base_url`. Safe to share between threads.

    Every method raises `BillingUnavailable` when there is no usable answer and
    `BillingRefused`, with its stable `code`, when billing says no.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=64))

    def identify(
        self,
        phone: str | None,
        cpf_digits: str,
        birth_date: date | None = None,
        *,
        idempotency_key: str,
    ) -> Identification:
        """Compare what was typed with who owns `phone`, counting the attempt."""
        body = _request(
            IdentificationRequest, phone=phone, cpf_digits=cpf_digits, birth_date=birth_date
        )
        return self._post("/identifications", body, Identification, idempotency_key)

    def customer(self, customer_id: UUID | str) -> Customer:
        """Return who `customer_id` is."""
        return self._get(f"/customers/{customer_id}", Customer)

    def debts(self, customer_id: UUID | str) -> Debts:
        """Return what the customer owes today, itemised."""
        return self._get(f"/customers/{customer_id}/debts", Debts)

    def offers(
        self,
        customer_id: UUID | str,
        reason: Reason | str = Reason.UNKNOWN,
        wish: Wish | None = None,
    ) -> Offers:
        """Return at most four ways to settle, the nearest to `wish` the policy allows."""
        body = _request(OffersRequest, reason=reason, wish=wish)
        return self._post(f"/customers/{customer_id}/offers", body, Offers)

    def offer(self, customer_id: UUID | str, offer_id: str) -> Offer:
        """Return an offer made to this customer."""
        return self._get(f"/customers/{customer_id}/offers/{quote(offer_id, safe='')}", Offer)

    def agree(
        self, customer_id: UUID | str, offer_id: str, evidence: Evidence, *, idempotency_key: str
    ) -> Agreement:
        """Make the agreement and the charge of its first instalment.

        Refusals: `offer_expired`, `already_agreed`, `not_found`.
        """
        body = _request(AgreementRequest, offer_id=offer_id, evidence=evidence)
        return self._post(f"/customers/{customer_id}/agreements", body, Agreement, idempotency_key)

    def agreements(self, customer_id: UUID | str) -> list[Agreement]:
        """Return the customer's agreements, newest first."""
        return self._get(f"/customers/{customer_id}/agreements", Agreements).agreements

    def charges(self, customer_id: UUID | str) -> list[Charge]:
        """Return the charges that can be paid now."""
        return self._get(f"/customers/{customer_id}/charges", Charges).charges

    def issue_charge(
        self,
        customer_id: UUID | str,
        *,
        invoice_id: UUID | None = None,
        agreement_id: UUID | None = None,
        idempotency_key: str,
    ) -> Charge:
        """Return a payable charge for an invoice, an agreement's next instalment, or everything.

        The live one if it still fits, else a new one in its place. Refusals:
        `nothing_to_charge`, `already_agreed`, `not_found`.
        """
        body = _request(ChargeRequest, invoice_id=invoice_id, agreement_id=agreement_id)
        return self._post(f"/customers/{customer_id}/charges", body, Charge, idempotency_key)

    def public_charge(self, token: str) -> PublicCharge:
        """Return what the public page shows.

        Refusals: `not_found`, `charge_expired`, `charge_replaced`, `charge_cancelled`,
        `link_expired`.
        """
        return self._get(f"/public/charges/{quote(token, safe='')}", PublicCharge)

    def slip(self, token: str) -> bytes:
        """Return the boleto of a public charge as PDF. Refusals as for `public_charge`."""
        return self._call("GET", f"/public/charges/{quote(token, safe='')}/slip.pdf").content

    # --- documents

    def documents(self, customer_id: UUID | str) -> list[Document]:
        """Return every document the customer can have now, newest first, each with its link."""
        return self._get(f"/customers/{customer_id}/documents", Documents).documents

    def public_document(self, token: str) -> PublicDocument:
        """Return what proves a document.

        Refusals: `document_not_found`, `document_expired`, `document_withdrawn`.
        """
        return self._get(f"/public/documents/{quote(token, safe='')}", PublicDocument)

    def document_pdf(self, token: str) -> bytes:
        """Return a document as PDF, for a link that opens it. Refusals as above."""
        path = f"/public/documents/{quote(token, safe='')}/document.pdf"
        return self._call("GET", path).content

    # --- payments, and what becomes of agreements

    def payments_of(self, customer_id: UUID | str) -> list[Payment]:
        """Return the customer's payments with what each paid, oldest first."""
        return self._get(f"/customers/{customer_id}/payments", Payments).payments

    def waiting_payments(self) -> list[Payment]:
        """Return the payments only a person can place, or give back in part."""
        return self._get("/payments/waiting", Payments).payments

    def enter_payment(
        self, *, amount: Decimal, paid_on: date, reference: str, idempotency_key: str, **what: UUID
    ) -> Payment:
        """Write down a payment a person saw.

        `what` it is for: customer_id, charge_id, agreement_id or invoice_id. Refusals:
        `payment_known`, `paid_on_refused`, `not_found`.
        """
        body = _request(PaymentRequest, amount=amount, paid_on=paid_on, reference=reference, **what)
        return self._post("/payments", body, Payment, idempotency_key)

    def match_payment(
        self, payment_id: UUID | str, *, idempotency_key: str, **what: UUID
    ) -> Payment:
        """Say `what` an unmatched payment was for, as above.

        Refusals: `payment_matched`, `not_found`.
        """
        body = _request(MatchRequest, **what)
        return self._post(f"/payments/{payment_id}/match", body, Payment, idempotency_key)

    def refund_payment(
        self, payment_id: UUID | str, amount: Decimal, *, idempotency_key: str
    ) -> Payment:
        """Write down that money was given back. Refusals: `refund_too_high`, `not_found`."""
        body = _request(RefundRequest, amount=amount)
        return self._post(f"/payments/{payment_id}/refunds", body, Payment, idempotency_key)

    def reconciliation(self, first: date, last: date) -> Reconciliation:
        """Return what was paid from `first` to `last`, with totals that add up."""
        return self._get(f"/reconciliation?from={first}&to={last}", Reconciliation)

    def notify(self, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
        """Hand over a provider's webhook as it came; False when it came before.

        Refusals: `webhook_refused` (401), `not_found` for an unknown provider.
        """
        path = f"/provider-notifications/{quote(provider, safe='')}"
        return _read(self._call("POST", path, data=body, headers=dict(headers)), Receipt).new

    def change_due_date(
        self,
        customer_id: UUID | str,
        agreement_id: UUID | str,
        number: int,
        due: date,
        *,
        idempotency_key: str,
    ) -> Agreement:
        """Give a part of an agreement another date; its charge is replaced.

        Refusals: `due_date_refused`, `agreement_not_active`, `not_found`.
        """
        body = _request(DueDateRequest, number=number, due=due)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/due-dates"
        return self._post(path, body, Agreement, idempotency_key)

    def quote_early_payment(
        self, customer_id: UUID | str, agreement_id: UUID | str, numbers: list[int] | None = None
    ) -> EarlyQuote:
        """Return what unpaid parts (none named: all) cost now, with less interest.

        Refusals: `agreement_not_active`, `not_found`.
        """
        body = _request(EarlyPaymentRequest, numbers=numbers)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/early-payment-quotes"
        return self._post(path, body, EarlyQuote)

    def pay_early(
        self,
        customer_id: UUID | str,
        agreement_id: UUID | str,
        numbers: list[int] | None = None,
        *,
        idempotency_key: str,
    ) -> Charge:
        """Return one charge for these parts, in place of theirs. Refusals as for the quote."""
        body = _request(EarlyPaymentRequest, numbers=numbers)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/early-payments"
        return self._post(path, body, Charge, idempotency_key)

    def cancel_agreement(
        self,
        customer_id: UUID | str,
        agreement_id: UUID | str,
        reason: str,
        *,
        idempotency_key: str,
    ) -> Agreement:
        """End an agreement; its bills are owed again less what was paid.

        Refusals: `agreement_not_active`, `not_found`.
        """
        body = _request(CancellationRequest, reason=reason)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/cancellation"
        return self._post(path, body, Agreement, idempotency_key)

    # --- the wire

    def _get(self, path: str, shape: type[Answer]) -> Answer:
        return _read(self._call("GET", path), shape)

    def _post(
        self, path: str, body: BaseModel, shape: type[Answer], idempotency_key: str | None = None
    ) -> Answer:
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return _read(
            self._call("POST", path, data=body.model_dump_json().encode(), headers=headers), shape
        )

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        started = time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._call_once(method, path, **options)
            except BillingUnavailable:
                slow = time.monotonic() - started > CONNECT_SECONDS + READ_SECONDS
                if attempt == ATTEMPTS or slow:
                    raise
        raise AssertionError("unreachable")

    def _call_once(self, method: str, path: str, **options: Any) -> requests.Response:
        url = self._base_url + path
        try:
            response = self._session.request(
                method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), **options
            )
        except requests.RequestException as error:
            raise BillingUnavailable(f"{method} {url}: {type(error).__name__}") from error
        if response.status_code >= 500:
            raise BillingUnavailable(f"{method} {url}: answered {response.status_code}")
        if not response.ok:
            raise _refusal(response)
        return response


@cache
def get_client() -> BillingClient:
    """The client of this process, for the billing of its settings."""
    settings = get_settings()
    return BillingClient(settings.billing_url, settings.billing_token.get_secret_value())


def _request(shape: type[Answer], **fields: Any) -> Answer:
    try:
        return shape(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BillingRefused(
            f"{field}: {first['msg']}", code="invalid_request", status=422
        ) from error


def _read(response: requests.Response, shape: type[Answer]) -> Answer:
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        raise BillingUnavailable(
            f"{response.url}: the answer is not a {shape.__name__}: {error.errors()[0]['msg']}"
        ) from error


def _refusal(response: requests.Response) -> BillingRefused:
    try:
        problem = response.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        code, detail = f"http_{response.status_code}", response.text[:200]
    return BillingRefused(detail, code=code, status=response.status_code)
