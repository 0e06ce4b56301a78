"""What somebody says is wrong: paid already, not theirs, not right, not delivered, not good.

It is written down in billing, which stops collecting those bills and says until when a person
answers. The bot goes on with the other bills only.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from rasa_sdk import Tracker

from actions.agreement_changes import anew
from actions.base import (
    GO_ON,
    Event,
    Heard,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
    slots,
)
from actions.identity import ToCustomer, is_confirmed
from actions.questions import About, Question, Slots, Waiting, put
from actions.standing import Standing, look, open_checks, say_check, say_nothing_open
from bot.billing.client import BillingRefused, Dispute, DisputeKind
from bot.portuguese import format_date, join_words, normalise, parse_option
from bot.words import say

Bill = dict[str, str]
"""`id` and `title` of a bill that can be meant."""

ALL = "all"
_NOT_COME = r"(?:nao|nunca) (?:me )?(?:recebi|chegou|veio|entreg\w+)"
_FRAUD = re.compile(r"\b(?:clon|fraud|roub|usaram|falsific)\w*")
_KINDS = (
    (DisputeKind.FRAUD, _FRAUD),
    (DisputeKind.NOT_RECEIVED, re.compile(rf"\b{_NOT_COME}\b")),
    (
        DisputeKind.WRONG_AMOUNT,
        re.compile(r"\b(?:valor\w*|preco|errad\w+|a mais|dobro|combin\w+)\b"),
    ),
)
"""What is wrong, by its words; without any the debt is not theirs."""
_SURELY_WRONG = re.compile(rf"{_FRAUD.pattern}|\bvalor\b(?: \w+){{0,4}} (?:errad[oa]|diferente)\b")
"""So plain that no intent is needed."""
_GOODS = re.compile(
    rf"\b{_NOT_COME}(?: \w+)" + r"{0,3}? (?:produto|mercadoria|compra|encomenda|pedido|sofa|mesa"
    r"|geladeira|movel|moveis|cama|guarda roupa|colchao|armario|entrega)\b"
)
_PROOF = re.compile(r"\b(?:comprovantes?|recibos?|conferencia|conferi\w+)\b")
_ASKS_FOR_CHECK = frozenset(
    {"nlu_fallback", "ask_if_scam", "ask_payment_methods", "ask_agreement_status"}
)
_EVERY_BILL = re.compile(
    r"\b(?:tod[ao]s|tudo|ambas|ambos|nada|nenhum\w*"
    r"|(?:[ae]ss[ae]s|est[ae]s|[ao]s) (?:duas|dois|tres|[2-9]))\b"
)
_PART_NUMBER = re.compile(r"\bparcelas? (?:n |numero )?([0-9]{1,3})\b")


class Contest(ToCustomer):
    """Writes down that a bill is paid already, or is not right; asks which one where it matters."""

    def name(self) -> str:
        return "action_contest"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Goods that never came, which are no boleto; what is plainly wrong, where the intent is
        not sure."""
        words, is_unsure = normalise(heard.text), heard.intent == "nlu_fallback"
        if heard.intent.startswith("reason_") or is_unsure:
            return bool(_GOODS.search(words) or (is_unsure and _SURELY_WRONG.search(words)))
        return False

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        standing = await look(tracker.get_slot("customer_id"))
        if _is_about_check(heard, standing):
            return _say_check(standing.checks[0], heard, voice, tracker)
        if not standing.debts.debts:
            return _nothing_to_contest(standing, heard, voice)
        bills = [
            {"id": str(debt.invoice_id), "title": debt.description} for debt in standing.debts.debts
        ]
        about = {"claim": heard.record(), "bills": bills}
        meant = bills_meant(heard.text, bills)
        if meant is None:
            return await put("which_bill", about, voice, tracker)
        return await _write_down(about, meant, voice, tracker)


def _is_about_check(heard: Heard, standing: Standing) -> bool:
    """Whether this is about what is being checked already: its receipt, or nothing else is left."""
    if not standing.checks or heard.intent != "already_paid":
        return False
    speaks_of_it = "receipt" in heard.entities or _PROOF.search(normalise(heard.text))
    return bool(speaks_of_it) or not standing.debts.debts


