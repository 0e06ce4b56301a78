"""Who is speaking: three digits of the CPF, compared by billing, before any debt is shown."""

from abc import abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    GO_ON,
    Event,
    Heard,
    SpokenAction,
    Step,
    Voice,
    ask_billing,
    billing,
)


class AskCustomer(Step, fills="customer_id"):
    """Asks for the digits, with the reason why the first time."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if heard.phone is None:
            voice.say("utter_hand_over_ask_human")
            return voice.hand_over("phone_unknown")
        if not tracker.get_slot("identity_asked"):
            voice.say("utter_identify")
        elif not _just_refused(tracker):
            voice.say("utter_identify_again")
        return [SlotSet("identity_asked", True)]


def _just_refused(tracker: Tracker) -> bool:
    """Whether this turn already asked again, because the digits were wrong."""
    return bool(tracker.get_slot("refused_turn") == Heard.of(tracker).turn_id)


async def check(digits: str, heard: Heard, voice: Voice) -> list[Event]:
    """Compare `digits` with the owner of this phone; the slots that follow from the answer."""
    found = await ask_billing(
        billing().identify, heard.phone, digits[:11], idempotency_key=f"identify:{heard.turn_id}"
    )
    if found.status == "confirmed" and found.customer:
        return _confirmed(str(found.customer.id), found.customer.first_name, voice)
    if found.status == "locked" or found.attempts_left == 0:
        voice.say("utter_identity_locked")
        return voice.hand_over("identity_not_confirmed")
    voice.say("utter_identity_refused")
    return [SlotSet("customer_id", None), SlotSet("refused_turn", heard.turn_id)]


def _confirmed(customer_id: str, first_name: str, voice: Voice) -> list[Event]:
    voice.say("utter_identity_confirmed", name=first_name)
    return [SlotSet("customer_id", customer_id), SlotSet("customer_name", first_name)]


class ToCustomer(SpokenAction):
    """An action that answers only whoever is confirmed; others are asked who they are first."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if is_confirmed(tracker):
            return await self.answer_customer(heard, voice, tracker)
        return ask_who_it_is(voice)

    @abstractmethod
    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        """Speak to the customer, and return the events that follow."""


def ask_who_it_is(voice: Voice) -> list[Event]:
    """Ask for identity before answering, also of somebody who said they were someone else."""
    voice.say("utter_identify_first")
    return [SlotSet("ended", None), GO_ON]


def is_confirmed(tracker: Tracker) -> bool:
    """Whether anything of a customer may be shown in this conversation."""
    return bool(tracker.get_slot("customer_id"))
