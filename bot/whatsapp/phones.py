"""Phone numbers as Meta writes them, and Brazil's ninth digit."""

import re

_MOBILE_WITHOUT_NINTH = re.compile(r"^(55\d{2})([6-9]\d{7})$")


def canonical(phone: str) -> str:
    """Digits of `phone`, a Brazilian mobile always with its ninth digit.

    `5511 8765-4321` and `5511 98765-4321` are one mobile; a `wa_id` may omit the 9.
    """
    digits = re.sub(r"\D", "", phone)
    return _MOBILE_WITHOUT_NINTH.sub(r"\g<1>9\2", digits)
