"""Which of several offers, numbered from 1, somebody picks."""

import re
from collections.abc import Iterator

from bot.plain_text import one_of
from bot.portuguese.choosing import Mention, upheld
from bot.portuguese.date_expressions import DAYS_WITH_NUMBERS
from bot.portuguese.installments import COUNTS
from bot.portuguese.numbers import ORDINAL_STEMS, ordinal, with_digits
from bot.portuguese.other_numbers import HOURS, PHONES, PLACES_AND_AGES, without
from bot.portuguese.percents import PERCENTS

_LETTERS = "abcde"
_WINDOW = 60  # characters before a pick that may make it a question
_NAME = one_of(
    "opcao opcoes opc op alternativa proposta oferta letra item numero num plano condicao"
)
_PICKING = one_of(
    """
    a o essa esse aquela aquele e quero queria prefiro escolho escolhi seria ser sim nao
    entao acho melhor ok fecho fechado com beleza gostei da de do aceito pela pelo quer
    dizer digo bora oi manda faz fazer marca
    """
)
_BEFORE = rf"(?:^|(?<=[,.;:!?*(\-] )|(?<=[,;:*(])|(?<![a-z])(?:{_PICKING}|{_NAME}) )"
_STEMS = "|".join(ORDINAL_STEMS)
_NUMBERED = one_of(
    """
    feira fera que.vem via parcela vez semana quinzena dia mes(?!mo) agora cedo pagamento prestac
    o.site o.boleto o.app lugar do.mes de.mes eu.pago eu.recebo
    eu.te eu.vejo eu.falo eu.respondo eu.volto eu.ligo eu.vou te.(?:falo|respondo|aviso|ligo)
    a.gente.(?:fala|ve) pago recebo sem.falta hora
    cai sai entra chance compra conta fatura boleto do.acordo
    """
)
_NOT_A_PICK = rf"(?! ?-? ?{_NUMBERED})"
_GOES_ON = one_of(
    """
    por mesmo mesma msm pode ta que e sim fica ficou melhor entao ai porque gostei pra moca
    moco amiga amigo eu seria obrigado obrigada da ok fechado serve sem pois com mano beleza
    manda nao cabe viu acho quero em me uai ne tchau dos das tambem essa esse fechou
    """
)
_END = r"(?![a-z0-9]|[.,/:-][0-9])"
_GO_FOR = (
    r"(?:fechad[oa]|fechei|combinado|certo|vou|fico|fica|ficar|fecho|fecha|fechar|bora|vamos|fechamos|vai|querer|ir|opto|opta)"
    r" (?:n|pel|com )"
)

_NAMED = re.compile(
    rf"(?<![a-z]){_NAME}(?:[ :.,)#]{{1,2}}(?:e |numero |de numero )?"
    rf"(?P<pick>[0-9]{{1,2}}|um|uma|[bcd]|[ae](?= *(?:$|[,.;!?)])))|(?P<joined>[0-9])){_END}"
)
_ORDINAL = re.compile(
    rf"{_BEFORE}(?:o |a )?(?P<pick>(?:{_STEMS})a|[0-9]{{1,2}}[oa]){_END}{_NOT_A_PICK}"
    rf"|(?:^|(?<![a-z])(?:o|no) )(?P<male>(?:{_STEMS})o){_END}{_NOT_A_PICK}(?! [a-z]{{2,}})"
)
_ORDINAL_TAKEN = re.compile(
    rf"(?<![a-z]){_GO_FOR}[oa] (?P<pick>(?:{_STEMS})[oa]){_END}(?!-? ?(?:feira|fera|que vem))"
)
_PLAIN_ORDINAL = re.compile(
    rf"(?<![a-z])(?:na|pela) (?P<pick>(?:primeir|terceir)a){_END}"
    rf"(?= *(?:$|[,.;!?)]|{_GOES_ON}(?![a-z])))"
)
_NUMBER = re.compile(
    rf"(?:{_BEFORE}|(?<![a-z])(?:na|no|(?:vou|bora|fico|quero|vai) de) )(?<!a de )"
    rf"(?P<pick>[0-9]{{1,2}}){_END}(?= *(?:$|[,.;!?)*\-]|{_GOES_ON}(?![a-z])))"
)
_WITH_ARTICLE = re.compile(
    rf"(?<![a-z])(?:a|na|pela|essa) (?P<pick>[0-9]){_END}"
    r"(?= (?!(?:[a-z]+s|x|h|via|vez|parcela|mil|real|conto|hora|e|ou|a|pra|da|do|de)(?![a-z]))"
    r"[a-z]{2,})"
)
_ASKING = re.compile(
    r"(?<![a-z])(?:qual|quais|expli\w+|diferenca|como (?:funciona|e|fica)|quanto|o que (?:e|tem)"
    r"|detalh\w+|entendi|me (?:fala|conta|diz)|compar\w+|por ?que)(?![a-z])[^.,;!]*$"
)
_ONE = re.compile(rf"(?:^|(?<![a-z])(?:a|o|na|no|{_NAME}) )(?P<pick>um|uma)(?= *(?:$|[,.;!?)]))")
_FROM_THE_END = re.compile(rf"(?<![a-z])(?<!por )(?P<before>pen)?ultim[oa](?![a-z]){_NOT_A_PICK}")
_PLACE = re.compile(
    r"(?:^|(?<![a-z])(?:a|o|as|essa|esse|aquela|na|no|pela|opcao) )"
    r"(?:d[eo] ?(?P<place>meio|cima|baixo)|(?P<middle>intermediari[ao]))(?![a-z])(?! d[aeo] )"
)


def parse_option(text: str, count: int) -> int | None:
    """Return the number from 1 to `count` picked in a whole message, or `None`.

    "A última" is `count`, "a do meio" the middle one where there is one, "a de cima" 1, "opção b"
    2. Numbers out of range, several different ones ("a 1 ou a 2?") and other descriptions ("a de
    6x", "a mais barata") and questions ("qual é a 2?") are `None`. Never raises.
    """
    digits = with_digits(text)
    plain = without(digits, HOURS, PHONES, *DAYS_WITH_NUMBERS, COUNTS, PERCENTS, PLACES_AND_AGES)
    possible = [
        found
        for found in _mentions(plain, count)
        if 1 <= found.value <= count and not _ASKING.search(plain, *_before(found))
    ]
    values = {mention.value for mention in upheld(possible, plain)}
    return values.pop() if len(values) == 1 else None


def _before(found: Mention[int]) -> tuple[int, int]:
    return max(0, found.start - _WINDOW), found.start


def _mentions(text: str, count: int) -> Iterator[Mention[int]]:
    for pattern in (_NAMED, _ORDINAL, _ORDINAL_TAKEN, _PLAIN_ORDINAL, _NUMBER, _WITH_ARTICLE, _ONE):
        for match in pattern.finditer(text):
            name = match.lastgroup or ""
            yield Mention(match.start(name), match.end(), _number(match[name]))
    for match in _FROM_THE_END.finditer(text):
        yield Mention(match.start(), match.end(), count - bool(match["before"]))
    for match in _PLACE.finditer(text):
        middle = (count + 1) // 2 if count % 2 else 0
        value = {"cima": 1, "baixo": count}.get(match["place"], middle)
        yield Mention(match.start(), match.end(), value)


def _number(written: str) -> int:
    if written in ("um", "uma"):
        return 1
    if written in _LETTERS:
        return _LETTERS.index(written) + 1
    return ordinal(written) or 0
