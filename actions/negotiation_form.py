"""The form of the negotiation: who it is, why it is late, which offer, an explicit yes.

What a message means is decided in `understanding.py`; what follows is said by the steps in
`identity.py`, `debts.py`, `offers.py` and `agreement.py`.
"""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import base, identity
from actions.base import FORM, GO_ON, Event, Heard, Voice, speak
from actions.understanding import Changes, Situation, understand


class ValidateNegotiation(Action):
    """Puts what was heard into slots and goes on. A message that answers nothing sets none:
    then Rasa rejects the form, and the rule for its intent answers it."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Event]:
        """Rasa's entry point, for each message while the form is open."""
        heard = Heard.of(tracker)
        situation = Situation(
            requested=tracker.get_slot("requested_slot"),
            slots=tracker.slots,
            today=base.now().date(),
        )
        changes = understand(heard, situation)
        if not changes:
            return []

        async def take_in(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
            return [*await _slots(changes, heard, voice), GO_ON]

        return await speak(take_in, heard, Voice(dispatcher, tracker), tracker)


async def _slots(changes: Changes, heard: Heard, voice: Voice) -> list[Event]:
    if digits := changes.get("cpf_digits"):
        return await identity.check(digits, heard, voice)
    return [SlotSet(name, value) for name, value in changes.items()]
