"""Who issues boletos and Pix: the contract every provider keeps, and the built-in one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.billing import boleto, pix
from bot.billing.policy import Bank
from bot.creditor import Creditor
from bot.settings import Settings, SettingsError

# Digits of the nosso número, by bank.
NUMBER_WIDTHS = {"237": 11, "341": 8}


@dataclass(frozen=True)
class Order:
    """What is to be charged. `nosso_numero` and `reference` are never used twice."""

    amount: Decimal
    due: date
    nosso_numero: int
    reference: str
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


class Provider(Protocol):
    """Issues one boleto with its Pix at a time.

    `issue` must not issue twice for one `reference`, must not change amount or due date, and
    keeps nothing of ours: storing is the caller's. `demonstration` is true when what it
    issues cannot be paid; pages and PDFs then say so.
    """

    name: str
    demonstration: bool

    def issue(self, order: Order) -> Issued:
        """Return the boleto and Pix of `order`."""


class BuiltinProvider:
    """Computes boletos that no bank has registered: for the demo and for tests."""

    name = "builtin"
    demonstration = True

    def __init__(self, bank: Bank, creditor: Creditor) -> None:
        self._bank = bank
        self._creditor = creditor

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

    def _fields(self, nosso_numero: int) -> dict[str, str]:
        width = NUMBER_WIDTHS[self._bank.code]
        return {
            "agencia": self._bank.agencia,
            "conta": self._bank.conta,
            "carteira": self._bank.carteira,
            "nosso_numero": f"{nosso_numero:0{width}d}",
        }


def make_provider(settings: Settings, bank: Bank, creditor: Creditor) -> Provider:
    """Return the provider of BILLING_PROVIDER. Raises SettingsError for one not there yet."""
    if settings.billing_provider != "builtin":
        raise SettingsError(
            f"BILLING_PROVIDER={settings.billing_provider}: this provider is not there yet. "
            "Use BILLING_PROVIDER=builtin (its boletos are for demonstration and cannot be paid)."
        )
    return BuiltinProvider(bank, creditor)
