"""Who is speaking: digits of the CPF or the birth date, compared by billing, before any debt is
shown; what was asked before that is answered after it.
"""

import re
from abc import abstractmethod
from datetime import date, datetime
from typing import ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    GO_ON,
    Event,
    Heard,
    SpokenAction,
    Step,
    Voice,
    a_person,
    ask_billing,
    billing,
    continue_negotiation,
    now,
    slots,
)
from actions.understanding import Changes, identity_in
from bot.portuguese import format_moment, normalise

OTHER_WAY = re.compile(
    r"\b(?:nao|num|nunca|sem|nem)(?: \w+){0,4} (?:cpf|cnpj|documentos?|digitos?)\b"
    r"|\b(?:esqueci|perdi)(?: \w+){0,3} (?:cpf|documento|numeros?)\b"
    r"|^(?:eu )?(?:nao|num) (?:me )?(?:lembro|sei|recordo|tenho)(?: \w+){0,3}[.! ]*$"
    r"|\b(?:outr[ao] (?:jeito|forma|maneira)|data de nascimento|nascimento)\b"
)
"""No digits for us, whatever the reason: there is another way to say who one is."""


class AskCustomer(Step, fills="customer_id"):
    """Asks for the digits, with the reason why the first time; later the birth date will do too."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if heard.phone is None:
            voice.say("utter_hand_over_ask_human")
            return voice.hand_over("phone_unknown")
        if locked := _locked_until(tracker):
            _say_locked("utter_identity_still_locked", locked, voice)
        elif not tracker.get_slot("identity_asked"):
            voice.say("utter_identify")
        elif not _just_refused(tracker):
            voice.say("utter_identify_again")
        return [SlotSet("identity_asked", True)]


def _just_refused(tracker: Tracker) -> bool:
    """Whether this turn already asked again, because what was said was wrong."""
    return bool(tracker.get_slot("refused_turn") == Heard.of(tracker).turn_id)


def _locked_until(tracker: Tracker) -> datetime | None:
    kept = tracker.get_slot("locked_until")
    until = datetime.fromisoformat(kept) if kept else None
    return until if until and until > now() else None


def _say_locked(response: str, until: datetime, voice: Voice) -> None:
    voice.say(response, until=format_moment(until, now()))
    voice.offer_choices(a_person())


class OtherWay(SpokenAction):
    """Whoever does not know or give the digits may say their birth date."""

    def name(self) -> str:
        return "action_other_identity"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """No digits, while they are what is asked for."""
        if tracker.get_slot("requested_slot") != "customer_id" or identity_in(heard):
            return False
        return bool(OTHER_WAY.search(normalise(heard.text)))

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if locked := _locked_until(tracker):
            _say_locked("utter_identity_still_locked", locked, voice)
        else:
            voice.say("utter_identify_by_birth_date")
        return []


WHY_DIGITS = re.compile(
    r"\b(?:por ?que|pq|(?:pra|para) que?)\b(?: \w+){0,4}"
    r" (?:cpf|cnpj|documentos?|numeros?|digitos?|dados?|isso)\b"
)


class WhyDigits(SpokenAction):
    """ "Pra que o CPF?": says what the digits are for."""

    def name(self) -> str:
        return "action_why_digits"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Only while the digits are what is asked for."""
        is_asked = tracker.get_slot("requested_slot") == "customer_id"
        return is_asked and bool(WHY_DIGITS.search(normalise(heard.text)))

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        voice.say("utter_why_digits")
        return []


class Identify(SpokenAction):
    """Takes digits or a birth date where they were not asked for: as the first message."""

    def name(self) -> str:
        return "action_identify"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        told = {} if is_confirmed(tracker) else identity_in(heard)
        if told and heard.phone:
            return await check(told, heard, voice, tracker)
        return continue_negotiation(tracker)


async def check(told: Changes, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    """Compare what was told with the owner of this phone; what follows from the answer."""
    born = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
    digits = told["cpf_digits"][:11] if told["cpf_digits"] else None
    found = await ask_billing(
        billing().identify, heard.phone, digits, born, idempotency_key=f"identify:{heard.turn_id}"
    )
    if found.status == "confirmed" and found.customer:
        customer = str(found.customer.id), found.customer.first_name
        return await _confirmed(*customer, voice, tracker)
    if found.locked_until:
        _say_locked("utter_identity_locked", found.locked_until, voice)
        return [SlotSet("locked_until", found.locked_until.isoformat())]
    voice.say("utter_identity_refused")
    return [SlotSet("refused_turn", heard.turn_id), GO_ON]


async def _confirmed(
    customer_id: str, first_name: str, voice: Voice, tracker: Tracker
) -> list[Event]:
    """Answer what was asked before, else go on with the debts."""
    voice.say("utter_identity_confirmed", name=first_name)
    postponed = tracker.get_slot("postponed")
    known = {"customer_id": customer_id, "customer_name": first_name, "postponed": None}
    tracker.slots.update(known)
    if not postponed:
        return [*slots(**known), GO_ON]
    action = ToCustomer.by_name[postponed["action"]]
    asked = Heard.restore(postponed["heard"])
    return [*slots(**known), *await action.answer_customer(asked, voice, tracker)]


class ToCustomer(SpokenAction):
    """An action that answers only whoever is confirmed; others are asked who they are first."""

    by_name: ClassVar[dict[str, "ToCustomer"]] = {}

    def __init_subclass__(cls) -> None:
        action = cls()
        ToCustomer.by_name[action.name()] = action

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if is_confirmed(tracker):
            return await self.answer_customer(heard, voice, tracker)
        postponed = {"action": self.name(), "heard": heard.record()}
        return [SlotSet("postponed", postponed), *ask_who_it_is(voice, tracker)]

    @abstractmethod
    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        """Speak to the customer, and return the events that follow."""


def ask_who_it_is(voice: Voice, tracker: Tracker) -> list[Event]:
    """Ask for identity before answering, also of somebody who said they were someone else."""
    if not _locked_until(tracker):
        voice.say("utter_identify_first")
    return [SlotSet("ended", None), GO_ON]


def is_confirmed(tracker: Tracker) -> bool:
    """Whether anything of a customer may be shown in this conversation."""
    return bool(tracker.get_slot("customer_id"))


def forgotten() -> list[Event]:
    """Nothing of a customer is shown any more: somebody else is speaking."""
    names = (
        *("customer_id", "customer_name", "reason", "wish", "wants_full", "offers", "offer_id"),
        *("question", "debts_told", "postponed"),
    )
    return slots(**dict.fromkeys(names))
