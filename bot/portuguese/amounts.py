"""Sums of money somebody offers or mentions."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

from bot.portuguese.choosing import Mention, meant
from bot.portuguese.dates import DATES
from bot.portuguese.installments import without_counts
from bot.portuguese.money_words import (
    COUNTED,
    CUE,
    CURRENCY,
    EACH,
    EARNED,
    FILLER,
    GOES_ON,
    LEADING,
    NOT_MONEY,
    OFFERED_AFTER,
    REFERRED_TO,
    SPENT_ON,
    TRAILING,
)
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import OTHER_NUMBERS, without
from bot.portuguese.percents import PERCENTS

OFFERED, MENTIONED, OWED, NO_MONEY = 3, 2, 1, 0

_CENT = Decimal("0.01")
_WINDOW = 60
_NEAR = 3  # words between "consigo" and its sum
_MOST_NUMBERS = 200  # in one message; what has more is no offer
_LEAST_LAST = 20  # a smaller number at the end of a message may count anything
_LONGEST_BARE = 5  # digits; a longer bare number is a code
_NOTES = {
    "galo": 50, "onca": 50, "perna": 100, "garoupa": 100, "quina": 500, "barao": 1000,
    "baro": 1000,
}  # fmt: skip

_MARK_BEFORE = r"(?:(?<![a-z])(?:r ?\$|rs|brl)|\$)[ :.=]{0,3}"
_MARK_AFTER = (
    rf" ?(?:r\$|\$|rs(?![a-z])|[zt]?ao(?![a-z])|[zt]?inh[oa]s?(?![a-z])|{CURRENCY}(?![a-z]))"
)
_NUMBER = (
    r"[0-9]{1,3}(?:[.,][0-9]{3}){1,4}(?:[.,][0-9]{1,2})?|[0-9]{1,3}(?: [0-9]{3}){1,4},[0-9]{2}"
    r"|[0-9]{1,12}(?:[.,][0-9]{1,2})?"
)
_UNCOUNTED = r"(?![0-9]|[.,/][0-9]| ?(?:x(?![a-z])|vez|parc|prest|de [0-9]|dia|mes|seman|%|ano))"
_CENTS = (
    r",? (?:e |com )?(?P<cents>[0-9]{1,2}) ?(?:centavos?|cents?|ctvs?)(?![a-z])"
    rf"| (?:e|com) (?P<short_cents>[0-9]{{2}}){_UNCOUNTED}(?! ?{CURRENCY})"
)
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_MARK_BEFORE})|(?<![a-z0-9])(?<![0-9][.,/:-]))(?P<number>{_NUMBER})"
    rf"(?![0-9]|[.,/:-][0-9])(?:(?P<after>(?:{_MARK_AFTER}){{1,2}})(?:{_CENTS})?|(?![a-z]))"
)
_CENTS_ALONE = re.compile(r"(?<![a-z0-9.,])([0-9]{1,2}) ?(?:centavos?|cents)(?![a-z])")
_AND_CENTS = re.compile(
    rf"(?<![a-z0-9.,/])(?<!entre )(?:([0-9]{{1,3}}9)(?: e | (?=[0-9]{{2}} {CURRENCY}))([1-9][0-9])"
    r"|([1-9][0-9]?[1-8]) e ([1-9][059]))(?![0-9])"
    rf"(?: {CURRENCY}(?![a-z])| centavos)?{_UNCOUNTED}"
)
_NOTE = re.compile(
    rf"(?<![a-z0-9])(um|uma|meio|meia|[0-9]{{1,2}}) ({'|'.join(_NOTES)})(?:es|s)?(?![a-z])"
)
_ONE_REAL = re.compile(
    r"(?<![a-z])(?:um (?=(?:real|conto)(?![a-z]))|(?<= e )um (?=centavo(?![a-z])))"
)
_NO_MORE_THAN = re.compile(
    r"(?<![a-z])nao (?:[a-z]{1,15} ){0,5}(?:mais (?:do )?que|mais d[eo]|alem d[eo]|acima de"
    r"|pass\w{0,4} d[eoa]s?|ultrapass\w{0,4})(?![a-z])"
)
_FROM_TO = re.compile(
    r"(?<![a-z])de ([0-9]{2,}) (?:a|ate) (?=[0-9]{2,}(?![0-9]|[.,/]"
    r"| ?(?:dia|mes|seman|ano|hora|h(?![a-z])|x|vez|parc|prest|%)))"
)
_YEAR = re.compile(r"19[5-9][0-9]|20(?!00)[0-4][0-9]")
_WITH_CENTS = re.compile(r"[0-9],[0-9]{2}$")
_MEASURED = re.compile(r"^ ?(?:m|km|kg|l|metros?|quilos?|litros?|graus)(?![a-z])")


def parse_amount(text: str) -> Decimal | None:
    """Return the sum in BRL meant in a whole message, with two decimals, or `None`.

    What is offered ("consigo 150") beats what is merely mentioned, and that what is owed, earned
    or spent ("devo R$ 1.200"). Of a range ("entre 100 e 150") and of several sums the first is
    taken, which in a range is what the person can surely pay. A number without "R$" or "reais"
    counts only where it is offered or nearly alone in its message, from 10 on; counts, dates,
    percentages, hours, years, phones and documents never do. Never raises.
    """
    spoken = _ONE_REAL.sub("1 ", _NO_MORE_THAN.sub("ate", with_digits(text)))
    spoken = _FROM_TO.sub(r"entre \1 e ", spoken)
    return meant(_mentions(spoken), spoken)


def _mentions(spoken: str) -> Iterator[Mention[Decimal]]:
    text = without_counts(without(spoken, *OTHER_NUMBERS, *DATES, PERCENTS))
    yield from _found(_NOTE, _note, text)
    text = without(text, _NOTE)
    yield from _found(_AND_CENTS, _and_cents, text)
    text = without(text, _AND_CENTS)
    alone = FILLER.issuperset(re.findall(r"[a-z]+", _AMOUNT.sub(" ", text)))
    for match in islice(_AMOUNT.finditer(text), _MOST_NUMBERS):
        marked = match["before"] or match["after"]
        rank = _rank(match, spoken) if marked else _bare_rank(match, spoken, alone)
        if rank != NO_MONEY:
            yield _mention(match, _value(match), rank)
    yield from _found(_CENTS_ALONE, _cents, text)


def _found(
    pattern: re.Pattern[str], value: Callable[[re.Match[str]], Decimal], text: str
) -> Iterator[Mention[Decimal]]:
    for match in pattern.finditer(text):
        yield _mention(match, value(match), _rank(match, text))


def _mention(match: re.Match[str], value: Decimal, rank: int) -> Mention[Decimal]:
    return Mention(match.start(), match.end(), value.quantize(_CENT), rank)


def _note(match: re.Match[str]) -> Decimal:
    many = {"um": Decimal(1), "uma": Decimal(1), "meio": Decimal("0.5"), "meia": Decimal("0.5")}
    return (many.get(match[1]) or Decimal(match[1])) * _NOTES[match[2]]


def _and_cents(match: re.Match[str]) -> Decimal:
    reais, cents = filter(None, match.groups())
    return Decimal(f"{reais}.{cents}")


def _cents(match: re.Match[str]) -> Decimal:
    return Decimal(match[1]) / 100


def _value(match: re.Match[str]) -> Decimal:
    """Read a number with either separator: three digits after it make thousands."""
    *whole, last = re.split(r"[., ]", match["number"])
    if not whole:
        number = Decimal(last)
    elif len(last) == len("000"):
        number = Decimal("".join([*whole, last]))
    else:
        number = Decimal("".join(whole) + "." + last)
    return number + Decimal(match["cents"] or match["short_cents"] or 0) / 100


def _rank(match: re.Match[str], text: str) -> int:
    """Say whether a sum is offered, merely mentioned, or owed, earned and spent."""
    after = text[match.end() : match.end() + _WINDOW]
    cue = _last_cue(match, text)
    if SPENT_ON.match(after) or EARNED.search(text, max(0, match.start() - _WINDOW), match.start()):
        return OWED
    if OFFERED_AFTER.match(after) or REFERRED_TO.match(after):
        return OFFERED
    return MENTIONED if cue is None else OFFERED if cue[1] else OWED


def _bare_rank(match: re.Match[str], spoken: str, alone: bool) -> int:
    """Say the same of a number without "R$" or "reais", which may be no money at all."""
    number, text = match["number"], match.string
    before, after = (
        text[max(0, match.start() - _WINDOW) : match.start()],
        text[match.end() :][:_WINDOW],
    )
    with_cents = _WITH_CENTS.search(number) and not _MEASURED.match(after)
    if _is_code(number) or NOT_MONEY.search(before):
        return NO_MONEY
    cue = _last_cue(match, spoken)
    near = _is_near(cue, match.start(), spoken) or EACH.search(
        spoken, max(0, match.start() - _WINDOW), match.start()
    )
    if not (with_cents or GOES_ON.match(after) or (near and not COUNTED.match(after))):
        return NO_MONEY
    if _YEAR.fullmatch(number) and not near:
        return NO_MONEY
    following = spoken[match.end() : match.end() + _WINDOW]
    offered = OFFERED_AFTER.match(following) or REFERRED_TO.match(following)
    sure = (
        near or alone or offered or with_cents or _ends(match, cue) or _is_a_sentence(before, after)
    )
    return _rank(match, spoken) if sure else NO_MONEY


def _ends(match: re.Match[str], cue: re.Match[str] | None) -> bool:
    """Whether a sum, and not a debt, is the last word of its message."""
    last = not re.search("[a-z0-9]", match.string[match.end() :][:_WINDOW])
    owed = cue and not cue[1] and len(match.string[cue.end() : match.start()].split()) <= _NEAR
    return last and not owed and Decimal(match["number"].replace(",", ".")) >= _LEAST_LAST


def _is_a_sentence(before: str, after: str) -> bool:
    """Whether a sum opens its message, or ends it on its own."""
    ends = not re.search("[a-z0-9?]", after) and TRAILING.search(before)
    return bool(ends or LEADING.search(before))


def _is_code(number: str) -> bool:
    """Whether a bare number is too short or too long for a sum; one digit is rather an answer."""
    return number.startswith("0") or (number.isdecimal() and not 1 < len(number) <= _LONGEST_BARE)


def _last_cue(match: re.Match[str], text: str) -> re.Match[str] | None:
    start = max(0, match.start() - _WINDOW)
    cues = list(CUE.finditer(text, start, match.start()))
    return cues[-1] if cues else None


def _is_near(cue: re.Match[str] | None, start: int, text: str) -> bool:
    """Whether a sum is offered at most three words before it, in the same sentence."""
    gap = text[cue.end() : start] if cue and cue[1] else "?"
    return not re.search(r"[.;!?]", gap) and len(gap.split()) <= _NEAR
