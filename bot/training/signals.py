"""What makes a message worth a trainer's look. Pure.

A signal of a turn may come from the turns around it, from a handover after it, or from how an
operator resolved the conversation: so all turns of a conversation are judged together.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from bot.plain_text import normalise


class Signal(StrEnum):
    """Why a message is worth a look, the strongest first."""

    CORRECTED = "corrected"
    """The next words were "não foi isso"."""
    CONTRADICTED = "contradicted"
    """An operator resolved the conversation as something the bot did not hear."""
    HANDED_OVER = "handed_over"
    """People had to take over right after it, and nobody had asked for them in it."""
    ASKED_TWICE = "asked_twice"
    """The bot asked what was meant, and asked again."""
    ASKED = "asked"
    """The bot was too unsure and asked what was meant."""
    NARROW_MARGIN = "narrow_margin"
    LOW_CONFIDENCE = "low_confidence"
    DRIFT = "drift"
    """Words the training data never had."""
    GUEST = "guest"
    """Somebody tried out a model by an invitation."""


WEIGHTS = {
    Signal.CORRECTED: 1.0,
    Signal.CONTRADICTED: 0.9,
    Signal.HANDED_OVER: 0.85,
    Signal.ASKED_TWICE: 0.8,
    Signal.ASKED: 0.6,
    Signal.NARROW_MARGIN: 0.4,
    Signal.LOW_CONFIDENCE: 0.35,
    Signal.DRIFT: 0.3,
    Signal.GUEST: 0.2,
}
FALLBACK = "nlu_fallback"
SURE = 0.9
"""Below this the bot was not sure; below 0.8 it asks (config.yml)."""
CLEAR = 0.3
"""A smaller distance between the two likeliest is a narrow margin; below 0.1 the bot asks."""
SOON = timedelta(minutes=10)
"""Within this, what follows is about what was said."""
BACK = timedelta(days=1)
"""How far before it an operator's resolution tells of turns."""
TURNS_BACK = 3
"""How many turns before a handover, or resolution, it says something about."""

NOT_UNDERSTOOD = "not_understood"
ASKED_FOR_PEOPLE = frozenset({"ask_human", "insult"})
"""Reasons of a handover that a turn not understood may have led to."""
_CALLS_PEOPLE = frozenset({*ASKED_FOR_PEOPLE, "crisis", "threaten_complaint"})
_HEARD_AS = {
    "paid": frozenset({"already_paid"}),
    "disputed": frozenset({"dispute_debt", "ask_debt_origin", "ask_if_scam"}),
    "wrong_person": frozenset({"wrong_person", "third_party", "ask_who_is_this"}),
    "refused": frozenset({"refuse_to_pay", "opt_out", "cannot_pay"}),
}
"""By disposition (`policies/desk.yml`): one of these should have been heard before it."""
_NOT_AFTER = {
    "agreed": frozenset({"wrong_person", "already_paid"}),
    "promised": frozenset({"wrong_person", "already_paid"}),
    "paid": frozenset({"wrong_person"}),
}
"""By disposition: who was heard so was misheard."""
_NOT_THAT = re.compile(
    r"\bnao (?:e|era|foi|seria) (?:bem )?iss[oa]\b|\bnao (?:e|era|foi) o que eu\b"
    r"|\b(?:nao|n) (?:me )?(?:entendeu|entenderam|compreendeu)\b"
    r"|\bentendeu (?:tudo )?errado\b|\bnao (?:falei|disse|perguntei|pedi|quis dizer|quero) isso\b"
    r"|\bnao perguntei\b|\bnao foi (?:o )?que (?:eu )?(?:disse|falei|perguntei|pedi|quis)\b"
    r"|\b(?:le|leia|leu) (?:direito|o que)\b|\bpresta atencao\b|\bja (?:falei|disse|te falei) que\b"
    r"|\bnao tem nada a ver\b|\bque resposta e essa\b|\bnao respondeu (?:o que|a minha|minha)\b"
)


