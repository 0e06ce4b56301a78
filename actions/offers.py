"""The offers: asked of billing, told with their reasons, and moved towards what was wished."""

from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker

from actions.agreement_changes import say_what_can_be_changed
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
    slots,
)
from actions.hardship import say_who_helps, with_income
from actions.identity import ask_who_it_is, is_confirmed
from actions.standing import look, say_nothing_open
from actions.titles import offer_title
from actions.understanding import NOT_TOLD, PAYS_NOW, WISHES, Situation, merged, wish_in
from bot.billing.client import Offer, Offers, Wish
from bot.portuguese import format_amount, format_date
from bot.words import say


class AskOffer(Step, fills="offer_id"):
    """Shows the offers and asks which; a wish that can be met as said goes to its summary."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        on_table = tracker.get_slot("offers")
        if on_table and _are_valid(on_table):
            return _ask_again(on_table, voice)
        if on_table:
            voice.say("utter_offer_expired")
        wish = tracker.get_slot("wish")
        reason = tracker.get_slot("reason")
        offers = await ask_billing(
            billing().offers,
            tracker.get_slot("customer_id"),
            reason,
            Wish(**wish) if wish else None,
        )
        if offers.over_indebted:
            return say_who_helps(offers, voice)
        if _is_day_too_far(offers, wish):
            return [*_show(offers, voice), *slots(wish=None)]
        if offers.needs_person:
            return _leave_to_person(voice)
        if not offers.offers:
            return say_nothing_open(await look(tracker.get_slot("customer_id")), voice)
        direct = _direct(offers, tracker)
        if direct:
            return _take(direct, offers, voice)
        if not wish and not on_table:
            _say_way_in(reason, offers, voice)
        return _show(offers, voice)


def _are_valid(on_table: list[dict[str, Any]]) -> bool:
    return all(offer["valid_until"] >= now().date().isoformat() for offer in on_table)


def _ask_again(on_table: list[dict[str, Any]], voice: Voice) -> list[Event]:
    lines = [
        say("line_offer_short", number=number, title=offer["title"])
        for number, offer in enumerate(on_table, 1)
    ]
    voice.say("utter_offers_again", lines="\n".join(lines))
    voice.offer_choices(*map(_choice, on_table))
    return []


def _is_day_too_far(offers: Offers, wish: dict[str, Any] | None) -> bool:
    """Whether nothing but the day was wished, and it is out of reach: the usual offers stand."""
    return offers.note_code == "far" and set(wish or ()) == {"first_due"}


def _leave_to_person(voice: Voice) -> list[Event]:
    voice.say("utter_counter_offer_far")
    return voice.hand_over("counter_offer_outside_authority")


def _say_way_in(reason: str, offers: Offers, voice: Voice) -> None:
    """Each reason has its own word, and its own way into what can be offered."""
    voice.say(f"utter_empathy_{reason}")
    latest = max((offer.parts[0].due for offer in offers.offers), default=now().date())
    voice.say(f"utter_way_{reason}", latest=format_date(latest))


def _direct(offers: Offers, tracker: Tracker) -> Offer | None:
    """The offer that is exactly what was asked for, if there is one."""
    wished = next((offer for offer in offers.offers if offer.wished), None)
    wants_full = tracker.get_slot("wants_full")
    if offers.note_code == "accepted" and wished:
        says_how_many = set(tracker.get_slot("wish") or ()) - {"first_due", "down_payment"}
        # In how many parts was not said: that is for the person to choose.
        return wished if says_how_many or wants_full else None
    if wants_full:
        return next((offer for offer in offers.offers if offer.kind == "full"), None)
    return None


def _take(offer: Offer, offers: Offers, voice: Voice) -> list[Event]:
    if offers.note_code == "accepted":
        voice.say("utter_offer_accepted")
    elif offers.changes:
        voice.say("utter_wish_not_met", changes=_sentences(offers))
    briefs = [_brief(other) for other in offers.offers]
    return [*slots(offers=briefs, offer_id=offer.id), GO_ON]


def _show(offers: Offers, voice: Voice) -> list[Event]:
    briefs = [_brief(offer) for offer in offers.offers]
    lines = "\n\n".join(_line(number, offer) for number, offer in enumerate(offers.offers, 1))
    if offers.changes:
        voice.say("utter_offers_nearest", changes=_sentences(offers), lines=lines)
    else:
        voice.say("utter_offers", lines=lines)
    voice.offer_choices(*map(_choice, briefs))
    return slots(offers=briefs)


def _sentences(offers: Offers) -> str:
    """What would have to change of the wish, in billing's words."""
    return " ".join(change.sentence for change in offers.changes)


def _brief(offer: Offer) -> dict[str, Any]:
    """What later turns need to know of an offer on the table."""
    return {
        "id": offer.id,
        "kind": offer.kind,
        "count": offer.count,
        "total": str(offer.total),
        "discount": str(offer.discount),
        "part": str(max(part.amount for part in offer.parts)),
        "wished": offer.wished,
        "valid_until": offer.valid_until.isoformat(),
        "title": offer_title(offer),
    }


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
        parts=offer_title(offer),
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
        if not is_confirmed(tracker):
            return [*_remember(heard, tracker), *ask_who_it_is(voice, tracker)]
        if tracker.get_slot("ended") == "promised":
            return reopened(heard, tracker)
        if tracker.get_slot("ended") == "agreed" and heard.intent in WISHES:
            return say_what_can_be_changed(voice)
        if tracker.get_slot("ended"):
            say_where_it_ended(voice, tracker)
            return []
        if heard.intent == "too_expensive":
            voice.say("utter_ask_what_fits")
            return []
        _say_of_offers(heard.intent, tracker.get_slot("offers") or [], voice)
        return continue_negotiation(tracker)


def _say_of_offers(intent: str, on_table: list[dict[str, Any]], voice: Voice) -> None:
    """Answer "tem desconto?" and "em quantas vezes?" from the offers that are there."""
    full = next((offer for offer in on_table if offer["kind"] == "full"), None)
    counts = [offer["count"] for offer in on_table if offer["count"] > 1]
    if intent == "ask_discount" and full:
        total, discount = Decimal(full["total"]), Decimal(full["discount"])
        answer = "utter_best_discount" if discount > 0 else "utter_no_discount"
        voice.say(answer, total=format_amount(total), discount=format_amount(discount))
    if intent == "ask_installments" and len(counts) > 1:
        voice.say("utter_counts", least=min(counts), most=max(counts))


def _remember(heard: Heard, tracker: Tracker) -> list[Event]:
    """What was wished, or told of an income, before anything of a debt could be said."""
    situation = Situation("reason", tracker.slots, now().date())
    wish = merged(tracker.get_slot("wish"), wish_in(heard, situation))
    told = with_income({"wish": wish}, heard, situation)["wish"]
    wants_full = tracker.get_slot("wants_full") or heard.intent in PAYS_NOW or None
    return slots(wish=told or None, wants_full=wants_full)


def reopened(heard: Heard, tracker: Tracker) -> list[Event]:
    """Go into the offers again, with what is wished now; a tapped offer is taken."""
    situation = Situation("offer_id", tracker.slots, now().date())
    news = slots(
        ended=None,
        reason=tracker.get_slot("reason") or NOT_TOLD,
        wants_full=heard.intent in PAYS_NOW or None,
        wish=wish_in(heard, situation) or None,
        offers=None,
        offer_id=heard.entities.get("offer_id"),
    )
    return [*news, GO_ON]
