"""The debts: told itemised, explained, and the question why."""

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
    choice,
    continue_negotiation,
    next_of_form,
)
from actions.identity import ToCustomer
from actions.standing import look, say_nothing_open, say_promise
from actions.understanding import NOT_TOLD
from bot.billing.client import Debts, Reason
from bot.portuguese import format_amount, format_date
from bot.words import say

TAPPED_REASONS = [reason for reason in Reason if reason is not Reason.UNKNOWN]


class TellFirst(Step, fills="debts_told"):
    """Tells where the customer stands, before anything is asked of them."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        standing = await look(tracker.get_slot("customer_id"))
        if not standing.debts.debts:
            return say_nothing_open(standing, voice)
        if standing.broken:
            voice.say("utter_agreement_broken", agreement=standing.broken.number)
        is_first = not tracker.get_slot("reason_asked")
        _tell(standing.debts, voice, "utter_debts" if is_first else "utter_debts_left")
        if standing.checks and is_first:
            voice.say("utter_others_in_check", until=format_date(standing.checks[0].answer_by))
        told = SlotSet("debts_told", True)
        if standing.promise:
            return [told, *say_promise(standing.promise, voice)]
        has_told_why = tracker.get_slot("reason") not in (None, NOT_TOLD)
        if has_told_why and not tracker.get_slot("wish") and is_first:
            voice.say("utter_may_i_show")  # with the offers it would be too long to read
            voice.offer_choices(choice("title_see_options", "/choose_option"))
            return [told]
        return [told, GO_ON]


class AskReason(Step, fills="reason"):
    """Asks what happened."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("reason_asked"):
            voice.say("utter_why_late_again")
            return []
        voice.say("utter_why_late")
        voice.offer_choices(*(_to_tap(reason) for reason in TAPPED_REASONS))
        return [SlotSet("reason_asked", True)]


def _to_tap(reason: Reason) -> dict[str, str]:
    return choice(f"title_{reason}", f"/{reason}")


def _tell(debts: Debts, voice: Voice, response: str) -> None:
    lines = [
        say(
            "line_debt",
            description=debt.description,
            due=format_date(debt.due),
            original=format_amount(debt.original),
            multa=format_amount(debt.multa),
            juros=format_amount(debt.juros),
            total=format_amount(debt.total),
        )
        for debt in debts.debts
    ]
    count = say("count_one_bill") if len(lines) == 1 else say("count_bills", count=len(lines))
    voice.say(response, count=count, lines="\n\n".join(lines), total=format_amount(debts.total))


class TellDebts(ToCustomer):
    """Answers how much, from what and why it grew, once identity is confirmed."""

    def name(self) -> str:
        return "action_tell_debts"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if heard.intent == "ask_debt" and next_of_form(tracker) == "debts_told":
            return [GO_ON]
        debts = await ask_billing(billing().debts, tracker.get_slot("customer_id"))
        if not debts.debts:
            return say_nothing_open(await look(tracker.get_slot("customer_id")), voice)
        match heard.intent:
            case "ask_charges":
                _explain_charges(debts, voice)
            case "ask_debt_origin":
                _tell_origin(debts, voice)
            case _:
                _tell(debts, voice, "utter_debts_again")
        return continue_negotiation(tracker)


def _explain_charges(debts: Debts, voice: Voice) -> None:
    blocks = []
    for debt in debts.debts:
        lines = [
            say(
                "line_charge" if line.source else "line_charge_without_source",
                label=line.label,
                formula=line.formula,
                amount=format_amount(line.amount),
                source=line.source,
            )
            for line in debt.memory
        ]
        blocks.append(
            say("line_charges_of_debt", description=debt.description, lines="\n".join(lines))
        )
    voice.say("utter_charges", lines="\n\n".join(blocks), total=format_amount(debts.total))


def _tell_origin(debts: Debts, voice: Voice) -> None:
    lines = [
        say(
            "line_debt_origin",
            description=debt.description,
            contract=debt.contract,
            due=format_date(debt.due),
            original=format_amount(debt.original),
        )
        for debt in debts.debts
    ]
    voice.say("utter_debt_origin", lines="\n".join(lines))


class NameClearing(ToCustomer):
    """When a name leaves the registers: the day, once all is paid; else the law's answer."""

    def name(self) -> str:
        return "action_name_clearing"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        agreements = await ask_billing(billing().agreements, tracker.get_slot("customer_id"))
        newest = agreements[0] if agreements else None
        if newest and newest.clear_name_by:
            voice.say("utter_name_cleared_by", day=format_date(newest.clear_name_by))
        else:
            voice.say("utter_ask_name_clearing")
        return continue_negotiation(tracker)
