"""Number words into digits, in a normalised message. What a number means is not decided here."""

import re
from functools import lru_cache

from text_to_num import text2num

from bot.plain_text import normalise
from bot.portuguese.by_ear import spelled_right

_UNITS = "dois duas tres quatro cinco seis sete oito nove"
_TEENS = (
    "dez onze doze treze quatorze catorze quinze dezesseis dezasseis dezessete dezassete dezoito "
    "dezenove dezanove"
)
_TENS = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"
_HUNDREDS = (
    "cem cento duzentos duzentas trezentos trezentas quatrocentos quatrocentas quinhentos "
    "quinhentas seiscentos seiscentas setecentos setecentas oitocentos oitocentas novecentos "
    "novecentas"
)
_MISSPELLED = {
    "doiz": "dois", "treis": "tres", "trez": "tres", "quato": "quatro", "cico": "cinco",
    "oitu": "oito", "deis": "dez", "deiz": "dez", "onse": "onze", "quize": "quinze",
    "vint": "vinte", "trita": "trinta", "trint": "trinta", "corenta": "quarenta",
    "quiento": "quinhentos", "milhoes": "milhões", "milhao": "milhão",
}  # fmt: skip
_STEMS = {
    "cem": "cem", "cen": "cem", "cent": "cem", "dez": "dez", "vint": "vinte", "trint": "trinta",
    "quarent": "quarenta", "cinquent": "cinquenta", "sessent": "sessenta",
    "setent": "setenta", "oitent": "oitenta", "novent": "noventa", "duzent": "duzentos",
    "trezent": "trezentos", "quatrocent": "quatrocentos", "quinhent": "quinhentos",
    "seiscent": "seiscentos", "setecent": "setecentos", "oitocent": "oitocentos",
    "novecent": "novecentos", "mil": "mil",
}  # fmt: skip
ORDINAL_STEMS = {
    "primeir": 1, "segund": 2, "terceir": 3, "quart": 4, "quint": 5, "sext": 6, "setim": 7,
    "oitav": 8, "non": 9, "decim": 10,
}  # fmt: skip

_LONGEST = 12  # words of the longest number people spell out, without the "e" between
_PLAIN = {word: word for word in f"{_UNITS} {_TEENS} {_TENS} {_HUNDREDS} mil".split()}
_WORDS = {"um": "um", "uma": "um", "zero": "zero"} | _PLAIN | _MISSPELLED
_SLANG = re.compile(rf"({'|'.join(_STEMS)})(?:z?ao|z?inh[oa]|z?im|z?aozinho)s?")
_ONE_WORD = rf"(?:{_SLANG.pattern.replace('(', '(?:', 1)}|{'|'.join(_WORDS)})(?![a-z0-9])"
_COUNTED = r" ?(?:x(?![a-z])|vez|parcel|prestac|dia|mes|semana|%|por ?cento)"
_REST = rf"([0-9]{{1,3}})(?![0-9]|[.,/][0-9])(?!{_COUNTED})"
_RUN = re.compile(
    rf"(?<![a-z0-9])(?!(?<=[0-9] )mil(?![a-z]))({_ONE_WORD}(?:(?: e |, | |-){_ONE_WORD})*)"
    rf"(?: e {_REST})?"
)
_COUNTED_NEXT = re.compile(_COUNTED)
_THOUSANDS = re.compile(
    r"(?<![0-9.,/])(?<!dia )([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?(?:mil|k)(?![a-z])"
    rf"(?: e (meio)(?![a-z])|(?: e | (?=[0-9]{{2}})){_REST})?"
)
_THOUSAND = re.compile(r"(?<![a-z0-9])mil(?![a-z0-9])")
_DEZEMBRO = re.compile(
    r"(?<![0-9])([0-9]{1,2}o?(?: ?(?:de|do|/|-) ?| (?=dez (?:de )?(?:19|20)[0-9]{2})))dez"
    r"(?![a-z0-9]| (?:reais|real|contos?|pilas?|paus?|mil|e )(?![a-z]))"
)
_PER_CENT = re.compile(
    rf"(?<![a-z0-9])({_ONE_WORD}|[0-9]+(?:[.,][0-9]+)?) ?(?:por|pur|per|p|pro)"
    r" ?[cs]en(?:t|to|tro|tu|tos)(?![a-z])"
)
_HUNDRED_MISSPELLED = re.compile(
    r"(?<![a-z])sem(?= (?:reais|real|contos?|pilas?) (?:por|todo|ao|de|no|mensa))"
)
_CENTO_MISSPELLED = re.compile(rf"(?<![a-z])sento(?= e {_ONE_WORD})")
_HUNDREDS_COUNTED = re.compile(r"(?<![0-9.,/])([2-9]) ?centos(?![a-z])")
_APRIL_MISSPELLED = re.compile(r"(?<= de )abriu(?![a-z])")
_TEN_MISSPELLED = re.compile(r"(?<![a-z])des(?= (?:reais|conto|pila|pau|vezes|parcelas|dias))")
_IN_BOTH = re.compile(r"(?<![0-9.,])([0-9]{1,9}) ?\( ?\1 ?\)")
_SPOKEN_COMMA = re.compile(r"(?<![0-9.,])([0-9]{1,7}) virgula ([0-9]{1,2})(?![0-9])")


