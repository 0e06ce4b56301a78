"""The offers: asked of billing, told with their reasons, and moved towards what was wished."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import (
    GO_ON,
    Event,
    Heard,
    SpokenAction,
    Step,
    Voice,
    ask_billing,
    billing,
    continue_negotiation,
    now,
    say_where_it_ended,
)
from actions.identity import ask_who_it_is, is_confirmed
from actions.understanding import Situation, merged, wish_in
from bot.billing.client import Offer, Offers, Wish
from bot.portuguese import format_amount, format_date, format_installments
from bot.words import say


class AskOffer(Step, fills="offer_id"):
    """Shows the offers and asks which; a wish that can be met as said goes to its summary."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        on_table = tracker.get_slot("offers")
        if on_table:
            return _ask_again(on_table, voice)
        wish = tracker.get_slot("wish")
        reason = tracker.get_slot("reason")
        offers = await ask_billing(
            billing().offers,
            tracker.get_slot("customer_id"),
            reason,
            Wish(**wish) if wish else None,
        )
        if offers.needs_person:
            return _leave_to_person(reason, voice)
        direct = _direct(offers, tracker)
        if direct:
            return _take(direct, offers, voice)
        if not wish:
            voice.say(f"utter_empathy_{reason}")
        return _show(offers, voice)


def _ask_again(on_table: list[dict[str, Any]], voice: Voice) -> list[Event]:
    lines = [
        say("line_offer_short", number=number, title=offer["title"])
        for number, offer in enumerate(on_table, 1)
    ]
    voice.say("utter_offers_again", lines="\n".join(lines))
    voice.offer_choices(*map(_choice, on_table))
    return []


def _leave_to_person(reason: str, voice: Voice) -> list[Event]:
    if reason == "reason_dissatisfied":
        voice.say("utter_empathy_reason_dissatisfied")
        return voice.hand_over("dissatisfied")
    voice.say("utter_counter_offer_far")
    return voice.hand_over("counter_offer_outside_authority")


def _direct(offers: Offers, tracker: Tracker) -> Offer | None:
    """The offer that is exactly what was asked for, if there is one."""
    if offers.note_code == "accepted":
        return next((offer for offer in offers.offers if offer.wished), None)
    if tracker.get_slot("wants_full"):
        return next((offer for offer in offers.offers if offer.kind == "full"), None)
    return None


def _take(offer: Offer, offers: Offers, voice: Voice) -> list[Event]:
    if offers.note_code == "accepted":
        voice.say("utter_offer_accepted")
    return [
        SlotSet("offers", [_brief(other) for other in offers.offers]),
        SlotSet("offer_id", offer.id),
        GO_ON,
    ]


def _show(offers: Offers, voice: Voice) -> list[Event]:
    briefs = [_brief(offer) for offer in offers.offers]
    lines = "\n\n".join(_line(number, offer) for number, offer in enumerate(offers.offers, 1))
    if offers.note_code == "nearest":
        changes = " ".join(change.sentence for change in offers.changes)
        voice.say("utter_offers_nearest", changes=changes, lines=lines)
    else:
        voice.say("utter_offers", lines=lines)
    voice.offer_choices(*map(_choice, briefs))
    return [SlotSet("offers", briefs)]


def _brief(offer: Offer) -> dict[str, Any]:
    """What later turns need to know of an offer on the table."""
    return {
        "id": offer.id,
        "kind": offer.kind,
        "count": offer.count,
        "total": str(offer.total),
        "title": _title(offer),
    }


def _title(offer: Offer) -> str:
    if offer.kind == "full":
        return say("title_offer_full", total=format_amount(offer.total))
    first, *others = [part.amount for part in offer.parts]
    if others and first - others[0] > 1:
        down, part = format_amount(first), format_amount(max(others))
        return say("title_offer_down_payment", down=down, count=len(others), part=part)
    largest = max(first, *others)
    return say("title_offer_installments", count=offer.count, part=format_amount(largest))


def _line(number: int, offer: Offer) -> str:
    first = offer.parts[0]
    if offer.kind == "full":
        return say(
            "line_offer_full",
            number=number,
            total=format_amount(offer.total),
            due=format_date(first.due),
            why=offer.why,
        )
    return say(
        "line_offer_installments",
        number=number,
        parts=format_installments([part.amount for part in offer.parts]),
        total=format_amount(offer.total),
        due=format_date(first.due),
        why=offer.why,
    )


def _choice(brief: dict[str, Any]) -> dict[str, str]:
    payload = f'/choose_option{{"offer_id": "{brief["id"]}"}}'
    return {"title": brief["title"], "payload": payload}


class Negotiate(SpokenAction):
    """Answers a wish that named no number, or that came before there was anything to change."""

    def name(self) -> str:
        return "action_negotiate"

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
            return []
        if not is_confirmed(tracker):
            return [*_remember(heard, tracker), *ask_who_it_is(voice)]
        match heard.intent:
            case "cannot_pay":
                _offer_way_out(voice)
            case "too_expensive":
                voice.say("utter_ask_what_fits")
            case "ask_more_time" | "propose_date":
                voice.say("utter_ask_which_date")
            case _:
                return continue_negotiation(tracker)
        return []


def _remember(heard: Heard, tracker: Tracker) -> list[Event]:
    wish = wish_in(heard, Situation(None, tracker.slots, now().date()))
    return [SlotSet("wish", merged(tracker.get_slot("wish"), wish))] if wish else []


def _offer_way_out(voice: Voice) -> None:
    voice.say("utter_cannot_pay")
    voice.offer_choices(
        {"title": say("title_talk_to_person"), "payload": "/ask_human"},
        {"title": say("title_see_options"), "payload": "/choose_option"},
    )
