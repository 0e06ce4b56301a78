"""The digits of a CPF, or the few of them that were asked for, that somebody types."""

import re
from collections.abc import Iterator

import phonenumbers
from validate_docbr import CPF

from bot.plain_text import normalise, one_of
from bot.portuguese.birth_dates import BIRTH_DATES, parse_birth_date
from bot.portuguese.choosing import Mention, meant
from bot.portuguese.installments import COUNTS
from bot.portuguese.money_words import CURRENCY
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import CODES, HOURS, PHONES, PLACES_AND_AGES, without
from bot.portuguese.percents import PERCENTS

LENGTH = 11

_SIX = re.compile(r"(?<![a-z])meia(?! (?:duzia|hora|noite|boca))(?![a-z])")
_FULL = re.compile(r"(?<![0-9])[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3} ?[-. /]? ?[0-9]{2}(?![0-9])")
_DIGITS = re.compile(r"(?<![0-9])[0-9]+(?:[ .,\-/]{1,2}[0-9]+)*(?![0-9])")
_CUE = re.compile(
    r"(?<![a-z])(?:cpf|documento|digitos?|comec\w*|inici\w*|primeiros?|ultimos?|final|termin\w*"
    r"|acaba|identific\w*|numeros?)(?![a-z])"
)
_HOW_MANY = re.compile(
    r"(?<![a-z0-9])[0-9]{1,2}(?= (?:primeir|ultim|digit|numer|inicia|final))"
    r"|(?<=primeiros )[0-9](?= (?:digit|num|sao))|(?<=ultimos )[0-9](?= (?:digit|num|sao))"
)
_OFFERING = one_of(
    """
    consigo posso pago paga pagar pagando dou dar der ofereco faco faz por ate uns umas
    entrada maximo valor desde ano dia tenho teria devo devia opcao sinal aceita aceitam
    topa quito fecha fecham cobre virou veio era vem cobrar paguei gastei em(?=.20)
    """
)
_NUMBER = r"(?<![0-9.,])[0-9][0-9.,]*"
_MONEY = re.compile(
    r"(?:r ?\$|rs) ?:? ?[0-9][0-9.,]*|(?<![0-9.,])[0-9][0-9.]*,[0-9]{2}(?![0-9,.\-])"
    rf"|{_NUMBER} ?(?:z?ao|z?inho|rs|r\$|{CURRENCY})(?![a-z])"
    rf"|{_NUMBER}(?= ?(?:(?:por|ao|todo) mes|/ ?mes|mensa|cada|de (?:entrada|sinal)|a vista"
    r"|(?:pra|para|e) (?:quit|mat|fech|encerr|acab|liquid)|agora e))"
    rf"|(?<![a-z]){_OFFERING}(?: (?:de|so|e|ate|uns|a)){{0,2}} [0-9][0-9.,]*"
)
_THOUSAND = re.compile(r"(?<![a-z])mil(?![a-z])|[0-9]k(?![a-z])")
_UNITS = re.compile(r"(?<=[0-9],) (?:e )?o um(?![a-z])|(?<=[0-9]) (?:e )?o um(?![a-z])")
_SPOKEN_LIST = re.compile(r"(?<=[0-9]),? (?:e )?o (?=[0-9])")
_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?(?![0-9])")
_PHONE_LABEL = re.compile(
    r"(?<![a-z])(?:telefone|fone|zap|whats|whatsapp|celular|cel|tel|contato)(?![a-z])[ a-z:.]*$"
)
_OTHER = (_DATE, HOURS, PERCENTS, COUNTS, _MONEY, PLACES_AND_AGES)
_FEW_WORDS = 6
_SAYING = frozenset("e eh sao aqui anota ai ta vai la segue so numero comeco".split())  # noqa: SIM905
_CLAUSE_END = re.compile("[,.;:!?]")
_CLAUSE = 60  # characters of it that are looked at


def parse_cpf_digits(text: str, at_least: int = 3) -> str | None:
    """Return the digits typed to identify oneself, `at_least` to 11 of them, or `None`.

    The whole CPF or a part: "529.982.247-25", "começa com 529", "5 2 9", "cinco dois nove" ("meia"
    is 6). Phones, dates and amounts are no CPF. Check digits are not verified: a typing error
    comes back as typed. Never raises.
    """
    spoken = normalise(text)
    digits = _SPOKEN_LIST.sub(" ", _UNITS.sub(" 1", with_digits(_SIX.sub("seis", spoken))))
    told = bool(_CUE.search(digits))
    plain = without(digits, CODES, _HOW_MANY)
    rest = without(_without_birth_dates(plain), _FULL, PHONES, *_OTHER)
    parts = list(_parts(rest, told, at_least))
    if not told:
        parts = [] if _THOUSAND.search(spoken) else _answers(parts, rest)
    found = meant((*_whole(plain, told), *parts), digits)
    return found if found and len(found) >= at_least else None


def _whole(text: str, told: bool) -> Iterator[Mention[str]]:
    for match in _FULL.finditer(text):
        digits = _only_digits(match[0])
        valid = CPF().validate(digits)
        phone = _PHONE_LABEL.search(text[max(0, match.start() - 40) : match.start()])
        if not phone and (valid or told or not _is_phone(digits)):
            yield Mention(match.start(), match.end(), digits, rank=3 if valid else 2)


def _parts(text: str, told: bool, at_least: int) -> Iterator[Mention[str]]:
    for match in _DIGITS.finditer(text):
        digits = _only_digits(match[0])
        if at_least <= len(digits) <= LENGTH and (told or not _is_phone(digits)):
            yield Mention(match.start(), match.end(), digits)


def _answers(parts: list[Mention[str]], text: str) -> list[Mention[str]]:
    """Keep all digits of a brief message; of a story those that answer what was asked."""
    if len(re.findall("[a-z]+", text)) <= _FEW_WORDS:
        return parts
    return [part for part in parts if _is_an_answer(part, text)]


def _is_an_answer(part: Mention[str], text: str) -> bool:
    """Whether digits amid a story are a clause of their own: "ôxe, é 917 mulher, tava…"."""
    before = _CLAUSE_END.split(text[max(0, part.start - _CLAUSE) : part.start])[-1].split()
    after = _CLAUSE_END.split(text[part.end : part.end + _CLAUSE])[0].split()
    brief = len(before) + len(after) <= _FEW_WORDS and len(after) <= _FEW_WORDS // 2
    return brief and (not before or before[-1] in _SAYING)


def _is_phone(digits: str) -> bool:
    """Whether this can be a phone, with or without area code; eight digits may be a date too."""
    if len(digits) in (len("32654321"), len("987654321")):
        return len(digits) == len("32654321") or digits.startswith("9")
    return len(digits) > len("987654321") and phonenumbers.is_valid_number(
        phonenumbers.PhoneNumber(country_code=55, national_number=int(digits))
    )


def _only_digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _without_birth_dates(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0]) if parse_birth_date(match[0]) else match[0]

    for pattern in BIRTH_DATES:
        text = pattern.sub(blank, text)
    return text
