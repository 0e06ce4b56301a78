"""How dates are written: patterns over normalised text with digits, each with its meaning.

They are tried in order, and what one has matched the next ones no longer see.
"""

import re
from dataclasses import dataclass

from bot.portuguese import date_meanings as means
from bot.portuguese import feasts
from bot.portuguese.date_meanings import Meaning

VAGUE, RELATIVE, EXACT = 1, 2, 3

_START = r"(?<![a-z0-9])(?<![0-9][.,/])"
_END = r"(?![a-z0-9]|[.,/:][0-9])"
_DIA = r"(?<!bom )(?<!(?<![a-z])bo )dias? ?(?:o |de )?"
_DAY = r"([0-9]{1,2}o?|primeiro|um)"
_NUMBER = r"([0-9]{1,2})"
_MONTH_NUMBER = r"(1[0-2]|0?[1-9])"
_UNCOUNTED = (
    r"(?![a-z0-9]|[.,/:][0-9]"
    r"| ?(?:reais|real|rs|r\$|contos?|pilas?|paus?|mil|x|vez(?:es)?|parc[a-z]*|%|h|hs|horas?|dias?"
    r"|mes(?:es)?|anos?|semanas?)(?![a-z]))"
)
_MONTHS = "|".join(means.MONTHS)
_SHORT_MONTHS = "|".join(means.SHORT_MONTHS)
_YEAR = (
    rf"(?:(?: d[eo] | ?[/-] ?| do ano de )([0-9]{{4}}|[0-9]{{2}}){_UNCOUNTED}"
    r"|,? (20[0-9]{2})(?![0-9]))?"
)
_WEEKDAY = f"({'|'.join(means.WEEKDAYS)})(?:[ -]?(?:feira|fera))?(?![a-z])"
_CHOICE = (
    r"(?! (?:via|parcel|op[cs]|propost|vez|ofert|altern|form|linha|prest|fatur|conta|mao|div))"
)
_NEXT_MONTH = r"(?:mes (?:que vem|que entra|proximo|seguinte|entrante)|(?:proximo|outro) mes)"
_THIS_MONTH = r"(?:(?:d|n)?es[st]e mes|do mes (?:atual|corrente))"
_NEXT_WEEK = r"(?:semana (?:que vem|que entra|proxima|seguinte)|(?:proxima|outra) semana)"
_LINK = r"(?:,? (?:no|na|la|pelo|pela|pro|pra|para|ate|so|o|a|mas|ai|ja|tipo|depois|apos|do|de|em))"
_END_OF = r"(?:fim|final|finalzinho|finzinho)"
_START_OF = r"(?:comeco|comecinho|inicio|principio)"
_MIDDLE_OF = r"(?:meio|metade|meados)"
_NTH = r"([0-9]{1,2}[oa]?|primeiro|segundo|terceiro|quarto|quinto|sexto|setimo|oitavo|nono|decimo)"
_MANY = r"([0-9]{1,3}|uma|um)"
_UNIT = r"(dias? ut(?:eis|il)|dias?(?! [0-9])|diazinhos|seman(?:inh)?as?|quinzenas?)(?![a-z])"
_LEAD = r"(?:daqui|daki|dentro|em|mais|prazo|por|me da|uns|umas|so|preciso|ate|a|ha|de|pra|para)"
_SOON = r"(?:daqui|daki|dentro|mais)(?: (?:a|ha|uns|umas|de|so)){0,2}"


@dataclass(frozen=True)
class Expression:
    """A way to write a date, what it means given today, and how exact it is.

    Where `needs_support`, it may be a mere story ("em maio", "2 semanas"): it counts in a short
    message or where paying is spoken of nearby.
    """

    pattern: re.Pattern[str]
    meaning: Meaning
    rank: int
    needs_support: bool = False


def _exact(meaning: Meaning, pattern: str) -> Expression:
    return Expression(re.compile(_START + pattern), meaning, EXACT)


