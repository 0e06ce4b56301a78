"""Days to come: when somebody says they will or can pay."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from bot.plain_text import one_of
from bot.portuguese.calendar_days import add_days
from bot.portuguese.choosing import PAST_VERB, Mention, meant
from bot.portuguese.date_expressions import EXPRESSIONS
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import OTHER_NUMBERS, without

DATES = tuple(expression.pattern for expression in EXPRESSIONS)
"""Every way to write a date, so that other parsers step around it."""

_WINDOW = 60
_BRIEF = 4  # words of a message that is an answer, not a story
_FAR = 20  # years: "22/11/90" is a birthday, not a promise

_ALONE = re.compile(
    r"^(?:(?:so|acho que|pode ser|ate|no|pro|todo|quero|prefiro|nao|o|entao|melhor|sim|la|pelo|oi"
    r"|bom dia|boa tarde|boa noite|para|pra)[, ]+)*([0-9]{1,2})"
    r"(?:[.!?, ]|por favor|mesmo|ta bom|de cada mes|do mes)*$"
)
_PAYING = one_of(
    r"""
    pago paga pagar pagaria pagamos pagarei acerto acertar acertamos quito quitar depositar
    deposito mando mandar transfiro transferir resolvo resolver consig\w* posso poderia pode
    marca marcar agenda agendar joga jogar deixa deixar prometo faco fazer faz dou dar mudar
    muda trocar troca quero queria melhor passa passar bota bote poe coloca empurra adia adiar
    garanto
    """
)
_INCOME = one_of(
    """
    recebo receber recebe cai cair entra sai vence vencimento vencendo salario aposentadoria
    trabalho volto
    """
)
_PAST = one_of(
    rf"{PAST_VERB} foi fui fiz fez era eram desde ontem venci\w+ recebi perdi nasci vendi pedi nasc"
    r" nascid\w+ nascimento nacimento aniversario"
)
_CUE = re.compile(
    rf"(?<![a-z])(?:(?P<paying>{_PAYING})|(?P<income>{_INCOME})|(?P<past>{_PAST})"
    r"|(?P<turn>mas|so|agora|ai|entao|que))(?![a-z])|(?P<stop>[.,;:!?])"
)
_PAYING_AFTER = re.compile(
    rf"^ ?(?:(?:eu|ja|a gente|sem falta|ai|entao|e|que|te|vou|direto) )*{_PAYING}(?![a-z])"
    r"(?! (?:(?:em|no|ate|so|la) )*(?:dia [0-9]|[0-9]{1,2}/))"
)
_NOT_THIS_DAY = re.compile(
    r"(?<![a-z])(?:nao|num) (?:e|sera|foi|seria) (?:no |o )?dia [0-9]{1,2},? e (?=(?:no |o )?dia )"
)
_AGO_BEFORE = re.compile(
    r"(?<![a-z])(?:ha|faz|fazem|tem|atras\w+|ultim[oa]s)"
    r"(?: (?:quase|ja|mais de|uns|umas|cerca de))* $"
)
_AGO_AFTER = re.compile(
    r"^ (?:(?:ja )?(?:passou|venceu|foi|era)(?![a-z])"
    r"|d[oa] (?:mes|ano|semana) (?:passad|retrasad)"
    r"|atras|de atraso|em atraso|de vencid|passad|sem (?:trab|emprego|receb|pag))"
)
_AFTER = re.compile(r"(?<![a-z])(?:depois|apos|passad[oa]|passando) (?:d[eoa]s? |o |a )?$")
_BEFORE = re.compile(r"(?<![a-z])antes (?:d[eoa]s? )?(?:o |a )?$")
_NOT_BEFORE = re.compile(r"(?<![a-z])(?:nao|so|nem) (?:[a-z]{1,15} ){0,5}?antes (?=d[eoa])")
_HOURS = re.compile(
    r"(?<![a-z])(?:em|daqui|dentro|prazo|mais)(?: (?:a|ate|de|umas|mais|no maximo)){0,2}"
    r" ([0-9]{1,3}) ?h(?:s|rs?|oras?)?(?![a-z0-9])"
)
_OR = re.compile(r"^,? ?ou (?:(?:so|la|no|na|pelo|ate|talvez|entao|o|a|em) )*$")


def parse_date(text: str, today: date, *, asked: bool = False) -> date | None:
    """Return the day meant in a whole message, never before `today`, or `None`.

    `today` is the day in America/Sao_Paulo. "Dia 10" is the next 10th, today included; "sexta" the
    next Friday, today excluded; "sexta que vem" Friday of the next week (Monday to Sunday);
    "semana que vem" its Monday; "mês que vem" its 1st; "fim do mês" its last business day; "depois
    do dia 5" the 6th. Of a range or a choice ("entre dia 5 e 10") the later day is taken: it will
    surely be kept. Unknown days ("quando eu receber") and past ones are `None`. Where the bot
    `asked` for a day, a message that is only a number from 1 to 31 is one. Never raises.
    """
    digits = _HOURS.sub(_in_days, _NOT_BEFORE.sub("a partir ", with_digits(text)))
    digits = _NOT_THIS_DAY.sub(" ", digits)
    if alone := _ALONE.match(digits):
        digits = f"dia {alone[1]}" if asked else ""
    plain = without(digits, *OTHER_NUMBERS)
    return meant(_with_choices(_mentions(plain, today), plain), plain)


def _in_days(hours: re.Match[str]) -> str:
    """Say "em 48 horas" in days; less than a day is today."""
    days = int(hours[1]) // 24
    return f"em {days} dias" if days else "hoje"


def _mentions(text: str, today: date) -> Iterator[Mention[date]]:
    left, brief = text, len(text.split()) <= _BRIEF
    for expression in EXPRESSIONS:
        for match in expression.pattern.finditer(left):
            day = _shifted(expression.meaning(match, today), text, match.start(), today)
            weight = _weight(match, text, brief or not expression.needs_support)
            if day and weight is not None and _to_come(day, match, today):
                yield Mention(match.start(), match.end(), day, expression.rank + weight)
        left = without(left, expression.pattern)


def _shifted(day: date | None, text: str, start: int, today: date) -> date | None:
    """Move to the day after in "depois do dia 5", to the day before in "antes do dia 5"."""
    before = text[max(0, start - _WINDOW) : start]
    if day and _AFTER.search(before):
        return add_days(day, 1)
    if day and _BEFORE.search(before):
        return max(add_days(day, -1) or day, today)
    return day


def _to_come(day: date, match: re.Match[str], today: date) -> bool:
    """Whether the day is not past, and not a birthday with a year of two digits."""
    return day >= today and (day.year - today.year < _FAR or str(day.year) in match[0])


def _weight(match: re.Match[str], text: str, sure: bool) -> int | None:
    """Weigh what a day is for: paying, nothing said, being paid; `None` if it is a story's."""
    start, after = match.start(), text[match.end() : match.end() + _WINDOW]
    before = text[max(0, start - _WINDOW) : start]
    paid_then = _PAYING_AFTER.match(after)
    if _AGO_AFTER.match(after) or (_AGO_BEFORE.search(before) and not paid_then):
        return None
    cues = [cue.lastgroup for cue in _CUE.finditer(before)]
    if cues and cues[-1] == "past" and not paid_then:
        return None
    said = [cue for cue in cues if cue in ("paying", "income")]
    if not (sure or paid_then or said):
        return None
    return (0 if said[-1] == "income" else 20) if said else 20 if paid_then else 10


def _with_choices(mentions: Iterable[Mention[date]], text: str) -> list[Mention[date]]:
    """Make "sexta ou segunda" one mention, of the later day."""
    joined: list[Mention[date]] = []
    for new in sorted(mentions, key=lambda mention: mention.start):
        old = joined[-1] if joined else None
        if old and _OR.search(text[old.end : new.start][:_WINDOW]):
            later, rank = max(old.value, new.value), max(old.rank, new.rank)
            joined[-1] = Mention(old.start, new.end, later, rank)
        else:
            joined.append(new)
    return joined
