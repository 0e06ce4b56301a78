"""Making the 44 digits of a barcode and writing them as the line people type."""

from datetime import date
from decimal import Decimal
from typing import Final

from bot.billing.boleto.check_digits import mod10, mod11_or_one, mod11_or_zero
from bot.billing.boleto.due_factor import due_factor
from bot.billing.money import check_amount, to_cents

BARCODE_LENGTH: Final = 44
BANK_LINE_LENGTH: Final = 47
ARRECADACAO_LINE_LENGTH: Final = 48
ARRECADACAO_BLOCK: Final = 11
CURRENCY_REAL: Final = "9"
AMOUNT_CEILING: Final = Decimal(10) ** 8
MOD10_VALUES: Final = ("6", "7")
MOD11_VALUES: Final = ("8", "9")


def barcode(bank: str, due: date | None, amount: Decimal, free_field: str) -> str:
    """Return the 44 digits of a bank boleto in reais (FEBRABAN).

    `bank` is the 3-digit COMPE code; `due` may be `None` for a boleto without due date; `amount`
    is in reais, up to 99,999,999.99, zero when the payer fills it in; `free_field` the bank's own
    25 digits. Raises `ValueError` naming the field, or `TypeError` for an amount that is not a
    `Decimal`.
    """
    _check_digits(bank, "bank", 3)
    if is_arrecadacao(bank):
        raise ValueError(f"bank: {bank} would read as an arrecadação code, which starts with 8")
    _check_digits(free_field, "free_field", 25)
    cents = to_cents(check_amount(amount, "amount", AMOUNT_CEILING))
    head, tail = bank + CURRENCY_REAL, f"{due_factor(due)}{cents:010d}{free_field}"
    return f"{head}{mod11_or_one(head + tail)}{tail}"


def linha_digitavel(barcode: str) -> str:
    """Return the digits people type for a 44-digit barcode: 47, or 48 for arrecadação.

    Raises `ValueError` if `barcode` is not 44 digits or its general check digit is wrong.
    """
    _check_digits(barcode, "barcode", BARCODE_LENGTH)
    check_general(barcode)
    if is_arrecadacao(barcode):
        return "".join(block + block_digit(block, barcode[2]) for block in _blocks(barcode))
    fields = (barcode[0:4] + barcode[19:24], barcode[24:34], barcode[34:44])
    return "".join(field + str(mod10(field)) for field in fields) + barcode[4] + barcode[5:19]


def format_linha_digitavel(line: str) -> str:
    """Return a line of 47 or 48 digits with the dots, spaces and dashes it is printed with.

    `AAAAA.AAAAA BBBBB.BBBBBB CCCCC.CCCCCC D EEEEEEEEEEEEEE` for a bank boleto and four times
    `AAAAAAAAAAA-D` for arrecadação. Raises `ValueError` for any other length.
    """
    if len(line) == ARRECADACAO_LINE_LENGTH:
        _check_digits(line, "line", ARRECADACAO_LINE_LENGTH)
        return " ".join(f"{line[i : i + 11]}-{line[i + 11]}" for i in range(0, 48, 12))
    _check_digits(line, "line", BANK_LINE_LENGTH)
    fields = (line[0:10], line[10:21], line[21:32])
    dotted = " ".join(f"{field[:5]}.{field[5:]}" for field in fields)
    return f"{dotted} {line[32]} {line[33:]}"


def is_arrecadacao(code: str) -> bool:
    """Whether a code is of arrecadação (taxes, utilities) and not of a bank: it starts with 8."""
    return code.startswith("8")


def block_digit(block: str, value_id: str) -> str:
    """Return the check digit of an arrecadação block: mod 10 or 11 by the code's third digit."""
    return str(mod10(block) if value_id in MOD10_VALUES else mod11_or_zero(block))


def check_general(barcode: str) -> None:
    """Check the general check digit of 44 digits; `ValueError` says which digit was expected."""
    position = 3 if is_arrecadacao(barcode) else 4
    rest = barcode[:position] + barcode[position + 1 :]
    if is_arrecadacao(barcode):
        check_value_id(barcode)
        name, expected = modulus_name(barcode[2]), block_digit(rest, barcode[2])
    else:
        name, expected = "mod 11", str(mod11_or_one(rest))
    compare_digit("general check digit", name, barcode[position], expected)


def check_value_id(code: str) -> None:
    """Check the third digit of arrecadação, which chooses the modulus; `ValueError` if unknown."""
    if code[2] not in MOD10_VALUES + MOD11_VALUES:
        raise ValueError(
            f"arrecadação value identifier (third digit): found {code[2]}, expected 6, 7, 8 or 9"
        )


def modulus_name(value_id: str) -> str:
    """Return the modulus an arrecadação code uses, as errors name it."""
    return "mod 10" if value_id in MOD10_VALUES else "mod 11"


def compare_digit(name: str, modulus: str, found: str, expected: str) -> None:
    """Raise `ValueError` unless the check digit found is the one expected."""
    if found != expected:
        raise ValueError(f"{name} ({modulus}): found {found}, expected {expected}")


def _blocks(barcode: str) -> list[str]:
    starts = range(0, BARCODE_LENGTH, ARRECADACAO_BLOCK)
    return [barcode[start : start + ARRECADACAO_BLOCK] for start in starts]


def _check_digits(value: str, name: str, length: int) -> None:
    if not (isinstance(value, str) and value.isascii() and value.isdigit()):
        raise ValueError(f"{name}: {value!r} is not made of digits, expected {length}")
    if len(value) != length:
        raise ValueError(f"{name}: {value!r} has {len(value)} digits, expected {length}")
