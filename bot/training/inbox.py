"""What trainers see: groups of messages, the most useful first, filtered, searched and counted.

The statements are SQL by hand: a list over everything ever said has to be there at once
(`python -m bench.training`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from bot import db
from bot.training import grouping
from bot.training.models import State, Verdict
from bot.training.signals import Signal

PAGE = 30
_DAYS_THAT_WEIGH = 30
"""A group seen this much later is worth as much as one strong signal more."""


@dataclass(frozen=True)
class Filters:
    """Which messages. `viewer`: who asks; `OPEN` is what they have to look at, with what others
    want a second opinion on."""

    viewer: UUID
    state: State | None = State.OPEN
    signal: Signal | None = None
    intent: str | None = None
    model: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class Message:
    """One item as it is shown."""

    id: int
    group_id: int
    turn_id: UUID | None
    conversation_id: UUID | None
    """None when a guest said it, in `talk_id`."""
    talk_id: UUID | None
    text: str
    spans: list[tuple[int, int, str]]
    """Where stand-ins for personal data are, and of which kind."""
    said_at: datetime
    intent: str | None
    confidence: float | None
    ranking: list[tuple[str, float]]
    """Suggested intents, the likeliest first."""
    model: str | None
    signals: list[Signal]
    state: State


@dataclass(frozen=True)
class Group:
    """Messages that say the same; `first` is the one to look at."""

    id: int
    first: Message
    size: int
    """How many of the group the filters let through."""
    signals: list[Signal]
    last_said_at: datetime
    revision: int
    """Give it to `annotating.annotate`: what others said meanwhile is not overwritten."""


@dataclass(frozen=True)
class Page:
    """One page of the list; `next` is the cursor of the one after it."""

    groups: list[Group]
    next: str | None


@dataclass(frozen=True)
class Counts:
    """How many messages there are of each kind, with all filters but the one that is counted."""

    by_signal: dict[Signal, int]
    by_state: dict[State, int]
    """`OPEN` as for the viewer."""


@dataclass(frozen=True)
class Annotated:
    """A verdict that was given."""

    trainer: str
    verdict: Verdict
    intent: str | None
    entities: list[dict[str, Any]]
    note: str
    at: datetime


_MINE = "(item.state = 'open' OR (item.state = 'second_opinion' AND item.asked_by <> :viewer))"
_CONDITIONS = {
    "signal": "item.signals @> ARRAY[CAST(:signal AS varchar)]",
    "intent": "item.intent = :intent",
    "model": "item.model = :model",
    "since": "item.said_at >= :since",
    "until": "item.said_at < :until",
    "words": "item.words @@ to_tsquery('simple', :words)",
}
# In floating point: numeric logarithms of every group would be most of the work.
_WORTH = f"""
    best + 0.065 * ln(size::float8) + date_part('epoch', last_said_at) / 86400 / {_DAYS_THAT_WEIGH}
"""
_GROUPS = f"""
    WITH groups AS MATERIALIZED (
        SELECT * FROM (
            SELECT group_id, size, last_said_at, {_WORTH} AS worth FROM (
                SELECT item.group_id, count(*) AS size, max(item.said_at) AS last_said_at,
                       max(item.score) AS best
                  FROM training.items AS item WHERE {{conditions}} GROUP BY item.group_id) AS sums
            ) AS weighed
         WHERE CAST(:worth AS float8) IS NULL OR (worth, group_id) < (:worth, :group)
         ORDER BY worth DESC, group_id DESC LIMIT :most)
    SELECT groups.size, groups.last_said_at, groups.worth, first.*, also.signals AS all_signals,
           coalesce((SELECT max(annotation.id) FROM training.annotations AS annotation
                       JOIN training.items AS item ON item.id = annotation.item_id
                      WHERE item.group_id = groups.group_id), 0) AS revision
      FROM groups
     CROSS JOIN LATERAL (SELECT item.* FROM training.items AS item
                          WHERE item.group_id = groups.group_id AND {{conditions}}
                          ORDER BY item.score DESC, item.said_at DESC, item.id LIMIT 1) AS first
     CROSS JOIN LATERAL (SELECT array_agg(DISTINCT signal) AS signals
                           FROM training.items AS item, unnest(item.signals) AS signal
                          WHERE item.group_id = groups.group_id AND {{conditions}}) AS also
     ORDER BY groups.worth DESC, groups.group_id DESC
"""
_BY_SIGNAL = """
    SELECT signal, count(*) FROM training.items AS item, unnest(item.signals) AS signal
     WHERE {conditions} GROUP BY signal
"""
_BY_STATE = """
    SELECT item.state, item.asked_by = :viewer AS is_mine, count(*) FROM training.items AS item
     WHERE {conditions} GROUP BY 1, 2
"""
_OF_GROUP = text("""
    SELECT * FROM training.items WHERE group_id = :group ORDER BY score DESC, said_at DESC LIMIT 200
""")
_ITEM = text("SELECT * FROM training.items WHERE id = :id")
_OF_CONVERSATION = text("""
    SELECT * FROM training.items WHERE conversation_id = :conversation OR talk_id = :conversation
     ORDER BY said_at, id