@dataclass(frozen=True)
class Turn:
    """A turn that was answered, or failed; `text` is empty when nothing was typed."""

    id: UUID
    at: datetime
    text: str
    intent: str | None
    confidence: float | None = None
    ranking: Sequence[tuple[str, float]] = ()


@dataclass(frozen=True)
class Event:
    """A handover (`what` is its reason) or a resolution (its disposition)."""

    at: datetime
    what: str


def of(
    turns: Sequence[Turn], handovers: Sequence[Event] = (), resolutions: Sequence[Event] = ()
) -> dict[UUID, set[Signal]]:
    """The signals of each turn of one conversation; `turns` in their order."""
    found = {turn.id: set(_of_itself(turn)) for turn in turns}
    for turn, after in pairwise(turns):
        if after.at - turn.at <= SOON:
            _add_following(found, turn, after)
    for handover in handovers:
        for turn in _led_to(turns, handover):
            found[turn.id].add(Signal.HANDED_OVER)
    for resolution in resolutions:
        for turn in _contradicted(turns, resolution):
            found[turn.id].add(Signal.CONTRADICTED)
    return found


def _of_itself(turn: Turn) -> Iterable[Signal]:
    if turn.intent == FALLBACK:
        yield Signal.ASKED
    likeliest = [confidence for _, confidence in turn.ranking[:2]]
    if not likeliest and turn.confidence is not None and turn.intent != FALLBACK:
        likeliest = [turn.confidence]
    if likeliest and likeliest[0] < SURE:
        yield Signal.LOW_CONFIDENCE
    if len(likeliest) == 2 and likeliest[0] - likeliest[1] < CLEAR:
        yield Signal.NARROW_MARGIN


def _add_following(found: Mapping[UUID, set[Signal]], turn: Turn, after: Turn) -> None:
    """What a turn says about the one before it."""
    if turn.intent == after.intent == FALLBACK:
        found[turn.id].add(Signal.ASKED_TWICE)
        found[after.id].add(Signal.ASKED_TWICE)
    if is_correction(after.text) or (after.intent == "none_of_these" and not after.text):
        found[turn.id].add(Signal.CORRECTED)


def is_correction(text: str) -> bool:
    """Whether somebody says that they were misunderstood."""
    return _NOT_THAT.search(normalise(text)) is not None


def _led_to(turns: Sequence[Turn], handover: Event) -> list[Turn]:
    """The turns that ended in a handover, besides those that ask for it in words."""
    before = [turn for turn in turns if turn.text and turn.at <= handover.at <= turn.at + SOON]
    if handover.what == NOT_UNDERSTOOD:
        return before[-2:]
    if handover.what in ASKED_FOR_PEOPLE:
        return [turn for turn in before[-2:] if turn.intent not in _CALLS_PEOPLE]
    return []


def _contradicted(turns: Sequence[Turn], resolution: Event) -> list[Turn]:
    before = [turn for turn in turns if resolution.at - BACK <= turn.at <= resolution.at]
    typed = [turn for turn in before if turn.text]
    misheard = _NOT_AFTER.get(resolution.what, frozenset())
    expected = _HEARD_AS.get(resolution.what)
    if expected and not any(turn.intent in expected for turn in before):
        return typed[-TURNS_BACK:]
    return [turn for turn in typed if turn.intent in misheard]


_WORD = re.compile(r"[a-z]{4,}")
UNKNOWN_SHARE = 1 / 3


def words(plain: str) -> set[str]:
    """The words of four letters and more: shorter ones are misspelt in every way."""
    return set(_WORD.findall(plain))


def drifts(plain: str, known: Collection[str]) -> bool:
    """Whether a third of the words are new to the training data."""
    said = words(plain)
    unknown = [word for word in said if word not in known]
    return bool(unknown) and len(unknown) >= UNKNOWN_SHARE * len(said)


def score(signals: Iterable[Signal]) -> float:
    """How useful a look is, from 0: the strongest signal, and a little for each other."""
    weights = sorted((WEIGHTS[signal] for signal in signals), reverse=True)
    return round(weights[0] + 0.1 * sum(weights[1:]), 3) if weights else 0.0
