"""One conversation from the first message to the last, as the person's phone has it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.rehearsal.casting import Debtor, chance_for
from bot.rehearsal.house import House
from bot.rehearsal.means import Means
from bot.rehearsal.mind import Line, Mind, Mishap, Outcome
from bot.rehearsal.noise import written
from bot.rehearsal.people import Cast
from bot.rehearsal.phone import Bubble, Meta, Phone
from bot.rehearsal.reading import Reading

ANSWER_SECONDS = 120
VOICE = "áudio"


@dataclass(frozen=True)
class Exchange:
    """What was said at one go, and every bubble that came of it.

    `name` is the saying in `personas.yml`; `silences`: from here on nothing of the debt may be
    said. `at` by `time.time`, when it was sent.
    """

    at: float
    name: str
    texts: Sequence[str]
    bubbles: Sequence[Bubble]
    is_tap: bool = False
    silences: bool = False


@dataclass
class Conversation:
    """A whole conversation and what became of it."""

    debtor: Debtor
    customer_id: str
    means: Means
    exchanges: list[Exchange] = field(default_factory=list)
    outcome: Outcome = Outcome.DEAD_END
    dead_end: str | None = None
    mishaps: list[Mishap] = field(default_factory=list)
    handoff: str | None = None
    """Why the bot handed it over, as the operators' queue has it."""
    could_pay: bool = False
    """Whether an agreement was within the purse."""

    def bubbles(self) -> Iterator[tuple[int, Bubble]]:
        """Every bubble of the bot with the number of its exchange."""
        for number, exchange in enumerate(self.exchanges):
            for bubble in exchange.bubbles:
                yield number, bubble


class Talk:
    """Holds conversations with one house."""

    def __init__(self, house: House, meta: Meta, cast: Cast, seed: int) -> None:
        self._house, self._meta, self._cast, self._seed = house, meta, cast, seed

    def hold(self, debtor: Debtor, customer_id: str) -> Conversation:
        """Talk until one of both has nothing left to say."""
        mind = Mind(self._cast, debtor, self._seed)
        conversation = Conversation(debtor, customer_id, mind.means)
        hand = _Hand(self, debtor, conversation)
        line: Line | None = mind.opening()
        while line is not None:
            bubbles = hand.says(line)
            line = mind.answer(Reading(bubbles))
        conversation.outcome = mind.outcome or Outcome.DEAD_END
        conversation.dead_end, conversation.mishaps = mind.dead_end, mind.mishaps
        conversation.could_pay = conversation.outcome is Outcome.AGREED
        return conversation

    def phone(self, debtor: Debtor) -> Phone:
        """The phone of a debtor."""
        return Phone(self._house.webhook, debtor.phone, debtor.name.split()[0])

    def wait(self, debtor: Debtor, already: int) -> Sequence[Bubble]:
        """What came after the first `already` bubbles, once everything is answered."""
        self._house.answered.wait(debtor.phone, ANSWER_SECONDS)
        return self._meta.shown(debtor.phone, already)

    @property
    def seed(self) -> int:
        """What the dice are drawn from."""
        return self._seed


class _Hand:
    """Types, taps and speaks for one debtor, and keeps the record."""

    def __init__(self, talk: Talk, debtor: Debtor, conversation: Conversation) -> None:
        self._talk, self._debtor, self._record = talk, debtor, conversation
        self._phone = talk.phone(debtor)
        self._chance = chance_for(talk.seed, debtor.number, "hand")
        self._shown = 0

    def says(self, line: Line) -> Sequence[Bubble]:
        """Send what is said, in this person's manner, and return the answer."""
        manner = self._debtor.persona.manner
        if not line.tap and self._chance.randrange(100) < manner.voice:
            at = time.time()
            self._phone.speaks()
            self._note(at, VOICE, ["🎤"], False, False)
        at = time.time()
        texts = self._send(line)
        return self._note(at, line.name, texts, line.tap is not None, line.saying.silences)

    def _send(self, line: Line) -> Sequence[str]:
        manner = self._debtor.persona.manner
        if line.tap:
            self._phone.taps(line.tap)
            return [line.tap.title]
        if line.name == "ja_paguei" and self._chance.randrange(100) < manner.photo:
            self._phone.shows_photo(line.text)
            return [f"📷 {line.text}"]
        texts = written(line.text, manner, self._chance)
        for text in texts:
            self._phone.writes(text)
        return texts

    def _note(
        self, at: float, name: str, texts: Sequence[str], is_tap: bool, silences: bool
    ) -> Sequence[Bubble]:
        bubbles = self._talk.wait(self._debtor, self._shown)
        self._shown += len(bubbles)
        self._record.exchanges.append(Exchange(at, name, texts, bubbles, is_tap, silences))
        return bubbles
