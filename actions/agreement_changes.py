"""An agreement that exists: how it stands, another date, paying early, cancelling.

Billing decides what may be; every change is summed up and waits for a yes.
"""

import re
from datetime import date
from decimal import Decimal

from rasa_sdk import Tracker

from actions.base import (
    Event,
    Heard,
    Voice,
    a_person,
    ask_billing,
    billing,
    choice,
    continue_negotiation,
    now,
    slots,
)
from actions.charges import say_charge
from actions.identity import ToCustomer
from actions.questions import About, DatedYesOrNo, YesOrNo, offer_yes_or_no, put
from actions.standing import (
    Standing,
    is_late,
    look,
    next_part,
    say_agreement,
    say_check,
    say_promise,
)
from bot.billing.client import Agreement, BillingRefused, Charge, EarlyQuote
from bot.billing.shapes import Installment
from bot.portuguese import format_amount, format_date, format_long_date, normalise, parse_date
from bot.words import say

CANCELS = re.compile(r"\b(?:cancel\w+|desist\w+|desfa\w+|nao quero mais|acab\w+|anul\w+)\b")
EARLY = re.compile(r"\b(?:antecip\w+|adiant\w+|quit\w+|liquid\w+|tudo de uma vez|a vista)\b")
CHANGES = re.compile(r"\b(?:mud|troc|alter|adi|empurr|prorrog|antecip|cancel|desist)\w*")
DATE = re.compile(r"\b(?:datas?|dias?|vencimentos?|prazos?|vence\w*|adia\w*|empurr\w+)\b")
CHANGE_DATE = '/change_agreement{"change": "date"}'
PART_NUMBER = re.compile(r"\bparcela (?:n |numero )?([0-9]{1,2})\b|\b([0-9]{1,2})a parcela\b")


class AgreementStatus(ToCustomer):
    """Tells how things stand: the agreement's parts, a promise, what is being checked."""

    def name(self) -> str:
        return "action_agreement_status"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        standing = await look(tracker.get_slot("customer_id"))
        if standing.agreements:
            say_agreement(standing.active or standing.agreements[0], voice)
            return continue_negotiation(tracker)
        return _without_agreement(standing, voice, tracker)


def _without_agreement(standing: Standing, voice: Voice, tracker: Tracker) -> list[Event]:
    if standing.promise:
        return say_promise(standing.promise, voice)
    if standing.checks:
        say_check(standing.checks[0], voice)
    else:
        voice.say("utter_no_agreement")
    return continue_negotiation(tracker)


