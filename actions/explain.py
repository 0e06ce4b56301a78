"""Answers that need no debt: questions, small talk, what was not understood, and going on."""

import re
from dataclasses import asdict
from datetime import datetime, timedelta

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    GO_ON,
    Event,
    Heard,
    SpokenAction,
    Voice,
    continue_negotiation,
    say_where_it_ended,
    slots,
    turn_before,
    what_is_open,
)
from actions.identity import ToCustomer, is_confirmed
from actions.questions import Waiting
from actions.standing import active_agreement, say_agreement
from bot.portuguese import normalise

SILENCE = timedelta(hours=2)
"""After so long a greeting is answered with where we were."""

COMES_BACK = re.compile(r"\b(?:voltei|(?:onde|que) .*par(?:ou|amos)|retom\w+|continuar|ficamos)\b")
"""Said by whoever wants to hear where we were."""

LETS_GO = frozenset({"thank", "goodbye", "refuse_to_pay"})
"""Intents after which nothing is asked again: the person is leaving or has said no."""


class Explain(SpokenAction):
    """Says the response named after the intent, then goes back to the question asked."""

    def name(self) -> str:
        return "action_explain"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("introduced") or heard.intent != "out_of_scope":
            voice.say(f"utter_{heard.intent}")
        return [] if heard.intent in LETS_GO else continue_negotiation(tracker)


class ExplainToCustomer(ToCustomer):
    """The same, where the answer would tell a stranger that there is something to pay."""

    def name(self) -> str:
        return "action_explain_to_customer"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        voice.say(f"utter_{heard.intent}")
        return [] if heard.intent in LETS_GO else continue_negotiation(tracker)


class Greet(SpokenAction):
    """Greets whoever is known by name; the form greets and asks the others."""

    def name(self) -> str:
        return "action_greet"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        comes_back = _was_silent(heard, tracker) or COMES_BACK.search(normalise(heard.text))
        if is_confirmed(tracker) and comes_back:
            return await _resume(voice, tracker)
        if is_confirmed(tracker):
            voice.say("utter_hello_again")
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
        return continue_negotiation(tracker)


def _was_silent(heard: Heard, tracker: Tracker) -> bool:
    """Whether the person comes back after hours: they may not remember where we were."""
    before = turn_before(tracker).get("said_at")
    if heard.said_at is None or before is None:
        return False
    return heard.said_at - datetime.fromisoformat(before) > SILENCE


async def _resume(voice: Voice, tracker: Tracker) -> list[Event]:
    """Greet, and say where we were before the question that is open: a summary is shown whole
    again, an agreement as it stands with billing."""
    waiting = Waiting.of(tracker.slots)
    if waiting and waiting.kind == "agreement":
        voice.say("utter_resume_summary")
        about = {"offer_id": waiting.about["offer_id"]}
        return [*slots(question={**asdict(waiting), "about": about}), GO_ON]
    voice.say("utter_resume_offers" if what_is_open(tracker) == "offer_id" else "utter_resume")
    if tracker.get_slot("ended") != "agreed":
        return _go_on(voice, tracker)
    agreement = await active_agreement(tracker.get_slot("customer_id"))
    if agreement is None:
        return _go_on(voice, tracker)
    say_agreement(agreement, voice)
    return []


def _go_on(voice: Voice, tracker: Tracker) -> list[Event]:
    if tracker.get_slot("ended"):
        say_where_it_ended(voice, tracker)
    return continue_negotiation(tracker)


class Continue(SpokenAction):
    """Goes on where the negotiation is; once it has ended, offers further help."""

    def name(self) -> str:
        return "action_continue"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
        told = heard.intent.startswith("reason_") and not is_confirmed(tracker)
        kept = [SlotSet("reason", heard.intent)] if told else []
        return [*kept, *continue_negotiation(tracker)]


class Deny(SpokenAction):
    """Answers a no: to identity with why it is asked, to the offers with what would fit."""

    def name(self) -> str:
        return "action_deny"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
        elif not is_confirmed(tracker):
            voice.say("utter_why_identity")
        else:
            voice.say("utter_ask_what_fits")
        return []


class StaleChoice(SpokenAction):
    """Says kindly that a button no longer counts, and where things stand."""

    def name(self) -> str:
        return "action_stale_choice"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        voice.say("utter_stale_choice")
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
        return continue_negotiation(tracker)
