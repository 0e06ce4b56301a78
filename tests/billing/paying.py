"""How payments reach billing in its tests: as the built-in provider's webhook, or by hand."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from bot.billing.charge_models import ChargeRow
from bot.billing.client import Agreement, BillingClient, Charge, Payment, Wish
from bot.billing.providers.builtin import SIGNATURE_HEADER, sign
from bot.db import transaction
from tests.billing.support import EVIDENCE, TODAY, TOKEN, key


def reference(charge: Charge) -> str:
    with transaction() as session:
        return f"C{session.get_one(ChargeRow, charge.id).nosso_numero}"


def event(kind: str, of: str, payment_id: str | None = None, **fields: object) -> bytes:
    """The body of a notification about the charge or payment `of`."""
    content = {
        "event_id": uuid4().hex,
        "kind": kind,
        "reference": of,
        "payment_id": payment_id or of,
    }
    return json.dumps(content | fields, default=str).encode()


def tell(client: BillingClient, body: bytes) -> bool:
    return client.notify("builtin", body, {SIGNATURE_HEADER: sign(body, TOKEN)})


def paid(
    client: BillingClient,
    charge: Charge,
    amount: object = None,
    on: date = TODAY,
    payment_id: str | None = None,
) -> None:
    """Let the provider say that a charge was paid."""
    money = charge.amount if amount is None else amount
    body = event("paid", reference(charge), payment_id, amount=str(money), paid_on=on)
    assert tell(client, body)


def pay_by_hand(
    client: BillingClient, customer: UUID, amount: str, on: date = TODAY, **what: UUID
) -> Payment:
    return client.enter_payment(
        customer_id=customer,
        amount=Decimal(amount),
        paid_on=on,
        reference=uuid4().hex,
        idempotency_key=key(),
        **what,
    )


def agree(client: BillingClient, customer: UUID, count: int) -> Agreement:
    offers = client.offers(customer, wish=Wish(installments=count)).offers
    offer = next(offer for offer in offers if offer.count == count)
    return client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())


def charge_part(client: BillingClient, customer: UUID, agreement: Agreement) -> Charge:
    """The charge of the next unpaid part."""
    return client.issue_charge(customer, agreement_id=agreement.id, idempotency_key=key())
