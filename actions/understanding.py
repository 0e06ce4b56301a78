"""What a message changes in the negotiation. Pure: what was heard and where we are go in,
new slot values come out. Nothing here speaks, and nothing here knows a rule about money.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.base import Heard
from bot import portuguese
from bot.portuguese import normalise

Slots = Mapping[str, Any]
Changes = dict[str, Any]

NOT_TOLD = "unknown"
WISHES = frozenset(
    {
        "ask_installments",
        "ask_discount",
        "propose_amount",
        "propose_date",
        "too_expensive",
        "ask_more_time",
    }
)
PAYS_NOW = frozenset({"pay_in_full", "ask_boleto", "ask_pix"})
MOVES_ON = WISHES | PAYS_NOW | {"choose_option", "deny"}
"""Intents that skip the question why: who wants to settle is not held up."""
DAYS_IN_ONE_PIECE = (6, 8)
VAGUE = frozenset({"nlu_fallback", "inform_identity", "out_of_scope"})
"""What a bare number or a few words are often taken for; the question asked says more."""


@dataclass(frozen=True)
class Situation:
    """Where the negotiation is: the slot being asked for, all slots, and today."""

    requested: str | None
    slots: Slots
    today: date


def understand(heard: Heard, now: Situation) -> Changes:
    """The slots this message sets; empty when it does not answer what was asked."""
    match now.requested:
        case "customer_id":
            return identity_in(heard)
        case "reason":
            return _at_reason(heard, now)
        case "offer_id":
            return _at_offers(heard, now)
        case "consent":
            return _at_consent(heard, now)
    return {}


def identity_in(heard: Heard) -> Changes:
    """The digits or the birth date; six or eight digits that are a day are no CPF."""
    born, digits = portuguese.parse_birth_date(heard.text), portuguese.parse_cpf_digits(heard.text)
    if born and digits and len(digits) in DAYS_IN_ONE_PIECE:
        digits = None
    if not born and not digits:
        return {}
    return {"cpf_digits": digits, "birth_date": born.isoformat() if born else None}


def _at_reason(heard: Heard, now: Situation) -> Changes:
    if heard.intent.startswith("reason_"):
        return {"reason": heard.intent}
    told_something = heard.intent == "nlu_fallback" and len(heard.text.split()) > 2
    if heard.intent in MOVES_ON or told_something:
        return {"reason": NOT_TOLD, **_pays_now(heard, now), **_wishes(heard, now)}
    return {}


def _at_offers(heard: Heard, now: Situation) -> Changes:
    if heard.intent.startswith("reason_"):
        return {"reason": heard.intent, "offers": None}
    return _pays_now(heard, now) or _chooses(heard, now) or _wishes(heard, now)


def _at_consent(heard: Heard, now: Situation) -> Changes:
    other = other_than_chosen(heard, now)
    if other or heard.intent in ("choose_option", "ask_installments"):
        return {"offer_id": None, "wants_full": None, **other}
    return {}


def other_than_chosen(heard: Heard, now: Situation) -> Changes:
    """A wish or choice that differs from the summary: "sim, mas em 3x" is no yes to it."""
    changes = _pays_now(heard, now) or _chooses(heard, now) or _wishes(heard, now)
    return {} if changes == {"offer_id": now.slots.get("offer_id")} else changes


def _pays_now(heard: Heard, now: Situation) -> Changes:
    """Payment at once: its offer when it is on the table, else the wish for it."""
    if heard.intent not in PAYS_NOW:
        return {}
    full = [offer["id"] for offer in now.slots.get("offers") or [] if offer["kind"] == "full"]
    return {"offer_id": full[0]} if full else {"wants_full": True}


def _chooses(heard: Heard, now: Situation) -> Changes:
    """The offer picked: by button, by number or name, by its count of parts."""
    offers = now.slots.get("offers") or []
    tapped = heard.entities.get("offer_id")
    if tapped and heard.intent == "choose_option":
        return {"offer_id": tapped}
    count = portuguese.parse_installments(heard.text, asked=False)
    matching = [offer["id"] for offer in offers if count and offer["count"] == count]
    if matching:
        return {"offer_id": matching[0]}
    if heard.intent in VAGUE | {"choose_option", "affirm"}:
        option = portuguese.parse_option(heard.text, len(offers))
        if option:
            return {"offer_id": offers[option - 1]["id"]}
    if heard.intent == "affirm" and len(offers) == 1:
        return {"offer_id": offers[0]["id"]}
    return {}


def _wishes(heard: Heard, now: Situation) -> Changes:
    wish = wish_in(heard, now)
    if not wish:
        return {}
    return {"wish": merged(now.slots.get("wish"), wish), "offers": None}


def wish_in(heard: Heard, now: Situation) -> dict[str, Any]:
    """What the person says they can do, in the terms of billing's `Wish`; {} when nothing."""
    if heard.intent not in WISHES | VAGUE | {"choose_option", "deny", "affirm"}:
        return {}
    wish: dict[str, Any] = {}
    if amount := portuguese.parse_amount(heard.text):
        wish[_role_of(heard.text, amount, now)] = f"{amount:.2f}"
    if count := portuguese.parse_installments(heard.text, asked=heard.intent == "ask_installments"):
        wish["installments"] = count
    asked = heard.intent in ("propose_date", "ask_more_time")
    if day := portuguese.parse_date(heard.text, now.today, asked=asked):
        wish["first_due"] = day.isoformat()
    if heard.intent == "ask_discount" and (percent := portuguese.parse_percent(heard.text)):
        wish["percent"] = str(percent)
    return wish


_ROLES = {
    "down_payment": ("entrada", "de cara", "agora e o resto", "hoje e o resto"),
    "monthly": ("por mes", "mensal", "mes", "parcelas?", "prestacao", "prestacoes", "cada"),
    "total": ("tudo", "quitar", "quito", "a vista", "total", "de uma vez"),
}


def _role_of(text: str, amount: Decimal, now: Situation) -> str:
    """What an amount is: as the words say, else by its size against the debt."""
    plain = normalise(text)
    for role, words in _ROLES.items():
        if re.search(rf"\b({'|'.join(words)})\b", plain):
            return role
    owed = max((Decimal(o["total"]) for o in now.slots.get("offers") or []), default=None)
    return "total" if owed and amount > owed / 2 else "monthly"


_SAME_QUESTION = (
    {"monthly", "total", "installments", "percent"},
    {"down_payment"},
    {"first_due"},
)


def merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """`old` with `new` on top: a new amount or count replaces what it contradicts."""
    replaced = {key for group in _SAME_QUESTION if group & new.keys() for key in group}
    kept = {key: value for key, value in (old or {}).items() if key not in replaced}
    return {**kept, **new}
