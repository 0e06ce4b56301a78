"""Percentages: what people write for "30 %", "metade" or "um terço"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.plain_text import one_of
from bot.portuguese.choosing import Mention, meant
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import without

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
_MINE = one_of(
    """
    salario renda ganho beneficio aposentadoria pensao bolsa pagamento faturamento movimento
    vendas? bateria carga cel celular tela energia inflacao gasolina aluguel luz agua gas mercado
    preco tempo pessoas gente povo pessoal familia bairro turma loja lojas clientes vida dia mes
    ano semana rua casa pensao comissao
    """
)
_SO_MANY = r"(?<![0-9.,/])[0-9]{1,3}(?:[.,][0-9]{1,2})? ?%"
_STORY = re.compile(
    # How sure somebody is, a rate of interest, then a part of what is not the debt.
    r"100 ?% (?:de (?:cert|segur|sinc|honest)[a-z]*"
    r"|(?!(?:d[aeo]s?|off|abat\w*|isen\w*|pra|para|e|a|se|no|eu|que) )[a-z]+)"
    r"|(?<![a-z])(?:certeza|seguro|segura|certo) (?:de |e )?100 ?%"
    rf"|{_SO_MANY} ?(?:(?:ao?|por|no|/) ?(?:mes|ano|dia)|a\.? ?[ma]\.?)(?![a-z])"
    rf"|(?:{_SO_MANY}|metade|(?:um|1) terco|2 tercos) (?:d[aeo]s? )"
    rf"(?:me[ua]s? |minhas? |noss[oa]s? )?{_MINE}(?![a-z])"
    rf"|(?<!tira )(?<!menos ){_SO_MANY} de"
    r" (?!desc|abat|reduc|desag|off|isenc|perda|entrada|sinal|bonus)[a-z]+"
    r"|(?<![a-z])(?:multa|juros?|taxa)(?: [a-z]+){0,2} (?:e|ta|tao|sao|esta|deu)"
    rf" {_SO_MANY}"
    rf"|(?<![a-z]){_MINE} (?:(?!descont|abat|tira|pago|consigo)[a-z]+ ){{0,4}}"
    rf"{_SO_MANY}(?! de desc)"
)

PERCENTS = re.compile(f"{_STORY.pattern}|{_PERCENT.pattern}|{_FRACTION.pattern}")


def parse_percent(text: str) -> Decimal | None:
    """Return the percentage meant in a whole message, from 0 to 100, or `None`.

    "Metade" is 50, "um terço" 33.33, "dois terços" 66.67, "um quarto da dívida" 25. More than
    100 % is nothing that can be negotiated: `None`. So are certainty ("100% certo"), rates ("2% ao
    mês") and parts of what is not the debt ("metade do meu salário"). Never raises.
    """
    digits = with_digits(text)
    plain = without(digits, _STORY)
    return meant((found for found in _mentions(plain) if found.value <= _HUNDRED), plain)


def _mentions(text: str) -> Iterator[Mention[Decimal]]:
    for match in _PERCENT.finditer(text):
        yield Mention(match.start(), match.end(), Decimal(match[1].replace(",", ".")))
    for match in _FRACTION.finditer(text):
        yield Mention(match.start(), match.end(), _FRACTIONS[match[1]])
