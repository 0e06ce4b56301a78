"""The debts: told itemised, explained, and the question why."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.agreement import say_status
from actions.base import (
    Event,
    Heard,
    Step,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
)
from actions.identity import ToCustomer
from bot.billing.client import Debts, Reason
from bot.portuguese import format_amount, format_date
from bot.words import say

TAPPED_REASONS = [reason for reason in Reason if reason is not Reason.UNKNOWN]


class AskReason(Step, fills="reason"):
    """Tells the debts, the first time, and asks what happened."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("debts_told"):
            voice.say("utter_why_late_again")
            return []
        debts = await ask_billing(billing().debts, tracker.get_slot("customer_id"))
        if not debts.debts:
            return await _nothing_open(voice, tracker)
        _tell(debts, voice, "utter_debts")
        voice.say("utter_why_late")
        voice.offer_choices(*(_choice(reason) for reason in TAPPED_REASONS))
        return [SlotSet("debts_told", True)]


async def _nothing_open(voice: Voice, tracker: Tracker) -> list[Event]:
    agreements = await ask_billing(billing().agreements, tracker.get_slot("customer_id"))
    active = [agreement for agreement in agreements if agreement.status == "active"]
    if active:
        say_status(active[0], voice)
        return [SlotSet("ended", "agreed")]
    voice.say("utter_no_debts")
    return [SlotSet("ended", "nothing_owed")]


def _choice(reason: Reason) -> dict[str, str]:
    return {"title": say(f"title_{reason}"), "payload": f"/{reason}"}


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
        debts = await ask_billing(billing().debts, tracker.get_slot("customer_id"))
        if not debts.debts:
            return await _nothing_open(voice, tracker)
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
