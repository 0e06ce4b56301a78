"""Conversations as tables: what is said in order, and what the last answer must be like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.billing.pix import qr_png
from bot.portuguese import format_long_date
from tests.house import MARIA, House, Phone

FRANCISCA, JOAO, CARLOS = "5585943210987", "5521976543210", "5551994321098"
KNOWN = ("oi", "529")
OFFERED = (*KNOWN, "esqueci de pagar")
SUMMARY = (*OFFERED, "a segunda")
AGREED = (*SUMMARY, "sim")
TODAY = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
FILE = "📎"
"""Said: a picture is sent."""


@dataclass(frozen=True)
class Talk:
    """A conversation. What begins with 👆 is tapped; 📎 sends a picture, with words a caption.

    `hears`: a pattern for each thing the last answer must say; `never`: one that no answer may.
    `owner`: why it is handed over; `kept`: SQL whose first row must be true.
    """

    said: Iterable[str]
    hears: Iterable[str] = ()
    never: str = ""
    owner: str | None = None
    kept: str = ""
    phone: str = MARIA


def check(house: House, talk: Talk) -> None:
    """Have the conversation, and see that everything is as it must be."""
    phone = house.phone(talk.phone)
    answers = [say(phone, words) for words in talk.said]
    for pattern in [talk.hears] if isinstance(talk.hears, str) else talk.hears:
        assert re.search(pattern, answers[-1]), f"no {pattern!r} in:\n{answers[-1]}"
    for answer in answers:
        assert not talk.never or not re.search(talk.never, answer), answer
        assert "None" not in answer
        assert not re.search(r"[{}]", answer), answer
    assert house.owner() == (("queue", talk.owner) if talk.owner else ("bot", None))
    if talk.kept:
        assert house.query(talk.kept)[0][0], house.query(talk.kept)


def say(phone: Phone, words: str) -> str:
    """Say, tap or send, and return the answer."""
    if words.startswith("👆"):
        return phone.taps(words.removeprefix("👆"))
    if words.startswith(FILE):
        picture = qr_png("pago")
        return phone.attaches("recibo.png", picture, "image/png", words.removeprefix(FILE))
    return phone.says(words)


def in_days(days: int) -> date:
    """A day to come."""
    return TODAY + timedelta(days=days)


def said(days: int) -> str:
    """How somebody names the day in so many days: "dia 5/12"."""
    return f"dia {in_days(days):%d/%m}"


def told(days: int) -> str:
    """How the bot repeats it: "5 de dezembro"."""
    return format_long_date(in_days(days), TODAY).split(", ")[1].removesuffix(f" de {TODAY.year}")