@lru_cache(maxsize=64)
def with_digits(text: str) -> str:
    """Return `text` normalised and with its number words as digits.

    "Mil e duzentos em dez vezes" becomes "1200 em 10 vezes", "1,5 mil" becomes "1500",
    "duzentão" becomes "200 reais". A lone "um" or "uma" stays: it is mostly an article.
    Never raises.
    """
    plain = _DEZEMBRO.sub(r"\1dezembro", spelled_right(normalise(text)))
    plain = _HUNDRED_MISSPELLED.sub("cem", _TEN_MISSPELLED.sub("dez", plain))
    plain = _CENTO_MISSPELLED.sub("cento", _APRIL_MISSPELLED.sub("abril", plain))
    plain = _HUNDREDS_COUNTED.sub(r"\g<1>00", plain)
    plain = _PER_CENT.sub(r"\1%", plain)
    digits = _RUN.sub(_run_in_digits, plain)
    digits = _IN_BOTH.sub(r"\1", digits)
    digits = _THOUSANDS.sub(_thousands, digits)
    digits = _THOUSAND.sub("1000", digits)
    return _SPOKEN_COMMA.sub(r"\1,\2", digits)


def ordinal(word: str) -> int | None:
    """Return 1 to 10 for a normalised ordinal ("segunda", "2a", "3o"), else `None`."""
    if match := re.fullmatch(r"([0-9]{1,2})[oa]?", word):
        return int(match[1])
    return ORDINAL_STEMS.get(word[:-1]) if word[-1:] in ("o", "a") else None


def _run_in_digits(run: re.Match[str]) -> str:
    counted = _COUNTED_NEXT.match(run.string, run.end()) is not None
    digits = ", ".join(_group(part, counted) for part in run[1].split(", "))
    return digits if run[2] is None else _with_rest(digits, run[2])


def _with_rest(digits: str, rest: str) -> str:
    """Join what was typed half in words: "trezentos e 50" is one number, "trinta e 50" two."""
    zeros = len(digits) - len(digits.rstrip("0"))
    if 0 < int(rest) < 10**zeros and zeros >= len("00"):
        return digits[: -len(rest)] + rest
    return f"{digits} e {rest}"


def _group(run: str, counted: bool) -> str:
    """Read a run of number words as the fewest numbers it can be: "um dois" is two.

    A forgotten "e" is forgiven ("vinte dois") unless something is counted right after: in
    "duzentos dez vezes" there are two numbers.
    """
    words = re.findall(r"(?:e )?(?!e\b)[a-z]+", run)
    if len(words) == 1 and words[0] in ("um", "uma"):
        return run
    numbers: list[str] = []
    start = 0
    while start < len(words):
        length, value = _longest(words[start : start + _LONGEST], counted)
        numbers.append((" e " if words[start].startswith("e ") else " ") + str(value))
        if any(_SLANG.fullmatch(word.removeprefix("e ")) for word in words[start : start + length]):
            numbers.append(" reais")
        start += length
    return "".join(numbers).strip()


def _longest(words: list[str], counted: bool) -> tuple[int, int]:
    """Return how many of the first words make one number, and that number."""
    best = (1, _value((words[0],), counted) or 0)
    for length in range(2, len(words) + 1):
        value = _value(tuple(words[:length]), counted)
        if value is not None:
            best = (length, value)
    return best


@lru_cache(maxsize=4096)
def _value(words: tuple[str, ...], strict: bool) -> int | None:
    """Ask text2num, unless `strict` with the "e" it wants between all words."""
    spelled = [_canonical(word.removeprefix("e ")) for word in words]
    if spelled[:2] == ["um", "mil"]:
        words, spelled = words[1:], spelled[1:]
    joints = [" e " if not strict or word.startswith("e ") else " " for word in words[1:]]
    phrase = "".join([spelled[0], *map("".join, zip(joints, spelled[1:], strict=True))])
    try:
        return int(text2num(phrase.replace(" e mil", " mil"), "pt"))
    except ValueError:
        return None


def _canonical(word: str) -> str:
    if match := _SLANG.fullmatch(word):
        return _STEMS[match[1]]
    return _WORDS[word]


def _thousands(match: re.Match[str]) -> str:
    """Read "1,5 mil", "2k", "2 mil e meio" and "2 mil e 500"."""
    whole, _, fraction = match[1].replace(",", ".").partition(".")
    value = int(whole) * 1000 + int(fraction.ljust(3, "0"))
    return str(value + (500 if match[2] else int(match[3] or 0)))