def _relative(meaning: Meaning, pattern: str) -> Expression:
    return Expression(re.compile(_START + pattern), meaning, RELATIVE)


def _vague(meaning: Meaning, pattern: str) -> Expression:
    return Expression(re.compile(_START + pattern), meaning, VAGUE)


def _if_supported(meaning: Meaning, pattern: str) -> Expression:
    return Expression(re.compile(_START + pattern), meaning, VAGUE, needs_support=True)


_WRITTEN_OUT = (
    _exact(means.iso_date, r"(2[0-9]{3})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])"),
    _exact(
        means.full_date,
        rf"(?:{_DIA})?{_NUMBER} ?[/.-] ?{_NUMBER} ?[/.-] ?([0-9]{{4}}|[0-9]{{2}})(?![0-9/])",
    ),
    _exact(
        means.day_and_month,
        rf"(?:{_DIA})?{_NUMBER} ?/ ?{_NUMBER}(?! ?/){_END}"
        r"(?! d[aeo] (?:divida|valor|total)| agora| hoje)",
    ),
    _exact(means.day_and_month, rf"{_DIA}{_NUMBER}(?: ?[.-] ?| d[oe] ){_MONTH_NUMBER}{_UNCOUNTED}"),
    _exact(means.day_and_month, rf"{_NUMBER} d[oe] {_MONTH_NUMBER}{_UNCOUNTED}"),
    _exact(means.day_and_month, rf"(0?[1-9]|[12][0-9]|3[01])\.(0[1-9]){_UNCOUNTED}"),
    _exact(
        means.day_and_month_name,
        rf"(?:{_DIA})?{_DAY}(?:(?: ?[/-] ?| d[eo] (?:mes de )?| )({_MONTHS})"
        rf"|(?: ?[/-] ?| d[eo] )({_SHORT_MONTHS}))(?![a-z]){_YEAR}",
    ),
)

_FEASTS = (
    _relative(means.christmas_eve, r"(?:vespera d[eo] natal|noite de natal)(?![a-z])"),
    _relative(
        means.feast,
        rf"(?:n[oa]|ate (?:o|a)|ate|d[eo] feriado d[eo]"
        rf"|passando [oa]|pro|pra|dia d[eo]|passar [oa]|d[oa])"
        rf" ({'|'.join(feasts.FEASTS)})(?![a-z])",
    ),
    _relative(means.feast, rf"({'|'.join(feasts.NAMED_DAYS)})(?![a-z])"),
)

_BUSINESS_DAYS = (
    _relative(
        means.next_business_day,
        r"(?:proximo|outro|1o proximo) dia util|dia util seguinte|(?:1o|primeiro) dia util"
        r" (?:seguinte|depois|apos|que (?:der|tiver|vier))",
    ),
    _exact(means.end_of_named_month, rf"ultimo dia util (?:de|do mes de) ({_MONTHS})(?![a-z])"),
    _exact(means.last_day_of_named_month, rf"ultimo dia (?:de|do mes de) ({_MONTHS})(?![a-z])"),
    _exact(
        means.business_day,
        rf"(?<!em )(?<!daqui )(?<!dentro de )(?<!mais )(?:{_DIA})?{_NTH} dia ut(?:il|eis)"
        rf"(?:,? (?:d?n?[eo] |do mes de |ja )?({_NEXT_MONTH}|{_MONTHS})(?![a-z])"
        r"|,? (?:do|deste|desse|de cada|de todo) mes)?"
        r"(?![a-z])",
    ),
    _exact(means.business_day, rf"{_DIA}{_NTH} util(?:,? (?:do )?({_NEXT_MONTH}))?(?![a-z])"),
    _exact(means.end_of_month, rf"ultimo dia util(?: d[oe](?:sse)?)?(?: ({_NEXT_MONTH})| mes)?"),
    _exact(
        means.last_day_of_month,
        rf"ultimo dia d[oe](?:s[st]e|ste| corrente)? (?:({_NEXT_MONTH})|mes)(?![a-z])",
    ),
)

