"""What providers tell us, read: who tells it, and what it says. Pure.

The same event may come twice, late or before the one it follows; the service sees to that.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from bot.billing.money import check_amount

SIGNATURE_HEADER = "X-Combinado-Signature"
ASAAS_HEADER = "asaas-access-token"
MOST_MONEY = Decimal(10) ** 10
LONGEST_ID = 200
EARLIEST = date(2000, 1, 1)

Headers = Mapping[str, str]
Json = dict[str, Any]


class NotificationKind(StrEnum):
    """What a webhook tells. `cancelled`: the charge can no longer be paid."""

    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Notification:
    """One event. Several tell of one `provider_payment_id`.

    `amount` is what was paid or, of a refund, what went back in all; none: everything.
    """

    event_id: str
    kind: NotificationKind
    provider_payment_id: str
    provider_reference: str
    amount: Decimal | None
    paid_on: date | None


class WebhookRefused(Exception):
    """A webhook that is not taken. `status`: 401 when it may be forged, 400 when unreadable."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True)
class Parser:
    """How one provider proves who it is with our secret, and how it is read."""

    is_theirs: Callable[[str, bytes, Headers], bool]
    read: Callable[[Json], Notification]

    def parse(self, secret: str, body: bytes, headers: Headers) -> Notification:
        """Check who sent it, then read it. Raises WebhookRefused."""
        if not secret or not self.is_theirs(secret, body, headers):
            raise WebhookRefused(401, "the token or signature is not ours")
        try:
            notification = self.read(json.loads(body, parse_float=Decimal))
            _check(notification)
        except (ValueError, LookupError, TypeError, AttributeError, InvalidOperation) as error:
            raise WebhookRefused(400, f"{type(error).__name__}: {error}") from error
        except RecursionError as error:
            raise WebhookRefused(400, "nested too deeply") from error
        return notification


def sign(body: bytes, secret: str) -> str:
    """Return the `X-Combinado-Signature` of a webhook, with BILLING_TOKEN as secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _is_builtin(secret: str, body: bytes, headers: Headers) -> bool:
    told = headers.get(SIGNATURE_HEADER, "")
    return hmac.compare_digest(told.encode(), sign(body, secret).encode())


def _is_asaas(secret: str, body: bytes, headers: Headers) -> bool:
    return hmac.compare_digest(headers.get(ASAAS_HEADER, "").encode(), secret.encode())


def _read_builtin(event: Json) -> Notification:
    """Our own form; without `payment_id` a charge is paid once."""
    amount, paid_on = event.get("amount"), event.get("paid_on")
    return Notification(
        event_id=event["event_id"],
        kind=NotificationKind(event["kind"]),
        provider_payment_id=event["payment_id"] if "payment_id" in event else event["reference"],
        provider_reference=event["reference"],
        amount=None if amount is None else Decimal(amount),
        paid_on=None if paid_on is None else date.fromisoformat(paid_on),
    )


# https://docs.asaas.com/docs/payment-events; CONFIRMED comes before RECEIVED, or after it.
ASAAS_KINDS = {
    "PAYMENT_CONFIRMED": NotificationKind.PAID,
    "PAYMENT_RECEIVED": NotificationKind.PAID,
    "PAYMENT_REFUNDED": NotificationKind.REFUNDED,
    "PAYMENT_PARTIALLY_REFUNDED": NotificationKind.REFUNDED,
    "PAYMENT_RECEIVED_IN_CASH_UNDONE": NotificationKind.REFUNDED,
    "PAYMENT_CHARGEBACK_REQUESTED": NotificationKind.REFUNDED,
    "PAYMENT_DELETED": NotificationKind.CANCELLED,
}


def _read_asaas(event: Json) -> Notification:
    kind = ASAAS_KINDS.get(event["event"], NotificationKind.IGNORED)
    if kind == NotificationKind.IGNORED:
        return Notification(event["id"], kind, "", "", None, None)
    payment = event["payment"]
    days = (payment.get(f"{name}Date") for name in ("clientPayment", "payment", "confirmed"))
    day = next((day for day in days if day), None)
    partial = event["event"] == "PAYMENT_PARTIALLY_REFUNDED"
    return Notification(
        event_id=event["id"],
        kind=kind,
        provider_payment_id=payment["id"],
        provider_reference=payment.get("externalReference") or "",
        amount=_refunded_so_far(payment) if partial else Decimal(payment["value"]),
        paid_on=date.fromisoformat(day) if day else None,
    )


def _refunded_so_far(payment: Json) -> Decimal:
    done = (Decimal(one["value"]) for one in payment["refunds"] if one["status"] == "DONE")
    return sum(done, Decimal(0))


def _check(notification: Notification) -> None:
    """Refuse what could not be stored. Raises ValueError or TypeError."""
    ids = (notification.event_id, notification.provider_payment_id, notification.provider_reference)
    for name in ids:
        if not isinstance(name, str) or len(name) > LONGEST_ID or "\x00" in name:
            raise ValueError("an id is no text of at most 200 characters")
    if notification.amount is not None:
        check_amount(notification.amount, "amount", MOST_MONEY)
    if notification.paid_on is not None and notification.paid_on < EARLIEST:
        raise ValueError(f"{notification.paid_on} is too long ago")
    if notification.kind == NotificationKind.PAID and not (
        notification.amount and notification.paid_on
    ):
        raise ValueError("a payment without amount or date")
    if not notification.event_id:
        raise ValueError("an event without id")


PARSERS = {
    "builtin": Parser(_is_builtin, _read_builtin),
    "asaas": Parser(_is_asaas, _read_asaas),
}
