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
A_QUESTION = 0.35
"""From so much confidence on, words nobody is sure of are rather a question than a story."""
FEW_WORDS = 4
"""So few are an answer even where nobody is sure of the intent."""
A_REASON = 0.45
"""How likely a reason must be to be taken for told, where it was asked for."""
ORDINALS = ("primeira", "segunda", "terceira", "quarta")
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
OTHER_DATE = re.compile(
    r"\b(?:troc|mud|alter|adi|remarc|passa|empurr|jog|outr|diferente)\w*(?: \w+){0,3}"
    r" (?:datas?|dias?|vencimento|prazo)\b"
    r"|\b(?:datas?|dia|vencimento)(?: \w+){0,3} (?:nao (?:da|serve|posso|consigo)|ruim|outr\w+"
    r"|diferente|mud\w+|troc\w+)\b"
)
"""Another date is wanted, and not said which."""
TERMS = WISHES | VAGUE | {"choose_option", "deny", "affirm", "pay_in_full", "change_agreement"}
"""Intents in whose words amounts, counts and dates are what somebody wants."""
ASKS_HOURS = re.compile(
    r"\b(?:horarios?|que horas|abrem?|abert[ao]s?|atend\w+|funciona\w*|expediente|feriados?)\b"
)
"""A day in such words is no day to pay."""
CORRECTS = re.compile(
    r"\b(?:quis dizer|quer dizer|quero dizer|errei|errado|corrig\w+|digo|alias|na verdade|ops"
    r"|opa)\b|^nao\b"
)
"""What was said before is taken back, and nothing else."""
PICKED_BY_ORDINAL = re.compile(
    r"^(?:(?:a|na|da|de|com|pela|essa|fica|ficar|fico|vou|vamos|bora|pode|ser|quero|prefiro|fecha"
    r"|fechado|fecho|melhor|entao|eu|acho|que|sim|ok)[ ,]+)*(primeira|segunda|terceira|quarta)"
    r"(?: opcao)?(?:[ ,]+(?:mesmo|entao|por favor|pra mim|ta|bom|ok))*[ .!]*$"
)
"""Little but an ordinal: of several offers on the table it is one of them, and no weekday."""


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


def remembered(heard: Heard, now: Situation) -> Changes:
    """What somebody said before we may speak of a debt, for when we may."""
    if heard.intent.startswith("reason_"):
        return {"reason": heard.intent}
    if heard.intent not in WISHES | {"pay_in_full"}:
        return {}
    reason = now.slots.get("reason") or NOT_TOLD
    return {"reason": reason, **_pays_now(heard, now), **_wishes(heard, now)}


def _at_reason(heard: Heard, now: Situation) -> Changes:
    if reason := _reason_told(heard):
        return {"reason": reason}
    if heard.intent in MOVES_ON or _tells_something(heard):
        return {"reason": NOT_TOLD, **_pays_now(heard, now), **_wishes(heard, now)}
    return {}


def _reason_told(heard: Heard) -> str | None:
    """The reason meant; where it is asked for, the likeliest is taken sooner than elsewhere."""
    if heard.intent.startswith("reason_"):
        return heard.intent
    likeliest, confidence = heard.ranking[0] if heard.ranking else ("", 0)
    is_story = heard.intent == "nlu_fallback" and likeliest.startswith("reason_")
    is_bill = likeliest != "reason_dissatisfied"  # that one calls a person
    return likeliest if is_story and is_bill and confidence >= A_REASON else None


def _tells_something(heard: Heard) -> bool:
    """A story nobody can be sure of, and hardly a question: that is why it is late."""
    likeliest, confidence = heard.ranking[0] if heard.ranking else ("", 0)
    may_ask = not likeliest.startswith("reason_") and confidence >= A_QUESTION
    is_long = len(heard.text.split()) > 2 and "?" not in heard.text
    return heard.intent == "nlu_fallback" and is_long and not may_ask


def _at_offers(heard: Heard, now: Situation) -> Changes:
    if heard.intent.startswith("reason_") and heard.intent != now.slots.get("reason"):
        return {"reason": heard.intent, "offers": None}
    return _pays_now(heard, now) or _chooses(heard, now) or _wishes(heard, now)


def _at_consent(heard: Heard, now: Situation) -> Changes:
    other = other_than_chosen(heard, now)
    if other or heard.intent in ("choose_option", "ask_installments"):
        return {"offer_id": None, "wants_full": None, **other}
    return {}