_DURATIONS = (
    _relative(means.in_so_many, rf"(?:{_LEAD} ){{1,5}}{_MANY} {_UNIT}"),
    _if_supported(means.in_so_many, rf"(?:uns |umas )?{_MANY} {_UNIT}"),
    _relative(means.in_so_many, rf"{_SOON} {_MANY} (mes(?:es)?)(?![a-z])"),
    _relative(means.in_so_many, rf"{_SOON} ([0-9]{{1,2}})(){_UNCOUNTED}"),
)

_DAYS_OF_A_MONTH = (
    _exact(means.day_next_month, rf"(?:{_DIA})?{_DAY}(?: ja)? (?:d[oe] |no )?{_NEXT_MONTH}"),
    _exact(means.day_next_month, rf"{_NEXT_MONTH}{_LINK}{{0,4}},? {_DIA}{_DAY}{_UNCOUNTED}"),
    _exact(
        means.month_name_and_day,
        rf"({_MONTHS}){_LINK}{{0,3}},? {_DIA}{_DAY}{_UNCOUNTED}",
    ),
    _exact(means.day_this_month, rf"{_DIA}{_DAY} (?:ainda )?{_THIS_MONTH}(?![a-z])"),
    _exact(
        means.later_of_two_days,
        rf"(?:entre|de|do|dos)(?: os?)? (?:{_DIA}){_NUMBER} (?:e|a|ao|ate)(?: o)? (?:{_DIA})?"
        rf"{_NUMBER}{_UNCOUNTED}",
    ),
    _exact(
        means.day_this_month,
        rf"{_DAY} (?:ainda )?(?:des[st]e mes|do (?:mes (?:atual|corrente)|corrente mes))(?![a-z])",
    ),
    _relative(means.in_days(0), rf"hoje,? (?:ja |que )?(?:e )?{_DIA}[0-9]{{1,2}}"),
    _exact(
        means.day_of_month,
        rf"(?:todos? )?{_DIA}{_DAY}{_UNCOUNTED}"
        r"(?:(?:,(?! e ))? (?:(?:muda|passa|troca|joga|bota)\w{0,2} )?"
        r"(ou|e|a|ao|ate|-|nao|pro|pra|para)"
        r"(?:,? (?:o|ate|la|so|pro|no|pelo)){0,2}"
        rf" (?:{_DIA})?{_NUMBER}{_UNCOUNTED})?",
    ),
)

_DAYS_FROM_TODAY = (
    _relative(means.in_days(2), r"depois d[e']? ?amanha(?![a-z])"),
    _relative(means.in_days(1), r"amanha(?![a-z])"),
    _relative(means.in_days(0), r"(?<!ate )hoje(?![a-z])"),
)

_WEEKDAYS = (
    _relative(
        means.weekday_of_next_week, rf"{_WEEKDAY},? (?:que vem|que entra|(?:d|n)?a {_NEXT_WEEK})"
    ),
    _relative(means.weekday_of_next_week, rf"{_NEXT_WEEK}{_LINK}{{0,3}},? {_WEEKDAY}{_CHOICE}"),
    _relative(means.this_weekday, rf"(?:n?es[st][ae]|agora) {_WEEKDAY}{_CHOICE}"),
    _relative(means.this_weekday, rf"{_WEEKDAY} (?:agora|mesmo agora|dessa semana)(?![a-z])"),
    _relative(means.weekday, rf"(?:proxim[ao]|outr[ao]|tod[ao]) {_WEEKDAY}{_CHOICE}"),
    _relative(means.weekday, r"([2-6]a)[ -]?feira(?![a-z])"),
    _relative(means.weekday, r"(?:na|ate|pra|so|ate a) (seg|ter|qua|qui|sex|sab|dom)(?![a-z])"),
    _relative(means.weekday_of_next_week, r"(seg|ter|qua|qui|sex|sab|dom),? (?:que vem|que entra)"),
    _relative(
        means.weekday, r"(seg|qua|qui|sex|sab)(?= ?(?:$|[,.;!?]|eu|pago|agora|cedo|de manha))"
    ),
    _relative(means.weekday, r"(?<![a-z0-9] )(ter|dom)(?= ?(?:$|[,;!?]|[.](?![0-9])|eu |cedo))"),
    _relative(means.weekday, r"(?:ate|pra) a (segunda|terca|quarta|quinta)(?![a-z])" + _CHOICE),
    _relative(means.weekday, rf"(?<!(?<![a-z])a )(?<!gostei da )(?<!aquela ){_WEEKDAY}{_CHOICE}"),
    _relative(means.weekday, r"(segunda|terca|quarta|quinta)[ -]?(?:feira|fera)(?![a-z])"),
    _relative(means.weekday, r"(sexta|sabado|domingo)(?![a-z])" + _CHOICE),
)

