"""When a person takes over, and when the bot stops writing altogether."""

import re

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Event, Heard, SpokenAction, Voice, continue_negotiation
from actions.identity import is_confirmed
from bot.portuguese import normalise

DEATH = re.compile(r"\b(falec\w*|morreu|morte|obito|partiu)\b")


class HandOver(SpokenAction):
    """Says what happens now, in the words for the intent, and calls a person."""

    def name(self) -> str:
        return "action_hand_over"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        is_file = heard.intent == "already_paid" and "receipt" in heard.entities
        if is_file and not is_confirmed(tracker):
            voice.say("utter_hand_over_file")
        else:
            voice.say(f"utter_hand_over_{heard.intent}")
        return voice.hand_over(heard.intent)


class Insult(SpokenAction):
    """Calm once; the second time a person takes over."""

    def name(self) -> str:
        return "action_insult"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if _insults(tracker) > 1:
            voice.say("utter_hand_over_insult")
            return voice.hand_over("insult")
        voice.say("utter_insult")
        return continue_negotiation(tracker)


def _insults(tracker: Tracker) -> int:
    return sum(
        event["event"] == "user" and event["parse_data"]["intent"]["name"] == "insult"
        for event in tracker.events
    )


class StopContact(SpokenAction):
    """No debt is named, and nobody is written to again: wrong person, third party, opt-out."""

    def name(self) -> str:
        return "action_stop_contact"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if heard.intent == "third_party" and DEATH.search(normalise(heard.text)):
            voice.say("utter_stop_death")
            voice.do("stop_contact", reason="death")
            return voice.hand_over("death")
        voice.say(f"utter_stop_{heard.intent}")
        voice.do("stop_contact", reason=heard.intent)
        return [SlotSet("ended", "stopped")]
