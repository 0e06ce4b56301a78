"""Boleto and Pix: handed over so that they can be copied."""

from rasa_sdk import Tracker

from actions.base import (
    Event,
    Heard,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
)
from actions.identity import ToCustomer
from bot.billing.client import Charge
from bot.portuguese import format_amount, format_date
from bot.words import say


def say_codes(charge: Charge, voice: Voice) -> None:
    """The link to the page, then each code alone in its message, so that it can be copied."""
    voice.do("link", title=say("title_pay"), url=charge.url)
    voice.do("copyable", text=charge.linha_digitavel)
    voice.do("copyable", text=charge.pix_copy_paste)


class SendCharge(ToCustomer):
    """Sends the live charge again; before there is one, goes on to agree on it."""

    def name(self) -> str:
        return "action_send_charge"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        charges = await ask_billing(billing().charges, tracker.get_slot("customer_id"))
        if not charges:
            voice.say("utter_no_charge")
            return continue_negotiation(tracker)
        _hand_over_again(charges[0], heard, voice)
        return []


def _hand_over_again(charge: Charge, heard: Heard, voice: Voice) -> None:
    if heard.intent == "payment_problem":
        voice.say("utter_payment_problem")
    voice.say("utter_charge", amount=format_amount(charge.amount), due=format_date(charge.due))
    say_codes(charge, voice)
