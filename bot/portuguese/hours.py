"""Hours of the day at which somebody likes to be written to."""

import re
from datetime import time

from bot.portuguese.numbers import with_digits

Hours = tuple[time, time]

EARLIEST, LATEST = time(8), time(22)
"""The open ends of "antes das 10" and "depois das 18h"."""
_NOON = re.compile(r"\bmeio[ -]dia\b")
_HALF_PAST = re.compile(r"\b([0-9]{1,2}) e meia\b")
_HOUR = re.compile(
    r"(?P<cue>\b(?:as|das|entre|umas|pelas|ate|e|a partir de|depois de) |)"
    r"\b(?P<hour>[0-9]{1,2})"
    r"(?P<unit> ?(?:horas?|hrs?|hs|h)(?P<min>[0-5][0-9])?|:(?P<past>[0-5][0-9])|)"
    r"(?![0-9/.,])(?: d[ae] (?P<side>manha|tarde|noite))?"
)
_FROM = re.compile(r"\b(?:depois|apos|a partir|passando)\b")
_UNTIL = re.compile(r"\b(?:antes|ate)\b")
_NO_HOUR = re.compile(r"\b(?:boa|mais|tarde demais|muito) (?:tarde|noite)\b")
_PERIODS = (
    (re.compile(r"\b(?:depois|apos) (?:do |o )?almoco\b"), (time(13), time(18))),
    (re.compile(r"\balmoco\b"), (time(12), time(14))),
    (re.compile(r"\bmanha(?:zinha)?\b"), (EARLIEST, time(12))),
    (re.compile(r"\b(?:a|de|pela|da|parte da) (?:tarde|tardinha)\b"), (time(13), time(18))),
    (re.compile(r"\bnoite\b|\bnoitinha\b"), (time(18), LATEST)),
)


def parse_hours(text: str) -> Hours | None:
    """Return from when to when somebody may be written to, or `None`; never raises.

    "Depois das 18h" is 18:00 to 22:00, "às 15h" that hour, "de manhã" 8:00 to 12:00. An hour
    before 8 with nothing said is one of the afternoon.
    """
    words = _NOON.sub("12h", _HALF_PAST.sub(r"\1:30", with_digits(text)))
    hours = [found for match in _HOUR.finditer(words) if (found := _hour(match))]
    if not hours:
        return _period(_NO_HOUR.sub(" ", words))
    if len(hours) > 1 and hours[0] < hours[1]:
        return hours[0], hours[1]
    if _FROM.search(words):
        return _span(hours[0], LATEST)
    if _UNTIL.search(words):
        return _span(EARLIEST, hours[0])
    return hours[0], hours[0].replace(hour=min(hours[0].hour + 1, 23))


def _hour(match: re.Match[str]) -> time | None:
    """The time a number tells; None when nothing says that it is one."""
    hour, minute = int(match["hour"]), int(match["min"] or match["past"] or 0)
    if not (match["unit"] or match["cue"].strip() or match["side"]) or hour > 23:
        return None
    is_later = match["side"] in ("tarde", "noite") or (hour < EARLIEST.hour and not match["side"])
    return time(hour + 12 if is_later and hour < 12 else hour, minute)


def _span(start: time, end: time) -> Hours | None:
    return (start, end) if start < end else None


def _period(words: str) -> Hours | None:
    return next((hours for pattern, hours in _PERIODS if pattern.search(words)), None)