def _say_check(check: Dispute, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    if "receipt" in heard.entities:
        voice.say("utter_receipt_arrived", until=format_date(check.answer_by))
        voice.tell_people("receipt")
    else:
        say_check(check, voice)
    return continue_negotiation(tracker)


def _nothing_to_contest(standing: Standing, heard: Heard, voice: Voice) -> list[Event]:
    """What is in an agreement only a person can check."""
    if standing.active is None:
        return say_nothing_open(standing, voice)
    voice.say(f"utter_hand_over_{_topic(heard)}")
    return voice.hand_over(_topic(heard))


def _topic(heard: Heard) -> str:
    return "already_paid" if heard.intent == "already_paid" else "dispute_debt"


def bills_meant(text: str, bills: Sequence[Bill], *, asked: bool = False) -> list[Bill] | None:
    """The bills somebody means: the only one, by part, by name, all; `asked`, also by number."""
    words = normalise(text)
    numbers = set(_PART_NUMBER.findall(words))
    of_part = [bill for bill in bills if numbers & set(_PART_NUMBER.findall(_plain(bill)))]
    if len(bills) == 1 or (not of_part and _EVERY_BILL.search(words)):
        return list(bills)
    option = parse_option(text, len(bills)) if asked and not of_part else None
    if option:
        return [bills[option - 1]]
    return of_part or _named(words, bills)


def _named(words: str, bills: Sequence[Bill]) -> list[Bill] | None:
    """Bills of which a word was said that is not in the name of every one."""
    said = set(re.findall(r"[a-z]{4,}", words))
    found = [bill for bill in bills if said & set(re.findall(r"[a-z]{4,}", _plain(bill)))]
    return found if found and len(found) < len(bills) else None


def _plain(bill: Bill) -> str:
    return normalise(bill["title"])


class WhichBill(Question, kind="which_bill"):
    """Which of the bills is meant?"""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        is_paid = about["claim"]["intent"] == "already_paid"
        voice.say("utter_which_bill_is_paid" if is_paid else "utter_which_bill_is_wrong")
        choices = [*about["bills"], {"id": ALL, "title": say("title_all_bills")}]
        voice.offer_choices(
            *(
                {"title": each["title"], "payload": f'/choose_option{{"bill": "{each["id"]}"}}'}
                for each in choices
            )
        )
        return None

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """The bills meant; a receipt goes with them; False for none after all."""
        bills = waiting.about["bills"]
        if tapped := heard.entities.get("bill"):
            return [bill for bill in bills if tapped in (ALL, bill["id"])] or None
        if "receipt" in heard.entities:
            return heard.entities["receipt"]
        if heard.intent == "deny":
            return False
        return bills_meant(heard.text, bills, asked=True)

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        if isinstance(reading, str):
            claim = about["claim"]
            entities = {**claim["entities"], "receipt": reading}
            with_receipt = {**about, "claim": {**claim, "entities": entities}}
            return await put("which_bill", with_receipt, voice, tracker)
        if reading:
            return await _write_down(about, reading, voice, tracker)
        voice.say("utter_left_as_it_is")
        return continue_negotiation(tracker)


async def _write_down(
    about: About, meant: Sequence[Bill], voice: Voice, tracker: Tracker
) -> list[Event]:
    claim = Heard.restore(about["claim"])
    try:
        dispute = await _dispute(claim, kind_of(claim), meant, tracker)
    except BillingRefused as refusal:
        return await _not_written(refusal, claim, voice, tracker)
    is_paid = dispute.kind == DisputeKind.ALREADY_PAID
    voice.say(
        "utter_in_check_as_paid" if is_paid else "utter_in_check_as_wrong",
        bills=join_words([bill["title"] for bill in meant]),
        until=format_date(dispute.answer_by),
    )
    if is_paid:
        voice.say("utter_receipt_here" if dispute.receipt else "utter_send_receipt")
    voice.tell_people(_topic(claim))
    if len(meant) < len(about["bills"]):
        return [*anew(), GO_ON]
    return [*anew(), *slots(ended="checking")]


async def _dispute(
    claim: Heard, kind: DisputeKind, meant: Sequence[Bill], tracker: Tracker
) -> Dispute:
    return await ask_billing(
        billing().dispute,
        tracker.get_slot("customer_id"),
        kind,
        claim.evidence.text,
        invoice_ids=[UUID(bill["id"]) for bill in meant],
        receipt=claim.entities.get("receipt"),
        evidence=claim.evidence,
        idempotency_key=f"dispute:{claim.turn_id}",
    )


async def _not_written(
    refusal: BillingRefused, claim: Heard, voice: Voice, tracker: Tracker
) -> list[Event]:
    """It is being checked already; what billing cannot take otherwise goes to a person."""
    checks = await open_checks(tracker.get_slot("customer_id"))
    if refusal.code == "already_disputed" and checks:
        say_check(checks[0], voice)
        return continue_negotiation(tracker)
    voice.say(f"utter_hand_over_{_topic(claim)}")
    return voice.hand_over(_topic(claim))


def kind_of(claim: Heard) -> DisputeKind:
    """What somebody says is wrong, in billing's terms."""
    if claim.intent == "already_paid":
        return DisputeKind.ALREADY_PAID
    words = normalise(claim.text)
    return next((kind for kind, said in _KINDS if said.search(words)), DisputeKind.NOT_MINE)


class CheckStatus(ToCustomer):
    """ "E meu comprovante?": what is being checked, and until when."""

    def name(self) -> str:
        return "action_check_status"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Words about a receipt where none was sent or claimed just now."""
        asks = is_confirmed(tracker) and heard.intent in _ASKS_FOR_CHECK
        return asks and bool(_PROOF.search(normalise(heard.text)))

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        checks = await open_checks(tracker.get_slot("customer_id"))
        if checks:
            say_check(checks[0], voice)
        else:
            voice.say("utter_no_check")
        return continue_negotiation(tracker)


# --- let down by the product or the service


_NO_COMPLAINT = frozenset({"goodbye", "deny"})
_ENOUGH_WORDS = 3


class Complain(ToCustomer):
    """Keeps what went wrong in the person's words, stops collecting, and calls a person."""

    def name(self) -> str:
        return "action_complain"

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Before the form takes it for just another reason."""
        return heard.intent == "reason_dissatisfied" and is_confirmed(tracker)

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if len(heard.text.split()) < _ENOUGH_WORDS:
            return await put("what_happened", {}, voice, tracker)
        return await _complain(heard, voice, tracker)


class WhatHappened(Question, kind="what_happened"):
    """What went wrong with what was bought? Whatever is told is kept as it was told."""

    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        voice.say("utter_ask_what_happened")
        return None

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """True for a story."""
        is_story = len(heard.text.split()) >= _ENOUGH_WORDS
        return True if is_story and heard.intent not in _NO_COMPLAINT else None

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        return await _complain(heard, voice, tracker)


async def _complain(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    voice.say("utter_empathy_reason_dissatisfied")
    try:
        dispute = await _dispute(heard, DisputeKind.DISSATISFIED, (), tracker)
    except BillingRefused:  # a backend that takes no complaints: a person does
        return voice.hand_over("dissatisfied")
    voice.say("utter_complaint_kept", until=format_date(dispute.answer_by))
    return voice.hand_over("dissatisfied")
