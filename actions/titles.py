"""What an offer is called, on buttons and in the middle of a sentence."""

from bot.billing.client import Offer
from bot.portuguese import format_amount
from bot.words import say


def offer_title(offer: Offer) -> str:
    """Its sum or its parts; parts that differ by cents are named by the largest."""
    if offer.kind == "full":
        return say("title_offer_full", total=format_amount(offer.total))
    first, *others = [part.amount for part in offer.parts]
    if others and first - others[0] > 1:
        down, part = format_amount(first), format_amount(max(others))
        return say("title_offer_down_payment", down=down, count=len(others), part=part)
    if first - others[-1] > 1:  # the last part is what is left
        rest = format_amount(others[-1])
        count, part = len(others), format_amount(first)
        return say("title_offer_with_rest", count=count, part=part, rest=rest)
    largest = max(first, *others)
    return say("title_offer_installments", count=offer.count, part=format_amount(largest))