""")
_HISTORY = text("""
    SELECT trainer.name, annotation.verdict, annotation.intent, annotation.entities,
           annotation.note, annotation.at
      FROM training.annotations AS annotation JOIN desk.users AS trainer
        ON trainer.id = annotation.trainer
     WHERE annotation.item_id = :item ORDER BY annotation.id
""")
_CHOICES = text("""
    SELECT array(SELECT DISTINCT intent FROM training.items
                  WHERE intent <> '' ORDER BY intent) AS intents,
           array(SELECT model FROM training.items WHERE model <> ''
                  GROUP BY model ORDER BY max(id) DESC) AS models
""")


def page(filters: Filters, cursor: str | None = None) -> Page:
    """The groups of a page, the most useful first: by best signal, size and freshness."""
    conditions, values = _conditions(filters)
    worth, group = json.loads(cursor) if cursor else (None, 0)
    values |= {"worth": worth, "group": group, "most": PAGE + 1}
    with db.transaction() as session:
        statement = text(_GROUPS.format(conditions=conditions))
        records: Sequence[Row[Any]] = session.execute(statement, values).all()
    shown = [_group(record) for record in records[:PAGE]]
    last = records[PAGE - 1] if len(records) > PAGE else None
    return Page(shown, json.dumps([last.worth, last.group_id]) if last else None)


def counts(filters: Filters) -> Counts:
    """How many messages there are by signal and by state."""
    of_signals, values = _conditions(filters, but="signal")
    of_states, others = _conditions(filters, but="state")
    others["viewer"] = filters.viewer
    by_state = dict.fromkeys(State, 0)
    with db.transaction() as session:
        found = session.execute(text(_BY_SIGNAL.format(conditions=of_signals)), values).all()
        for state, is_mine, count in session.execute(
            text(_BY_STATE.format(conditions=of_states)), others
        ):
            by_state[State(state)] += count
            if state == State.SECOND_OPINION and not is_mine:
                by_state[State.OPEN] += count
    numbers = {Signal(signal): count for signal, count in found}
    return Counts({signal: numbers.get(signal, 0) for signal in Signal}, by_state)


def message(item_id: int) -> Message | None:
    """One message."""
    with db.transaction() as session:
        record = session.execute(_ITEM, {"id": item_id}).one_or_none()
    return _message(record) if record else None


def messages(group_id: int) -> list[Message]:
    """The messages of a group, at most 200, the most useful first."""
    with db.transaction() as session:
        return [_message(record) for record in session.execute(_OF_GROUP, {"group": group_id})]


def conversation(said: Message) -> list[Message]:
    """What the person, or guest, of a message typed, in order, masked."""
    values = {"conversation": said.conversation_id or said.talk_id}
    with db.transaction() as session:
        return [_message(record) for record in session.execute(_OF_CONVERSATION, values)]


def history(item_id: int) -> list[Annotated]:
    """The verdicts on a message, the oldest first: who and when."""
    with db.transaction() as session:
        return [
            Annotated(name, Verdict(verdict), *others)
            for name, verdict, *others in session.execute(_HISTORY, {"item": item_id})
        ]


def choices() -> tuple[list[str], list[str]]:
    """What can be filtered by: intents heard, and models, the newest first."""
    with db.transaction() as session:
        found = session.execute(_CHOICES).one()
    return found.intents, found.models


def _conditions(filters: Filters, but: str = "") -> tuple[str, dict[str, Any]]:
    """The WHERE of `filters`, without the one of this name, and its values."""
    chosen: dict[str, Any] = {
        "signal": filters.signal,
        "intent": filters.intent,
        "model": filters.model,
        "since": filters.since,
        "until": filters.until,
        "words": _query(filters.words),
    }
    chosen = {name: value for name, value in chosen.items() if value and name != but}
    conditions = [_CONDITIONS[name] for name in chosen]
    if filters.state is State.OPEN and but != "state":
        conditions.append(_MINE)
        chosen["viewer"] = filters.viewer
    elif filters.state and but != "state":
        conditions.append("item.state = :state")
        chosen["state"] = filters.state
    return " AND ".join(conditions) or "true", chosen


def _query(words: str) -> str:
    """Messages with all of these words, or words that begin so."""
    plain = "".join(char if char.isalnum() else " " for char in grouping.plain(words))
    return " & ".join(f"{word}:*" for word in plain.split())


def _group(record: Row[Any]) -> Group:
    return Group(
        id=record.group_id,
        first=_message(record),
        size=record.size,
        signals=[signal for signal in Signal if signal in (record.all_signals or ())],
        last_said_at=record.last_said_at,
        revision=record.revision,
    )


def _message(record: Row[Any]) -> Message:
    return Message(
        id=record.id,
        group_id=record.group_id,
        turn_id=record.turn_id,
        conversation_id=record.conversation_id,
        talk_id=record.talk_id,
        text=record.text,
        spans=[(start, end, kind) for start, end, kind in record.spans],
        said_at=record.said_at,
        intent=record.intent,
        confidence=record.confidence,
        ranking=[(intent, confidence) for intent, confidence in record.ranking],
        model=record.model,
        signals=[signal for signal in Signal if signal in record.signals],
        state=State(record.state),
    )
