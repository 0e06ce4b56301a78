"""Boleto and Pix: handed over so that they can be copied, and again when they do not work."""

import re

from rasa_sdk import Tracker

from actions.base import (
    GO_ON,
    Event,
    Heard,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
    now,
    say_where_it_ended,
    slots,
)
from actions.identity import ToCustomer
from actions.standing import active_agreement
from actions.understanding import NOT_TOLD
from bot.billing.client import BillingRefused, Charge
from bot.portuguese import format_amount, format_date, normalise
from bot.words import say

EXPIRED = re.compile(r"\b(?:venc\w+|expir\w+|fora do prazo|prazo)\b")
PIX = re.compile(r"\b(?:pix|qr|qrcode|chave|copia e cola)\b")
BOLETO = re.compile(r"\b(?:boleto|codigo|barras?|loterica|linha)\b")


def say_charge(charge: Charge, voice: Voice) -> None:
    """What is to be paid until when and to whom, then the codes."""
    voice.say("utter_charge", amount=format_amount(charge.amount), due=format_date(charge.due))
    say_codes(charge, voice)


def say_codes(charge: Charge, voice: Voice) -> None:
    """The link to the page, then each code alone in its message, so that it can be copied."""
    voice.do("link", title=say("title_pay"), url=charge.url)
    voice.do("copyable", text=charge.linha_digitavel)
    voice.do("copyable", text=charge.pix_copy_paste)


class SendCharge(ToCustomer):
    """Sends the charge again, at today's amount; before there is one, goes on to agree on it."""

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
            return _to_the_offer(heard, voice, tracker)
        if heard.intent == "payment_problem":
            voice.say(_way_round(heard.text))
        say_charge(charge, voice)
        return []


async def _payable(customer_id: str, heard: Heard) -> Charge | None:
    """The live charge while it is in time; else a new one of the agreement's next part."""
    is_over = heard.intent == "payment_problem" and EXPIRED.search(normalise(heard.text))
    charges = await ask_billing(billing().charges, customer_id)
    if charges and charges[0].due >= now().date() and not is_over:
        return charges[0]
    agreement = await active_agreement(customer_id)
    if agreement is None:
        return charges[0] if charges else None
    return await ask_billing(
        billing().issue_charge,
        customer_id,
        agreement_id=agreement.id,
        idempotency_key=f"charge:{heard.turn_id}",
    )


def _to_the_offer(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    """Nothing can be paid yet: the way there is the offer to pay at once."""
    if tracker.get_slot("ended") not in (None, "promised"):
        say_where_it_ended(voice, tracker)
        return []
    voice.say("utter_no_charge")
    if tracker.get_slot("offer_id"):  # its summary waits for a yes
        return continue_negotiation(tracker)
    reason = tracker.get_slot("reason") or NOT_TOLD
    return [*slots(ended=None, wants_full=True, reason=reason, offers=None), GO_ON]


def _way_round(text: str) -> str:
    """What to try instead of what did not work."""
    words = normalise(text)
    if EXPIRED.search(words):
        return "utter_problem_expired"
    if PIX.search(words):
        return "utter_problem_pix"
    return "utter_problem_boleto" if BOLETO.search(words) else "utter_payment_problem"
