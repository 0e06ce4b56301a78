"""What the fields of shapes are made of: money as text, percentages, ids, phones."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

MONEY_PATTERN = r"^-?(0|[1-9][0-9]{0,9})\.[0-9]{2}$"
# PostgreSQL cannot store NUL.
NO_NUL = r"^[^\x00]+$"
OPAQUE_ID = r"^[A-Za-z0-9_-]{16,64}$"
WISHED_MONEY_PATTERN = MONEY_PATTERN.replace("-?", "")
POSITIVE_MONEY_PATTERN = r"^([1-9][0-9]{0,9}\.[0-9]{2}|0\.(0[1-9]|[1-9][0-9]))$"
PERCENT_PATTERN = r"^([1-9][0-9]{0,2}|0)(\.[0-9]{1,4})?$"


def _decimal_text(pattern: str, example: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        text = _as_text(value) if isinstance(value, Decimal) else value
        if not isinstance(text, str) or not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f'must be text like "{example}"')
        return Decimal(text)

    return BeforeValidator(check)


def _as_text(amount: Decimal) -> str:
    """Return a Decimal with at least two places, as the patterns want money."""
    exponent = amount.as_tuple().exponent
    return f"{amount:.2f}" if isinstance(exponent, int) and exponent > -2 else f"{amount:f}"


_AS_TEXT = PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json")

Money = Annotated[
    Decimal,
    _decimal_text(MONEY_PATTERN, "123.45"),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": MONEY_PATTERN, "examples": ["389.90"]}),
]

WishedMoney = Annotated[
    Decimal,
    _decimal_text(WISHED_MONEY_PATTERN, "123.45"),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": WISHED_MONEY_PATTERN, "examples": ["150.00"]}),
]

PositiveMoney = Annotated[
    Decimal,
    _decimal_text(POSITIVE_MONEY_PATTERN, "123.45"),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": POSITIVE_MONEY_PATTERN, "examples": ["150.00"]}),
]

Percent = Annotated[
    Decimal,
    _decimal_text(PERCENT_PATTERN, "12.5"),
    PlainSerializer(lambda rate: f"{rate:f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": PERCENT_PATTERN, "examples": ["30"]}),
]

Phone = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{7,14}$")]

OpaqueId = Annotated[str, StringConstraints(pattern=OPAQUE_ID)]
