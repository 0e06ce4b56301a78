"""When money is short: no means at all, what somebody earns, too dear, more time.

Billing decides what fits what is left to live on; for whom nothing does, there are the words of
its policy, who helps for free, and a person (Lei 14.181/2021).
"""

import re
from decimal import Decimal

from rasa_sdk import Tracker

from actions.agreement_changes import CHANGE_DATE
from actions.base import GO_ON, Event, Heard, Voice, a_person, choice, slots
from actions.identity import ToCustomer
from actions.standing import active_agreement
from actions.understanding import NOT_TOLD, Changes, Situation, merged
from bot.billing.client import Offers
from bot.portuguese import normalise, parse_amount
from bot.words import say

_EARNS = re.compile(
    r"\b(?:ganho|recebo|salario|renda|aposentadoria|aposentad[oa]|pensao|beneficio|bolsa familia"
    r"|bpc|loas)\b(?: (?:e|eh|de|da|do))*(?P<rest>.*?)(?=,(?!\d)|;|[.](?!\d)| e | mas | so |$)"
)
_NOTHING_LEFT = re.compile(
    r"\b(?:gasto tudo|vai tudo|nao sobra|nada sobra|sobra nada|nao da (?:pra|para) nada"
    r"|mal da (?:pra|para))\b"
)


def income_in(text: str) -> Decimal | None:
    """What somebody says they earn in a month: "ganho 1.400 e gasto tudo"."""
    clauses = (match["rest"] for match in _EARNS.finditer(normalise(text)))
    amounts = (parse_amount(clause) for clause in clauses)
    return next((amount for amount in amounts if amount), None)


def with_income(changes: Changes, heard: Heard, now: Situation) -> Changes:
    """`changes`, with the income somebody told: it is no offer to pay so much."""
    income = income_in(heard.text)
    if income is None or now.requested not in ("reason", "offer_id", "consent"):
        return changes
    told = f"{income:.2f}"
    wish = {
        name: value
        for name, value in (changes.get("wish") or now.slots.get("wish") or {}).items()
        if value != told
    }
    spent = {"can_pay_nothing": True} if _NOTHING_LEFT.search(normalise(heard.text)) else {}
    return {
        "reason": changes.get("reason") or now.slots.get("reason") or NOT_TOLD,
        "wish": merged(wish, {"monthly_income": told, **spent}),
        "offers": None,
        "offer_id": None,
    }


class CannotPay(ToCustomer):
    """No means to pay anything: no plan is proposed that billing does not find bearable."""

    def name(self) -> str:
        return "action_cannot_pay"

    async def answer_customer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if await active_agreement(tracker.get_slot("customer_id")):
            voice.say("utter_cannot_pay_part")
            voice.offer_choices(choice("title_change_date", CHANGE_DATE), a_person())
            return []
        income = income_in(heard.text)
        told = {"monthly_income": f"{income:.2f}"} if income else {}
        news = slots(
            ended=None,
            wish={"can_pay_nothing": True, **told},
            reason=tracker.get_slot("reason") or NOT_TOLD,
            offers=None,
            offer_id=None,
        )
        return [*news, GO_ON]


def say_who_helps(offers: Offers, voice: Voice) -> list[Event]:
    """Nothing fits: billing's words and who helps for free; a person takes over."""
    assert offers.guidance is not None
    lines = [
        say("line_help_contact", who=contact.name, reach=contact.reach)
        for contact in offers.guidance.contacts
    ]
    voice.say("utter_over_indebted", guidance=offers.guidance.text, lines="\n".join(lines))
    return voice.hand_over("over_indebted")
