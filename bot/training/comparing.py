"""A candidate beside the model that answers: on messages and stories neither was trained on.

Pure: what the models heard and did comes in, figures and words come out.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from bot.nlu.measures import Understood, by_intent, measure
from bot.training.policy import Gate

Pair = tuple[Sequence[Understood], Sequence[Understood]]
"""What the current model and the candidate heard in the same messages, in the same order."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Heard(_Kept):
    """What a model makes of a message: its likeliest intent, and whether it would ask."""

    intent: str
    confidence: float
    asked: bool


class Told(_Kept):
    """A message, what it means, and what both make of it."""

    text: str
    meant: str
    current: Heard
    candidate: Heard

    @property
    def gain(self) -> int:
        """Above 0 it got better. Acting rightly is best; asking is better than acting wrongly."""
        return _worth(self.candidate, self.meant) - _worth(self.current, self.meant)


def _worth(heard: Heard, meant: str) -> int:
    if heard.asked:
        return 1
    return 2 if heard.intent == meant else 0


class Scores(_Kept):
    """Of one model on one set; shares are from 0 to 1, times in milliseconds."""

    accuracy: float
    f1: float
    wrong_and_acting: float
    asked: float
    calibration_error: float
    parse_p50: float
    parse_p95: float


class SetScores(_Kept):
    """Both models on one set of messages."""

    name: str
    messages: int
    current: Scores
    candidate: Scores


class IntentScores(_Kept):
    """The F1 of both on one intent, over all sets."""

    intent: str
    messages: int
    current: float
    candidate: float


class StoryScores(_Kept):
    """Whether a saved conversation goes as it should. `failure`: the candidate's first step that
    does not."""

    story: str
    current: bool
    candidate: bool
    failure: str = ""


class Comparison(_Kept):
    """All of it. `sizes` in bytes, the current model's first; `taught` are the messages of the
    change itself, which count for nothing: the candidate was trained on them."""

    current: str
    candidate: str
    sets: tuple[SetScores, ...]
    intents: tuple[IntentScores, ...]
    changed: tuple[Told, ...]
    taught: tuple[Told, ...]
    stories: tuple[StoryScores, ...]
    sizes: tuple[int, int]
    against: tuple[str, ...]
    """Why it may not be promoted; nothing when it may."""

    @property
    def better(self) -> list[Told]:
        """Unseen messages it understands better."""
        return [each for each in self.changed if each.gain > 0]

    @property
    def worse(self) -> list[Told]:
        """Unseen messages it understands worse."""
        return [each for each in self.changed if each.gain < 0]


def compare(
    names: tuple[str, str],
    sets: Mapping[str, Pair],
    taught: Pair,
    stories: Sequence[StoryScores],
    sizes: tuple[int, int],
    gate: Gate,
) -> Comparison:
    """Put both together; `names` and `sizes` the current model's first."""
    scored = [
        SetScores(name=name, messages=len(old), current=_scores(old), candidate=_scores(new))
        for name, (old, new) in sets.items()
    ]
    old_all = [each for old, _ in sets.values() for each in old]
    new_all = [each for _, new in sets.values() for each in new]
    intents = _intents(old_all, new_all)
    changed = sorted(
        (each for each in _told(old_all, new_all) if each.gain), key=lambda told: told.gain
    )
    return Comparison(
        current=names[0],
        candidate=names[1],
        sets=tuple(scored),
        intents=tuple(intents),
        changed=tuple(changed),
        taught=tuple(_told(*taught)),
        stories=tuple(stories),
        sizes=sizes,
        against=tuple(_against(scored, intents, stories, gate)),
    )


def _scores(understood: Sequence[Understood]) -> Scores:
    figures = measure(understood)
    f1 = fmean(each.f1 for each in by_intent(understood))
    return Scores(
        f1=f1, **{name: getattr(figures, name) for name in Scores.model_fields if name != "f1"}
    )


def _intents(old: Sequence[Understood], new: Sequence[Understood]) -> list[IntentScores]:
    """What changed most comes first."""
    before = {each.intent: each for each in by_intent(old)}
    scored = [
        IntentScores(
            intent=each.intent,
            messages=each.messages,
            current=before[each.intent].f1,
            candidate=each.f1,
        )
        for each in by_intent(new)
    ]
    return sorted(scored, key=lambda each: (-abs(each.candidate - each.current), each.intent))


def _told(old: Sequence[Understood], new: Sequence[Understood]) -> list[Told]:
    return [
        Told(text=one.text, meant=one.meant, current=_heard(one), candidate=_heard(other))
        for one, other in zip(old, new, strict=True)
    ]


def _heard(each: Understood) -> Heard:
    return Heard(intent=each.heard, confidence=each.confidence, asked=each.asked)


def _against(
    sets: Sequence[SetScores],
    intents: Sequence[IntentScores],
    stories: Sequence[StoryScores],
    gate: Gate,
) -> Iterator[str]:
    """What got worse than the gate allows, in words for trainers."""
    for each in sets:
        old, new = each.current, each.candidate
        if old.accuracy - new.accuracy > gate.accuracy_drop:
            yield f"{each.name}: acerta {_percent(new.accuracy)}, antes {_percent(old.accuracy)}."
        if new.wrong_and_acting - old.wrong_and_acting > gate.wrong_and_acting_rise:
            yield (
                f"{each.name}: age com certeza e erra em {_percent(new.wrong_and_acting)},"
                f" antes {_percent(old.wrong_and_acting)}."
            )
    if sets and all(_is_slower(each, gate) for each in sets):
        before_ms, now_ms = sets[0].current.parse_p50, sets[0].candidate.parse_p50
        yield f"Demora {now_ms:.0f} ms para entender, antes {before_ms:.0f} ms."
    for intent in intents:
        drop = intent.current - intent.candidate
        if intent.messages >= gate.intent_messages and drop > gate.intent_f1_drop:
            now, before = _percent(intent.candidate), _percent(intent.current)
            yield f"{intent.intent}: F1 {now}, antes {before}."
    for story in stories:
        if story.current and not story.candidate:
            yield f"A conversa “{story.story}” deixa de dar certo: {story.failure}"


def _is_slower(each: SetScores, gate: Gate) -> bool:
    return each.candidate.parse_p50 > each.current.parse_p50 * gate.parse_p50_times


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %".replace(".", ",")
