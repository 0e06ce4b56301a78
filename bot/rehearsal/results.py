"""What a run adds up to. Pure: from conversations and what breaks the rules to figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bot.rehearsal.mind import Outcome
from bot.rehearsal.repetition import Repetition
from bot.rehearsal.rules import Violation
from bot.rehearsal.talk import Conversation


@dataclass(frozen=True)
class Judged:
    """A conversation with all that is wrong in it."""

    conversation: Conversation
    violations: Sequence[Violation]
    repetitions: Sequence[Repetition]

    @property
    def bot_messages(self) -> int:
        """Bubbles up to the agreement, its codes with them; all of them if there is none."""
        exchanges = self.conversation.exchanges
        last = next((n for n, e in enumerate(exchanges) if e.name == "sim"), len(exchanges) - 1)
        signed = [n for n in range(len(exchanges)) if exchanges[n].name == "sim"]
        last = signed[-1] if signed else last
        return sum(len(exchange.bubbles) for exchange in exchanges[: last + 1])

    @property
    def is_unanswered(self) -> bool:
        """Whether something was asked or said in vain at least once."""
        return bool(self.conversation.mishaps)


@dataclass(frozen=True)
class Results:
    """A whole run."""

    seed: int
    seconds: float
    judged: Sequence[Judged] = field(repr=False)

    def with_outcome(self, outcome: Outcome) -> list[Judged]:
        """The conversations that ended so."""
        return [judged for judged in self.judged if judged.conversation.outcome is outcome]

    @property
    def violations(self) -> int:
        """Messages that break a rule."""
        return sum(len(judged.violations) for judged in self.judged)

    @property
    def dead_ends(self) -> list[Judged]:
        """Conversations in which somebody was left without a way on."""
        return [judged for judged in self.judged if judged.conversation.dead_end]

    @property
    def able(self) -> list[Judged]:
        """Whoever wanted to pay and could, within the policy."""
        return [
            judged
            for judged in self.judged
            if judged.conversation.debtor.persona.wants_to_pay and judged.conversation.could_pay
        ]

    @property
    def agreed_share(self) -> float:
        """Of those, the share with an agreement and no person."""
        agreed = [j for j in self.able if j.conversation.outcome is Outcome.AGREED]
        return len(agreed) / len(self.able) if self.able else 0.0

    @property
    def median_messages(self) -> float:
        """Bot messages of an agreement, at the median."""
        counts = [judged.bot_messages for judged in self.with_outcome(Outcome.AGREED)]
        return float(median(counts)) if counts else 0.0

    @property
    def handoffs(self) -> Counter[str]:
        """Conversations handed to a person, by the reason in the queue."""
        reasons = (judged.conversation.handoff for judged in self.judged)
        return Counter(reason for reason in reasons if reason)

    @property
    def is_clean(self) -> bool:
        """Whether nobody was left without a way on and no rule was broken."""
        return not self.violations and not self.dead_ends

    def figures(self) -> dict[str, Any]:
        """The figures that a gate looks at."""
        return {
            "seed": self.seed,
            "conversations": len(self.judged),
            "seconds": round(self.seconds, 1),
            "agreements": len(self.with_outcome(Outcome.AGREED)),
            "could_pay": len(self.able),
            "agreed_share": round(self.agreed_share, 3),
            "bot_messages_per_agreement": self.median_messages,
            "dead_ends": len(self.dead_ends),
            "violations": self.violations,
            "repeated_bubbles": self.repeated(whole=True),
            "repeated_sentences": self.repeated(whole=False),
            "misunderstandings": sum(len(j.conversation.mishaps) for j in self.judged),
            "handoffs": dict(self.handoffs),
        }

    def repeated(self, whole: bool) -> int:
        """How often the bot said the same twice in a row."""
        found = (r for judged in self.judged for r in judged.repetitions)
        return sum(repetition.is_whole_bubble is whole for repetition in found)
