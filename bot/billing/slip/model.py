"""What is printed on a slip, checked so that no sheet contradicts itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bot.billing import boleto, pix
from bot.billing.late_charges import ChargeLine
from bot.billing.names import CPF_LENGTH, printed_identity

MOST_LINES: Final = 14
MOST_INSTRUCTIONS: Final = 7


@dataclass(frozen=True)
class Party:
    """Who charges or who pays: `document` is a CPF or CNPJ, with or without punctuation."""

    name: str
    document: str
    address: str

    @property
    def identity(self) -> str:
        """The document as printed, a CPF without its ends."""
        return printed_identity("".join(char for char in self.document.upper() if char.isalnum()))

    @property
    def lines(self) -> tuple[str, str]:
        """The name, and the rest the law wants printed with it (CDC, art. 42-A)."""
        return self.name, f"{self.identity} - {self.address}"

    def __post_init__(self) -> None:
        characters = [char for char in self.document if char.isalnum()]
        if len(characters) not in (CPF_LENGTH, 14):
            found = len(characters)
            raise ValueError(f"document: found {found} characters, a CPF has 11 and a CNPJ 14")


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Everything a boleto sheet says.

    - `barcode`: 44 digits, of a bank, saying the same `due` and `amount` (reais) as the sheet.
    - `bank_name`: printed in the place of the logo, beside the bank's code.
    - `agencia_codigo`, `nosso_numero`, `carteira`, `document_number`: as the bank prints them;
      the first and third are empty where its provider does not tell them (docs/decisions/0006).
    - `composition`: the debt line by line, 1 to 14 lines adding up to `amount`.
    - `check`: how to tell that the boleto is true, printed where the debt leaves room.
    - `instructions`: up to 7 lines for whoever receives the payment.
    - `pix`: the BR Code of the same charge; its amount, if it has one, is `amount`.
    - `demonstration`: whether the sheet says, all over, that it cannot be paid.

    Raises `ValueError` when two of them disagree or something would not fit.
    """

    barcode: str
    bank_name: str
    beneficiary: Party
    payer: Party
    agencia_codigo: str
    nosso_numero: str
    carteira: str
    document_number: str
    document_date: date
    due: date
    amount: Decimal
    composition: tuple[ChargeLine, ...]
    instructions: tuple[str, ...]
    check: str
    pix: str
    demonstration: bool
    payment_place: str = "Pagável em qualquer banco, lotérica ou aplicativo do seu banco"

    @property
    def bank_code(self) -> str:
        """The bank's code with its check digit: `341-7`."""
        return boleto.bank_code(self.barcode[:3])

    @property
    def linha_digitavel(self) -> str:
        """The line as printed, with dots and spaces."""
        return boleto.format_linha_digitavel(boleto.linha_digitavel(self.barcode))

    def __post_init__(self) -> None:
        self._check_barcode()
        self._check_pix()
        self._check_composition()
        if len(self.instructions) > MOST_INSTRUCTIONS:
            found = len(self.instructions)
            raise ValueError(f"instructions: {found} lines, the sheet has room for 7")

    def _check_barcode(self) -> None:
        read = boleto.parse(self.barcode, self.due)
        if read.bank is None:
            raise ValueError("barcode: it is of arrecadação, a slip is of a bank")
        if (read.due, read.amount) != (self.due, self.amount):
            raise ValueError(
                f"barcode: it says {read.amount} due on {read.due}, "
                f"the slip says {self.amount} due on {self.due}"
            )

    def _check_pix(self) -> None:
        amount = pix.parse(self.pix).amount
        if amount not in (None, self.amount):
            raise ValueError(f"pix: it charges {amount}, the slip says {self.amount}")

    def _check_composition(self) -> None:
        if not 1 <= len(self.composition) <= MOST_LINES:
            found = len(self.composition)
            raise ValueError(f"composition: {found} lines, expected 1 to {MOST_LINES}")
        total = sum(line.amount for line in self.composition)
        if total != self.amount:
            raise ValueError(f"composition: it adds up to {total}, the slip says {self.amount}")
