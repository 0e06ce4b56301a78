"""Answers that need no debt: questions, small talk, what was not understood, and going on."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Event, Heard, SpokenAction, Voice, continue_negotiation, say_where_it_ended
from actions.identity import ToCustomer, is_confirmed

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
        if is_confirmed(tracker):
            voice.say("utter_hello_again")
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


class NotUnderstood(SpokenAction):
    """Asks to say it otherwise; the second time in a row a person takes over."""

    def name(self) -> str:
        return "action_not_understood"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if times_in_a_row(tracker, "nlu_fallback") > 1:
            voice.say("utter_hand_over_not_understood")
            return voice.hand_over("not_understood")
        if tracker.get_slot("introduced"):
            voice.say("utter_not_understood")
        return continue_negotiation(tracker)


def times_in_a_row(tracker: Tracker, intent: str) -> int:
    """How many of the latest messages, without a break, had this intent."""
    count = 0
    for event in reversed(tracker.events):
        if event["event"] == "user":
            if event["parse_data"]["intent"]["name"] != intent:
                break
            count += 1
    return count
