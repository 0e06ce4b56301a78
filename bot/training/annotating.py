"""What trainers say of messages: verdicts, the examples that follow, and how far trainers agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot import db
from bot.desk.models import User
from bot.training.models import (
    STATES,
    Annotation,
    ExampleKind,
    Item,
    ReviewedExample,
    State,
    Verdict,
)

_TEACHES = (Verdict.ACCEPT, Verdict.RELABEL)


class AnnotationError(Exception):
    """A verdict that cannot be kept; a sentence for the trainer."""


class AnnotatedMeanwhile(AnnotationError):
    """Somebody else was first: the page shows an older state."""

    def __init__(self, who: str, at: datetime) -> None:
        super().__init__(f"{who} acabou de avaliar este grupo. Recarregue para ver o que mudou.")
        self.who, self.at = who, at


@dataclass(frozen=True)
class Entity:
    """`text[start:end]` of the message is the value of an entity, in a role or none."""

    start: int
    end: int
    entity: str
    role: str | None = None

    def record(self) -> dict[str, Any]:
        """As the database keeps it."""
        role = {"role": self.role} if self.role else {}
        return {"start": self.start, "end": self.end, "entity": self.entity, **role}


@dataclass(frozen=True)
class Judgement:
    """What a trainer says. RELABEL needs an intent; UNSURE may have a guess."""

    verdict: Verdict
    intent: str | None = None
    entities: Sequence[Entity] = ()
    note: str = ""


def annotate(trainer: UUID, item_id: int, revision: int, judgement: Judgement) -> int:
    """Judge the open messages of the group of `item_id`, the one shown; how many those were.

    When none is open, those that are in the state of the one shown are judged anew: a second
    trainer's verdict. ACCEPT and RELABEL make an example of the message shown, where the entities
    are. Raises AnnotatedMeanwhile when `revision` is not the group's any more, and AnnotationError.
    """
    with db.transaction() as session:
        shown = _locked(session, item_id)
        _refuse_old(session, shown.group_id, revision)
        intent = _intent(shown, judgement)
        judged = _judge(session, shown, trainer, judgement, intent)
        _make_example(session, shown, trainer, judgement, intent)
        return judged


def revision_of(group_id: int) -> int:
    """The number of a group's newest verdict, as `inbox.page` gives it too."""
    with db.transaction() as session:
        newest = _newest(session, group_id)
        return newest.id if newest else 0


def _locked(session: Session, item_id: int) -> Item:
    """The item; its group's leader is locked, so that verdicts on a group come one by one."""
    item = session.get(Item, item_id)
    if item is None:
        raise AnnotationError(f"A mensagem {item_id} não existe.")
    session.get_one(Item, item.group_id, with_for_update=True)
    session.refresh(item)
    return item


def _refuse_old(session: Session, group_id: int, revision: int) -> None:
    newest = _newest(session, group_id)
    if newest is not None and newest.id != revision:
        raise AnnotatedMeanwhile(session.get_one(User, newest.trainer).name, newest.at)


def _newest(session: Session, group_id: int) -> Annotation | None:
    query = select(Annotation).join(Item, Item.id == Annotation.item_id)
    return session.scalar(
        query.where(Item.group_id == group_id).order_by(Annotation.id.desc()).limit(1)
    )


def _intent(shown: Item, judgement: Judgement) -> str | None:
    """What the message means by this verdict, where it says so."""
    match judgement.verdict:
        case Verdict.ACCEPT:
            if not shown.intent or shown.intent == "nlu_fallback":
                raise AnnotationError("O bot não entendeu esta mensagem: escolha a intenção.")
            return shown.intent
        case Verdict.RELABEL:
            if not judgement.intent:
                raise AnnotationError("Escolha a intenção.")
            return judgement.intent
        case Verdict.UNSURE:
            return judgement.intent
    return None


def _judge(
    session: Session, shown: Item, trainer: UUID, judgement: Judgement, intent: str | None
) -> int:
    """Record the verdict on each message it is about; how many those are."""
    entities = [each.record() for each in judgement.entities]
    rows = [
        {
            "item_id": id_,
            "trainer": trainer,
            "verdict": judgement.verdict,
            "intent": heard if judgement.verdict is Verdict.ACCEPT else intent,
            "entities": entities if words == shown.text else [],
            "note": judgement.note,
        }
        for id_, words, heard in _judged(session, shown, trainer)
    ]
    session.execute(insert(Annotation), rows)
    asked_by = trainer if judgement.verdict is Verdict.UNSURE else None
    session.execute(
        update(Item)
        .where(Item.id.in_([row["item_id"] for row in rows]))
        .values(state=STATES[judgement.verdict], asked_by=asked_by)
    )
    return len(rows)


