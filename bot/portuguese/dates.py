"""Days to come: when somebody says they will or can pay."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from bot.portuguese.calendar_days import add_days
from bot.portuguese.choosing import Mention, meant
from bot.portuguese.date_expressions import EXPRESSIONS
from bot.portuguese.numbers import with_digits
from bot.portuguese.other_numbers import OTHER_NUMBERS, without

DATES = tuple(expression.pattern for expression in EXPRESSIONS)
"""Every way to write a date, so that other parsers step around it."""

_WINDOW = 60
_ALONE = re.compile(
    r"^(?:(?:so|acho que|pode ser|ate|no|pro|todo|todo dia|quero|prefiro|nao|o|entao|melhor|sim|la"
    r"|pelo|oi|bom dia|boa tarde|boa noite|para|pra)[, ]+)*([0-9]{1,2})"
    r"(?:[.!?, ]|por favor|mesmo|ta bom|de cada mes|do mes)*$"
)
_GONE_BY = re.compile(
    r"(?<![a-z])(?:venceu|vencia|vencid[oa]s?|paguei|pagou|pagamos|quitei|foi|era|eram|desde|recebi"
    r"|perdi|comprei|nasci|fiquei|fui|mandei|caiu|liguei|assinei|fechei|fiz|transferi|depositei"
    r"|atras\w+|ha|faz|fazem|ultim[oa]s)"
    r"(?: (?:d[aeo]|n[ao]|em|os?|as?|ja|ate|la|so|eu|isso|tudo|hoje|pix|boleto|me[nu]\w*|quase"
    r"|mais|uns|umas))* *$"
)
_PAST_AFTER = re.compile(r"^ (?:atras|de atraso|em atraso|de vencid|passad|sem (?:trab|emprego|receb|pag))")
_CUE = re.compile(
    r"(?<![a-z])(?:(pag(?:o|ar|aria|amos|arei|a)|acert\w+|quit\w+|deposit\w+|mand\w+|transf\w+"
    r"|resolv\w+|consig\w*|posso|poderia|pode|marca\w*|agenda\w*|jog\w+|deix\w+|prometo|faco|fazer"
    r"|faz|dou|dar|muda\w*|troca\w*|quero|queria|melhor)"
    r"|(receb\w+|cai|cair|entra|sai|vence|vencimento|vencendo|salario|aposentadoria|trabalho|volto"
    r"|hoje e))(?![a-z])"
)
_AFTER = re.compile(r"(?<![a-z])(?:depois|apos|passad[oa]|passando) (?:d[eoa]s? |o |a )?$")
_BEFORE = re.compile(r"(?<![a-z])antes d[eoa]s? (?:o |a )?$")
_NOT_BEFORE = re.compile(r"(?<![a-z])(?:nao|so|nem) (?:[a-z]{1,15} ){0,5}?antes (?=d[eoa])")
_OR = re.compile(r"^,? ?ou (?:(?:so|la|no|na|pelo|ate|talvez|entao|o|a|em) )*$")


def parse_date(text: str, today: date, *, asked: bool = True) -> date | None:
    """Return the day meant in a whole message, never before `today`, or `None`.

    `today` is the day in America/Sao_Paulo. "Dia 10" is the next 10th, today included; "sexta" the
    next Friday, today excluded; "sexta que vem" Friday of the next week (Monday to Sunday);
    "semana que vem" its Monday; "mês que vem" its 1st; "fim do mês" its last business day; "depois
    do dia 5" the 6th. Of a range or a choice ("entre dia 5 e 10") the later day is taken: it will
    surely be kept. Unknown days ("quando eu receber") and past ones are `None`. A message that is
    only a number from 1 to 31 is a day of the month, unless `asked` is false: pass that where the
    bot asked for something else. Never raises.
    """
    digits = _NOT_BEFORE.sub("a partir ", with_digits(text))
    if alone := _ALONE.match(digits):
        digits = f"dia {alone[1]}" if asked else ""
    plain = without(digits, *OTHER_NUMBERS)
    return meant(_with_choices(_mentions(plain, today), plain), plain)


def _mentions(text: str, today: date) -> Iterator[Mention[date]]:
    left = text
    for expression in EXPRESSIONS:
        for match in expression.pattern.finditer(left):
            day = _shifted(expression.meaning(match, today), text[: match.start()], today)
            if day and day >= today and not _gone_by(match, text):
                rank = expression.rank + _cue(text, match.start())
                yield Mention(match.start(), match.end(), day, rank)
        left = without(left, expression.pattern)


def _shifted(day: date | None, before: str, today: date) -> date | None:
    """Move to the day after in "depois do dia 5", to the day before in "antes do dia 5"."""
    before = before[-_WINDOW:]
    if day and _AFTER.search(before):
        return add_days(day, 1)
    if day and _BEFORE.search(before):
        return max(add_days(day, -1) or day, today)
    return day


def _gone_by(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    return bool(_GONE_BY.search(before) or _PAST_AFTER.match(text[match.end() :][:_WINDOW]))


def _cue(text: str, start: int) -> int:
    """Weigh what the day is for: paying before nothing said, that before being paid."""
    cues = list(_CUE.finditer(text, max(0, start - _WINDOW), start))
    if not cues:
        return 10
    return 20 if cues[-1][1] else 0


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