class ChangeAgreement(ToCustomer):
    """Does what somebody wants to change, or tells what can be changed."""

    def name(self) -> str:
        return "action_change_agreement"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Paying what is left before its time, or a vague wish, once there is an agreement."""
        if tracker.get_slot("ended") != "agreed":
            return False
        if heard.intent == "nlu_fallback" and CHANGES.search(normalise(heard.text)):
            return _wanted(heard.text) is not None
        may_ask = heard.intent in ("pay_in_full", "ask_discount", "propose_date")
        return may_ask and bool(EARLY.search(normalise(heard.text)))

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        standing = await look(tracker.get_slot("customer_id"))
        agreement = standing.active
        if agreement is None:
            return _without_agreement(standing, voice, tracker)
        about = {"agreement_id": str(agreement.id), "number": agreement.number}
        match heard.entities.get("change") or _wanted(heard.text):
            case "cancel":
                return await put("cancel_agreement", about, voice, tracker)
            case "early":
                return await put("early_payment", about, voice, tracker)
            case "date":
                return await _change_date(heard, agreement, voice, tracker)
        return say_what_can_be_changed(voice)


def _wanted(text: str) -> str | None:
    words = normalise(text)
    kinds = {"cancel": CANCELS, "early": EARLY, "date": DATE}
    return next((kind for kind, pattern in kinds.items() if pattern.search(words)), None)


def say_what_can_be_changed(voice: Voice) -> list[Event]:
    """Offer what the bot can do with an agreement, and a person for the rest."""
    voice.say("utter_what_to_change")
    voice.offer_choices(
        choice("title_change_date", CHANGE_DATE),
        choice("title_pay_early", '/change_agreement{"change": "early"}'),
        choice("title_cancel_agreement", '/change_agreement{"change": "cancel"}'),
        a_person(),
    )
    return []


# --- another date


async def _change_date(
    heard: Heard, agreement: Agreement, voice: Voice, tracker: Tracker
) -> list[Event]:
    day = parse_date(heard.text, now().date(), asked=True)
    if day is None:
        return await put("which_day", {}, voice, tracker)
    part = _named(heard.text, agreement) or next_part(agreement)
    return await _move(part, day, agreement, voice, tracker)


def _named(text: str, agreement: Agreement) -> Installment | None:
    found = PART_NUMBER.search(normalise(text))
    number = int(found[1] or found[2]) if found else 0
    return next((p for p in agreement.parts if (p.number, p.status) == (number, "open")), None)


async def day_for_part(
    day: date, agreement: Agreement, voice: Voice, tracker: Tracker
) -> list[Event]:
    """A day to pay the next part: in time as it is, or its date has to be changed."""
    part = next_part(agreement)
    if part and not is_late(part) and day <= part.due:
        voice.say("utter_day_is_in_time", number=part.number, due=format_date(part.due))
        return continue_negotiation(tracker)
    return await _move(part, day, agreement, voice, tracker)


async def _move(
    part: Installment | None, day: date, agreement: Agreement, voice: Voice, tracker: Tracker
) -> list[Event]:
    """Sum up the new date; for a part that is late already only a promise is left."""
    if part is None:
        say_agreement(agreement, voice)
        return continue_negotiation(tracker)
    about = {
        "agreement_id": str(agreement.id),
        "number": part.number,
        "part": format_amount(part.amount),
        "old": format_date(part.due),
        "day": day.isoformat(),
    }
    if is_late(part):
        about |= {"amount": None, "instead_of": None}
        return await put("promise", about, voice, tracker)
    return await put("new_due_date", about, voice, tracker)


class NewDueDate(DatedYesOrNo, kind="new_due_date"):
    """Another date for a part; on a yes billing decides."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        voice.say("utter_new_due_date_summary", **{**about, "day": _long(about["day"])})
        offer_yes_or_no(asked, voice, "title_yes_change", "title_no_keep")
        return None

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            agreement = await ask_billing(
                billing().change_due_date,
                tracker.get_slot("customer_id"),
                about["agreement_id"],
                about["number"],
                date.fromisoformat(about["day"]),
                idempotency_key=f"due-date:{heard.turn_id}",
            )
        except BillingRefused as refusal:
            return _refused(refusal, about, voice)
        voice.say("utter_new_due_date", number=about["number"], day=_long(about["day"]))
        if agreement.charge:
            say_charge(agreement.charge, voice)
        return continue_negotiation(tracker)

    async def other_day(
        self, day: date, about: About, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        return await put("new_due_date", {**about, "day": day.isoformat()}, voice, tracker)


def _refused(refusal: BillingRefused, about: About, voice: Voice) -> list[Event]:
    """The rules of the agreement do not allow it; a person may."""
    if refusal.code == "due_date_refused":
        voice.say("utter_due_date_refused", day=_long(about["day"]), due=about["old"])
        voice.offer_choices(a_person())
        return []
    return _leave_to_person(voice)


def _leave_to_person(voice: Voice) -> list[Event]:
    voice.say("utter_hand_over_change_agreement")
    return voice.hand_over("change_agreement")


# --- paying early


class PayEarly(YesOrNo, kind="early_payment"):
    """What all that is left costs now; on a yes one charge for it."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        try:
            quote = await _quote(about, tracker)
        except BillingRefused:
            return _leave_to_person(voice)
        about["total"] = str(quote.total)  # what a yes is a yes to
        discount = ""
        if quote.discount:
            discount = say("line_early_discount", discount=format_amount(quote.discount))
        voice.say(
            "utter_early_summary",
            number=about["number"],
            total=format_amount(quote.total),
            due=format_date(quote.due),
            discount=discount,
        )
        offer_yes_or_no(asked, voice, "title_yes_early", "title_no_keep")
        return None

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            if (await _quote(about, tracker)).total != Decimal(about["total"]):
                return await put("early_payment", about, voice, tracker)
            charge = await _pay_early(about, heard, tracker)
        except BillingRefused as refusal:
            return _no_early_charge(refusal, voice)
        voice.do("close_choices")
        say_charge(charge, voice)
        return []


async def _quote(about: About, tracker: Tracker) -> EarlyQuote:
    customer = tracker.get_slot("customer_id")
    return await ask_billing(billing().quote_early_payment, customer, about["agreement_id"])


async def _pay_early(about: About, heard: Heard, tracker: Tracker) -> Charge:
    return await ask_billing(
        billing().pay_early,
        tracker.get_slot("customer_id"),
        about["agreement_id"],
        idempotency_key=f"early:{heard.turn_id}",
    )


def _no_early_charge(refusal: BillingRefused, voice: Voice) -> list[Event]:
    if refusal.code != "charge_pending":
        return _leave_to_person(voice)
    voice.say("utter_charge_coming")
    return []


# --- the end of an agreement


class CancelAgreement(YesOrNo, kind="cancel_agreement"):
    """What follows from cancelling, as facts; on a yes the bills are open again."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        voice.say("utter_cancel_summary", number=about["number"])
        offer_yes_or_no(asked, voice, "title_yes_cancel", "title_no_keep")
        return None

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            await ask_billing(
                billing().cancel_agreement,
                tracker.get_slot("customer_id"),
                about["agreement_id"],
                heard.evidence.text[:500],
                idempotency_key=f"cancel:{heard.turn_id}",
            )
        except BillingRefused:
            return _leave_to_person(voice)
        voice.do("close_choices")
        voice.say("utter_agreement_cancelled", number=about["number"])
        voice.offer_choices(choice("title_see_options", "/choose_option"), a_person())
        return anew()


def anew() -> list[Event]:
    """What is owed has changed: it is told again, and offers are made anew."""
    names = ("ended", "debts_told", "offers", "offer_id", "wish", "wants_full")
    return slots(**dict.fromkeys(names))


def _long(day: str) -> str:
    return format_long_date(date.fromisoformat(day), now().date())
