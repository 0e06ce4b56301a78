"""How well messages are understood, as figures. Pure, and plain enough for Rasa's environment.

A message is *asked* when the model is not sure enough (`config.yml`) and the bot asks what was
meant. Worse than asking is *wrong and acting*: sure enough, and not what was meant.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

BINS = 10


@dataclass(frozen=True)
class Understood:
    """A message, what it means and the likeliest intent by the model, asked or not."""

    text: str
    meant: str
    heard: str
    confidence: float
    asked: bool
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether the likeliest intent is what was meant."""
        return self.heard == self.meant


@dataclass(frozen=True)
class Measures:
    """Of all messages; shares are from 0 to 1, times in milliseconds."""

    messages: int
    accuracy: float
    wrong_and_acting: float
    asked: float
    calibration_error: float
    parse_p50: float
    parse_p95: float


@dataclass(frozen=True)
class IntentMeasures:
    """Of one intent: `precision` of what was heard as it, `recall` of what was meant as it."""

    intent: str
    messages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Confusion:
    """Messages of one intent that were heard as another."""

    meant: str
    heard: str
    messages: tuple[Understood, ...]


@dataclass(frozen=True)
class Bin:
    """Messages of about the same confidence: its mean, and the share that was right."""

    messages: int
    confidence: float
    accuracy: float


def measure(understood: Sequence[Understood]) -> Measures:
    """The figures of at least two messages."""
    times = quantiles((each.milliseconds for each in understood), n=100, method="inclusive")
    return Measures(
        messages=len(understood),
        accuracy=fmean(each.right for each in understood),
        wrong_and_acting=fmean(not each.asked and not each.right for each in understood),
        asked=fmean(each.asked for each in understood),
        calibration_error=_calibration_error(understood),
        parse_p50=times[49],
        parse_p95=times[94],
    )


def _calibration_error(understood: Sequence[Understood]) -> float:
    """How far confidence is from accuracy, on average (expected calibration error)."""
    bins = reliability(understood)
    away = sum(each.messages * abs(each.accuracy - each.confidence) for each in bins)
    return away / len(understood)


def wrong_when_asking(share: float, understood: Sequence[Understood]) -> float:
    """Wrong and acting if the least sure `share` were asked: compares models without thresholds."""
    surest = sorted(understood, key=lambda each: -each.confidence)
    acting = surest[: round(len(surest) * (1 - share))]
    return sum(not each.right for each in acting) / len(understood)


def reliability(understood: Sequence[Understood]) -> list[Bin]:
    """The messages in ten bins of equal width by confidence; empty ones are left out."""
    bins: dict[int, list[Understood]] = defaultdict(list)
    for each in understood:
        bins[min(int(each.confidence * BINS), BINS - 1)].append(each)
    return [
        Bin(len(each), fmean(one.confidence for one in each), fmean(one.right for one in each))
        for _, each in sorted(bins.items())
    ]


def by_intent(understood: Sequence[Understood]) -> list[IntentMeasures]:
    """Each intent that was meant, the worst F1 first."""
    meant = Counter(each.meant for each in understood)
    heard = Counter(each.heard for each in understood)
    right = Counter(each.meant for each in understood if each.right)
    measured = [
        IntentMeasures(
            intent,
            messages,
            precision=right[intent] / (heard[intent] or 1),
            recall=right[intent] / messages,
            f1=2 * right[intent] / (messages + heard[intent]),
        )
        for intent, messages in meant.items()
    ]
    return sorted(measured, key=lambda each: (each.f1, each.intent))


def confusions(understood: Sequence[Understood]) -> list[Confusion]:
    """What was taken for what, the most frequent first."""
    found: dict[tuple[str, str], list[Understood]] = defaultdict(list)
    for each in understood:
        if not each.right:
            found[each.meant, each.heard].append(each)
    listed = [Confusion(*names, tuple(messages)) for names, messages in found.items()]
    return sorted(listed, key=lambda each: (-len(each.messages), each.meant, each.heard))
