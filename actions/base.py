"""What every action shares: the turn it answers, how it speaks, how it goes on to the question
that is open, and what happens without billing.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.phrasing import Phrasing
from bot.billing.client import BillingClient, BillingError, Evidence, get_client
from bot.business_hours import say_when_people_answer
from bot.creditor import get_creditor
from bot.opening import attendance
from bot.portuguese import greeting_by_hour
from bot.words import fill, say, variations

log = structlog.get_logger()

Event = dict[str, Any]
P = ParamSpec("P")
Result = TypeVar("Result")

FORM = "negotiation_form"
UNSURE = "nlu_fallback"
"""The intent of what nobody could be sure of."""
ACTED_ON = {"crisis": 0.25, "ask_human": 0.5, "insult": 0.5}
"""How likely these must be, as one of the two likeliest meanings, to be acted on: somebody in
despair is not asked what they meant (docs/conversation.md)."""
REQUIRED = ("customer_id", "debts_told", "reason", "offer_id")
"""What the negotiation needs, in order; then comes the yes."""
CONSENT, QUESTION, NOTHING = "consent", "question", "nothing"
"""What else may be open: the yes to an offer is to be asked for; a question waits for its answer
(`questions.py`); nothing is."""
GO_ON: Event = {"event": "go_on"}
"""Among the events of an answer: say, or do, what the negotiation needs next. Never sent to Rasa,
which would call us once more for it, and once for each slot."""
KNOWN_TO_PEOPLE = ("customer_id", "customer_name", "reason", "wish", "ended")
"""Slots that the operators' desk shows."""
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True)
class Heard:
    """The turn an action answers: what Rasa understood, and what the worker sent along."""

    intent: str
    text: str
    entities: dict[str, str]
    turn_id: str
    phone: str | None
    said_at: datetime | None
    said: str
    """The words for the record: what was typed, or the title of what was tapped."""
    ranking: tuple[tuple[str, float], ...] = ()
    """What was typed may mean, the likeliest first, each with how sure that is."""
    model: str | None = None
    """Which model understood it so."""

    @property
    def pressing(self) -> str | None:
        """What this may well be and would hurt to miss, where nobody can be sure."""
        likeliest = dict(self.ranking[:2]) if self.intent == UNSURE else {}
        found = (intent for intent, least in ACTED_ON.items() if likeliest.get(intent, 0) >= least)
        return next(found, None)

    @classmethod
    def of(cls, tracker: Tracker) -> "Heard":
        """Read the latest message of a tracker; without our metadata it is an empty turn."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        said_at = metadata.get("said_at")
        text = message.get("text") or ""
        entities = {e["entity"]: str(e["value"]) for e in message.get("entities") or []}
        return cls(
            intent=(message.get("intent") or {}).get("name") or "",
            text=entities.get("words", "") if text.startswith("/") else text,
            entities=entities,
            turn_id=metadata.get("turn_id") or tracker.sender_id,
            phone=metadata.get("phone"),
            said_at=datetime.fromisoformat(said_at) if said_at else None,
            said=metadata.get("said") or text,
            ranking=tuple(
                (each["name"], each["confidence"])
                for each in message.get("intent_ranking") or []
                if each["name"] != UNSURE
            ),
            model=metadata.get("model"),
        )

    @property
    def evidence(self) -> Evidence:
        """What was said, for the record of what follows from it."""
        return Evidence(
            message_id=self.turn_id,
            text=self.said[:4096] or self.intent,
            said_at=self.said_at or datetime.now(UTC),
        )

    def record(self) -> dict[str, Any]:
        """Everything, as a slot can keep it."""
        return {**asdict(self), "said_at": self.said_at.isoformat() if self.said_at else None}

    @classmethod
    def restore(cls, record: dict[str, Any]) -> "Heard":
        """What was heard in an earlier turn."""
        said_at = record["said_at"]
        return cls(**{**record, "said_at": datetime.fromisoformat(said_at) if said_at else None})


class Voice:
    """How an action speaks: responses of `domain.yml`, with the creditor's facts filled in."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._phrasing = Phrasing(tracker.events, Heard.of(tracker).turn_id)

    def say(self, response: str, **values: object) -> None:
        """Say a response in words not said lately. `{name}`, `{creditor}` and the like need not
        be given."""
        name = self._tracker.get_slot("customer_name") or ""
        when = say_when_people_answer(attendance(), now(), after=self._phrasing.said_before)
        known = {"name": name, "people_answer": when, **creditor_facts(), **values}
        texts = variations(response)
        place = self._phrasing.choose(response, texts, str(known["name"]))
        words = fill(texts[place], known)
        phrasing = self._phrasing.note(response, place, words)
        self._dispatcher.utter_message(text=words, phrasing=phrasing)

    def offer_choices(self, *choices: dict[str, str]) -> None:
        """Things to tap under the last words: each a title, a payload, maybe a description."""
        self.do("choices", choices=list(choices))

    def do(self, kind: str, **values: object) -> None:
        """Something other than words; `bot.conversations.reply` lists what there is."""
        self._dispatcher.utter_message(json_message={"type": kind, **values})

    def tell_people(self, reason: str) -> None:
        """Have people look at the conversation, which stays with the bot."""
        self.do("tell_people", reason=reason)

    def hand_over(self, reason: str) -> list[Event]:
        """Leave the conversation to people, after what was said."""
        self.do("handoff", reason=reason)
        return slots(ended="handed_over")


