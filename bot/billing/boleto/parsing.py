"""Reading a boleto back from whatever a person typed, pasted or scanned."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.billing.boleto.check_digits import mod10
from bot.billing.boleto.due_factor import due_date
from bot.billing.boleto.lines import (
    ARRECADACAO_LINE_LENGTH,
    BANK_LINE_LENGTH,
    BARCODE_LENGTH,
    CURRENCY_REAL,
    block_digit,
    check_general,
    check_value_id,
    compare_digit,
    is_arrecadacao,
    linha_digitavel,
    modulus_name,
)
from bot.billing.money import from_cents

AMOUNT_IN_REAIS: Final = ("6", "8")
COMPANY_BY_CNPJ: Final = "6"

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class Kind(StrEnum):
    """Who is paid: the customer of a bank, or a city, tax office or utility (arrecadação)."""

    BANK = "bank"
    ARRECADACAO = "arrecadacao"


@dataclass(frozen=True)
class Boleto:
    """What the digits of a boleto say.

    `barcode` has 44 digits and `linha_digitavel` 47, or 48 for arrecadação. `amount` is in reais;
    zero when a bank boleto leaves it open, `None` when an arrecadação code carries an index and
    not reais. `bank` (3 digits) and `due` belong to bank boletos; `due` is `None` when they have
    none. `segment` (1 digit) and `company` (4 FEBRABAN digits, or the 8 of the CNPJ in segment 6)
    belong to arrecadação. `free_field` has 25 digits, 21 in segment 6.
    """

    kind: Kind
    barcode: str
    linha_digitavel: str
    bank: str | None
    due: date | None
    amount: Decimal | None
    free_field: str
    segment: str | None = None
    company: str | None = None


def parse(code: str, today: date | None = None) -> Boleto:
    """Read a barcode of 44 digits or a linha digitável of 47 or 48, however it is punctuated.

    The due factor repeats every 9,000 days, so the date is the one nearest to `today` (by default
    the date of this machine): from 3,000 days before to 5,500 after it. Raises `ValueError` saying
    which check failed first: characters, length, a field's mod 10, the general mod 11, the
    currency; `TypeError` if `code` is not text.
    """
    digits = _only_digits(code)
    barcode = _barcode_of(digits)
    check_general(barcode)
    if is_arrecadacao(barcode):
        return _arrecadacao(barcode)
    return _bank(barcode, today or datetime.now(SAO_PAULO).date())


def _only_digits(code: str) -> str:
    if not isinstance(code, str):
        raise TypeError(f"code: expected text, got {type(code).__name__}")
    kept = "".join(char for char in code if char.isalnum())
    for char in kept:
        if not (char.isascii() and char.isdigit()):
            raise ValueError(f"characters: {char!r} is neither a digit nor punctuation")
    return kept


def _barcode_of(digits: str) -> str:
    if len(digits) == BARCODE_LENGTH:
        return digits
    if len(digits) == BANK_LINE_LENGTH and not is_arrecadacao(digits):
        return _from_bank_line(digits)
    if len(digits) == ARRECADACAO_LINE_LENGTH and is_arrecadacao(digits):
        return _from_arrecadacao_line(digits)
    raise ValueError(f"length: {_length_problem(digits)}")


def _length_problem(digits: str) -> str:
    if len(digits) == BANK_LINE_LENGTH:
        return "47 digits starting with 8, but an arrecadação line has 48"
    if len(digits) == ARRECADACAO_LINE_LENGTH:
        return f"48 digits starting with {digits[0]}, but a bank line has 47"
    return f"{len(digits)} digits, expected 44 (barcode), 47 (bank line) or 48 (arrecadação line)"


def _from_bank_line(line: str) -> str:
    fields = (line[0:10], line[10:21], line[21:32])
    for number, field in enumerate(fields, start=1):
        expected = str(mod10(field[:-1]))
        compare_digit(f"field {number} check digit", "mod 10", field[-1], expected)
    first, second, third = (field[:-1] for field in fields)
    return first[:4] + line[32] + line[33:] + first[4:] + second + third


def _from_arrecadacao_line(line: str) -> str:
    check_value_id(line)
    blocks = [line[start : start + 12] for start in range(0, ARRECADACAO_LINE_LENGTH, 12)]
    for number, block in enumerate(blocks, start=1):
        expected = block_digit(block[:-1], line[2])
        name = f"block {number} check digit"
        compare_digit(name, modulus_name(line[2]), block[-1], expected)
    return "".join(block[:-1] for block in blocks)


def _bank(barcode: str, today: date) -> Boleto:
    if barcode[3] != CURRENCY_REAL:
        raise ValueError(f"currency: found {barcode[3]}, expected 9 (real)")
    return Boleto(
        kind=Kind.BANK,
        barcode=barcode,
        linha_digitavel=linha_digitavel(barcode),
        bank=barcode[0:3],
        due=due_date(barcode[5:9], today),
        amount=from_cents(int(barcode[9:19])),
        free_field=barcode[19:],
    )


def _arrecadacao(barcode: str) -> Boleto:
    start = 23 if barcode[1] == COMPANY_BY_CNPJ else 19
    in_reais = barcode[2] in AMOUNT_IN_REAIS
    return Boleto(
        kind=Kind.ARRECADACAO,
        barcode=barcode,
        linha_digitavel=linha_digitavel(barcode),
        bank=None,
        due=None,
        amount=from_cents(int(barcode[4:15])) if in_reais else None,
        free_field=barcode[start:],
        segment=barcode[1],
        company=barcode[15:start],
    )
