"""What of a real person may have slipped into an example: CPF, phone, e-mail. Pure."""

import re
from collections.abc import Iterator

import phonenumbers
from validate_docbr import CPF

MADE_UP_CPFS = {"12345678909", "52998224725"}
"""Valid, but nobody's: the one of every tutorial, and the first demo customer's."""

_CPF = re.compile(r"(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[-. /]?\d{2}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_MADE_UP_EMAIL = re.compile(r"(?i)exemplo|example")
_MADE_UP_PHONE = re.compile(r"(\d)\1{4}|98765|12345|(\d{4})\2$")

_LEAST_OF_A_PHONE = len("912345678")  # fewer may be a date, and find nobody without an area code


def personal_data(text: str) -> Iterator[str]:
    """Each piece of personal data in `text`, with what it is; what is plainly made up is none."""
    for match in _CPF.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if digits not in MADE_UP_CPFS and CPF().validate(digits):
            yield f"CPF {match[0]}"
    for match in _EMAIL.finditer(text):
        if not _MADE_UP_EMAIL.search(match[0]):
            yield f"e-mail {match[0]}"
    for phone in phonenumbers.PhoneNumberMatcher(_CPF.sub(" ", text), "BR"):
        digits = re.sub(r"\D", "", phone.raw_string)
        if len(digits) >= _LEAST_OF_A_PHONE and not _MADE_UP_PHONE.search(digits):
            yield f"telefone {phone.raw_string}"
