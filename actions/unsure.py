"""When nobody can be sure what was meant: acted on where missing it would hurt, else asked.

"Você quis dizer A ou B?" names the two likeliest meanings that have a plain name in `domain.yml`
(`title_intent_…`); what has none is never offered. What is chosen counts with the words that were
not understood, so that amounts and dates in them are not lost.
"""

import json
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    UNSURE,
    Event,
    Heard,
    SpokenAction,
    Voice,
    continue_negotiation,
    turn_before,
)
from actions.identity import is_confirmed
from actions.questions import Question, Waiting, YesOrNo
from actions.rules import action_for
from bot import words
from bot.portuguese import normalise, parse_option

LIKELY = 0.2
"""What is less likely is not offered as a meaning."""
OFFERED_TO_STRANGERS = frozenset(
    {
        "ask_help",
        "ask_if_bot",
        "ask_if_scam",
        "ask_who_is_this",
        "opt_out",
        "third_party",
        "wrong_person",
    }
)
"""Before identity no meaning is offered that would tell that something is owed."""


def meant(heard: Heard, tracker: Tracker) -> Heard:
    """What was heard, with the intent it has to be taken for. Pure."""
    if heard.pressing:
        return replace(heard, intent=heard.pressing)
    return _chosen(heard, _just_asked(tracker)) or heard


def _chosen(heard: Heard, asked: dict[str, Any] | None) -> Heard | None:
    """The meaning picked in words: "a primeira", or as it is written on its button."""
    if not asked or not asked["intents"] or not heard.text:
        return None
    if len(asked["intents"]) == 1 and heard.intent == "affirm":
        return replace(heard, intent=asked["intents"][0], text=asked["words"])
    titles = [normalise(words.say(_title(intent))) for intent in asked["intents"]]
    said = normalise(heard.text).strip(" .!")
    place = titles.index(said) + 1 if said in titles else parse_option(said, len(titles))
    if place is None:
        return None
    return replace(heard, intent=asked["intents"][place - 1], text=asked["words"])


def _just_asked(tracker: Tracker) -> dict[str, Any] | None:
    """The meanings offered in the turn before this one; None when it was understood."""
    asked: dict[str, Any] = tracker.get_slot("unsure") or {}
    turn_id = turn_before(tracker).get("turn_id")
    return asked if asked and asked["turn"] == turn_id else None


class NotUnderstood(SpokenAction):
    """Asks what was meant; the second time in a row a person takes over."""

    def name(self) -> str:
        return "action_not_understood"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        known = meant(heard, tracker)
        if known.intent not in (UNSURE, "none_of_these"):
            return await action_for(known.intent).answer(known, voice, tracker)
        if heard.intent == "none_of_these":
            voice.say("utter_say_otherwise")
            return [_unsure(heard)]
        if _just_asked(tracker):
            voice.say("utter_hand_over_not_understood")
            return voice.hand_over("not_understood")
        return _ask(heard, voice, tracker)


def _ask(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    """Which meaning? Where a yes would bind, or nothing is likely, the open question again."""
    meanings = _meanings(heard, tracker)
    if _may_be_consent(heard, tracker):
        return [_unsure(heard), *continue_negotiation(tracker)]
    if not meanings or not tracker.get_slot("introduced"):
        return [_unsure(heard), *_say_so(voice, tracker)]
    titles = [words.say(_title(intent)) for intent in meanings]
    if len(titles) == 1:
        voice.say("utter_one_meaning", first=titles[0])
    else:
        voice.say("utter_which_meaning", first=titles[0], second=titles[1])
    said = json.dumps({"words": heard.text}, ensure_ascii=False)
    voice.offer_choices(
        *(
            {"title": title, "payload": f"/{intent}{said}"}
            for title, intent in zip(titles, meanings, strict=True)
        ),
        {"title": words.say("title_none_of_these"), "payload": "/none_of_these"},
    )
    return [_unsure(heard, meanings)]


def _say_so(voice: Voice, tracker: Tracker) -> list[Event]:
    """Say that it was not understood, before the question that is open; not as the first word."""
    going_on = continue_negotiation(tracker)
    if tracker.get_slot("introduced"):
        voice.say("utter_not_understood")
    if not going_on:
        voice.say("utter_say_otherwise")
    return going_on


def _meanings(heard: Heard, tracker: Tracker) -> list[str]:
    """At most two meanings that may be offered, the likeliest first."""
    offered = [
        intent
        for intent, confidence in heard.ranking
        if confidence >= LIKELY
        and words.exists(_title(intent))
        and (is_confirmed(tracker) or intent in OFFERED_TO_STRANGERS)
    ]
    return offered[:2]


def _may_be_consent(heard: Heard, tracker: Tracker) -> bool:
    """Whether this may be a yes to something that is summed up: then a plain yes is needed."""
    waiting = Waiting.of(tracker.slots)
    is_summary = waiting and isinstance(Question.by_kind[waiting.kind], YesOrNo)
    return bool(is_summary) and "affirm" in dict(heard.ranking[:2])


def _title(intent: str) -> str:
    """The response with the plain name of an intent."""
    return f"title_{intent}" if intent.startswith("reason_") else f"title_intent_{intent}"


def _unsure(heard: Heard, meanings: list[str] | None = None) -> Event:
    asked = {"turn": heard.turn_id, "words": heard.text, "intents": meanings or []}
    noted: Event = SlotSet("unsure", asked)
    return noted
