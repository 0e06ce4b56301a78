"""A day to pay: promised, moved to another day, taken back. Billing says how far it may lie."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from rasa_sdk import Tracker

from actions.agreement_changes import day_for_part
from actions.base import (
    GO_ON,
    QUESTION,
    Event,
    Heard,
    Voice,
    ask_billing,
    billing,
    choice,
    continue_negotiation,
    next_of_form,
    now,
    slots,
)
from actions.identity import ToCustomer
from actions.questions import (
    About,
    DatedYesOrNo,
    Question,
    Slots,
    Waiting,
    YesOrNo,
    offer_yes_or_no,
    put,
)
from actions.standing import active_agreement, look, open_promise, say_nothing_open
from actions.understanding import NOT_TOLD, on_day
from bot.billing.client import BillingRefused, Promise, Wish
from bot.portuguese import (
    format_amount,
    format_long_date,
    normalise,
    parse_amount,
    parse_date,
    parse_installments,
)
from bot.words import say

SOLEMN = re.compile(r"\b(?:promet\w+|promess\w+|anot\w+|sem falta|pode confiar)\b")
PAYS = re.compile(r"\b(?:pago|paga(?:r|rei|mos)?|acert\w+|quit\w+|deposit\w+|transfir\w+)\b")
OF_A_PLAN = re.compile(
    r"\b(?:entrada|parcel\w+|prestac\w+|primeira|vezes|por mes|mensa\w+|a partir|todo dia)\b"
)
TAKES_BACK = re.compile(
    r"\b(?:cancel\w+|desmarc\w+|desfa\w+|tir\w+|retir\w+|desist\w+"
    r"|nao (?:vou|consigo|da|posso|vai))\b.{0,40}\b(?:promess\w+|promet\w+)"
)
A_DAY = frozenset({"propose_date", "pay_in_full"})
UNSURE = frozenset({"propose_amount", "refuse_to_pay", "nlu_fallback", "affirm"})
"""What "vou pagar na sexta" and "amanhã pago 200" are sometimes taken for."""


class ProposeDay(ToCustomer):
    """Somebody names the day on which they will pay, or wants to without naming it."""

    def name(self) -> str:
        return "action_propose_day"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """A plain promise, also where the form would take its day for that of an instalment."""
        words = normalise(heard.text)
        if heard.intent == "ask_more_time" and _is_free(tracker):
            return True
        if OF_A_PLAN.search(words) or parse_installments(heard.text, asked=False):
            return False
        if parse_date(heard.text, now().date()) is None or TAKES_BACK.search(words):
            return False
        if heard.intent in A_DAY:
            return _is_free(tracker) or bool(SOLEMN.search(words))
        if heard.intent == "propose_amount" and not _is_free(tracker):
            return False
        return heard.intent in UNSURE and bool(PAYS.search(words)) and "nao" not in words.split()

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        day = parse_date(heard.text, now().date(), asked=True)
        if day is None:
            return await put("which_day", {}, voice, tracker)
        amount = parse_amount(heard.text)
        is_promise = bool(SOLEMN.search(normalise(heard.text)))
        return await settle_on(day, amount, voice, tracker, is_promise=is_promise)


def _is_free(tracker: Tracker) -> bool:
    """Whether no offer is on the table, to which a day would belong."""
    return next_of_form(tracker) in ("debts_told", "reason") and not tracker.get_slot(QUESTION)


async def settle_on(
    day: date,
    amount: Decimal | None,
    voice: Voice,
    tracker: Tracker,
    *,
    is_promise: bool = False,
) -> list[Event]:
    """A day was named: for a part of the agreement, for the offers on the table unless it
    `is_promise`, or to pay all."""
    agreement = await active_agreement(tracker.get_slot("customer_id"))
    if agreement:
        return await day_for_part(day, agreement, voice, tracker)
    if tracker.get_slot("offers") and not is_promise:
        return _as_wish(day, tracker)
    return await _propose(day, amount, voice, tracker)


def _as_wish(day: date, tracker: Tracker) -> list[Event]:
    """Offers whose first part falls due on `day`, or as near to it as billing allows."""
    news = slots(
        ended=None,
        reason=tracker.get_slot("reason") or NOT_TOLD,
        offer_id=None,
        **on_day(day.isoformat(), tracker.slots),
    )
    return [*news, GO_ON]


async def _propose(
    day: date, amount: Decimal | None, voice: Voice, tracker: Tracker
) -> list[Event]:
    """Sum the promise up, or tell kindly that the day is too far and go into instalments."""
    try:
        found = await ask_billing(billing().promises, tracker.get_slot("customer_id"))
    except BillingRefused:  # a backend that keeps no promises
        return _as_wish(day, tracker)
    if day > found.latest_date:
        voice.say("utter_promise_too_far", day=_long(day), latest=_long(found.latest_date))
        return _as_wish(day, tracker)
    stands = next((each for each in found.promises if each.status == "open"), None)
    about = {
        "day": day.isoformat(),
        "amount": str(amount) if amount else None,
        "agreement_id": None,
        "instead_of": stands.promised_for.isoformat() if stands else None,
    }
    return await put("promise", about, voice, tracker)


class WhichDay(Question, kind="which_day"):
    """For which day? Of a part, of the first instalment, or of all."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        voice.say("utter_ask_which_date")
        return None

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """The day, or False when none is meant after all."""
        if parse_installments(heard.text, asked=False):
            return None
        return parse_date(heard.text, today, asked=True) or (
            False if heard.intent == "deny" else None
        )

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        if reading:
            return await settle_on(reading, None, voice, tracker)
        voice.say("utter_left_as_it_is")
        return continue_negotiation(tracker)


