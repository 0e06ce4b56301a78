"""The Pix BR Code ("copia e cola"): writing it, reading it, drawing its QR.

EMV TLV: a two-digit tag, a two-digit length and the value, checked by a CRC16 at the end. Sources:
BCB, Manual de Padrões para Iniciação do Pix 2.9 and Manual do BR Code. Nothing here charges or
confirms a payment.
"""

import binascii
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import segno

from bot.billing.money import check_amount

GUI: Final = "br.gov.bcb.pix"
NO_TXID: Final = "***"
NAME_LENGTH: Final = 25
CITY_LENGTH: Final = 15
TXID_LENGTH: Final = 25
TEMPLATE_LENGTH: Final = 99
AMOUNT_CEILING: Final = Decimal(10) ** 10

_ACCOUNT_TAGS: Final = [f"{tag:02d}" for tag in range(26, 52)]
_MANDATORY: Final = {"52": None, "53": "986", "58": "BR", "59": None, "60": None, "62": None}
_AMOUNT: Final = re.compile(r"[0-9]{1,10}(\.[0-9]{0,2})?")
_QUIET_ZONE: Final = 4


@dataclass(frozen=True)
class BrCode:
    """What a BR Code says: static with a `key`, or dynamic with the `url` of its charge.

    `name` and `city` are the receiver's; `amount` is in reais, `None` when the payer types it or
    the URL tells it; `txid` is `***` when there is none; `info` is shown to the payer; `single_use`
    is tag 01 saying it must not be paid twice.
    """

    key: str | None
    url: str | None
    name: str
    city: str
    amount: Decimal | None
    txid: str
    info: str | None
    single_use: bool

    @property
    def dynamic(self) -> bool:
        """Whether the charge lives at `url`, which then rules over `amount` and `txid`."""
        return self.url is not None


def brcode(
    *,
    key: str | None = None,
    url: str | None = None,
    name: str,
    city: str,
    amount: Decimal | None = None,
    txid: str = NO_TXID,
    info: str | None = None,
) -> str:
    """Return a BR Code: static with a Pix `key`, or dynamic with a charge's `url`; one of the two.

    `name` and `city` lose their accents and are cut to 25 and 15 characters; `amount` is in reais,
    more than zero; `txid` is `***` or up to 25 letters and digits (a cob or cobv has a longer one,
    which stays in the payload its URL returns); `url` goes without `https://`; `info` is for
    static codes. Raises `ValueError` naming the field, or `TypeError` for an amount that is not a
    `Decimal`.
    """
    account = _account(key, url, info)
    merchant = _field("59", _ascii(name, "name")[:NAME_LENGTH].rstrip())
    place = _field("60", _ascii(city, "city")[:CITY_LENGTH].rstrip())
    start = _field("00", "01") + ("" if url is None else _field("01", "12"))
    value = "" if amount is None else _field("54", _amount(amount))
    body = f"{start}{account}520400005303986{value}5802BR{merchant}{place}"
    return _sign(body + _field("62", _field("05", _txid(txid))))


def parse(text: str) -> BrCode:
    """Read a BR Code, static, dynamic or composite. Raises `ValueError`, and nothing else.

    The message says what is wrong: the TLV and where, the CRC with the expected one, or the field
    missing or unknown. Tags this product has no use for are skipped.
    """
    if not isinstance(text, str):
        raise ValueError(f"BR Code: expected text, got {type(text).__name__}")
    text = text.strip()
    fields = _fields(text, "BR Code")
    _check_envelope(text, fields)
    account = _pix_account(fields)
    extra = _fields(fields["62"], "tag 62")
    return BrCode(
        key=account.get("01"),
        url=account.get("25"),
        name=fields["59"],
        city=fields["60"],
        amount=_parse_amount(fields.get("54")),
        txid=_required(extra, "05", "tag 62"),
        info=account.get("02"),
        single_use=fields.get("01") == "12",
    )


def qr_svg(text: str) -> str:
    """Return the QR of a BR Code as an SVG element that takes the size it is given."""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", border=_QUIET_ZONE, xmldecl=False, omitsize=True, light="#fff")
    return out.getvalue().decode()


def qr_png(text: str) -> bytes:
    """Return the QR of a BR Code as a PNG with 8 pixels a module, for a chat."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=8, border=_QUIET_ZONE)
    return out.getvalue()


def qr_modules(text: str) -> tuple[bytes, ...]:
    """Return the QR of a BR Code row by row, 1 for a black module, without its quiet zone."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)


def _account(key: str | None, url: str | None, info: str | None) -> str:
    if (key is None) == (url is None):
        raise ValueError("key, url: give one of them: a key for a static code, a url for a dynamic")
    if url is not None:
        if info is not None:
            raise ValueError("info: a dynamic code carries it in the payload of its url")
        return _template("url", "25", _url(url))
    note = "" if info is None else _field("02", _ascii(info, "info"))
    return _template("key", "01", _visible(key or "", "key"), note)


