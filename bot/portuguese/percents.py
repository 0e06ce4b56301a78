"""Percentages: what people write for "30 %", "metade" or "um terço"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.portuguese.choosing import Mention, meant
from bot.portuguese.numbers import with_digits

_HUNDRED = Decimal(100)
_FRACTIONS = {
    "metade": Decimal(50), "meio a meio": Decimal(50), "um terco": Decimal("33.33"),
    "1 terco": Decimal("33.33"), "2 tercos": Decimal("66.67"), "um quarto": Decimal(25),
    "1 quarto": Decimal(25), "3 quartos": Decimal(75),
}  # fmt: skip
_OF_THE_DEBT = r"(?= (?:d[aeo]s?|desse|dessa|disso|de desconto)(?![a-z]))"
_PERCENT = re.compile(r"(?<![0-9.,/])([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?%")
_FRACTION = re.compile(
    r"(?<![a-z])(metade(?! (?:d[oe] (?:mes|ano|semana)))|meio a meio|(?:um|1) terco|2 tercos"
    rf"|(?:um|1) quarto{_OF_THE_DEBT}|3 quartos{_OF_THE_DEBT})(?![a-z])"
)
_CERTAINTY = re.compile(r"100 ?% (?:de )?(?:cert|segur|sinc|honest)[a-z]*")

PERCENTS = re.compile(f"{_CERTAINTY.pattern}|{_PERCENT.pattern}|{_FRACTION.pattern}")


def parse_percent(text: str) -> Decimal | None:
    """Return the percentage meant in a whole message, from 0 to 100, or `None`.

    "Metade" is 50, "um terço" 33.33, "dois terços" 66.67, "um quarto da dívida" 25. More than
    100 % is nothing that can be negotiated: `None`. Never raises.
    """
    digits = with_digits(text)
    plain = _CERTAINTY.sub(lambda match: " " * len(match[0]), digits)
    return meant((found for found in _mentions(plain) if found.value <= _HUNDRED), plain)


def _mentions(text: str) -> Iterator[Mention[Decimal]]:
    for match in _PERCENT.finditer(text):
        yield Mention(match.start(), match.end(), Decimal(match[1].replace(",", ".")))
    for match in _FRACTION.finditer(text):
        yield Mention(match.start(), match.end(), _FRACTIONS[match[1]])
