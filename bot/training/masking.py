"""Personal data out of messages, before a trainer sees or keeps them.

Each piece is replaced by a plainly made-up one of the same kind, so that the message still reads
and trains naturally. What is personal is found by `masking_rules` and `masking_names`, for
which the words of our own examples are no names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.training import masking_names, masking_rules
from bot.training.masking_rules import Found, Kind

STAND_INS = {
    Kind.ADDRESS: "Rua das Flores, 123",
    Kind.BOLETO: "00190.00009 00000.000000 00000.000000 0 00000000000000",
    Kind.EMAIL: "nome@exemplo.com",
    Kind.LINK: "https://exemplo.com/link",
    Kind.PIX_CODE: "00020126BR.GOV.BCB.PIX000000006304ABCD",
    Kind.PIX_KEY: "00000000-0000-4000-8000-000000000000",
}
DIGITS = {
    Kind.ACCOUNT: "12345678901234",
    Kind.CARD: "4111111111111111",
    Kind.CEP: "12345678",
    Kind.CNPJ: "12345678000195",
    Kind.CPF: "12345678909",
    Kind.DOCUMENT: "12345678912345",
}
"""Put into the place of the digits there: the way they were written stays."""


@dataclass(frozen=True)
class Span:
    """Where in a masked text a stand-in is, and for what."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Masked:
    """A message without personal data."""

    text: str
    spans: tuple[Span, ...]


def mask(text: str, names: Iterable[str] = ()) -> Masked:
    """`text` with stand-ins for personal data; `names` are those of the person, where known."""
    parts: list[str] = []
    spans: list[Span] = []
    end = length = 0
    for found in find(text, names):
        stand_in = _stand_in(text[found.start : found.end], found.kind)
        before = text[end : found.start]
        start = length + len(before)
        length = start + len(stand_in)
        parts += [before, stand_in]
        spans.append(Span(start, length, found.kind))
        end = found.end
    return Masked("".join([*parts, text[end:]]), tuple(spans))


def find(text: str, names: Iterable[str] = ()) -> list[Found]:
    """Personal data in `text`, in its order, none over another."""
    plain = masking_rules.fold(text)
    taken: list[Found] = []
    for found in _all(text, plain, names):
        others = [each for each in taken if found.start < each.end and each.start < found.end]
        if all(each.kind is found.kind for each in others):
            taken = [each for each in taken if each not in others]
            taken.append(_together([found, *others]))
    return sorted(taken)


def _together(pieces: list[Found]) -> Found:
    """One piece for several of a kind that lie over one another."""
    start, end = min(each.start for each in pieces), max(each.end for each in pieces)
    return Found(start, end, pieces[0].kind)


def _all(text: str, plain: str, names: Iterable[str]) -> Iterator[Found]:
    yield from masking_rules.find(text, plain)
    yield from masking_names.find(text, plain, names)


def _stand_in(words: str, kind: Kind) -> str:
    if kind is Kind.NAME:
        return masking_names.stand_in(words)
    if kind is Kind.BIRTH_DATE:
        return _date(words)
    if kind is Kind.PHONE:
        return _phone(words)
    if kind in DIGITS and re.search(r"\d{2}", words):
        return _with_digits(words, DIGITS[kind])
    if kind is Kind.CPF:
        return "123.456.789-09"
    return STAND_INS.get(kind) or DIGITS[kind]


def _with_digits(words: str, digits: str) -> str:
    """`words` with these digits, or their beginning, and without letters."""
    count = sum(char.isalnum() for char in words)
    supply = iter(digits[:count].ljust(count, "0"))
    return "".join(next(supply) if char.isalnum() else char for char in words)


def _date(words: str) -> str:
    """The first of January 1980, in digits as those that were there."""
    if len(words) == len("01011980") and words.isdigit():
        return "01011980"
    return "010180" if words.isdigit() else "01/01/1980"


def _phone(words: str) -> str:
    digits = sum(map(str.isdigit, words))
    if digits == len(words):
        return "5511987654321"[-max(8, digits) :] if digits > 9 else "987654321"
    return "(11) 98765-4321" if digits >= 10 or not digits else "98765-4321"
