"""The form of the negotiation: who it is, why it is late, which offer, an explicit yes.

What a message means is decided in `understanding.py`; the questions are asked by
`identity.py`, `debts.py`, `offers.py` and `agreement.py`.
"""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import base, identity
from actions.base import FORM, Event, Heard, Voice, without_billing
from actions.understanding import Situation, understand
from bot.billing.client import BillingError


class ValidateNegotiation(FormValidationAction):
    """Puts what was heard into slots. A message that answers nothing leaves them alone, and
    the rules for its intent answer it."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> list[str]:
        """Nothing more is asked once the negotiation has ended."""
        return [] if tracker.get_slot("ended") else domain_slots

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Event]:
        """The slots this message sets."""
        heard, voice = Heard.of(tracker), Voice(dispatcher, tracker)
        situation = Situation(
            requested=tracker.get_slot("requested_slot"),
            slots=tracker.slots,
            today=base.now().date(),
        )
        changes = understand(heard, situation)
        digits = changes.pop("cpf_digits", None)
        if digits:
            try:
                return await identity.check(digits, heard, voice)
            except BillingError as error:
                return without_billing(voice, error)
        return [SlotSet(name, value) for name, value in changes.items()]

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Event]:
        """Everything was validated as it was understood; pass it on to Rasa."""
        return [SlotSet(name, value) for name, value in tracker.slots_to_validate().items()]
