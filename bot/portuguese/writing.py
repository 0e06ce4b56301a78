"""How we write values back: amounts, dates, instalments, names, greetings."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.lists import format_list
from babel.numbers import format_currency

_LOCALE = "pt_BR"
_SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_CENT = Decimal("0.01")
_MORNING, _AFTERNOON, _EVENING = 5, 12, 18
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = "sr sra srta senhor senhora dr dra doutor doutora dona seu de da do das dos e"
_NOT_A_NAME = frozenset(_TITLES.split())


def format_amount(amount: Decimal) -> str:
    """Return BRL as "R$ 1.234,56" with a normal space; half a cent is rounded up."""
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    return format_currency(cents, "BRL", locale=_LOCALE).replace("\N{NO-BREAK SPACE}", " ")


def format_date(day: date) -> str:
    """Return "10/12/2026"."""
    return babel_date(day, "dd/MM/yyyy", locale=_LOCALE)


def format_long_date(day: date, today: date) -> str:
    """Return "quinta-feira, 10 de dezembro", with "de 2027" if that is not the year of `today`."""
    number = "1º" if day.day == 1 else str(day.day)
    year = "" if day.year == today.year else f" de {day.year}"
    return babel_date(day, f"EEEE, '{number} de' MMMM", locale=_LOCALE) + year


def format_time(moment: time | datetime) -> str:
    """Return "9h" or "18h30"."""
    return f"{moment.hour}h" + (f"{moment.minute:02}" if moment.minute else "")


def format_moment(moment: datetime, now: datetime) -> str:
    """Return "hoje às 9h", "amanhã às 14h30" or "segunda-feira, 7 de dezembro, às 9h".

    In America/Sao_Paulo; both with a time zone.
    """
    there, today = moment.astimezone(_SAO_PAULO), now.astimezone(_SAO_PAULO).date()
    near = {today: "hoje", today + timedelta(days=1): "amanhã"}.get(there.date())
    day = near or format_long_date(there.date(), today) + ","
    return f"{day} {'à' if there.hour == 1 else 'às'} {format_time(there)}"


def format_weekday(number: int) -> str:
    """Return "segunda" for 0 to "domingo" for 6."""
    monday = date(2024, 1, 1)
    name = babel_date(monday + timedelta(days=number), "EEEE", locale=_LOCALE)
    return name.removesuffix("-feira")


def format_installments(parts: Sequence[Decimal]) -> str:
    """Return "3x de R$ 99,90", or "2x de R$ 33,33 e 1x de R$ 33,34" where the parts differ.

    The order is kept. Raises `ValueError` when there are no parts.
    """
    if not parts:
        raise ValueError("parts is empty: an agreement has at least one installment")
    equal = [(amount, len(list(group))) for amount, group in groupby(parts)]
    return join_words([f"{count}x de {format_amount(amount)}" for amount, count in equal])


def join_words(words: Sequence[str]) -> str:
    """Return "a, b e c"; nothing for no words."""
    return format_list(words, locale=_LOCALE)


def first_name(full_name: str) -> str:
    """Return "Maria" for "MARIA DAS DORES", "Dona maria" or "🌹Maria🌹"; "" without a name."""
    words = _NAME.findall(unicodedata.normalize("NFC", full_name))
    names = [word for word in words if word.lower() not in _NOT_A_NAME] or words
    name = next((word for word in names if len(word) > 1), "".join(names[:1]))
    return name if name[:1].isupper() and not name.isupper() else name.title()


def greeting_by_hour(moment: datetime) -> str:
    """Return "Bom dia" from 5, "Boa tarde" from 12, "Boa noite" from 18, in America/Sao_Paulo.

    A `moment` without time zone is taken as already local.
    """
    hour = (moment.astimezone(_SAO_PAULO) if moment.tzinfo else moment).hour
    if _MORNING <= hour < _AFTERNOON:
        return "Bom dia"
    return "Boa tarde" if _AFTERNOON <= hour < _EVENING else "Boa noite"
