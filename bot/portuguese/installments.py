"""In how many parts somebody wants to pay."""

import re
from collections.abc import Iterable, Iterator

from bot.plain_text import one_of
from bot.portuguese.choosing import PAST_VERB, Mention, meant
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import OTHER_NUMBERS, without
from bot.portuguese.percents import PERCENTS

MOST = 120
MOST_ALONE = 24  # a lone "50" is more likely money than parts

_DOZENS = {"meia duzia": 6, "uma duzia": 12, "duzia": 12}
_COUNT = r"(?<![0-9.,/])([0-9]{1,3}|(?:meia |uma )?duzia)"
_PARTS = (
    r"(?:parcel(?:inh)?(?:as?|s)|presta[cs]\w{0,4}s?|prest|pagamentos?|cheques?|partes"
    r"|mensalidades?|pracelas?|parcelamentos?)"
)
_TIMES = rf"(?:x{{1,2}}(?![a-z])|\*(?=[0-9])|vez(?:es)?(?![a-z])|{_PARTS}(?![a-z]))"
_OR_FEWER = r"(?:entre [0-9]{1,2}x? e |[0-9]{1,2} ?(?:x|vezes)? ?(?:ou|a|ate|-) ?(?:em )?)?"
_MAY_FOLLOW = one_of(
    r"""
    pra para que eu e fica ficaria seria ta tem sem por nao ai no com quanto da pode se
    mesmo a iguais mas ou entao la cada quando porque ja consigo ate so mais seguid\w+ nesse
    ne viu moc\w+ mos\w+ amig\w+ mano beleza voce voces agora queria quero pago cabe acho
    talvez dai tche uai oxe como depois
    """
)
_OF_MONEY = (
    r"(?=(?:r ?\$ ?)?(?:[0-9]{3,}|1[3-9]|[2-9][0-9]|[0-9]{1,2},[0-9]{2}"
    r"|[0-9]{1,2} (?:reais|conto)))"
)
_FEW = r"([1-9]|[1-4][0-9]|(?:meia |uma )?duzia)"

_IN_TIMES = re.compile(rf"(?<![0-9.,/]){_OR_FEWER}{_COUNT} ?(?:(?<=duzia )de )?{_TIMES}")
_IN = re.compile(
    rf"(?<![a-z])(?:em|(?:divid|parcel|repart)[a-z]{{1,3}} por)"
    rf" (?:ate |umas? |uns |no maximo |mais ou menos |pelo menos |tipo )*{_FEW}"
    rf"(?: ?(?:de )?{_TIMES}|(?= *(?:$|[,;!?)]|[.](?![0-9])|{_MAY_FOLLOW}(?![a-z])|de [0-9])))"
)
_MONTHS = re.compile(
    r"(?<![a-z])(?:em|por|durante) (?:ate |uns |umas |mais )?([0-9]{1,2}) mes(?:es)?(?![a-z])"
)
_PARTS_OF = re.compile(
    rf"(?<![a-z0-9.,/])(?<!dia )(?<!dias )([1-9]|[1-4][0-9]) de (?:uns |ate |cerca de )?{_OF_MONEY}"
)
_THE_ONE_OF = re.compile(
    rf"(?<![a-z])(?:a|na|essa|aquela|pela) d(?:e|as) {_FEW}"
    rf"(?: {_TIMES}|(?= *(?:$|[,;!?.)]|{_MAY_FOLLOW}(?![a-z]))))"
)
_AFTER_ENTRY = re.compile(
    r"(?<![a-z])entrada (?:e |mais |\+ ?){1,2}([1-9]|1[0-9]|2[0-4]) *(?=$|[,;!?]|[.](?![0-9]))"
)
_YEARS = re.compile(
    r"(?<![a-z])em (?:ate )?(?P<years>[1-9]|10|um) anos?"
    rf"(?= *(?:$|[,;!?]|[.](?![0-9])|{_MAY_FOLLOW}(?![a-z])))"
)
_ONE = re.compile(
    r"(?<![a-z])(?:em (?:so )?uma|numa|so uma|em 1) (?:so |unica )?(?:vez|parcela)(?: so)?(?![a-z])"
    r"|(?<![a-z])(?:uma|1) (?:unica |so )(?:vez|parcela)(?![a-z])|(?<![a-z])uma (?:vez|parcela) so"
    r"|(?:tudo )?de uma (?:so )?vez(?: so)?(?![a-z])|(?:parcela|pagamento|vez) unic[ao]"
    r"|(?<![a-z])a ?vista(?![a-z])"
)
_BARE = re.compile(r"(?<![0-9.,/:-])([0-9]{1,2})(?![0-9]|[.,/:-][0-9])")
_RANGE = re.compile(r"[0-9] ?(?:a|ou|e|ate|-) ?[0-9]")
_GREETING = re.compile(r"(?<![a-z])(?:bom dia|boa tarde|boa noite)(?![a-z])")
_FILLER = frozenset(
    """
    a acho ai ao as beleza boletos bom bota certo da de do e em entao eu favor faz fechado fica
    gente grata grato isso joia legal mano mas maximo melhor menos mesmo mim minimo moca moco muito
    nao no num obrigada obrigado oi ok ola ou otima otimo para perfeito pode por pouco pra prefiro
    que queria quero ser serve show sim so ta tranquilo tudo uai uma umas uns vez viu
    """.split()  # noqa: SIM905
)
_MONTHS_ALONE = re.compile(
    r"(?:^|[,.;!?]) *(?:uns |em |so )?([2-9]|[1-9][0-9]) meses"
    r" *(?=$|[,.;!?]|(?:pra|para) (?:pagar|quitar)|no boleto|(?:da|fica|ta|e) (?:bom|otimo))"
)
_ABOUT_PARTS = re.compile(r"(?<![a-z])(?:parcel|prest|vezes|divid|[0-9] ?x(?![a-z]))")
_WANTED = re.compile(
    r"(?<![a-z])(?:bot[ae]|poe|coloca|faz|faca|quero|queria|prefiro|fech[ao]|deixa|divide|cabe"
    r"|(?:precisa|tem que|teria que|pode|podia|vai) ser|seria|so da|so se for|so consigo)"
    r" (?:em |so |umas |uns |ate )?([2-9]|1[0-9]|2[0-4])"
    r" *(?=$|[,;!?]|[.](?![0-9])|(?:pra mim|mesmo|por favor|entao|ai|ne|viu|que)(?![a-z]))"
)
_STILL_OWED = re.compile(
    r"(?<![a-z])(?:dev\w+|falta\w?|resta\w?|tenho|vencid\w+|sao|d?[ae]ssas|[dn]?as|minhas|ultimas"
    r"|primeiras|outras)(?: (?:mais|essas|so|ja))* $"
)
_DONE = re.compile(
    rf"(?<![a-z])(?:{PAST_VERB}|fui|fiz|ja|tava|era|eram)(?: (?!so |mas )[a-z]+){{0,3}} $"
)
_DONE_AFTER = re.compile(
    r"^ ?(?:(?:ja|que|eu|estao|tao|ta|ainda|do|no|por|ao|a|em|todas?) )*"
    r"(?:atras|vencid|abert|pendent|pag[ao]s|restant|falta|devo|paguei|acordo|dia(?![a-z])|semana"
    r"|carne|ligaram|liguei|falei)"
)