def other_than_chosen(heard: Heard, now: Situation) -> Changes:
    """A wish or choice that differs from the summary: "sim, mas em 3x" is no yes to it."""
    pays = {} if heard.intent in ("ask_boleto", "ask_pix") else _pays_now(heard, now)
    changes = pays or _chooses(heard, now) or _wishes(heard, now)
    return {} if changes == {"offer_id": now.slots.get("offer_id")} else changes


def wants_other_date(heard: Heard) -> bool:
    """Whether another date is wanted, and none is named."""
    return bool(OTHER_DATE.search(normalise(heard.text)))


def _pays_now(heard: Heard, now: Situation) -> Changes:
    """Payment at once: its offer when it is on the table, else the wish for it."""
    if heard.intent not in PAYS_NOW:
        return {}
    if day := _day(heard, now):
        wish = {"first_due": day.isoformat()}
        return {"wants_full": True, "wish": wish, "offers": None}
    full = [offer["id"] for offer in now.slots.get("offers") or [] if offer["kind"] == "full"]
    return {"offer_id": full[0]} if full else {"wants_full": True}


def _chooses(heard: Heard, now: Situation) -> Changes:
    """The offer picked: by button, by number or name, by its count of parts."""
    offers = now.slots.get("offers") or []
    tapped = heard.entities.get("offer_id")
    if tapped and heard.intent == "choose_option":
        return {"offer_id": tapped}
    if _names_day(heard, now):  # "em 6 vezes, a primeira dia 20" is no offer there is
        return {}
    count = portuguese.parse_installments(heard.text, asked=False)
    matching = [offer["id"] for offer in offers if count and offer["count"] == count]
    matching = matching or _of_amount(heard, offers)
    if matching:
        return {"offer_id": matching[0]}
    if option := _option(heard, len(offers)):
        return {"offer_id": offers[option - 1]["id"]}
    if heard.intent == "affirm" and len(offers) == 1:
        return {"offer_id": offers[0]["id"]}
    return {}


def _names_day(heard: Heard, now: Situation) -> bool:
    """Whether a plan is named with its day; "a segunda" and "a quarta" may be offers."""
    plan = portuguese.parse_installments(heard.text, asked=False)
    is_ordinal = re.search(r"\b(?:segunda|quarta)\b", normalise(heard.text))
    return bool(plan and not is_ordinal and _day(heard, now))


def _option(heard: Heard, count: int) -> int | None:
    picked = PICKED_BY_ORDINAL.match(normalise(heard.text))
    if picked and (number := ORDINALS.index(picked[1]) + 1) <= count:
        return number
    if heard.intent in VAGUE | {"choose_option", "affirm"}:
        return portuguese.parse_option(heard.text, count) or _only_number(heard, count)
    return None


def _only_number(heard: Heard, count: int) -> int | None:
    """The only number in words that surely choose: "a nmuero 3"."""
    said = re.findall(r"\d+", heard.text) if heard.intent == "choose_option" else []
    number = int(said[0]) if len(said) == 1 else 0
    return number if 1 <= number <= count else None


def _of_amount(heard: Heard, offers: list[dict[str, Any]]) -> list[str]:
    """The only offer whose part or total is the amount said, give or take the cents: "a de 246"."""
    amount = portuguese.parse_amount(heard.text) if heard.intent in TERMS else None
    if amount is None or _said_role(heard.text) == "down_payment" or _now_and_monthly(heard.text):
        return []
    near = [
        offer["id"]
        for offer in offers
        if any(abs(Decimal(offer[sum_]) - amount) < 1 for sum_ in ("part", "total"))
    ]
    return near if len(near) == 1 else []


def _day(heard: Heard, now: Situation) -> date | None:
    """The day somebody wants to pay on; "vai chover amanhã?" names none."""
    is_long = "?" in heard.text or len(heard.text.split()) > FEW_WORDS
    is_aside = heard.intent in VAGUE and is_long and not wants_other_date(heard)
    if is_aside or heard.intent == "out_of_scope" or ASKS_HOURS.search(normalise(heard.text)):
        return None
    asked = heard.intent in ("propose_date", "ask_more_time")
    return portuguese.parse_date(heard.text, now.today, asked=asked)


def _wishes(heard: Heard, now: Situation) -> Changes:
    wish = wish_in(heard, now)
    if not wish:
        return {}
    if wish.keys() == {"first_due"}:
        return on_day(wish["first_due"], now.slots)
    corrects = bool(CORRECTS.search(normalise(heard.text)))
    return {"wish": merged(now.slots.get("wish"), wish, corrects=corrects), "offers": None}


