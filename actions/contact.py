"""Being written to or not: somebody else answers, a death, opt-out, another hour, new data.

Billing is told what its API lets us tell of the customer this phone belongs to. That billing is
silent changes nothing of what the person is promised: the conversation itself keeps the stop.
"""

import re
from collections.abc import Awaitable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import structlog
from rasa_sdk import Tracker

from actions.base import (
    Event,
    Heard,
    SpokenAction,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
    slots,
)
from actions.identity import forgotten, is_confirmed
from actions.questions import About, Question, Slots, Waiting, put
from bot.billing.client import BillingError, CustomerChange, DisputeKind, Hours
from bot.portuguese import format_time, normalise, parse_hours

log = structlog.get_logger()
Result = TypeVar("Result")

DIED = re.compile(r"\b(?:f+a+l+[ei]+[cs]\w*|morreu|morte|obito|partiu|enterr\w+|finad[oa])\b")
_DATA = re.compile(r"@|[0-9]{4}|\b(?:rua|avenida|av|travessa|bairro|cep)\b")
_SOMEBODY_ELSE = ("third_party", "wrong_person")
_RELATIVE_DIED = re.compile(r"\b(?:meu|minha)\b.*\b(?:falec\w*|morreu)\b")
_CUSTOMER_DIED = re.compile(r"\b(?:el[ea]|titular|client[ea]|dono|dona|del[ea]|sou (?:a|o))\b")


class StopContact(SpokenAction):
    """No debt is named and nobody is written to again: wrong person, third party, a death."""

    def name(self) -> str:
        return "action_stop_contact"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if _mourns(heard, tracker):
            told = slots(reason="reason_health_family", offers=None, offer_id=None)
            return [*told, *continue_negotiation(tracker)]
        has_died = heard.intent in _SOMEBODY_ELSE and DIED.search(normalise(heard.text))
        why = "death" if has_died else heard.intent
        voice.say(f"utter_stop_{why}")
        voice.do("stop_contact", reason=why)
        await _tell_that_it_is_nobody(why, heard, tracker)
        handed_over = voice.hand_over("death") if has_died else slots(ended="stopped")
        return [*forgotten(), *handed_over]


def _mourns(heard: Heard, tracker: Tracker) -> bool:
    """Whether the customer, confirmed, tells that somebody of theirs has died."""
    words = normalise(heard.text)
    of_theirs = _RELATIVE_DIED.search(words) and not _CUSTOMER_DIED.search(words)
    return bool(is_confirmed(tracker) and of_theirs)


async def _tell_that_it_is_nobody(why: str, heard: Heard, tracker: Tracker) -> None:
    """Billing writes to this customer no more; after a death nothing is collected either."""
    customer_id = await _customer(heard, tracker)
    if customer_id is None:
        return
    await _change(customer_id, CustomerChange(channel="none"), heard)
    if why == "death":
        await _quietly(
            ask_billing(
                billing().dispute,
                customer_id,
                DisputeKind.DECEASED,
                heard.evidence.text,
                evidence=heard.evidence,
                idempotency_key=f"dispute:{heard.turn_id}",
            )
        )


class OptOut(SpokenAction):
    """No more messages of ours; what the person writes is still answered."""

    def name(self) -> str:
        return "action_opt_out"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        voice.say("utter_stop_opt_out")
        voice.do("stop_contact", reason="opt_out")
        if customer_id := await _customer(heard, tracker):
            await _change(customer_id, CustomerChange(opted_out_by="whatsapp"), heard)
        return slots(question=None)


class AskLater(SpokenAction):
    """Another time suits better: the hours are kept and told back."""

    def name(self) -> str:
        return "action_ask_later"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        hours = parse_hours(heard.text)
        if hours is None:
            voice.say("utter_ask_later")
            return []
        start, end = hours
        change = CustomerChange(preferred_hours=Hours(start=f"{start:%H:%M}", end=f"{end:%H:%M}"))
        customer_id = await _customer(heard, tracker)
        is_kept = customer_id is not None and await _change(customer_id, change, heard)
        voice.say(
            "utter_hours_kept" if is_kept else "utter_ask_later",
            start=format_time(start),
            end=format_time(end),
        )
        return []


class UpdateContact(SpokenAction):
    """New data is for people to check: the bot changes nothing it cannot verify."""

    def name(self) -> str:
        return "action_update_contact"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if not _tells_data(heard):
            return await put("new_data", {}, voice, tracker)
        return _pass_on(voice, tracker)


def _tells_data(heard: Heard) -> bool:
    """Whether there is something to write down: an address, a number, an e-mail."""
    return bool(_DATA.search(heard.text.lower()))


def _pass_on(voice: Voice, tracker: Tracker) -> list[Event]:
    voice.say("utter_update_contact")
    voice.tell_people("update_contact")
    return continue_negotiation(tracker)


class NewData(Question, kind="new_data"):
    """Which is the new number, address or e-mail?"""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        if about.get("asked"):  # something else came up instead
            return continue_negotiation(tracker)
        about["asked"] = True
        voice.say("utter_ask_new_data")
        return None

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """True when it is told, False when not after all."""
        if heard.intent == "deny":
            return False
        return True if _tells_data(heard) else None

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        if reading:
            return _pass_on(voice, tracker)
        voice.say("utter_left_as_it_is")
        return continue_negotiation(tracker)


async def _customer(heard: Heard, tracker: Tracker) -> UUID | str | None:
    """Who is confirmed, else the only customer this phone belongs to."""
    known: str | None = tracker.get_slot("customer_id")
    if known or heard.phone is None:
        return known
    found = await _quietly(ask_billing(billing().find_customers, phone=heard.phone))
    return found.customers[0].id if found and len(found.customers) == 1 else None


async def _change(customer_id: UUID | str, change: CustomerChange, heard: Heard) -> bool:
    """Tell billing; whether it was heard."""
    key = f"contact:{heard.turn_id}"
    changed = ask_billing(billing().change_customer, customer_id, change, idempotency_key=key)
    return await _quietly(changed) is not None


async def _quietly(asked: Awaitable[Result]) -> Result | None:
    """The answer, or None: what was promised does not depend on it."""
    try:
        return await asked
    except BillingError as error:
        log.error("billing was not told", error=str(error))
        return None