def _judged(session: Session, shown: Item, trainer: UUID) -> Sequence[Row[int, str, str | None]]:
    """Id, words and intent heard of the messages a verdict is about, locked."""
    of_group = (
        select(Item.id, Item.text, Item.intent)
        .where(Item.group_id == shown.group_id)
        .order_by(Item.id)
        .with_for_update()
    )
    is_asked = (Item.state == State.SECOND_OPINION) & (Item.asked_by != trainer)
    found = session.execute(of_group.where(or_(Item.state == State.OPEN, is_asked))).all()
    return found or session.execute(of_group.where(Item.state == shown.state)).all()


def _make_example(
    session: Session, shown: Item, trainer: UUID, judgement: Judgement, intent: str | None
) -> None:
    """What an earlier verdict made of it goes, unless it is in the files already."""
    session.execute(
        delete(ReviewedExample).where(
            ReviewedExample.item_id == shown.id, ReviewedExample.change_id.is_(None)
        )
    )
    if judgement.verdict in _TEACHES and intent:
        session.add(
            ReviewedExample(
                item_id=shown.id,
                kind=ExampleKind.EXAMPLE,
                intent=intent,
                text=marked(shown.text, judgement.entities),
                author=trainer,
            )
        )


def marked(text: str, entities: Iterable[Entity]) -> str:
    """`text` with its entities marked as Rasa has them; raises AnnotationError.

    Brackets of the text itself would be read as marks, and become parentheses.
    """
    text = text.replace("[", "(").replace("]", ")")
    ordered = sorted(entities, key=lambda each: each.start)
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise AnnotationError("Duas marcações estão uma sobre a outra.")
    parts, end = [], 0
    for each in ordered:
        words = text[each.start : each.end]
        if not words.strip() or each.start < 0:
            raise AnnotationError("Uma marcação está fora da mensagem.")
        role = f'{{"entity": "{each.entity}", "role": "{each.role}"}}'
        parts += [text[end : each.start], f"[{words}]", role if each.role else f"({each.entity})"]
        end = each.end
    return "".join([*parts, text[end:]])


@dataclass(frozen=True)
class Agreement:
    """How far two trainers say the same of messages both judged."""

    one: str
    other: str
    messages: int
    share: float
    kappa: float | None
    """Cohen's: above what chance would give; None where chance explains everything."""


def agreement() -> list[Agreement]:
    """By pair of trainers, those with most messages in common first."""
    said: dict[int, dict[str, str]] = defaultdict(dict)
    with db.transaction() as session:
        for item, who, label in session.execute(_labels()):
            said[item][who] = label
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for labels in said.values():
        for one, other in combinations(sorted(labels), 2):
            pairs[one, other].append((labels[one], labels[other]))
    found = [Agreement(*who, len(listed), *_agree(listed)) for who, listed in pairs.items()]
    return sorted(found, key=lambda each: (-each.messages, each.one, each.other))


def _labels() -> Any:
    """Item, trainer and label of each trainer's last word; a skipped message has no label."""
    label = func.coalesce(Annotation.intent, Annotation.verdict)
    return (
        select(Annotation.item_id, User.name + " <" + User.email + ">", label)
        .join(User, User.id == Annotation.trainer)
        .where(or_(Annotation.intent.is_not(None), Annotation.verdict == Verdict.REJECT))
        .order_by(Annotation.id)
    )


def _agree(labels: Sequence[tuple[str, str]]) -> tuple[float, float | None]:
    """Share of the same labels, and Cohen's kappa."""
    count = len(labels)
    share = sum(one == other for one, other in labels) / count
    ones, others = Counter(one for one, _ in labels), Counter(other for _, other in labels)
    chance = sum(ones[label] * others[label] for label in ones) / count**2
    return round(share, 4), round((share - chance) / (1 - chance), 4) if chance < 1 else None
