"""What the client knows about payments, and about what becomes of agreements."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from bot.billing.payments.shapes import (
    CancellationRequest,
    DueDateRequest,
    EarlyPaymentRequest,
    EarlyQuote,
    MatchRequest,
    Payment,
    PaymentRequest,
    Payments,
    Receipt,
    Reconciliation,
    RefundRequest,
)
from bot.billing.shapes import Agreement, Charge
from bot.billing.transport import ISSUE_SECONDS, Transport, checked


class PaymentsClient(Transport):
    """What was paid, and agreements changed, paid early or ended."""

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
        body = checked(PaymentRequest, amount=amount, paid_on=paid_on, reference=reference, **what)
        return self._post("/payments", body, Payment, idempotency_key)

    def match_payment(
        self, payment_id: UUID | str, *, idempotency_key: str, **what: UUID
    ) -> Payment:
        """Say `what` an unmatched payment was for, as above.

        Refusals: `payment_matched`, `not_found`.
        """
        body = checked(MatchRequest, **what)
        return self._post(f"/payments/{payment_id}/match", body, Payment, idempotency_key)

    def refund_payment(
        self, payment_id: UUID | str, amount: Decimal, *, idempotency_key: str
    ) -> Payment:
        """Write down that money was given back. Refusals: `refund_too_high`, `not_found`."""
        body = checked(RefundRequest, amount=amount)
        return self._post(f"/payments/{payment_id}/refunds", body, Payment, idempotency_key)

    def reconciliation(self, first: date, last: date) -> Reconciliation:
        """Return what was paid from `first` to `last`, with totals that add up."""
        return self._get(f"/reconciliation?from={first}&to={last}", Reconciliation)

    def notify(self, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
        """Hand over a provider's webhook as it came; False when it came before.

        Refusals: `webhook_refused` (401), `not_found` for an unknown provider.
        """
        path = f"/provider-notifications/{quote(provider, safe='')}"
        return self._hand_over(path, body, dict(headers), Receipt).new

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
        body = checked(DueDateRequest, number=number, due=due)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/due-dates"
        return self._post(path, body, Agreement, idempotency_key, ISSUE_SECONDS)

    def quote_early_payment(
        self, customer_id: UUID | str, agreement_id: UUID | str, numbers: list[int] | None = None
    ) -> EarlyQuote:
        """Return what unpaid parts (none named: all) cost now, with less interest.

        Refusals: `agreement_not_active`, `not_found`.
        """
        body = checked(EarlyPaymentRequest, numbers=numbers)
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
        body = checked(EarlyPaymentRequest, numbers=numbers)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/early-payments"
        return self._post(path, body, Charge, idempotency_key, ISSUE_SECONDS)

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
        body = checked(CancellationRequest, reason=reason)
        path = f"/customers/{customer_id}/agreements/{agreement_id}/cancellation"
        return self._post(path, body, Agreement, idempotency_key, ISSUE_SECONDS)
