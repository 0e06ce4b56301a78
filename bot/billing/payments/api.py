"""The API of payments, and of what becomes of agreements."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request

from bot.billing import agreement_changes, agreements, charges, early_charges
from bot.billing.errors import NotFound
from bot.billing.http import (
    IdempotencyHeaders,
    billing_context,
    once_and_settle,
    once_per_key,
    require_token,
)
from bot.billing.payments import inbox, service, views
from bot.billing.payments.errors import NotTheirs
from bot.billing.payments.reconciliation import reconcile
from bot.billing.payments.shapes import (
    CancellationRequest,
    DueDateRequest,
    EarlyPaymentRequest,
    EarlyQuote,
    MatchRequest,
    Payment,
    PaymentRequest,
    Payments,
    Period,
    Receipt,
    Reconciliation,
    RefundRequest,
)
from bot.billing.providers import WebhookRefused
from bot.billing.shapes import Agreement, Charge
from bot.db import transaction

SECONDS_TO_ASK = 2.0
AGREEMENT = "/customers/<uuid:customer_id>/agreements/<uuid:agreement_id>"

payments_api = APIBlueprint("payments", __name__, tag="payments")
payments_api.before_request(require_token)


@payments_api.post("/payments")
@payments_api.input(PaymentRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Payment, status_code=201)
@payments_api.doc(responses={404: "`not_found`"})
def post_payment(body: PaymentRequest, headers: IdempotencyHeaders) -> Any:
    """Write down a payment a person saw on a bank statement, and place it."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            201,
            views.to_payment(session, service.enter(session, context, body)),
        ),
    )


@payments_api.get("/payments/waiting")
@payments_api.output(Payments)
def get_waiting() -> Payments:
    """List the payments that wait for a person: unmatched, or with something to refund."""
    with transaction() as session:
        return Payments(payments=views.waiting_payments(session))


@payments_api.post("/payments/<uuid:payment_id>/match")
@payments_api.input(MatchRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Payment)
def post_match(payment_id: UUID, body: MatchRequest, headers: IdempotencyHeaders) -> Any:
    """Say what an unmatched payment was for."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            views.to_payment(session, service.match(session, context, payment_id, body)),
        ),
    )


@payments_api.post("/payments/<uuid:payment_id>/refunds")
@payments_api.input(RefundRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Payment)
def post_refund(payment_id: UUID, body: RefundRequest, headers: IdempotencyHeaders) -> Any:
    """Write down that money was given back; what it had paid is owed again."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            views.to_payment(session, service.refund(session, context, payment_id, body)),
        ),
    )


@payments_api.get("/customers/<uuid:customer_id>/payments")
@payments_api.output(Payments)
def get_payments(customer_id: UUID) -> Payments:
    """List a customer's payments with what each paid, oldest first."""
    with transaction() as session:
        return Payments(payments=views.payments_of(session, customer_id))


@payments_api.get("/reconciliation")
@payments_api.input(Period, location="query", arg_name="period")
@payments_api.output(Reconciliation)
def get_reconciliation(period: Period) -> Reconciliation:
    """Show what came in from one day to another, with totals that add up."""
    return reconcile(billing_context(), period.first, period.last, SECONDS_TO_ASK)


@payments_api.post("/provider-notifications/<provider>")
@payments_api.output(Receipt)
def post_notification(provider: str) -> Receipt:
    """Store a provider's webhook, whose body and headers came as they are, and act on it."""
    body, context = request.get_data(), billing_context()
    if provider != context.provider.name:
        raise NotFound(f"{provider} is not BILLING_PROVIDER")
    try:
        event = context.provider.parse_webhook(body, dict(request.headers))
    except WebhookRefused as refused:
        if refused.status == NotTheirs.status:
            raise NotTheirs(str(refused)) from None
        # Kept for a person: refused, it would come again and hold up what comes after it.
        with transaction() as session:
            return Receipt(new=inbox.keep_unreadable(session, context, provider, body))
    with transaction() as session:
        return Receipt(new=inbox.receive(session, context, provider, event, body))


@payments_api.post(AGREEMENT + "/due-dates")
@payments_api.input(DueDateRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Agreement)
def post_due_date(
    customer_id: UUID, agreement_id: UUID, body: DueDateRequest, headers: IdempotencyHeaders
) -> Any:
    """Give an unpaid part another due date, within the policy."""
    return once_and_settle(
        customer_id,
        body,
        headers,
        lambda session, context: (
            200,
            agreement_changes.change_due_date(session, context, customer_id, agreement_id, body),
        ),
        agreements.agreement_now,
    )


@payments_api.post(AGREEMENT + "/early-payment-quotes")
@payments_api.input(EarlyPaymentRequest, arg_name="body")
@payments_api.output(EarlyQuote)
def post_early_quote(
    customer_id: UUID, agreement_id: UUID, body: EarlyPaymentRequest
) -> EarlyQuote:
    """Tell what unpaid parts cost when they are paid now, with less interest."""
    with transaction() as session:
        return early_charges.quote_early_payment(
            session, billing_context(), customer_id, agreement_id, body
        )


@payments_api.post(AGREEMENT + "/early-payments")
@payments_api.input(EarlyPaymentRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Charge)
def post_early_payment(
    customer_id: UUID, agreement_id: UUID, body: EarlyPaymentRequest, headers: IdempotencyHeaders
) -> Any:
    """Give one charge for unpaid parts, with less interest, in place of theirs."""
    return once_and_settle(
        customer_id,
        body,
        headers,
        lambda session, context: (
            200,
            early_charges.pay_early(session, context, customer_id, agreement_id, body),
        ),
        charges.charge_now,
    )


@payments_api.post(AGREEMENT + "/cancellation")
@payments_api.input(CancellationRequest, arg_name="body")
@payments_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@payments_api.output(Agreement)
def post_cancellation(
    customer_id: UUID, agreement_id: UUID, body: CancellationRequest, headers: IdempotencyHeaders
) -> Any:
    """End an agreement; its bills are owed again, less what was paid."""
    return once_and_settle(
        customer_id,
        body,
        headers,
        lambda session, context: (
            200,
            agreement_changes.cancel(session, context, customer_id, agreement_id, body),
        ),
        agreements.agreement_now,
    )
