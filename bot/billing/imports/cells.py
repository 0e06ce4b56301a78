"""What people write into cells, read strictly: a value that could mean two things is refused.

Every reader takes the text of a cell that is not empty, and raises CellError. Pure.
"""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from validate_docbr import CNPJ, CPF

from bot.billing.imports.errors import CellError
from bot.billing.imports.words import Problem
from bot.billing.models import Channel
from bot.billing.phones import canonical

LONGEST_TEXT = 500
LONGEST_ID = 100
MOST_PHONES = 10
# The real began on this day; nothing older is owed in reais.
FIRST_DUE = date(1994, 7, 1)
FIRST_BIRTH = date(1900, 1, 1)
LAST_DUE = date(2099, 12, 31)
EXCEL_EPOCH = date(1899, 12, 30)
MOST_REAIS = Decimal(10) ** 10

_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# UTF-8 that was read as Latin-1 (Ã£, Ã©), or bytes that are no text.
_BAD_ENCODING = re.compile("Ã[\u0080-\u00bf‡‰“”•˜™š]|â€|\ufffd")
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s(])")
_ERROR_VALUE = re.compile(r"#(?:N/?A|REF!|VALUE!|VALOR!|NAME\?|NOME\?|DIV/0!|NUM!|NULL!|NULO!|N/D)")
_AMOUNT = re.compile(
    r"(?P<br>\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+,\d{1,2})"
    r"|(?P<us>\d{1,3}(?:,\d{3})+\.\d{2}|\d+(?:\.\d{1,2})?)",
    re.ASCII,
)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00(?:\.0+)?)?", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)
_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]{1,190}\.[^@\s,;.]{2,63}")
_HOUR = re.compile(r"(\d{1,2})(?:[:h](\d{2})?(?::00)?)?", re.ASCII)
_AREA = "(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])"
_BRAZILIAN = re.compile(rf"(?:(?:00)?55|0)?({_AREA}(?:9\d{{8}}|[2-9]\d{{7}}))", re.ASCII)
_CHANNELS = {
    **dict.fromkeys(("whatsapp", "whats", "zap"), Channel.WHATSAPP),
    **dict.fromkeys(("email", "e-mail"), Channel.EMAIL),
    **dict.fromkeys(("nenhum", "none"), Channel.NONE),
}
_ANSWERS = {
    **dict.fromkeys(("sim", "s", "1", "true", "x", "verdadeiro"), True),
    **dict.fromkeys(("não", "nao", "n", "0", "false", "falso"), False),
}


def text_of(value: Any) -> str:
    """Return what a cell shows, spaces and line breaks made one space; `-` is an empty cell."""
    text = value if isinstance(value, str) else _shown(value)
    if _BAD_CHARACTER.search(text):
        raise CellError(Problem.CHARACTER)
    if _BAD_ENCODING.search(text):
        raise CellError(Problem.ENCODING)
    text = " ".join(text.split())
    if text == "-":
        return ""
    if _FORMULA.match(text):
        raise CellError(Problem.FORMULA)
    if _ERROR_VALUE.fullmatch(text):
        raise CellError(Problem.ERROR_VALUE)
    return text


