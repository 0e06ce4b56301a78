"""The only door to billing for the rest of the house: one method per endpoint of its API.

Every call ends within 10 seconds. A call that got no answer is repeated once, which is safe:
reading changes nothing, and writing carries an idempotency key.
"""

from datetime import date
from functools import cache
from urllib.parse import quote
from uuid import UUID

from bot.billing.actors import Actor
from bot.billing.customers.client import CustomersClient
from bot.billing.customers.shapes import (
    CustomerChange,
    CustomerDetails,
    CustomerPage,
    Hours,
    Invoice,
    InvoicePage,
)
from bot.billing.disputes.client import DisputesClient
from bot.billing.disputes.shapes import Dispute, DisputeDecision, DisputeKind, Disputes
from bot.billing.documents.client import DocumentsClient
from bot.billing.documents.shapes import Document, PublicDocument
from bot.billing.errors import BillingError, BillingRefused, BillingUnavailable
from bot.billing.figures.client import FiguresClient
from bot.billing.figures.shapes import DayFigures
from bot.billing.payments.client import PaymentsClient
from bot.billing.payments.shapes import EarlyQuote, Payment, Reconciliation
from bot.billing.promises.client import PromisesClient
from bot.billing.promises.shapes import Promise, Promises
from bot.billing.proposal_shapes import Proposal, Proposals
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
    PublicCharge,
    Reason,
    Wish,
)
from bot.billing.transport import ISSUE_SECONDS, checked
from bot.settings import get_settings

__all__ = [
    "Actor",
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
    "DayFigures",
    "Debts",
    "Dispute",
    "DisputeDecision",
    "DisputeKind",
    "Disputes",
    "Document",
    "EarlyQuote",
    "Evidence",
    "Hours",
    "Identification",
    "Invoice",
    "InvoicePage",
    "Offer",
    "Offers",
    "Payment",
    "Promise",
    "Promises",
    "Proposal",
    "PublicCharge",
    "PublicDocument",
    "Reason",
    "Reconciliation",
    "Wish",
    "get_client",
]


class BillingClient(
    CustomersClient,
    DisputesClient,
    DocumentsClient,
    FiguresClient,
    PaymentsClient,
    PromisesClient,
):
    """Billing's API at `base_url`. Safe to share between threads.

    Every method raises `BillingUnavailable` when there is no usable answer and
    `BillingRefused`, with its stable `code`, when billing says no.
    """

    def identify(
        self,
        phone: str | None,
        cpf_digits: str | None,
        birth_date: date | None = None,
        *,
        idempotency_key: str,
    ) -> Identification:
        """Compare what was typed with who owns `phone`, counting the attempt.

        A birth date without digits is a second way; when it does not match, or is not known to
        us, it is refused like wrong digits, and answered with `locked_until` once locked.
        """
        body = checked(
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
        body = checked(OffersRequest, reason=reason, wish=wish)
        return self._post(f"/customers/{customer_id}/offers", body, Offers)

    def offer(self, customer_id: UUID | str, offer_id: str) -> Offer:
        """Return an offer made to this customer."""
        return self._get(f"/customers/{customer_id}/offers/{quote(offer_id, safe='')}", Offer)

    def proposals(self, customer_id: UUID | str) -> list[Proposal]:
        """Return what the customer proposed that a person must decide on, newest first."""
        return self._get(f"/customers/{customer_id}/proposals", Proposals).proposals

    def agree(
        self, customer_id: UUID | str, offer_id: str, evidence: Evidence, *, idempotency_key: str
    ) -> Agreement:
        """Make the agreement; its charge is null while the bank has not issued it yet.

        Refusals: `offer_expired`, `already_agreed`, `not_found`.
        """
        body = checked(AgreementRequest, offer_id=offer_id, evidence=evidence)
        path = f"/customers/{customer_id}/agreements"
        return self._post(path, body, Agreement, idempotency_key, ISSUE_SECONDS)

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
        `nothing_to_charge`, `already_agreed`, `not_found`; `charge_pending` while the bank has
        not answered (ask again a little later), `charge_refused` when it said no.
        """
        body = checked(ChargeRequest, invoice_id=invoice_id, agreement_id=agreement_id)
        path = f"/customers/{customer_id}/charges"
        return self._post(path, body, Charge, idempotency_key, ISSUE_SECONDS)

    def public_charge(self, token: str) -> PublicCharge:
        """Return what the public page shows.

        Refusals: `not_found`, `charge_expired`, `charge_replaced`, `charge_cancelled`,
        `link_expired`.
        """
        return self._get(f"/public/charges/{quote(token, safe='')}", PublicCharge)

    def slip(self, token: str) -> bytes:
        """Return the boleto of a public charge as PDF. Refusals as for `public_charge`."""
        return self._call("GET", f"/public/charges/{quote(token, safe='')}/slip.pdf").content


@cache
def get_client() -> BillingClient:
    """The client of this process, for the billing of its settings."""
    settings = get_settings()
    return BillingClient(settings.billing_url, settings.billing_token.get_secret_value())
