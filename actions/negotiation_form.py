"""The form of the negotiation: who it is, why it is late, which offer, an explicit yes.

What a message means is decided in `understanding.py`; what follows is said by the steps in
`identity.py`, `debts.py`, `offers.py` and `agreement.py`.
"""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import base, identity
from actions.base import FORM, GO_ON, Event, Heard, SpokenAction, Voice
from actions.rules import action_for
from actions.understanding import Changes, Situation, understand


class NegotiationForm(SpokenAction):
    """Takes the place of Rasa's own form action for each message while the form is open.

    Rasa's would ask us for the slots, reject what answers nothing, predict again and call us
    once more for the rule: the same rule answers here, in the same call.
    """

    def name(self) -> str:
        return FORM

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        situation = Situation(
            requested=tracker.get_slot("requested_slot"),
            slots=tracker.slots,
            today=base.now().date(),
        )
        changes = understand(heard, situation)
        if changes:
            return [*await _slots(changes, heard, voice), GO_ON]
        return await action_for(heard.intent).answer(heard, voice, tracker)


async def _slots(changes: Changes, heard: Heard, voice: Voice) -> list[Event]:
    if digits := changes.get("cpf_digits"):
        return await identity.check(digits, heard, voice)
    return [SlotSet(name, value) for name, value in changes.items()]
