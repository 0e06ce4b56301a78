"""What billing asks of whoever issues its boletos and Pix, and what it may be answered.

An answer is yes, no, or *we don't know*. After `Unknown` a charge may exist at the provider or
not; only asking again with the same reference tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from bot.billing.money import check_amount

EARLIEST = date(2000, 1, 1)
"""No payment is older."""
LONGEST_ID = 200
MOST_MONEY = Decimal(10) ** 10
ZERO = Decimal("0.00")


class Unknown(Exception):
    """No usable answer: slow, down, broken or not letting us in. It was done or it was not."""


class WebhookRefused(Exception):
    """A webhook that is not taken. `status`: 401 when it may be forged, 400 when unreadable."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True)
class Order:
    """What is to be charged. `nosso_numero` and `reference` are never used for another charge."""

    amount: Decimal
    due: date
    nosso_numero: int
    reference: str
    description: str
    payer_name: str
    payer_document: str


@dataclass(frozen=True)
class Issued:
    """What was issued. `barcode` and `linha_digitavel` are digits; Pix is copia e cola."""

    bank: str
    nosso_numero_printed: str
    barcode: str
    linha_digitavel: str
    pix_payload: str


@dataclass(frozen=True)
class Refused:
    """The provider will not issue this, now or later. `reason` is in its own words."""

    code: str
    reason: str


@dataclass(frozen=True)
class Cancelled:
    """Nobody can pay it any more."""


@dataclass(frozen=True)
class Paid:
    """Too late to cancel: it was paid. `payment_id` is the one its webhook tells."""

    payment_id: str
    amount: Decimal
    paid_on: date

    def __post_init__(self) -> None:
        check_amount(self.amount, "amount", MOST_MONEY)


class ChargeState(StrEnum):
    """How a charge stands at the provider. `gone`: cancelled, it cannot be paid."""

    OPEN = "open"
    PAID = "paid"
    REFUNDED = "refunded"
    GONE = "gone"


@dataclass(frozen=True)
class State:
    """A charge as the provider has it; `amount` is what was paid once it was."""

    state: ChargeState
    amount: Decimal
    paid_on: date | None


class NotificationKind(StrEnum):
    """What a webhook tells. `ignored`: true, but nothing that billing acts on."""

    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Notification:
    """One event of a provider. It may come again (same `event_id`), late and out of order.

    Several events tell of one `provider_payment_id`. `provider_reference` is the `reference` of
    an order, or empty where the provider knows none. `amount` is what was paid or, of a refund,
    what went back in all; none: everything. What was paid has an amount and a day.
    """

    event_id: str
    kind: NotificationKind
    provider_payment_id: str
    provider_reference: str
    amount: Decimal | None
    paid_on: date | None


def readable(notification: Notification) -> Notification:
    """Return a notification that can be stored and acted upon. Raises WebhookRefused."""
    ids = (notification.event_id, notification.provider_payment_id, notification.provider_reference)
    if not notification.event_id or any(len(name) > LONGEST_ID or "\0" in name for name in ids):
        raise WebhookRefused(400, "not an event: an id is no text of at most 200 characters")
    is_paid = notification.kind == NotificationKind.PAID
    if is_paid and not (notification.amount and notification.paid_on):
        raise WebhookRefused(400, "not an event: paid wants amount and paid_on")
    if notification.paid_on is not None and notification.paid_on < EARLIEST:
        raise WebhookRefused(400, f"not an event: {notification.paid_on} is too long ago")
    try:
        check_amount(notification.amount or ZERO, "amount", MOST_MONEY)
    except ValueError as error:
        raise WebhookRefused(400, f"not an event: {error}") from None
    return notification


def header(headers: Mapping[str, str], name: str) -> str:
    """Return a header whatever the case of its name; empty when it is not there."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


class Provider(Protocol):
    """Issues one boleto with its Pix at a time; every method ends within about `SECONDS`.

    A provider keeps nothing of ours: storing is the caller's. It is called outside of any
    transaction, and by one caller at a time for one reference. `demonstration` is true when
    what it issues cannot be paid; pages and PDFs then say so.
    """

    name: str
    demonstration: bool

    def issue(self, order: Order) -> Issued | Refused:
        """Return the boleto and Pix of `order`; the ones there are when it was issued before.

        It must look for the reference before it creates anything, so that it can be called
        again after `Unknown`; it must not change amount or due date, add late charges or
        discounts of its own, or write to the debtor. Raises Unknown.
        """

    def cancel(self, reference: str) -> Cancelled | Paid:
        """Take back whatever was issued under `reference`, which may be nothing.

        It must answer `Cancelled` only when nobody can pay it any more. Raises Unknown.
        """

    def state(self, reference: str) -> State | None:
        """Tell how a charge stands, for reconciliation; None: not known there. Raises Unknown."""

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read a webhook as it came. It must check who sent it before it reads anything.

        Raises WebhookRefused; an event it does not know is `ignored`, not refused.
        """


SECONDS = 6.0
"""The most that a call of a provider may take in all."""
