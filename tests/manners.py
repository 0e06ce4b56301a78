"""What holds of every answer in every conversation, whatever it is about."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.house import Json, bubble_text

_AMOUNT = re.compile(r"R\$ ?([\d.]+,\d\d)")
_DATE = re.compile(r"\b\d{2}/\d{2}/\d{4}\b")
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"\d{44,48}|000201\S+.*")
_LISTED = re.compile(r"^\W*(?:[▪▫✅✖–*]|Original)")
_OFFERED = re.compile(r"\*\d\.\* ")
"""An offer; the line below says why it is one, each time it is shown."""
_ENDS = re.compile(r"[.!?…:\n]+")
_WORDS_OF_A_SENTENCE = 3
LONGEST_BUBBLE = 1024
"""Characters that fit above buttons; what is longer is split."""

Turn = tuple[str, list[str]]
"""What a person said, and the bubbles it was answered with."""


def turns(messages: Iterable[Json]) -> list[Turn]:
    """The answered turns of a chat, without the codes that come apart to be copied."""
    found: list[Turn] = []
    for message in messages:
        if message["from"] == "customer":
            found.append((bubble_text(message), []))
        elif message["visible"] and found:
            words = bubble_text(message)
            if not _CODE.fullmatch(words):
                found[-1][1].append(words)
    return [turn for turn in found if turn[1]]


def check_manners(messages: Sequence[Json], billing_answers: Sequence[str]) -> None:
    """One bubble a turn, one question at most, no sentence twice in a row, no figure but
    billing's."""
    known = _figures_of(billing_answers)
    before: set[str] = set()
    for said, bubbles in turns(messages):
        words = "\n".join(bubbles)
        assert len(bubbles) == 1 or len(words) > LONGEST_BUBBLE, f"{len(bubbles)} bubbles: {words}"
        assert words.count("?") <= 1, f"two questions after {said!r}:\n{words}"
        again = before & (sentences := set(_sentences(words)))
        assert not again, f"said twice in a row: {again}"
        invented = set(_figures_in(words)) - known
        assert not invented, f"not from billing: {invented} in:\n{words}"
        before = sentences


def _sentences(words: str) -> Iterator[str]:
    """What a person would hear as a sentence: no lists, no figures, no mere courtesy."""
    lines = words.splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        if _LISTED.match(line) or _OFFERED.match(above):
            continue
        for sentence in _ENDS.split(line):
            if len(sentence.split()) > _WORDS_OF_A_SENTENCE and not re.search(r"\d", sentence):
                yield sentence.strip(" *")


def _figures_in(words: str) -> Iterator[str]:
    """Amounts and days in words for people, as billing writes them."""
    for amount in _AMOUNT.findall(words):
        yield str(Decimal(amount.replace(".", "").replace(",", ".")))
    for day in _DATE.findall(words):
        yield datetime.strptime(day, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007


def _figures_of(answers: Iterable[str]) -> set[str]:
    """Every amount and day in billing's answers, also in its sentences."""
    return {figure for answer in answers for figure in _walk(json.loads(answer or "null"))}


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _walk(item)
    elif isinstance(value, str):
        yield from _figures_in(value)
        yield value[:10] if _ISO_DATE.match(value) else value