_PERIODS = (
    _vague(
        means.start_of_month,
        rf"{_START_OF} d[oe](?:s[st]e|ste| corrente)? (?:({_NEXT_MONTH})|mes)(?![a-z])",
    ),
    _vague(
        means.middle_of_month,
        rf"{_MIDDLE_OF} d[oe](?:s[st]e|ste| corrente)? (?:({_NEXT_MONTH})|mes)(?![a-z])",
    ),
    _vague(
        means.end_of_month,
        rf"{_END_OF} d[oe](?:s[st]e|ste| corrente)? (?:({_NEXT_MONTH})|mes)(?![a-z])",
    ),
    _vague(
        means.month_by_name,
        rf"({_END_OF}|{_START_OF}|{_MIDDLE_OF}|(?:primeir|ultim)a semana) d[eo] (?:mes de )?"
        rf"({_MONTHS})(?![a-z])",
    ),
    _if_supported(
        means.month_by_name,
        rf"(?:em|pra|para|so|no mes de|pro mes de|la por|mes de)() ({_MONTHS})(?![a-z])",
    ),
    _if_supported(
        means.month_by_name, rf"()({_MONTHS})(?= (?:eu|sai|cai|ja|pago|consigo|agora|a gente|vou))"
    ),
    _vague(
        means.end_of_year, rf"(?:ate|no|so no) (?:o )?{_END_OF} d[oe](?:s[st]e|ste)? ano(?![a-z])"
    ),
    _if_supported(means.end_of_year, rf"{_END_OF} d[oe](?:s[st]e|ste)? ano(?![a-z])"),
    _vague(means.weekend, rf"{_END_OF} de semana(?! (?:passad|retrasad))( que vem)?(?![a-z])"),
    _vague(
        means.end_of_week,
        rf"{_END_OF} d(?:a|essa|esta) (?:({_NEXT_WEEK})|semana)(?! passad)(?![a-z])",
    ),
    _vague(means.next_week, _NEXT_WEEK),
    _vague(means.next_month, rf"(?<!conta do )(?<!boleto do ){_NEXT_MONTH}"),
    _vague(means.next_year, r"(?:ano que vem|(?:proximo|outro) ano)"),
    _vague(means.this_week, r"ainda (?:n?es[st]a|na) semana"),
    _vague(means.end_of_month, r"ainda (?:n?es[st]e|no) mes()"),
)

EXPRESSIONS: tuple[Expression, ...] = (
    *_FEASTS, *_WRITTEN_OUT, *_BUSINESS_DAYS, *_DURATIONS, *_DAYS_OF_A_MONTH,
    *_DAYS_FROM_TODAY, *_WEEKDAYS, *_PERIODS,
)  # fmt: skip
DAYS_WITH_NUMBERS = tuple(
    expression.pattern
    for expression in (*_FEASTS, *_WRITTEN_OUT, *_BUSINESS_DAYS, *_DURATIONS, *_DAYS_OF_A_MONTH)
)
"""The patterns where "quarta" and "segunda" are no days of the week."""
