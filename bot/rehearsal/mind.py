"""How a simulated debtor decides what to say next: by goal, purse and mood, never by the bot's
inner workings. One mind holds one conversation.
"""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.portuguese import normalise
from bot.rehearsal.casting import Debtor, chance_for
from bot.rehearsal.means import Means
from bot.rehearsal.people import MAYBE, Cast, Moment, Saying
from bot.rehearsal.phone import Tap
from bot.rehearsal.reading import Reading, SeenOffer

PATIENCE = 3
"""So often the same thing is said in vain before somebody gives up."""
LONGEST = 40
"""Messages of a person in one conversation."""
STRETCH = Decimal("1.20")
"""Whoever has haggled takes a part up to this much above what they wanted."""


_SAID_AT = {
    Moment.WHICH_BILL: "todas_as_contas",
    Moment.MAY_SHOW: "ver_opcoes",
    Moment.WHAT_HAPPENED: "motivo_defeito",
    Moment.WHAT_TO_CHANGE: "muda_acordo",
    Moment.NEW_DATE: "sim_muda",
    Moment.PROMISE: "em_parcelas",
}
"""What is said where nothing else is thought of."""
_SERVED = frozenset(
    {
        Moment.STATUS,
        Moment.CODES,
        Moment.NO_DEBT,
        Moment.CHECK,
        Moment.PROMISED,
        Moment.DATE_CHANGED,
    }
)
"""Where somebody who has nothing else to say is content."""


class Outcome(StrEnum):
    """How a conversation ended, seen from the phone."""

    AGREED = "acordo"
    PERSON = "pessoa"
    STOPPED = "contato encerrado"
    SERVED = "atendido"
    LEFT = "foi embora"
    DEAD_END = "beco sem saída"


@dataclass(frozen=True)
class Line:
    """What is said next. `name` is the saying; `offer` what was chosen by it."""

    name: str
    saying: Saying
    text: str
    tap: Tap | None = None
    offer: SeenOffer | None = None


@dataclass(frozen=True)
class Mishap:
    """Something said that was not answered as it had to be."""

    said: str
    words: str
    expected: str
    moment: Moment


