"""The hours of a week as a form: for each day two spans, the second for after a break. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.business_hours import WEEK, BusinessHours, Opening

SPANS = 2
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
NAMES = {
    "seg": "segunda",
    "ter": "terça",
    "qua": "quarta",
    "qui": "quinta",
    "sex": "sexta",
    "sab": "sábado",
    "dom": "domingo",
}

Span = tuple[str, str]


class BadHours(Exception):
    """Hours that cannot be; the message tells a supervisor why, in Portuguese."""


@dataclass(frozen=True)
class Day:
    """A row of the form. `spans` has `SPANS` pairs, `("", "")` where there is none."""

    id: str
    name: str
    spans: tuple[Span, ...]


def week_of(hours: BusinessHours) -> list[Day]:
    """The rows that show `hours`."""
    return [_day_of(hours, place) for place in range(len(WEEK))]


def _day_of(hours: BusinessHours, place: int) -> Day:
    spans = sorted((each.opens, each.closes) for each in hours.root if each.is_of(place))
    empty = [("", "")] * (SPANS - len(spans))
    return Day(WEEK[place], NAMES[WEEK[place]], (*spans, *empty))


def read(form: Mapping[str, str]) -> BusinessHours:
    """The hours of a filled-in form: fields `seg-0-opens`, `seg-0-closes` and so on.

    Raises BadHours.
    """
    week = [list(_spans(form, day)) for day in WEEK]
    if not any(week):
        raise BadHours("Deixe ao menos um dia com horário: alguém tem de responder.")
    return BusinessHours(tuple(_openings(week)))


def _spans(form: Mapping[str, str], day: str) -> Iterator[Span]:
    last = ""
    for number in range(SPANS):
        opens, closes = (form.get(f"{day}-{number}-{end}", "") for end in ("opens", "closes"))
        if not opens and not closes:
            continue
        if not opens or not closes:
            raise BadHours(f"{NAMES[day].capitalize()}: falta a hora de abrir ou a de fechar.")
        if not (HOUR.match(opens) and HOUR.match(closes)):
            raise BadHours(f"{NAMES[day].capitalize()}: escreva as horas como 09:00.")
        if opens >= closes:
            raise BadHours(f"{NAMES[day].capitalize()}: {opens} não vem antes de {closes}.")
        if opens < last:
            raise BadHours(
                f"{NAMES[day].capitalize()}: o segundo horário começa antes do fim do primeiro."
            )
        last = closes
        yield opens, closes


def _openings(week: Sequence[list[Span]]) -> Iterator[Opening]:
    """Days that follow one another with the same hours are said together."""
    for spans, days in groupby(range(len(WEEK)), key=lambda place: week[place]):
        first, *rest = days
        name = f"{WEEK[first]}-{WEEK[rest[-1]]}" if rest else WEEK[first]
        for opens, closes in spans:
            yield Opening(days=name, opens=opens, closes=closes)
