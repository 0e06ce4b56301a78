"""The agreement: its summary, the explicit yes, what follows, and how it stands."""

from datetime import UTC, datetime

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    GO_ON,
    Event,
    Heard,
    Step,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
    now,
)
from actions.charges import say_codes
from actions.identity import ToCustomer
from bot.billing.client import Agreement, BillingRefused, Evidence, Offer
from bot.billing.shapes import Installment
from bot.portuguese import format_amount, format_date
from bot.words import say


class AskConsent(Step, fills="consent"):
    """Repeats total, parts and dates, and asks for a yes."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            offer = await ask_billing(
                billing().offer, tracker.get_slot("customer_id"), tracker.get_slot("offer_id")
            )
        except BillingRefused:
            return _offer_again(voice)
        _summarise(offer, voice)
        return [SlotSet("summary_at", datetime.now(UTC).isoformat())]


def _offer_again(voice: Voice) -> list[Event]:
    voice.say("utter_offer_expired")
    return [
        SlotSet("offers", None),
        SlotSet("offer_id", None),
        SlotSet("consent", None),
        GO_ON,
    ]


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
    voice.offer_choices(
        {
            "title": say("title_yes_agree"),
            "payload": f'/affirm{{"offer_id": "{offer.id}"}}',
        },
        {"title": say("title_no_change"), "payload": "/deny"},
    )


class Conclude(Step, fills=None):
    """Makes the agreement the person said yes to, and hands over the means to pay."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        offer_id = tracker.get_slot("offer_id")
        try:
            agreement = await ask_billing(
                billing().agree,
                tracker.get_slot("customer_id"),
                offer_id,
                _evidence(heard),
                idempotency_key=f"agree:{heard.turn_id}:{offer_id}",
            )
        except BillingRefused as refusal:
            return _refused(refusal, voice)
        _celebrate(agreement, voice)
        return [SlotSet("ended", "agreed")]


def _evidence(heard: Heard) -> Evidence:
    return Evidence(
        message_id=heard.turn_id,
        text=heard.said[:4096] or "sim",
        said_at=heard.said_at or datetime.now(UTC),
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
        say_status(agreement, voice)
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


class AgreementStatus(ToCustomer):
    """Tells how an agreement stands: what is paid, what is next."""

    def name(self) -> str:
        return "action_agreement_status"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        agreements = await ask_billing(billing().agreements, tracker.get_slot("customer_id"))
        if not agreements:
            voice.say("utter_no_agreement")
            return continue_negotiation(tracker)
        say_status(agreements[0], voice)
        return continue_negotiation(tracker)


def _state(part: Installment) -> str:
    is_late = part.status == "open" and part.due < now().date()
    return "late" if is_late else part.status


def say_status(agreement: Agreement, voice: Voice) -> None:
    """Tell the parts of an agreement, each with its state."""
    lines = [
        say(
            f"line_installment_{_state(part)}",
            number=part.number,
            amount=format_amount(part.amount),
            due=format_date(part.due),
        )
        for part in agreement.parts
    ]
    voice.say("utter_agreement_status", agreement=agreement.number, lines="\n".join(lines))