class MakePromise(DatedYesOrNo, kind="promise"):
    """What is promised until when, summed up; written down on a yes."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        debts = await ask_billing(billing().debts, tracker.get_slot("customer_id"))
        if not debts.debts and not about["agreement_id"]:
            return say_nothing_open(await look(tracker.get_slot("customer_id")), voice)
        day = _long(date.fromisoformat(about["day"]))
        what = _what(about, format_amount(debts.total))
        if about["instead_of"]:
            old = _long(date.fromisoformat(about["instead_of"]))
            voice.say("utter_promise_summary_instead", what=what, day=day, old=old)
        else:
            voice.say("utter_promise_summary", what=what, day=day)
        offer_yes_or_no(asked, voice, "title_yes_promise", "title_other_day")
        return None

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            promise = await _write_down(about, heard, tracker)
        except BillingRefused as refusal:
            return await _refused(refusal, about, voice, tracker)
        voice.say("utter_promised", day=_long(promise.promised_for))
        if promise.agreement_id:
            return slots(ended="agreed")
        await _say_how_to_pay(promise, voice, tracker)
        return slots(ended="promised")

    async def no(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        return await put("which_day", {}, voice, tracker)

    async def other_day(
        self, day: date, about: About, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        amount = Decimal(about["amount"]) if about["amount"] else None
        return await settle_on(day, amount, voice, tracker)


def _what(about: About, total: str) -> str:
    if about["agreement_id"]:
        return say("line_promise_part", number=about["number"])
    if about["amount"]:
        return say("line_promise_amount", amount=format_amount(Decimal(about["amount"])))
    return say("line_promise_all", total=total)


async def _write_down(about: About, heard: Heard, tracker: Tracker) -> Promise:
    return await ask_billing(
        billing().promise,
        tracker.get_slot("customer_id"),
        date.fromisoformat(about["day"]),
        heard.evidence,
        amount=Decimal(about["amount"]) if about["amount"] else None,
        agreement_id=UUID(about["agreement_id"]) if about["agreement_id"] else None,
        idempotency_key=f"promise:{heard.turn_id}",
    )


async def _refused(
    refusal: BillingRefused, about: About, voice: Voice, tracker: Tracker
) -> list[Event]:
    """The day is over or too far by now, or nothing is owed any more."""
    if refusal.code == "promise_date_refused":
        return await _propose(date.fromisoformat(about["day"]), None, voice, tracker)
    if refusal.code == "nothing_owed":
        return say_nothing_open(await look(tracker.get_slot("customer_id")), voice)
    raise refusal


async def _say_how_to_pay(promise: Promise, voice: Voice, tracker: Tracker) -> None:
    """Boleto and Pix for that very day, where billing has an offer for it; else on the day."""
    wish = Wish(first_due=promise.promised_for)
    offers = await ask_billing(
        billing().offers,
        tracker.get_slot("customer_id"),
        tracker.get_slot("reason") or NOT_TOLD,
        wish,
    )
    full = next((offer for offer in offers.offers if offer.kind == "full"), None)
    if promise.amount or full is None or full.parts[0].due < promise.promised_for:
        voice.say("utter_promise_pay_then")
        return
    voice.say("utter_promise_pay_ready", total=format_amount(full.total))
    payload = f'/choose_option{{"offer_id": "{full.id}"}}'
    voice.offer_choices(choice("title_get_codes", payload))


class TakeBack(ToCustomer):
    """Takes a promise back, after a yes."""

    def name(self) -> str:
        return "action_take_back_promise"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Words about a promise; a new day in them is a new promise."""
        words = normalise(heard.text)
        return bool(TAKES_BACK.search(words))

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        promise = await open_promise(tracker.get_slot("customer_id"))
        if promise is None:
            voice.say("utter_no_promise")
            return continue_negotiation(tracker)
        about = {"promise_id": str(promise.id), "day": promise.promised_for.isoformat()}
        return await put("take_back_promise", about, voice, tracker)


class TakeBackPromise(YesOrNo, kind="take_back_promise"):
    """Taken back after a yes; then there are the offers."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        voice.say("utter_take_back_summary", day=_long(date.fromisoformat(about["day"])))
        offer_yes_or_no(asked, voice, "title_yes_take_back", "title_no_keep")
        return None

    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        try:
            await ask_billing(
                billing().cancel_promise,
                tracker.get_slot("customer_id"),
                UUID(about["promise_id"]),
                idempotency_key=f"take-back:{heard.turn_id}",
            )
        except BillingRefused as refusal:
            if refusal.code != "already_ended":
                raise
        voice.say("utter_taken_back")
        return [*slots(ended=None), GO_ON]


def _long(day: date) -> str:
    return format_long_date(day, now().date())