def on_day(day: str, slots: Slots) -> Changes:
    """The wish for a first payment on `day`; the plan of the summary, if there is one, stays."""
    chosen = slots.get("offer_id")
    offer = next((o for o in slots.get("offers") or [] if chosen and o["id"] == chosen), None)
    wish, first_due = slots.get("wish") or {}, {"first_due": day}
    if offer is None or offer["wished"]:
        return {"wish": {**wish, **first_due}, "offers": None}
    if offer["kind"] == "full":
        return {"wish": first_due, "wants_full": True, "offers": None}
    return {"wish": {"installments": offer["count"], **first_due}, "offers": None}


def wish_in(heard: Heard, now: Situation) -> dict[str, Any]:
    """What the person says they can do, in the terms of billing's `Wish`; {} when nothing."""
    if heard.intent not in TERMS:
        return {}
    day = _day(heard, now)
    wish: dict[str, Any] = _now_and_monthly(heard.text)
    if not wish and (amount := portuguese.parse_amount(heard.text)):
        wish[_role_of(heard.text, amount, now)] = f"{amount:.2f}"
    if count := portuguese.parse_installments(heard.text, asked=heard.intent == "ask_installments"):
        wish["installments"] = count
    if day:
        wish["first_due"] = day.isoformat()
    if heard.intent == "ask_discount" and (percent := portuguese.parse_percent(heard.text)):
        wish["percent"] = str(percent)
    return wish


_ROLES = {
    "down_payment": ("entrada", "de cara", "agora e o resto", "hoje e o resto"),
    "monthly": (
        "por mes",
        "mensal",
        "mensais",
        "mes",
        "parcelas?",
        "prestacao",
        "prestacoes",
        "cada",
    ),
    "total": ("tudo", "quitar", "quito", "a vista", "total", "de uma vez"),
}


def _role_of(text: str, amount: Decimal, now: Situation) -> str:
    """What an amount is: as the words say, else by its size against the debt."""
    if said := _said_role(text):
        return said
    before = [role for role in _ROLES if role in (now.slots.get("wish") or {})]
    if len(before) == 1 and CORRECTS.search(normalise(text)):
        return before[0]
    owed = max((Decimal(o["total"]) for o in now.slots.get("offers") or []), default=None)
    return "total" if owed and amount > owed / 2 else "monthly"


_BETWEEN_TWO_SUMS = re.compile(r" (?:e|mais|depois|ai|dai) |[,;+](?!\d)")
_NOW = re.compile(r"\b(?:entrada|de cara|hoje|agora|de inicio|a vista)\b")
_EACH = re.compile(rf"\b(?:{'|'.join(_ROLES['monthly'])})\b")


def _now_and_monthly(text: str) -> dict[str, str]:
    """Both sums of "tenho 500 hoje e consigo 100 por mês"; {} when there are not two."""
    words = normalise(text)
    for cut in _BETWEEN_TWO_SUMS.finditer(words):
        parts = words[: cut.start()], words[cut.end() :]
        found = {_role_of_part(part): portuguese.parse_amount(part) for part in parts}
        if set(found) == {"down_payment", "monthly"} and all(found.values()):
            return {str(role): f"{amount:.2f}" for role, amount in found.items()}
    return {}


def _role_of_part(words: str) -> str | None:
    is_now, is_monthly = bool(_NOW.search(words)), bool(_EACH.search(words))
    if is_now == is_monthly:
        return None
    return "down_payment" if is_now else "monthly"


def _said_role(text: str) -> str | None:
    plain = normalise(text)
    said = (role for role, words in _ROLES.items() if re.search(rf"\b({'|'.join(words)})\b", plain))
    return next(said, None)


_SAME_QUESTION = (
    {"monthly", "total", "installments", "percent"},
    {"down_payment"},
    {"first_due"},
)


def merged(
    old: dict[str, Any] | None, new: dict[str, Any], *, corrects: bool = False
) -> dict[str, Any]:
    """`old` with `new` on top: a new amount or count replaces what it contradicts; one that
    `corrects` what was said replaces that alone."""
    before = old or {}
    if corrects and new.keys() <= before.keys():
        return {**before, **new}
    replaced = {key for group in _SAME_QUESTION if group & new.keys() for key in group}
    kept = {key: value for key, value in before.items() if key not in replaced}
    return {**kept, **new}
