"""Which of several offers, numbered from 1, somebody picks."""

import re
from collections.abc import Iterator

from bot.portuguese.choosing import Mention, upheld
from bot.portuguese.date_expressions import DAYS_WITH_NUMBERS
from bot.portuguese.installments import COUNTS
from bot.portuguese.numbers import ORDINAL_STEMS, ordinal, with_digits
from bot.portuguese.other_numbers import HOURS, PHONES, PLACES_AND_AGES, without
from bot.portuguese.percents import PERCENTS

_NAME = r"(?:opcao|opcoes|opc|op|opssao|opsao|alternativa|proposta|oferta|letra|item|numero|num|plano)"
_PICKING = (
    r"(?:a|o|essa|esse|e|eh|quero|queria|prefiro|escolho|escolhi|seria|ser|sim|nao|entao|acho|acho que"
    r"|melhor|ok|fecho|fechado|com|beleza|gostei|d[aeo]|aceito|pela|pelo|quer|dizer|digo|bora|oi"
    rf"|manda|faz|fazer|{_NAME})"
)
_NAMED = re.compile(rf"(?<![a-z]){_NAME}[ :.,)#]{{0,2}}(?:e |numero )?([0-9]{{1,2}}|um|uma|[a-e])(?![a-z0-9]|[.,/][0-9])")
_ORDINAL = re.compile(
    rf"(?:^|(?<=[,.;:!?*(\-] )|(?<=[,;:*(])|(?<![a-z]){_PICKING} )((?:{'|'.join(ORDINAL_STEMS)})[oa]|[0-9]{{1,2}}[oa])"
    rf"(?![a-z0-9])(?! ?-? ?(?:feira|fera|que vem|via|parcela|vez|semana|quinzena|dia|mes|agora|cedo"
    r"|pagamento|prestac|o (?:site|boleto|app)|lugar|d[oe] mes|eu (?:pago|recebo)|pago|recebo|sem falta))"
)
_ORDINAL_PICKED = re.compile(
    rf"(?<![a-z])(?:vou|fico|ficar|fecho|fechar|bora|vamos|fechamos) n[ao] ((?:{'|'.join(ORDINAL_STEMS)})[oa])(?![a-z])"
    r"(?!-? ?(?:feira|fera|que vem))"
)
_NUMBER = re.compile(
    rf"(?:^|(?<=[,.;:!?*(\-] )|(?<=[,;:*(])|(?<![a-z])(?<!a de )(?:{_PICKING}|na|no|vou de|de) )(?<!a de )([0-9]{{1,2}}|um|uma)"
    r"(?![a-z0-9]|[.,/:-][0-9])"
    r"(?= *(?:$|[,.;!?)*\-]|(?:por favor|mesmo|mesma|pode|ta|que|e|sim|fica|ficou|melhor|entao|ai|por"
    r"|porque|gostei|pra mim|moca|moco|amig[oa]|eu|seria|obrigad[oa]|da|ok|fechado|serve|sem|pois|com"
    r"|mano|beleza|manda|nao|cabe|viu|acho|quero|em|me|uai|ne|tchau|dos|das|tambem)(?![a-z])))"
)
_FROM_THE_END = re.compile(
    r"(?<![a-z])(pen)?ultim[oa](?![a-z])(?! (?:vez|parcela|dia|semana|mes|boleto|fatura|compra|conta|chance))"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:d[eo]|mais) (meio|cima|baixo)(?! d[oe] (?:mes|ano|semana))(?![a-z])"
)


def parse_option(text: str, count: int) -> int | None:
    """Return the number from 1 to `count` picked in a whole message, or `None`.

    "A última" is `count`, "a do meio" the middle one where there is one, "a de cima" 1, "opção b"
    2. Numbers out of range, several different ones ("a 1 ou a 2?") and other descriptions ("a de
    6x", "a mais barata") are `None`. Never raises.
    """
    digits = with_digits(text)
    plain = without(digits, HOURS, PHONES, *DAYS_WITH_NUMBERS, COUNTS, PERCENTS, PLACES_AND_AGES)
    possible = [found for found in _mentions(plain, count) if 1 <= found.value <= count]
    values = {mention.value for mention in upheld(possible, plain)}
    return values.pop() if len(values) == 1 else None


def _mentions(text: str, count: int) -> Iterator[Mention[int]]:
    readers = (
        (_NAMED, _number), (_ORDINAL, _ordinal), (_ORDINAL_PICKED, _ordinal), (_NUMBER, _number),
    )  # fmt: skip
    for pattern, value in readers:
        for match in pattern.finditer(text):
            yield Mention(match.start(1), match.end(), value(match))
    for match in _FROM_THE_END.finditer(text):
        yield Mention(match.start(), match.end(), count - bool(match[1]))
    for match in _PLACE.finditer(text):
        places = {"cima": 1, "baixo": count, "meio": (count + 1) // 2 if count % 2 else 0}
        yield Mention(match.start(), match.end(), places[match[1]])


def _number(match: re.Match[str]) -> int:
    written = match[1]
    if written in ("um", "uma"):
        return 1
    return int(written) if written.isdecimal() else "abcde".index(written) + 1


def _ordinal(match: re.Match[str]) -> int:
    return ordinal(match[1]) or 0
