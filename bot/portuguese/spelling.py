"""Amounts spelled out, as receipts have them: `R$ 389,90` is "trezentos e oitenta e nove reais…".

Reading number words is in `numbers`.
"""

from decimal import Decimal

_SMALL = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez",
    "onze", "doze", "treze", "quatorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
)  # fmt: skip
_TENS = (
    "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa",
)  # fmt: skip
_HUNDREDS = (
    "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos",
    "oitocentos", "novecentos",
)  # fmt: skip
_SCALES = (("", ""), ("mil", "mil"), ("milhão", "milhões"), ("bilhão", "bilhões"))
_MILLION = 10**6
_CENT = Decimal("0.01")
_CEILING = Decimal(10) ** 12


def amount_in_words(amount: Decimal) -> str:
    """Return "mil e duzentos reais e cinquenta centavos" for `Decimal("1200.50")`.

    Raises `ValueError` for less than zero, for parts of a cent and for R$ 10¹² or more.
    """
    if not amount.is_finite() or not 0 <= amount < _CEILING or amount % _CENT:
        raise ValueError(f"amount: {amount} is not reais and whole cents, from 0 to below 10¹²")
    reais, rest = divmod(int(amount * 100), 100)
    parts = [_counted(reais, "real", "reais")] if reais or not rest else []
    parts += [_counted(rest, "centavo", "centavos")] if rest else []
    return " e ".join(parts)


def _counted(count: int, one: str, many: str) -> str:
    """Return a number with what it counts: after whole millions, "de reais"."""
    joint = " de " if count and count % _MILLION == 0 else " "
    return f"{_number(count)}{joint}{one if count == 1 else many}"


def _number(number: int) -> str:
    """Join the groups of three digits; "e" goes before the last if it is short or round."""
    groups = [(value, scale) for value, scale in _groups(number) if value]
    words = [_group(value, scale) for value, scale in groups]
    if not words:
        return _SMALL[0]
    last = groups[-1][0]
    joint = " e " if last < 100 or last % 100 == 0 else " "
    return joint.join([" ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _groups(number: int) -> list[tuple[int, int]]:
    return [(number // 1000**scale % 1000, scale) for scale in reversed(range(len(_SCALES)))]


def _group(value: int, scale: int) -> str:
    one, many = _SCALES[scale]
    if one == "mil" and value == 1:
        return one
    return f"{_below_thousand(value)} {one if value == 1 else many}".rstrip()


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        words.append(_TENS[rest // 10 - 2])
        rest %= 10
    return " e ".join([*words, _SMALL[rest]] if rest else words)
