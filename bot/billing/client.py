"""The only door to billing for the rest of the house: one method per endpoint of its API.

Every call ends within 10 seconds. A call that got no answer is repeated once, which is safe:
reading changes nothing, and writing carries an idempotency key.
"""

import time
from datetime import date
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import requests
from pydantic import BaseModel, ValidationError

from bot.billing.customers.shapes import (
    CustomerChange,
    CustomerDetails,
    CustomerPage,
    CustomerSearch,
    Invoice,
    InvoicePage,
    WriteOffRequest,
)
from bot.billing.documents.shapes import Document, Documents, PublicDocument
from bot.billing.errors import BillingError, BillingRefused, BillingUnavailable
from bot.billing.shapes import (
    Agreement,
    AgreementRequest,
    Agreements,
    Charge,
    ChargeRequest,
    Charges,
    Customer,
    Debts,
    Evidence,
    Identification,
    IdentificationRequest,
    Offer,
    Offers,
    OffersRequest,
    PageQuery,
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
    "CustomerChange",
    "CustomerDetails",
    "CustomerPage",
    "Debts",
    "Document",
    "Evidence",
    "Identification",
    "Invoice",
    "InvoicePage",
    "Offer",
    "Offers",
    "PublicCharge",
    "PublicDocument",
    "Reason",
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

    def customer(self, customer_id: UUID | str) -> CustomerDetails:
        """Return who `customer_id` is and how they like to be reached."""
        return self._get(f"/customers/{customer_id}", CustomerDetails)

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

    # --- customers and their invoices

    def find_customers(self, **search: Any) -> CustomerPage:
        """Return who fits: `document`, `phone`, `name` (its beginning), `external_id`.

        At most `limit`; `cursor` is the `next_cursor` of the page before.
        """
        return self._get(f"/customers?{_query(CustomerSearch, search)}", CustomerPage)

    def change_customer(
        self, customer_id: UUID | str, change: CustomerChange, *, idempotency_key: str
    ) -> CustomerDetails:
        """Change what `change` names only. Refusals: `phone_taken`, `hours_reversed`."""
        return self._send(
            "PATCH", f"/customers/{customer_id}", change, CustomerDetails, idempotency_key
        )

    def invoices(
        self, customer_id: UUID | str, cursor: str | None = None, limit: int = 50
    ) -> InvoicePage:
        """Return the customer's invoices in whatever state, the oldest first."""
        query = _query(PageQuery, {"cursor": cursor, "limit": limit})
        return self._get(f"/customers/{customer_id}/invoices?{query}", InvoicePage)

    def write_off(
        self, customer_id: UUID | str, invoice_id: UUID | str, reason: str, *, idempotency_key: str
    ) -> Invoice:
        """Give an invoice up for good. Refusals: `not_allowed`, `already_agreed`, `not_open`."""
        path = f"/customers/{customer_id}/invoices/{invoice_id}/write-off"
        return self._post(path, _request(WriteOffRequest, reason=reason), Invoice, idempotency_key)

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

    # --- the wire

    def _get(self, path: str, shape: type[Answer]) -> Answer:
        return _read(self._call("GET", path), shape)

    def _post(
        self, path: str, body: BaseModel, shape: type[Answer], idempotency_key: str | None = None
    ) -> Answer:
        return self._send("POST", path, body, shape, idempotency_key)

    def _send(
        self,
        method: str,
        path: str,
        body: BaseModel,
        shape: type[Answer],
        idempotency_key: str | None,
    ) -> Answer:
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        data = body.model_dump_json(exclude_unset=method == "PATCH").encode()
        return _read(self._call(method, path, data=data, headers=headers), shape)

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


def _query(shape: type[Answer], fields: dict[str, Any]) -> str:
    """Return checked `fields` as a query string."""
    return urlencode(_request(shape, **fields).model_dump(mode="json", exclude_none=True))


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