COUNTS = re.compile(
    "|".join(
        each.pattern
        for each in (
            *(_IN_TIMES, _PARTS_OF, _THE_ONE_OF, _MONTHS),
            *(_AFTER_ENTRY, _YEARS, _IN, _ONE),
        )
    )
)
"""Every count of parts, so that other parsers step around it; of "3 de 99,90" only "3 de "."""


def parse_installments(text: str, *, asked: bool = True) -> int | None:
    """Return in how many parts a whole message wants to pay, 1 to 120, or `None`.

    "À vista", "de uma vez" and "parcela única" are 1. Of a range ("6 ou 7 vezes") the higher is
    taken: it surely fits. A message that is only a number from 1 to 24 counts, unless `asked` is
    false: pass that where the bot asked for something else. Counts of the past ("já paguei 3
    parcelas") are `None`. Never raises.
    """
    digits = with_digits(text)
    if asked and _is_alone(digits):
        return meant(_numbers(digits), digits)
    plain = without(digits, *OTHER_NUMBERS, PERCENTS)
    patterns = (COUNTS, _MONTHS_ALONE) if asked else (COUNTS,)
    return meant(_mentions(plain, patterns), digits)


def without_counts(text: str) -> str:
    """Blank out every count of parts, so that other parsers step around it."""
    return without(text, COUNTS, _WANTED) if _is_about_parts(text) else without(text, COUNTS)


def _is_alone(text: str) -> bool:
    """Whether a message is nothing but a number, or one number instead of another."""
    words = re.findall("[a-z]+", _GREETING.sub(" ", text))
    other = re.search("[$%/+]", text) or _RANGE.search(text)
    return bool(_BARE.search(text)) and _FILLER.issuperset(words) and not other


def _numbers(text: str) -> Iterator[Mention[int]]:
    for match in _BARE.finditer(text):
        if 0 < int(match[1]) <= MOST_ALONE:
            yield Mention(match.start(), match.end(), int(match[1]))


def _is_about_parts(text: str) -> bool:
    return bool(_ABOUT_PARTS.search(text) or COUNTS.search(text))


def _mentions(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[Mention[int]]:
    yield from _wanted(text)
    for match in (match for pattern in patterns for match in pattern.finditer(text)):
        value = _count(match)
        if 0 < value <= MOST and not _past(match, text):
            yield Mention(match.start(), match.end(), value, rank=_rank(match))


def _wanted(text: str) -> Iterator[Mention[int]]:
    """Find the bare number of "fez em 24, bota 12", where parts are spoken of."""
    if _is_about_parts(text):
        for match in _WANTED.finditer(text):
            yield Mention(match.start(), match.end(), int(match[1]), rank=2)


def _count(match: re.Match[str]) -> int:
    if years := match.groupdict().get("years"):
        return (1 if years == "um" else int(years)) * 12
    written = next((group for group in match.groups() if group), "1")
    return _DOZENS.get(written) or int(written)


def _rank(match: re.Match[str]) -> int:
    """Prefer a count to a mere "à vista"."""
    return 2 if any(match.groups()) else 1


def _past(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :][:40]
    owed = match[1] and (_STILL_OWED.search(before) or _DONE_AFTER.match(after))
    return bool(owed or _DONE.search(before))
