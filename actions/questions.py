"""A question that waits for its answer: "posso anotar?", "qual das contas?", "para que dia?".

One mechanism for all of them. What was asked about, and since when, waits in the slot `question`.
What a message answers is read without a side effect, then followed. A yes counts only when it was
said after its question, or tapped under it, and without an "if" or a "but".
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import QUESTION, Event, Heard, Step, Voice, choice, continue_negotiation
from bot.portuguese import normalise, parse_date

About = dict[str, Any]
Slots = Mapping[str, Any]
Answer = Callable[[Heard, Voice, Tracker], Awaitable[list[Event]]]

HEDGE = re.compile(
    r"\b(mas|nao|so que|talvez|acho|depois|se|quando|porem|contanto|desde que|caso|antes|primeiro"
    r"|espera|pera|perai|calma|duvidas?|pensar|ver|voltei|quanto|qual|como)\b|\?"
)
"""A yes with one of these is not yet a yes."""
GOD_WILLING = re.compile(r"\bse deus quiser\b")
PLAIN_YES = re.compile(
    r"^(sim|s|ss|isso|pode|claro|ok|okay|ta|beleza|fechado|confirmo|certo|positivo|bora)\b"
    r"(?: [a-z]+){0,3}[.! ]*$"
)
"""Where the model is not sure: a yes and hardly more."""
CORRECTS = frozenset(
    {"deny", "affirm", "propose_date", "change_agreement", "ask_more_time", "nlu_fallback"}
)
"""What "não, dia 15" may be taken for."""
CLOCK_TOLERANCE = timedelta(seconds=1)
"""Meta tells time in whole seconds."""


@dataclass(frozen=True)
class Waiting:
    """A question that was asked: its kind, what about, since when it waits (ISO)."""

    kind: str
    about: About
    id: str
    asked_at: str
    """Empty when something else was said or asked since: a typed yes may answer that."""

    @classmethod
    def of(cls, slots: Slots) -> "Waiting | None":
        """The question that waits, if one does."""
        return cls(**slots[QUESTION]) if slots.get(QUESTION) else None


class Question(ABC):
    """A kind of question: how it is asked, what answers it, what follows from that."""

    by_kind: ClassVar[dict[str, "Question"]] = {}

    def __init_subclass__(cls, kind: str = "") -> None:
        if kind:
            Question.by_kind[kind] = cls()

    @abstractmethod
    async def ask(
        self, about: About, asked: str, voice: Voice, tracker: Tracker
    ) -> list[Event] | None:
        """Say it; `asked` is its id, for what is tapped. Events mean: it cannot be asked any
        more, and this happens instead."""

    @abstractmethod
    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """What a message answers; None when it answers nothing. Pure."""

    @abstractmethod
    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        """Speak and act on what was read; the question is no longer open."""


class YesOrNo(Question):
    """A summary that needs an explicit yes before anything is done."""

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """True, False or None."""
        if says_yes(heard, waiting):
            return True
        return False if heard.intent == "deny" else None

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        """Do it, or leave it."""
        if reading:
            return await self.yes(about, heard, voice, tracker)
        return await self.no(about, heard, voice, tracker)

    @abstractmethod
    async def yes(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        """Do what was summed up."""

    async def no(self, about: About, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        """Leave everything as it is."""
        voice.say("utter_left_as_it_is")
        return continue_negotiation(tracker)


class DatedYesOrNo(YesOrNo):
    """A summary with a `day` in it: "não, dia 15" is the same with another day."""

    def read(self, heard: Heard, waiting: Waiting, slots: Slots, today: date) -> Any:
        """True, False, another day, or None."""
        day = parse_date(heard.text, today, asked=True)
        if day and day.isoformat() != waiting.about["day"]:
            return day if heard.intent in CORRECTS else None
        return super().read(heard, waiting, slots, today)

    async def follow(
        self, reading: Any, about: About, heard: Heard, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        """Do it, leave it, or sum up again with the other day."""
        if isinstance(reading, date):
            return await self.other_day(reading, about, voice, tracker)
        return await super().follow(reading, about, heard, voice, tracker)

    @abstractmethod
    async def other_day(
        self, day: date, about: About, voice: Voice, tracker: Tracker
    ) -> list[Event]:
        """Sum up again, with `day`."""


def says_yes(heard: Heard, waiting: Waiting) -> bool:
    """Whether this is a yes to what was summed up: a button names its question, typed words
    must have been written after it was shown."""
    if tapped := heard.entities.get("question"):
        return heard.intent == "affirm" and tapped == waiting.id
    words = GOD_WILLING.sub("", normalise(heard.text))
    unsure = heard.intent == "nlu_fallback" and PLAIN_YES.match(words)
    if HEDGE.search(words) or not (heard.intent == "affirm" or unsure) or not waiting.asked_at:
        return False
    shown = datetime.fromisoformat(waiting.asked_at)
    return heard.said_at is not None and heard.said_at >= shown - CLOCK_TOLERANCE


def offer_yes_or_no(asked: str, voice: Voice, yes: str, no: str) -> None:
    """Things to tap: the yes names what it is a yes to."""
    voice.offer_choices(choice(yes, f'/affirm{{"question": "{asked}"}}'), choice(no, "/deny"))


async def put(
    kind: str, about: About, voice: Voice, tracker: Tracker, asked: str | None = None
) -> list[Event]:
    """Ask, and keep the question until it is answered."""
    asked = asked or uuid4().hex
    instead = await Question.by_kind[kind].ask(about, asked, voice, tracker)
    if instead is not None:
        return [SlotSet(QUESTION, None), *instead]
    shown_at = datetime.now(UTC).isoformat()
    return [SlotSet(QUESTION, {"kind": kind, "about": about, "id": asked, "asked_at": shown_at})]


def answer_to(heard: Heard, slots: Slots, today: date) -> Answer | None:
    """What follows from a message that answers the question that waits, if it does."""
    waiting = Waiting.of(slots)
    if waiting is None:
        return None
    question = Question.by_kind[waiting.kind]
    reading = question.read(heard, waiting, slots, today)
    if reading is None:
        return None

    async def follow(heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        tracker.slots[QUESTION] = None
        done = await question.follow(reading, waiting.about, heard, voice, tracker)
        return [SlotSet(QUESTION, None), *done]

    return follow


class AskAgain(Step, fills=QUESTION):
    """Comes back to the question after something in between."""

    async def answer(self, heard: Heard, voice: Voice, tracker: Tracker) -> list[Event]:
        waiting = Waiting.of(tracker.slots)
        assert waiting is not None
        return await put(waiting.kind, waiting.about, voice, tracker, waiting.id)
