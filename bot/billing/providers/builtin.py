"""The sandbox: boletos that no bank has registered, for the demo and for tests.

Nobody can pay them; a signed webhook, which `sign` makes, says that somebody did.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, Field, ValidationError

from bot.billing import boleto, pix
from bot.billing.fields import Money
from bot.billing.policy import Bank
from bot.billing.providers.contract import (
    Cancelled,
    Issued,
    Notification,
    NotificationKind,
    Order,
    State,
    WebhookRefused,
    header,
    readable,
)
from bot.creditor import Creditor

SIGNATURE_HEADER = "X-Combinado-Signature"
# Digits of the nosso número, by bank.
NUMBER_WIDTHS = {"237": 11, "341": 8}


class Event(BaseModel):
    """The body of a webhook. An event of another kind than ours is ignored.

    Without `payment_id` a charge is paid at most once.
    """

    event_id: str = Field(min_length=1)
    kind: str
    reference: str
    payment_id: str | None = None
    amount: Money | None = None
    paid_on: date | None = None


def sign(body: bytes, secret: str) -> str:
    """Return the `X-Combinado-Signature` of a webhook, with BILLING_TOKEN as secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class BuiltinProvider:
    """Computes what it issues and remembers nothing."""

    name = "builtin"
    demonstration = True

    def __init__(self, bank: Bank, creditor: Creditor, webhook_secret: str) -> None:
        self._bank = bank
        self._creditor = creditor
        self._secret = webhook_secret

    def issue(self, order: Order) -> Issued:
        """Return a boleto and a static Pix; the same order always gives the same ones."""
        fields = self._fields(order.nosso_numero)
        free_field = boleto.free_field(self._bank.code, **fields)
        barcode = boleto.barcode(self._bank.code, order.due, order.amount, free_field)
        return Issued(
            bank=self._bank.code,
            nosso_numero_printed=boleto.nosso_numero(self._bank.code, **fields),
            barcode=barcode,
            linha_digitavel=boleto.linha_digitavel(barcode),
            pix_payload=pix.brcode(
                key=self._bank.pix_key,
                name=self._creditor.legal_name,
                city=self._creditor.city,
                amount=order.amount,
                txid=order.reference,
            ),
        )

    def cancel(self, reference: str) -> Cancelled:
        """No bank knows the boleto: once we say so it is cancelled."""
        return Cancelled()

    def state(self, reference: str) -> State | None:
        """No bank knows how it stands."""
        return None

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read an `Event` whose signature is ours."""
        signature = header(headers, SIGNATURE_HEADER)
        if not hmac.compare_digest(signature.encode(), sign(body, self._secret).encode()):
            raise WebhookRefused(401, f"{SIGNATURE_HEADER} does not match the body")
        try:
            event = Event.model_validate_json(body)
        except ValidationError as error:
            raise WebhookRefused(400, f"not an event: {error.errors()[0]['msg']}") from None
        known = event.kind in {kind.value for kind in NotificationKind}
        kind = NotificationKind(event.kind) if known else NotificationKind.IGNORED
        return readable(
            Notification(
                event_id=event.event_id,
                kind=kind,
                provider_payment_id=event.payment_id or event.reference,
                provider_reference=event.reference,
                amount=event.amount,
                paid_on=event.paid_on,
            )
        )

    def _fields(self, nosso_numero: int) -> dict[str, str]:
        width = NUMBER_WIDTHS[self._bank.code]
        return {
            "agencia": self._bank.agencia,
            "conta": self._bank.conta,
            "carteira": self._bank.carteira,
            "nosso_numero": f"{nosso_numero:0{width}d}",
        }
