"""The ear: what a message means where the conversation stands, before its intent alone decides.

First who must be heard whatever is open, then the question that waits, then words that say more
than their intent, then the form of the negotiation: who it is, why it is late, which offer.
Anything else is answered by the rule for its intent.
"""

from datetime import date

from rasa_sdk import Tracker

from actions import agreement_changes, base, disputes, identity, promises, questions
from actions.base import (
    FORM,
    GO_ON,
    QUESTION,
    UNSURE,
    Event,
    Heard,
    SpokenAction,
    Voice,
    next_of_form,
    slots,
)
from actions.hardship import with_income
from actions.questions import Answer, Waiting
from actions.rules import action_for
from actions.understanding import Situation, remembered, understand
from actions.unsure import meant

BEFORE_ALL = frozenset(
    {
        "ask_human",
        "crisis",
        "opt_out",
        "privacy_request",
        "third_party",
        "threaten_complaint",
        "wrong_person",
    }
)
"""Whatever waits for an answer, these are heard: "quero acabar com tudo" names no bill."""

OVERHEARING: tuple[SpokenAction, ...] = (
    identity.WhyDigits(),
    identity.OtherWay(),
    promises.TakeBack(),
    promises.ProposeDay(),
    agreement_changes.ChangeAgreement(),
    disputes.Contest(),
    disputes.Complain(),
    disputes.CheckStatus(),
)
"""Actions that know their words, in this order, whatever intent was heard in them."""


class NegotiationForm(SpokenAction):
    """Takes the place of Rasa's own form action for each message, as the form is always open.

    Rasa's would ask us for the slots, reject what answers nothing, predict again and call us
    once more for the rule: the same rule answers here, in the same call.
    """

    def name(self) -> str:
        return FORM

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        today, heard = base.now().date(), meant(heard, tracker)
        if heard.intent in BEFORE_ALL:
            return await action_for(heard.intent).answer(heard, voice, tracker)
        reply = (
            questions.answer_to(heard, tracker.slots, today)
            or _overheard(heard, tracker)
            or _for_the_form(heard, tracker, today)
            or action_for(heard.intent).answer
        )
        return await reply(heard, voice, tracker)


def _overheard(heard: Heard, tracker: Tracker) -> Answer | None:
    return next((each.answer for each in OVERHEARING if each.overhears(heard, tracker)), None)


def _for_the_form(heard: Heard, tracker: Tracker, today: date) -> Answer | None:
    """What moves the negotiation; a question of another kind that waits is dropped then."""
    waiting = Waiting.of(tracker.slots)
    if waiting and waiting.kind != "agreement" and heard.intent == UNSURE:
        return None
    requested = next_of_form(tracker)
    situation = Situation(
        "reason" if requested == "debts_told" else requested, tracker.slots, today
    )
    changes = with_income(understand(heard, situation), heard, situation)
    if not changes:
        return None

    async def take_in(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if situation.requested == "customer_id":
            kept = slots(**remembered(heard, situation))
            return [*kept, *await identity.check(changes, heard, voice, tracker)]
        return [*slots(**{QUESTION: None, **changes}), GO_ON]

    return take_in
