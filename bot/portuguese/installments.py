"""In how many parts somebody wants to pay."""

import re
from collections.abc import Iterator

from bot.portuguese.choosing import Mention, meant
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
_NOT_MONEY_NOR_TIME = (
    r"(?![0-9]|[.,/:-][0-9])"
    r"(?! ?(?:%|por ?cento|reais|real|rs|r\$|conto|pila|pau|mango|dia|semana|mes|ano|h(?![a-z])|hora"
    r"|min|de [a-z]))"
)
_OF_MONEY = r"(?=(?:r ?\$ ?)?(?:[0-9]{3,}|1[3-9]|[2-9][0-9]|[0-9]{1,2},[0-9]{2}|[0-9]{1,2} (?:reais|conto)))"

_IN_TIMES = re.compile(rf"(?<![0-9.,/]){_OR_FEWER}{_COUNT} ?(?:de )?{_TIMES}")
_IN = re.compile(
    r"(?<![a-z])em (?:ate |umas? |uns |no maximo |mais ou menos |pelo menos |tipo )*"
    rf"([1-9]|[1-4][0-9]|(?:meia |uma )?duzia){_NOT_MONEY_NOR_TIME}(?: ?(?:de )?{_TIMES})?"
)
_MONTHS = re.compile(
    r"(?<![a-z])(?:em|por|durante) (?:ate |uns |umas |mais )?([0-9]{1,2}) mes(?:es)?(?![a-z])"
)
_PARTS_OF = re.compile(
    rf"(?<![a-z0-9.,/])(?<!dia )(?<!dias )([1-9]|[1-4][0-9]) de (?:uns |ate |cerca de )?{_OF_MONEY}"
)
_ONE = re.compile(
    r"(?<![a-z])(?:em (?:so )?uma|numa|so uma|em 1) (?:so |unica )?(?:vez|parcela)(?: so)?(?![a-z])"
    r"|(?<![a-z])(?:uma|1) (?:unica |so )(?:vez|parcela)(?![a-z])|(?<![a-z])uma (?:vez|parcela) so"
    r"|(?:tudo )?de uma (?:so )?vez(?: so)?(?![a-z])|(?:parcela|pagamento|vez) unic[ao]"
    r"|(?<![a-z])a ?vista(?![a-z])"
)
_ALONE = re.compile(
    r"^(?:(?:umas?|uns|so|acho que|pode ser|ate|no maximo|quero|prefiro|nao|as?|entao|melhor|sim"
    r"|faz|oi|bom dia|boa tarde|boa noite)[, ]+)*([0-9]{1,2})(?:[.!?, ]|por favor|mesmo|ta bom)*$"
)
_ABOUT_THE_PAST = re.compile(
    r"(?<![a-z])(?:paguei|quitei|devo|devendo|atrasei|atras\w+|falta\w?|resta\w?|tenho|tinha|vencid\w+"
    r"|sao|d?[ae]ssas|[dn]?as|minhas|ultimas|primeiras|outras|falei|liguei|ligaram|mandei|mandaram"
    r"|pedi|tentei|disse|expliquei|cobra\w+|fui|ja|perguntei|respondi|contratei|comprei|fiz|eram?"
    r"|tava|estava|fechei|combinei)(?: (?:de|com|me|pra|que|mais|umas|essas|voces?|so|ate|la|ai|isso|so"
    r"|eu|pagar|pra|em|ligar|ja))* $"
)
_PAST_AFTER = re.compile(
    r"^ ?(?:(?:ja|que|eu|estao|tao|ta|ainda|do|no|por|ao|a|em|todas?) )*"
    r"(?:atras|vencid|abert|pendent|pag[ao]s|restant|falta|devo|paguei|acordo|dia(?![a-z])|semana"
    r"|carne|ligaram|liguei|falei)"
)

COUNTS = re.compile("|".join(p.pattern for p in (_IN_TIMES, _PARTS_OF, _MONTHS, _IN, _ONE)))
"""Every count of parts, so that other parsers step around it; of "3 de 99,90" only "3 de "."""


def parse_installments(text: str, *, asked: bool = True) -> int | None:
    """Return in how many parts a whole message wants to pay, 1 to 120, or `None`.

    "À vista", "de uma vez" and "parcela única" are 1. Of a range ("6 ou 7 vezes") the higher is
    taken: it surely fits. A message that is only a number from 1 to 24 counts, unless `asked` is
    false: pass that where the bot asked for something else. Counts of the past ("já paguei 3
    parcelas") are `None`. Never raises.
    """
    digits = with_digits(text)
    if asked and (alone := _ALONE.match(digits)):
        return int(alone[1]) if 0 < int(alone[1]) <= MOST_ALONE else None
    plain = without(digits, *OTHER_NUMBERS, PERCENTS)
    return meant(_mentions(plain), digits)


def _mentions(text: str) -> Iterator[Mention[int]]:
    for match in COUNTS.finditer(text):
        value = _count(match)
        if 0 < value <= MOST and not _past(match, text):
            yield Mention(match.start(), match.end(), value, rank=_rank(match))


def _count(match: re.Match[str]) -> int:
    written = next((group for group in match.groups() if group), "1")
    return _DOZENS.get(written) or int(written)


def _rank(match: re.Match[str]) -> int:
    """Prefer a count to a mere "à vista"."""
    return 2 if any(match.groups()) else 1


def _past(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :][:40]
    return bool(_ABOUT_THE_PAST.search(before) or _PAST_AFTER.match(after))