def creditor_facts() -> dict[str, str]:
    """What responses may say of the creditor, from `policies/creditor.yml`."""
    creditor = get_creditor()
    return {
        "creditor": creditor.name,
        "legal_name": creditor.legal_name,
        "beneficiary": creditor.legal_name,
        "cnpj": creditor.cnpj,
        "assistant": creditor.assistant,
        "phone": creditor.phone,
        "official_whatsapp": creditor.official_whatsapp,
        "business_hours": str(attendance()),
        "data_kept": creditor.data_kept,
        "data_kept_for": creditor.data_kept_for,
        "gains": _listed(creditor.gains),
        "consequences": _listed(creditor.consequences),
    }


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"▪️ {line}" for line in lines)


def slots(**news: Any) -> list[Event]:
    """Events that give slots these values."""
    return [SlotSet(name, value) for name, value in news.items()]


def choice(title: str, payload: str) -> dict[str, str]:
    """Something to tap: a response that titles it, and the command behind it."""
    return {"title": say(title), "payload": payload}


def a_person() -> dict[str, str]:
    """To be tapped by whoever wants a person."""
    return choice("title_talk_to_person", "/ask_human")


def now() -> datetime:
    """The present where the debtors are."""
    return datetime.now(SAO_PAULO)


async def ask_billing(
    method: Callable[P, Result], /, *arguments: P.args, **options: P.kwargs
) -> Result:
    """Call billing without holding up the other conversations of this process."""
    return await asyncio.to_thread(method, *arguments, **options)


ENDED = {
    "agreed": "utter_anything_else",
    "nothing_owed": "utter_anything_else",
    "promised": "utter_promise_stands",
    "checking": "utter_check_goes_on",
}
"""What there is to say when nothing is left to negotiate, by why it is so."""


def say_where_it_ended(voice: Voice, tracker: Tracker) -> None:
    """Tell that nothing is left to negotiate."""
    voice.say(ENDED.get(tracker.get_slot("ended"), "utter_nothing_more"))


def what_is_open(tracker: Tracker) -> str:
    """What the conversation waits for: an answer to a question, a slot, a yes, or nothing."""
    return QUESTION if tracker.get_slot(QUESTION) else next_of_form(tracker)


def next_of_form(tracker: Tracker) -> str:
    """What the negotiation waits for, whatever else was asked."""
    if tracker.get_slot("ended"):
        return NOTHING
    return next((slot for slot in REQUIRED if tracker.get_slot(slot) is None), CONSENT)


def turn_before(tracker: Tracker) -> dict[str, Any]:
    """What the worker sent along with the message before this one; empty for the first."""
    messages = [event for event in tracker.events if event["event"] == "user"]
    return (messages[-2].get("metadata") or {}) if len(messages) > 1 else {}


