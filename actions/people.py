"""When a person takes over: asked for, or because it is a matter for people."""

import re

from rasa_sdk import Tracker

from actions.base import Event, Heard, SpokenAction, Voice, continue_negotiation, slots
from bot.portuguese import normalise

THREAT = re.compile(
    r"\b(?:te|vos|voces?|todo mundo|todos|alguem)\b.{0,20}\b(?:mat[oa]r?|bater|quebrar|pegar)\b"
    r"|\b(?:vou|vamos)\b.{0,20}\b(?:matar|explodir|quebrar|tocar fogo|botar fogo|pegar voces?)\b"
)
"""Violence against others."""


class HandOver(SpokenAction):
    """Says what happens now, in the words for the intent, and calls a person."""

    def name(self) -> str:
        return "action_hand_over"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        voice.say(f"utter_hand_over_{heard.intent}")
        return voice.hand_over(heard.intent)


class Insult(SpokenAction):
    """Calm once; the second time, and at a threat of violence, a person takes over."""

    def name(self) -> str:
        return "action_insult"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("insulted") or THREAT.search(normalise(heard.text)):
            voice.say("utter_hand_over_insult")
            return voice.hand_over("insult")
        voice.say("utter_insult")
        return [*slots(insulted=True), *continue_negotiation(tracker)]
