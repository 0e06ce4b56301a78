"""The agreement: an offer's summary, the explicit yes, the means to pay."""

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import CONSENT, GO_ON, Event, Heard, Step, Voice, ask_billing, billing
from actions.charges import say_codes
from actions.questions import About, Slots, Waiting, YesOrNo, offer_yes_or_no, put
from actions.standing import say_agreement
from actions.titles import offer_title
from actions.understanding import Situation, other_than_chosen, wants_other_date
from bot.billing.client import Agreement, BillingRefused, Offer
from bot.portuguese import format_amount, format_date
from bot.words import say

REMINDERS = 2
"""So often in a row a summary is told in one line; then it is shown whole again."""
OTHER_DAY = "other day"
"""Read in an answer: the plan is right, its day is not."""


class AskConsent(Step, fills=CONSENT):
    """An offer is chosen: its summary waits for a yes."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        return await put("agreement", {"offer_id": tracker.get_slot("offer_id")}, voice, tracker)


class Agree(YesOrNo, kind="agreement"):
    """Repeats total, parts and dates; on a yes makes the agreement and hands over the codes."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        try:
            offer = await ask_billing(
                billing().offer, tracker.get_slot("customer_id"), about["offer_id"]
            )
        except BillingRefused:
            return _offer_again(voice)
        reminders = about.get("reminders", REMINDERS)
        (_remind if reminders < REMINDERS else _summarise)(offer, voice)
        about["reminders"] = (reminders + 1) % (REMINDERS + 1)
        offer_yes_or_no(asked, voice, "title_yes_agree", "title_no_change")
        return None

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """Nothing where another offer or wish is named: "sim, em 3x" is no yes to this one."""
        chosen = Situation(CONSENT, slots, today)
        if "question" not in heard.entities and other_than_chosen(heard, chosen):
            return None
        says_so = super().read(heard, waiting, slots, today)
        return OTHER_DAY if says_so is not True and wants_other_date(heard) else says_so

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        """Agree, leave it, or ask for which day the same plan should be."""
        if reading == OTHER_DAY:
            return await put("which_day", {}, voice, tracker)
        return await super().follow(reading, about, heard, voice, tracker)

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        offer_id = about["offer_id"]
        try:
            agreement = await ask_billing(
                billing().agree,
                tracker.get_slot("customer_id"),
                offer_id,
                heard.evidence,
                idempotency_key=f"agree:{heard.turn_id}:{offer_id}",
            )
        except BillingRefused as refusal:
            return _refused(refusal, voice)
        _celebrate(agreement, voice)
        return [SlotSet("ended", "agreed")]

    async def no(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        return [SlotSet("offer_id", None), GO_ON]


def _offer_again(voice: Voice) -> list[Event]:
    voice.say("utter_offer_expired")
    return [SlotSet("offers", None), SlotSet("offer_id", None), GO_ON]


def _summarise(offer: Offer, voice: Voice) -> None:
    kind = "line_summary_full" if offer.kind == "full" else "line_summary_part"
    lines = [
        say(
            kind,
            number=part.number,
            amount=format_amount(part.amount),
            due=format_date(part.due),
        )
        for part in offer.parts
    ]
    discount = ""
    if offer.discount > 0:
        discount = " " + say("line_summary_discount", discount=format_amount(offer.discount))
    voice.say(
        "utter_summary",
        lines="\n".join(lines),
        total=format_amount(offer.total),
        discount=discount,
    )


def _remind(offer: Offer, voice: Voice) -> None:
    """Ask again for the yes to a summary that was shown, in one line."""
    voice.say(
        "utter_summary_again",
        plan=offer_title(offer),
        total=format_amount(offer.total),
        due=format_date(offer.parts[0].due),
    )


def _refused(refusal: BillingRefused, voice: Voice) -> list[Event]:
    if refusal.code == "already_agreed":
        voice.say("utter_already_agreed")
        return [SlotSet("ended", "agreed")]
    if refusal.code == "offer_expired":
        return _offer_again(voice)
    raise refusal


def _celebrate(agreement: Agreement, voice: Voice) -> None:
    charge = agreement.charge
    if charge is None:  # the bank has not issued it yet: it is asked for later
        say_agreement(agreement, voice)
        voice.say("utter_charge_coming")
        return
    voice.say(
        "utter_agreed",
        agreement=agreement.number,
        next=say("line_next_full" if len(agreement.parts) == 1 else "line_next_installment"),
        amount=format_amount(charge.amount),
        due=format_date(charge.due),
    )
    voice.do("close_choices")
    say_codes(charge, voice)