def _template(name: str, tag: str, value: str, note: str = "") -> str:
    content = _field("00", GUI) + _field(tag, value) + note
    if len(content) > TEMPLATE_LENGTH:
        fields = f"{name} and info" if note else name
        excess = len(content) - TEMPLATE_LENGTH
        raise ValueError(f"{fields}: {excess} characters too many for tag 26, which holds 99")
    return _field("26", content)


def _url(url: str) -> str:
    location = _visible(url.removeprefix("https://"), "url")
    if "://" in location or "/" not in location.strip("/"):
        raise ValueError(f"url: {url!r} is not a host and path to be read over https")
    return location


def _txid(txid: str) -> str:
    if txid == NO_TXID:
        return txid
    if not (txid.isascii() and txid.isalnum()):
        raise ValueError(f"txid: {txid!r} is neither *** nor made of A to Z, a to z and 0 to 9")
    if len(txid) > TXID_LENGTH:
        raise ValueError(f"txid: {txid!r} has {len(txid)} characters, tag 62-05 holds 25")
    return txid


def _amount(amount: Decimal) -> str:
    checked = check_amount(amount, "amount", AMOUNT_CEILING)
    if not checked:
        raise ValueError("amount: a code for nothing; leave it out to let the payer type it")
    return f"{checked:f}"


def _visible(value: str, name: str) -> str:
    if not re.fullmatch("[!-~]+", value):
        raise ValueError(f"{name}: {value!r} must be ASCII characters without spaces")
    return value


def _ascii(value: str, name: str) -> str:
    """Fold accents (`São João` is `Sao Joao`) and drop what has no ASCII."""
    folded = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    printable = "".join(char if char.isprintable() else " " for char in folded)
    text = " ".join(printable.split())
    if not text:
        raise ValueError(f"{name}: {value!r} has no ASCII letters left to print")
    return text


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _sign(body: str) -> str:
    return f"{body}6304{_crc(body + '6304')}"


def _crc(text: str) -> str:
    """CRC16-CCITT-FALSE, polynomial 0x1021 from 0xFFFF, in upper-case hexadecimal."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _fields(text: str, where: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for tag, value in _tlv(text, where):
        if tag in fields:
            raise ValueError(f"{where}: tag {tag} appears twice")
        fields[tag] = value
    return fields


def _tlv(text: str, where: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        header = text[position : position + 4]
        if not (len(header) == 4 and header.isascii() and header.isdigit()):
            raise ValueError(f"{where}: no tag and length at position {position}: {header!r}")
        end = position + 4 + int(header[2:])
        if end > len(text) or end == position + 4:
            raise ValueError(f"{where}: tag {header[:2]} has no value of {header[2:]} characters")
        yield header[:2], text[position + 4 : end]
        position = end


def _check_envelope(text: str, fields: dict[str, str]) -> None:
    """Check what every BR Code must have, in the order in which it can go wrong."""
    tags = list(fields)
    if not tags or tags[0] != "00" or fields["00"] != "01":
        raise ValueError("BR Code: it must start with tag 00, payload format 01")
    if tags[-1] != "63" or len(fields["63"]) != 4:
        raise ValueError("BR Code: it must end with tag 63, a CRC of 4 characters")
    _check_crc(text)
    if fields.get("01", "11") not in ("11", "12"):
        raise ValueError(f"BR Code: tag 01 is {fields['01']!r}, expected 11 or 12")
    for tag, expected in _MANDATORY.items():
        if _required(fields, tag, "BR Code") != expected and expected is not None:
            raise ValueError(f"BR Code: tag {tag} is {fields[tag]!r}, expected {expected}")


def _check_crc(text: str) -> None:
    try:
        expected = _crc(text[:-4])
    except UnicodeEncodeError as error:
        raise ValueError("BR Code: it has characters that are not text") from error
    if text[-4:].upper() != expected:
        raise ValueError(f"BR Code: CRC is {text[-4:]!r}, expected {expected}")


def _pix_account(fields: dict[str, str]) -> dict[str, str]:
    """Return the template of the Pix among tags 26 to 51; its GUI may be in capitals."""
    for tag in _ACCOUNT_TAGS:
        account = _fields(fields[tag], f"tag {tag}") if tag in fields else {}
        if account.get("00", "").lower() != GUI:
            continue
        if ("01" in account) == ("25" in account):
            raise ValueError(f"tag {tag}: expected a Pix key (01) or a URL (25), one of them")
        return account
    raise ValueError(f"BR Code: no tag from 26 to 51 is of {GUI}")


def _parse_amount(value: str | None) -> Decimal | None:
    if value is None:
        return None
    if not _AMOUNT.fullmatch(value):
        raise ValueError(f"BR Code: tag 54 is {value!r}, expected reais like 123.45")
    return Decimal(value).quantize(Decimal("0.01"))


def _required(fields: dict[str, str], tag: str, where: str) -> str:
    if tag not in fields:
        raise ValueError(f"{where}: tag {tag} is missing")
    return fields[tag]