def _shown(value: Any) -> str:
    """Return a spreadsheet's own value as text; what is no plain value is a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sim" if value else "não"
    if isinstance(value, float):  # 389.90000000000003 is what Excel stores for 389.9
        return f"{value:.12g}" if value % 1 or abs(value) >= 1e15 else str(int(value))
    if isinstance(value, int | date | time):
        return str(value)
    raise CellError(Problem.FORMULA)


def text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise CellError(Problem.TOO_LONG)
    return value


def identifier(value: str) -> str:
    if len(value) > LONGEST_ID:
        raise CellError(Problem.TOO_LONG)
    return value


def amount(value: str) -> Decimal:
    """Return reais: `1.234,56`, `R$ 1234,5`, `1234.56`; `1.234` is a thousand and more."""
    match = _AMOUNT.fullmatch(value.upper().removeprefix("R$").strip())
    if match is None:
        raise CellError(Problem.AMOUNT)
    plain = (match["br"] or "").replace(".", "").replace(",", ".") or match["us"].replace(",", "")
    if len(plain) > 13 or Decimal(plain) >= MOST_REAIS:
        raise CellError(Problem.AMOUNT)
    return Decimal(plain).quantize(Decimal("0.01"))


def price(value: str) -> Decimal:
    """Return reais above zero."""
    reais = amount(value)
    if not reais:
        raise CellError(Problem.AMOUNT_ZERO)
    return reais


@lru_cache(maxsize=4096)
def day(value: str) -> date:
    """Return `31/12/2026`, `2026-12-31` or a spreadsheet's day number as a date."""
    if _SERIAL.fullmatch(value):
        return EXCEL_EPOCH + timedelta(days=int(value))
    brazilian, iso = _DAY.fullmatch(value), _ISO_DAY.fullmatch(value)
    if brazilian is None and iso is None:
        raise CellError(Problem.DATE)
    parts = brazilian.groups()[::-1] if brazilian else iso.groups() if iso else ()
    try:
        return date(*map(int, parts))
    except ValueError:
        raise CellError(Problem.DATE) from None


def due(value: str) -> date:
    found = day(value)
    if not FIRST_DUE <= found <= LAST_DUE:
        raise CellError(Problem.DATE_RANGE)
    return found


def birth_date(value: str) -> date:
    found = day(value)
    if not FIRST_BIRTH <= found <= LAST_DUE:
        raise CellError(Problem.DATE_RANGE)
    return found


def document(value: str) -> str:
    """Return the characters of a CPF or CNPJ; zeros that a spreadsheet dropped come back."""
    if _SCIENTIFIC.fullmatch(value):
        raise CellError(Problem.SCIENTIFIC)
    plain = re.sub(r"[\s./-]", "", value).upper()
    if not re.fullmatch(r"[0-9A-Z]{9,14}", plain):
        raise CellError(Problem.DOCUMENT)
    if plain.isdigit():
        plain = plain.zfill(11 if len(plain) <= 11 else 14)
    if not (CPF().validate(plain) if len(plain) == 11 else CNPJ().validate(plain)):
        raise CellError(Problem.DOCUMENT)
    return plain


def phones(value: str) -> list[str]:
    """Return the phones of a cell, between them `/`, `;`, `,` or `|`, as E.164 digits."""
    if _SCIENTIFIC.fullmatch(value):
        raise CellError(Problem.SCIENTIFIC)
    found = [_phone(part) for part in re.split(r"[/;,|]", value) if part.strip()]
    if len(found) > MOST_PHONES:
        raise CellError(Problem.TOO_LONG)
    return list(dict.fromkeys(found))


def _phone(value: str) -> str:
    digits = re.sub(r"[\s().+-]", "", value)
    brazilian = _BRAZILIAN.fullmatch(digits)
    if brazilian:
        return canonical("55" + brazilian[1])
    abroad = value.strip().startswith("+") and not digits.startswith("55")
    if abroad and re.fullmatch(r"[1-9][0-9]{7,14}", digits):
        return digits
    raise CellError(Problem.PHONE)


def email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise CellError(Problem.EMAIL)
    return value.lower()


def hour(value: str) -> time:
    """Return `9`, `9h`, `9h30` or `09:30` as a time of the day."""
    match = _HOUR.fullmatch(value.lower())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else time(24)
    except ValueError:
        raise CellError(Problem.HOUR) from None


def channel(value: str) -> str:
    if value.lower() not in _CHANNELS:
        raise CellError(Problem.CHANNEL)
    return _CHANNELS[value.lower()].value


def yes_or_no(value: str) -> bool:
    if value.lower() not in _ANSWERS:
        raise CellError(Problem.YES_OR_NO)
    return _ANSWERS[value.lower()]
