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
from bot.billing.client import BillingRefused, Charge
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
        try:
            charge = await _payable(tracker.get_slot("customer_id"), heard)
        except BillingRefused as refusal:
            if refusal.code != "charge_pending":
                raise
            voice.say("utter_charge_coming")
            return []
        if charge is None:
            voice.say("utter_no_charge")
            return continue_negotiation(tracker)
        _hand_over_again(charge, heard, voice)
        return []


async def _payable(customer_id: str, heard: Heard) -> Charge | None:
    """The live charge; of an agreement without one, a new charge of its next instalment."""
    charges = await ask_billing(billing().charges, customer_id)
    if charges:
        return charges[0]
    agreements = await ask_billing(billing().agreements, customer_id)
    active = [agreement for agreement in agreements if agreement.status == "active"]
    if not active:
        return None
    return await ask_billing(
        billing().issue_charge,
        customer_id,
        agreement_id=active[0].id,
        idempotency_key=f"charge:{heard.turn_id}",
    )


def _hand_over_again(charge: Charge, heard: Heard, voice: Voice) -> None:
    if heard.intent == "payment_problem":
        voice.say("utter_payment_problem")
    voice.say("utter_charge", amount=format_amount(charge.amount), due=format_date(charge.due))
    say_codes(charge, voice)