class Mind:
    """Somebody in one conversation. Call `opening`, then `answer` with each answer read."""

    def __init__(self, cast: Cast, debtor: Debtor, seed: int) -> None:
        self._cast, self._debtor, self._persona = cast, debtor, debtor.persona
        self._chance = chance_for(seed, debtor.number, "mind")
        self.means = Means(debtor, self._chance)
        self._script = {m: self._drawn(names) for m, names in self._persona.moments.items()}
        self._questions = self._drawn_questions()
        self._in_vain: Counter[str] = Counter()
        self._lines = 0
        self._last: Line | None = None
        self._seen: list[SeenOffer] = []
        self._summed_up = 0
        self._has_haggled = False
        self._used: Counter[str] = Counter()
        self.outcome: Outcome | None = None
        self.dead_end: str | None = None
        self.mishaps: list[Mishap] = []

    def opening(self) -> Line:
        """The first message."""
        return self._say(self._chance.choice(self._persona.moments[Moment.OPENING]))

    def answer(self, reading: Reading) -> Line | None:
        """What is said to this answer of the bot; None when there is nothing left to say."""
        assert self._last, "the opening comes first"
        last = self._last
        if self._has_ended(reading, last):
            return None
        is_served = self._judge(reading, last)
        if self.dead_end or self._lines >= LONGEST:
            self._give_up(f"{LONGEST} mensagens sem chegar a nada")
            return None
        if last.saying.ends:
            self.outcome = Outcome.LEFT
            return None
        if last.saying.vanishes:
            return self._say("volta")
        if not is_served and self._repeats(reading, last):
            return self._say(last.name)
        return self._next(reading)

    # ---------------------------------------------------------------- judging an answer

    def _has_ended(self, reading: Reading, last: Line) -> bool:
        """Note how it ended, if it has: nothing is left to say then."""
        if last.name == "obrigado" and self.outcome:
            return True
        moment = reading.moment
        if moment is Moment.SILENCE:
            self._give_up("silêncio")
            return True
        ends = {
            Moment.AGREED: Outcome.AGREED,
            Moment.PERSON: Outcome.PERSON,
            Moment.STOPPED: Outcome.STOPPED,
        }
        if moment in ends and self.outcome is None:
            self.outcome = ends[moment]
            self._judge(reading, last)
            self.dead_end = None
            if moment is Moment.STOPPED and not self._wanted_to_stop(last):
                self._give_up("contato encerrado sem ninguém pedir")
                return True
            return not self._has_last_word(moment)
        return False

    @staticmethod
    def _wanted_to_stop(last: Line) -> bool:
        return last.saying.silences or Moment.STOPPED in last.saying.serves

    def _has_last_word(self, moment: Moment) -> bool:
        if moment not in self._script and self._chance.random() < 0.3:
            self._script[moment] = ["obrigado"]
        return bool(self._script.get(moment))

    def _judge(self, reading: Reading, last: Line) -> bool:
        """Whether the last thing said was answered as it had to be; if not, note it."""
        expected = self._not_met(reading, last)
        if expected is None:
            self._in_vain.pop(last.name, None)
            return True
        self._in_vain[last.name] += 1
        self.mishaps.append(Mishap(last.name, last.text, expected, reading.moment))
        if self._in_vain[last.name] >= PATIENCE:
            self.dead_end = f"disse {PATIENCE} vezes em vão: {last.name}"
        return False

    def _not_met(self, reading: Reading, last: Line) -> str | None:
        saying, moment = last.saying, reading.moment
        if saying.answer and not re.search(saying.answer, reading.plain):
            return f"uma resposta com {saying.answer}"
        if saying.serves and moment not in saying.serves:
            return " ou ".join(sorted(saying.serves))
        if last.name == "identifica" and reading.refused_digits:
            return "os números certos aceitos"
        if last.offer and not self._is_summary_of(reading, last.offer):
            return f"o resumo de {last.offer.words}"
        if last.name in ("dia", "muda_dia") and self._lost_the_plan(reading):
            return "o mesmo plano em outra data, ou as opções nessa data"
        if last.name == "limite" and reading.offers and not self._answers_limit(reading):
            return "uma proposta dentro do limite, ou que diga que não dá"
        return None

    @staticmethod
    def _is_summary_of(reading: Reading, offer: SeenOffer) -> bool:
        parts = offer.count + (offer.down_payment is not None)
        return len(reading.parts) == parts and offer.highest in reading.parts

    def _lost_the_plan(self, reading: Reading) -> bool:
        """Whether a plan is summed up that was never chosen."""
        return reading.moment is Moment.SUMMARY and len(reading.parts) != self._summed_up

    def _answers_limit(self, reading: Reading) -> bool:
        return reading.is_nearest or any(map(self.means.affords, reading.offers))

    def _repeats(self, reading: Reading, last: Line) -> bool:
        """Whether somebody says it again, rather than go along with where the bot went."""
        ordinary = {Moment.OFFERS, Moment.SUMMARY, Moment.REASON, Moment.AMOUNT, Moment.DATE}
        if last.saying.is_question:
            return self._in_vain[last.name] < 2 and self._chance.random() < 0.6
        insists = last.saying.silences or not (last.saying.serves & (ordinary | {Moment.AGREED}))
        return insists or reading.moment in (Moment.DOUBT, Moment.TALK)

    # ---------------------------------------------------------------- what comes next

    def _next(self, reading: Reading) -> Line | None:
        moment = reading.moment
        if moment in (Moment.SUMMARY, Moment.OFFERS):
            self._summed_up = len(reading.parts) if moment is Moment.SUMMARY else 0
        self._seen = list(reading.offers) or self._seen
        if scripted := self._to_say(moment, reading):
            return self._say(scripted, reading)
        if self.outcome:
            return None
        if self._wants_to_ask(moment):
            return self._say(self._questions.pop(), reading)
        if not reading.leaves_a_way_on:
            self._give_up("nem pergunta, nem proposta, nem pessoa")
            return None
        return self._usual(moment, reading)

    def _to_say(self, moment: Moment, reading: Reading) -> str | None:
        """What this person says here before the usual; no other day is asked for in vain."""
        script = self._script.get(moment, [])
        is_on_the_day = any(day.day == self.means.day for day in reading.days)
        while script:
            name = script.pop(0)
            if not (name == "muda_dia" and is_on_the_day):
                return name
        return None

    def _usual(self, moment: Moment, reading: Reading) -> Line | None:
        match moment:
            case Moment.IDENTITY if self._persona.knows_cpf:
                return self._say("identifica", reading)
            case Moment.REASON:
                return self._say(f"motivo_{self._persona.reason}", reading)
            case Moment.OFFERS:
                return self._at_offers(reading)
            case Moment.SUMMARY:
                return self._at_summary(reading)
            case Moment.AMOUNT:
                return self._say("limite" if self.means.monthly else "nao_posso", reading)
            case Moment.PROMISE if self.means.at_once:
                return self._say("sim_anota", reading)
            case Moment.DATE:
                return self._say("dia", reading)
            case Moment.WAY_OUT:
                return self._say("ver_opcoes" if self.means.pays else "pessoa", reading)
        return self._elsewhere(moment, reading)

    def _elsewhere(self, moment: Moment, reading: Reading) -> Line | None:
        if moment in _SERVED:
            self.outcome = Outcome.SERVED
            return None
        if moment is Moment.DOUBT and self._last:
            return self._say(self._last.name, reading)
        return self._say(_SAID_AT.get(moment, "e_agora"), reading)

    def _at_offers(self, reading: Reading) -> Line | None:
        if not self.means.pays:
            return self._say("nao_posso", reading)
        chosen = self._pick(reading.offers)
        if chosen:
            return self._choose(chosen, reading)
        if not self._has_haggled and self.means.monthly:
            self._has_haggled = True
            return self._say("limite", reading)
        return self._say("pessoa", reading)

    def _pick(self, offers: tuple[SeenOffer, ...]) -> SeenOffer | None:
        """The cheapest that fits; after haggling also one that is a little too much."""
        at_once = [offer for offer in offers if offer.count == 1]
        if (
            self.means.at_once
            and at_once
            and (not self.means.monthly or self._chance.random() < 0.5)
        ):
            return at_once[0]
        fitting = [o for o in offers if o.count > 1 and self.means.affords(o)]
        if not fitting and self._has_haggled:
            fitting = [o for o in offers if o.count > 1 and self.means.affords(o, STRETCH)]
        if not fitting and self.means.at_once and at_once:
            return at_once[0]
        return min(fitting, key=lambda offer: offer.count, default=None)

    def _choose(self, offer: SeenOffer, reading: Reading) -> Line:
        if offer.tap and self._taps():
            saying = self._cast.saying(self._persona, "escolhe")
            return self._record(Line("escolhe", saying, offer.tap.title, offer.tap, offer))
        same_count = [other for other in self._seen if other.count == offer.count]
        by_name = "escolhe_a_vista" if offer.count == 1 else "escolhe_parcelas"
        named = len(same_count) == 1 and offer.down_payment is None and self._chance.random() < 0.4
        return self._say(by_name if named else "escolhe", reading, offer)

    def _at_summary(self, reading: Reading) -> Line:
        highest = max(reading.parts, default=Decimal(0))
        is_one_part = len(reading.parts) == 1
        fits = self.means.at_once if is_one_part else False
        if self.means.monthly:
            limit = self.means.monthly * (STRETCH if self._has_haggled else 1)
            regular = (
                sorted(reading.parts)[-2]
                if self.means.down_payment and not is_one_part
                else highest
            )
            fits = fits or regular <= limit
        if fits:
            return self._say("sim", reading)
        self._has_haggled = False
        return self._say("nao_quero", reading)

    def _wants_to_ask(self, moment: Moment) -> bool:
        askable = moment in (Moment.REASON, Moment.OFFERS, Moment.SUMMARY)
        return bool(self._questions) and askable and self._chance.random() < 0.7

    # ---------------------------------------------------------------- saying it

    def _say(
        self, name: str, reading: Reading | None = None, offer: SeenOffer | None = None
    ) -> Line:
        saying = self._cast.saying(self._persona, name)
        tap = self._button(saying, reading) if reading else None
        if tap:
            return self._record(Line(name, saying, tap.title, tap, offer))
        if name == "obrigado" and self.outcome is None:
            self.outcome = Outcome.SERVED
        self._has_haggled |= name in ("limite", "proposta_total", "desconto_percentual", "entrada")
        text = self.means.filled(self._way(name, saying), offer)
        return self._record(Line(name, saying, text, None, offer))

    def _record(self, line: Line) -> Line:
        self._last = line
        self._lines += 1
        return line

    def _way(self, name: str, saying: Saying) -> str:
        """A way not used yet, while there is one; sometimes the long story."""
        manner = self._persona.manner
        if saying.stories and self._chance.randrange(100) < manner.stories and not self._used[name]:
            self._used[name] += 1
            return self._chance.choice(saying.stories)
        ways = [way for way in saying.ways if not self._used[way]] or saying.ways
        way = self._chance.choice(ways)
        self._used[way] += 1
        return way

    def _button(self, saying: Saying, reading: Reading) -> Tap | None:
        if not saying.button:
            return None
        matching = [t for t in reading.taps if re.search(saying.button, normalise(t.title))]
        return matching[0] if matching and self._taps() else None

    def _taps(self) -> bool:
        return self._chance.randrange(100) < self._persona.manner.taps

    def _drawn(self, names: list[str]) -> list[str]:
        """What will be said at a moment: all of it, what is only sometimes said by chance."""
        return [
            name.removeprefix(MAYBE)
            for name in names
            if not name.startswith(MAYBE) or self._chance.random() < 0.5
        ]

    def _drawn_questions(self) -> list[str]:
        questions = [name for name, saying in self._cast.sayings.items() if saying.is_question]
        return self._chance.sample(questions, self._persona.questions)

    # ---------------------------------------------------------------- ending

    def _give_up(self, why: str) -> None:
        self.dead_end = self.dead_end or why
        self.outcome = Outcome.DEAD_END