def continue_negotiation(tracker: Tracker) -> list[Event]:
    """Go back to the question the negotiation stopped at, if it still has one."""
    return [] if what_is_open(tracker) == NOTHING else [GO_ON]


class Speaker(ABC):
    """Something that answers."""

    @abstractmethod
    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        """Speak, and return the events that follow; without `GO_ON` the turn ends here."""


class Step(Speaker):
    """What the negotiation does next: it asks for what is open."""

    by_slot: ClassVar[dict[str, "Step"]] = {}

    def __init_subclass__(cls, fills: str) -> None:
        Step.by_slot[fills] = cls()


class SpokenAction(Action, Speaker):
    """An action that answers; when billing is down it says so kindly and calls a person."""

    def overhears(self, heard: Heard, tracker: Tracker) -> bool:
        """Whether these words are for this action, whatever intent they were taken for."""
        return False

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Event]:
        """Rasa's entry point."""
        heard, voice = Heard.of(tracker), Voice(dispatcher, tracker)
        first = _introduce(heard, voice, tracker)
        return [*first, *await speak(self.answer, heard, voice, tracker)]


async def speak(
    answer: Callable[[Heard, Voice, Tracker], Awaitable[list[Event]]],
    heard: Heard,
    voice: Voice,
    tracker: Tracker,
) -> list[Event]:
    """Answer, go on as far as nothing has to be asked, and end the turn.

    Returns what Rasa has to know: slots, the question that is open, that the turn is over.
    """
    waited = tracker.get_slot(QUESTION)
    try:
        events = await _answer_and_go_on(answer, heard, voice, tracker)
    except BillingError as error:
        events = without_billing(voice, error)
    _noted(events, tracker)
    if waited and tracker.get_slot(QUESTION) is waited:  # not asked again: no yes answers it
        events = [*events, *_noted(slots(**{QUESTION: {**waited, "asked_at": ""}}), tracker)]
    voice.do("done", heard=_knowledge(heard, tracker))
    is_open = [SlotSet("requested_slot", what_is_open(tracker)), ActiveLoop(FORM)]
    return [*events, *is_open, FollowupAction("action_listen")]


def _knowledge(heard: Heard, tracker: Tracker) -> dict[str, Any]:
    """What was understood and is known by now, for the people who look on."""
    confidence = (tracker.latest_message.get("intent") or {}).get("confidence")
    known = {name: tracker.get_slot(name) for name in KNOWN_TO_PEOPLE}
    understood = {"intent": heard.intent, "confidence": confidence, "model": heard.model}
    return {**understood, "ranking": heard.ranking, **known}


async def _answer_and_go_on(
    answer: Callable[[Heard, Voice, Tracker], Awaitable[list[Event]]],
    heard: Heard,
    voice: Voice,
    tracker: Tracker,
) -> list[Event]:
    done = _noted(await answer(heard, voice, tracker), tracker)
    while done and done[-1] is GO_ON and (asked := what_is_open(tracker)) != NOTHING:
        done[-1:] = _noted(await Step.by_slot[asked].answer(heard, voice, tracker), tracker)
    return [event for event in done if event is not GO_ON]


def _noted(events: list[Event], tracker: Tracker) -> list[Event]:
    """`events`, with their slots in our copy of the tracker for what is said next."""
    tracker.slots.update({e["name"]: e["value"] for e in events if e["event"] == "slot"})
    return events


def _introduce(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
    """Whoever writes for the first time hears first who answers; not somebody in despair."""
    if tracker.get_slot("introduced") or "crisis" in (heard.intent, heard.pressing):
        return []
    voice.say("utter_introduction", greeting=greeting_by_hour(now()))
    return slots(introduced=True)


def without_billing(voice: Voice, error: BillingError) -> list[Event]:
    """Say that the system cannot be reached, and leave the conversation to people."""
    log.error("billing gave no answer", error=str(error))
    voice.say("utter_billing_down")
    return voice.hand_over("billing_down")


def billing() -> BillingClient:
    """Billing's client of this process."""
    return get_client()
