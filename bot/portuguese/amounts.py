"""Sums of money somebody offers or mentions."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from bot.portuguese.choosing import Mention, meant
from bot.portuguese.dates import DATES
from bot.portuguese.installments import COUNTS
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import OTHER_NUMBERS, without
from bot.portuguese.percents import PERCENTS

_CENT = Decimal("0.01")
_WINDOW = 60
_MOST_UNMARKED = 5  # digits; a longer bare number is a code
_NEAR = 3  # words between "consigo" and its sum
_NOTES = {
    "galo": 50, "onca": 50, "perna": 100, "garoupa": 100, "quina": 500, "barao": 1000,
    "baro": 1000,
}  # fmt: skip

_CURRENCY = (
    r"(?:reais|real|reals|reai|reas|riais|reaus|contos?|continhos?|pilas?|pilinhas?|paus?|mangos?"
    r"|pratas?|dilmas?|temers?|mer+eis|mir+eis|dinheiros|din-?din|brl)(?![a-z])"
)
_MARK_BEFORE = r"(?:(?<![a-z])(?:r ?\$|rs|brl)|\$)[ :.=]{0,3}"
_MARK_AFTER = rf" ?(?:r\$|\$|rs(?![a-z])|{_CURRENCY})"
_NUMBER = (
    r"[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]{1,3}(?: [0-9]{3})+,[0-9]{2}"
    r"|[0-9]{1,12}(?:[.,][0-9]{1,2})?"
)
_UNCOUNTED = r"(?![0-9]|[.,/][0-9]| ?(?:x(?![a-z])|vez|parc|prest|de [0-9]|dia|mes|seman|%|ano))"
_CENTS = (
    r",? (?:e |com )?(?P<cents>[0-9]{1,2}) ?(?:centavos?|cents?|ctvs?)(?![a-z])"
    rf"| (?:e|com) (?P<short_cents>[0-9]{{2}}){_UNCOUNTED}(?! ?{_CURRENCY})"
)
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_MARK_BEFORE})|(?<![a-z0-9])(?<![0-9][.,/:-]))(?P<number>{_NUMBER})"
    rf"(?![0-9]|[.,/:-][0-9])(?:(?P<after>(?:{_MARK_AFTER}){{1,2}})(?:{_CENTS})?|(?![a-z]))"
)
_CENTS_ALONE = re.compile(r"(?<![a-z0-9.,])([0-9]{1,2}) ?(?:centavos?|cents)(?![a-z])")
_AND_CENTS = re.compile(
    rf"(?<![a-z0-9.,/])(?<!entre )([0-9]{{1,3}}9)(?: e | (?=[0-9]{{2}} {_CURRENCY}))([1-9][0-9])"
    rf"(?: {_CURRENCY}| centavos)?{_UNCOUNTED}"
)
_NOTE = re.compile(
    rf"(?<![a-z0-9])(um|uma|meio|meia|[0-9]{{1,2}}) ({'|'.join(_NOTES)})(?:es|s)?(?![a-z])"
)
_ONE_REAL = re.compile(r"(?<![a-z])um (?=(?:real|conto)(?![a-z]))")
_NO_MORE_THAN = re.compile(
    r"(?<![a-z])nao (?:[a-z]{1,15} ){0,5}(?:mais (?:do )?que|mais d[eo]|alem d[eo]|acima de"
    r"|pass\w{0,4} d[eoa]s?|ultrapass\w{0,4})(?![a-z])"
)

_OFFERING = (
    r"consig\w*|conseg\w*|poss[oa]|poder\w*|pode|podemos|pag(?:o|ar|aria|amos|arei|ando|uei so)|dou|dar"
    r"|daria|dando|ofere\w+|ofert\w+|prop\w+|tenho|teria|temos|mand(?:o|ar)|transfir\w+|transferir"
    r"|depositar?|deposito|faco|fazer|faz|fech\w+|aceit\w*|quero|queria|gostaria|separei|juntei"
    r"|arrum\w+|arranj\w+|entrada|sinal|deixa|a?baix\w*|cabe|dispon\w+|sobr\w+|so|apenas|somente"
    r"|maximo|ate|uns|umas|entre|por|tipo|coloca|bota|poe|parcelinha|libero|adianto|adiantar"
    r"|cerca de|torno de|volta de|menos|proponho|combin\w+|quitar|quito|acert\w+|liquid\w+"
)
_OWING = (
    r"dev\w+|divid\w+|debit\w+|conta|boleto|fatura|parcela (?:e|ta|esta|veio|deu|ficou|era)|veio|ficou"
    r"|fica|cobra\w+|ganh\w+|receb\w+|salario|aluguel|luz|agua|cust\w+|era|estava|tava|subiu|foi"
    r"|paguei|pagav\w+|gast\w+|perdi|emprest\w+|bolsa|aposentadoria|pensao|auxilio|beneficio|valor"
    r" (?:total|original|da|de|do)|juros|multa|nem|muito|veiu|virou|pulou|aumentou|negativado"
    r"|mercado|remedio|limite|saldo"
)
_CUE = re.compile(rf"(?<![a-z])(?:({_OFFERING})|({_OWING}))(?![a-z])")
_SPENT_ON = re.compile(
    r"^ ?(?:reais |conto |so )?(?:de|do|da|com|em|no|na) (?:o |a )?(?:aluguel|luz|agua|pensao|salario"
    r"|juros|multa|divida|mercado|remedio|condominio|gas|internet|escola|faculdade|bolsa|auxilio)"
)
_OFFERED_AFTER = re.compile(
    r"^ ?(?:por mes|p mes|para mes|pra mes|ao mes|/ ?mes|mensa|de entrada|de sinal|a ?vista|por parcela"
    r"|cada|no total|todo mes|todos os meses|no pix|em dinheiro|eu (?:consigo|pago|posso|tenho|dou)"
    r"|da pra|ta bom|fica bom|e o (?:que|max)|que eu (?:tenho|consigo|posso)|fech|da certo|serve"
    r"|quinzena|por quinzena|por semana|pra quitar|para quitar|quitando|e quita|seria|cabe|parcelad"
    r"|consigo|posso|no maximo|mais ou menos|de inicio|pra comecar|por agora)"
)
_FOLLOWS = re.compile(
    r"^ *(?:$|[,;!?()*\-]|[.](?![0-9])|/ ?(?:mes|parc)|(?:por|p|ao|a|as|d[eao]|pra|para|pro|n[ao]|em|e|ou"
    r"|mas|so|cada|agora|hoje|amanha|ja|mensa\w+|mes|todo|todos|como|que|se|ta|da|pode|ok|certo"
    r"|serve|fech\w+|ate|mais|menos|parcelad\w+|limpo|fixos?|entrada|sinal|avista|vista|pix"
    r"|dinheiro|eu|voces?|nao|dia|porque|pois|quando|depois|sem|com|tranquilo|tudo|bom|bem|beleza"
    r"|ai|la|mesmo|mano|amig\w+|mo[cs][ao]|meu|minha|querid\w+|senhora?|obrigad\w+|quinzena\w*"
    r"|semanal|resto|restante|aceit\w+|rola|topa|consig\w+|consegue|acho|posso|pago|seria|cabe|no"
    r"|ne|viu|pq|via|tem|faz|moral|acho|sexta|segunda|quarta|quinta|terca|talvez|por|favor|cara"
    r"|irmao|irma|brother|vei|velho|parceiro|chefe|patrao|doutora?|dona|gente|uai|tche|oxe|meo"
    r"|isso|esse|essa|este|ele|ela|juro|deus|quer|digo|alias|melhor|desculpa|na|pela|pelo|assim"
    r"|quero|quita\w*|inicial|adiantad\w+|imediato|nem|pouco|redondo|quebrado|apenas|somente)(?![a-z]))"
)
_NOT_MONEY = re.compile(
    r"(?<![a-z])(?:opcao|parcela|final|numero|num|ano|desde|artigo|dia|idade|vezes|janeiro|fevereiro|marco"
    r"|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|item|proposta) *$"
)
_YEAR = re.compile(r"19[5-9][0-9]|20(?!00)[0-4][0-9]")
_FILLER = frozenset(
    "a acho algo amiga amigo ao apenas ate bem beleza boa bom cada cerca certo da dai de desculpa dia"
    " digo dizer do e em entao entrada entre eu favor fechado gente hoje agora isso ja la mais mano"
    " maximo melhor menos mensais mensal mes mesmo meu minha moca moco na nao ne no noite o"
    " obrigada obrigado oi ok ola ops os ou para parcela parcelas pelo perto po pode por pra pro"
    " proposta que quer querida real reais sao ser seria senhor senhora sim sinal so somente ta"
    " talvez tambem tarde tipo todo torno total uai um uma umas uns valor vista volta alias pouco"
    " poucos quebrado quebrados faz fechamos pix avista".split()
)


def parse_amount(text: str) -> Decimal | None:
    """Return the sum in BRL meant in a whole message, with two decimals, or `None`.

    What is offered ("consigo 150") beats what is merely mentioned, and that what is owed, earned
    or spent ("devo 1.200"). Of a range ("entre 100 e 150") and of several sums the first is taken,
    which in a range is what the person can surely pay. A number without "R$" or "reais" counts
    only where it is offered or nearly alone in the message; counts, dates, percentages, hours,
    years, phones and documents never do. Never raises.
    """
    digits = _ONE_REAL.sub("1 ", _NO_MORE_THAN.sub("ate", with_digits(text)))
    plain = without(digits, *OTHER_NUMBERS, *DATES, COUNTS, PERCENTS)
    return meant(_mentions(plain), digits)


def _mentions(text: str) -> Iterator[Mention[Decimal]]:
    yield from _found(_NOTE, _note, text)
    text = without(text, _NOTE)
    yield from _found(_AND_CENTS, _and_cents, text)
    text = without(text, _AND_CENTS)
    alone = _FILLER.issuperset(re.findall(r"[a-z]+", _AMOUNT.sub(" ", text)))
    for match in _AMOUNT.finditer(text):
        marked = match["before"] or match["after"]
        rank = _rank(match, text) if marked else _bare_rank(match, text, alone)
        if rank:
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
    return Decimal(f"{match[1]}.{match[2]}")


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
    """3 for what is offered, 1 for what is owed, earned or spent, 2 for the rest."""
    after = text[match.end() : match.end() + _WINDOW]
    if _SPENT_ON.match(after):
        return 1
    cue = _last_cue(match, text)
    if _OFFERED_AFTER.match(after):
        return 3
    return 2 if cue is None else 3 if cue[1] else 1


def _bare_rank(match: re.Match[str], text: str, alone: bool) -> int:
    """The same for a number without "R$" or "reais"; 0 where nothing says that it is money."""
    number, before = match["number"], text[max(0, match.start() - _WINDOW) : match.start()]
    after = text[match.end() : match.end() + _WINDOW]
    if _is_code(number) or _NOT_MONEY.search(before) or not _FOLLOWS.match(after):
        return 0
    near = _is_near(_last_cue(match, text), match.start(), text)
    if _YEAR.fullmatch(number) and not near:
        return 0
    if near or alone or _OFFERED_AFTER.match(after) or re.search(r",[0-9]{2}$", number):
        return _rank(match, text)
    return 0


def _is_code(number: str) -> bool:
    return number.startswith("0") or (number.isdecimal() and len(number) > _MOST_UNMARKED)


def _last_cue(match: re.Match[str], text: str) -> re.Match[str] | None:
    start = max(0, match.start() - _WINDOW)
    cues = list(_CUE.finditer(text, start, match.start()))
    return cues[-1] if cues else None


def _is_near(cue: re.Match[str] | None, start: int, text: str) -> bool:
    """Whether at most three words of the same sentence stand between a cue and a number."""
    gap = text[cue.end() : start] if cue else "?"
    return not re.search(r"[.;!?]", gap) and len(gap.split()) <= _NEAR
