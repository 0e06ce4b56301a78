"""From answered turns to items: masked, grouped, with their signals.

What was done before is done again without harm: an item is kept once by its turn, and the recent
turns of whoever was heard from are judged again, because what follows may change a signal. Every
message typed is kept, also those without a signal: search and figures are about all of them.

The statements are SQL by hand: they go over everything said.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.turns import LONGEST_TEXT, RECEIPT_TYPES, typed
from bot.training import grouping, masking, signals
from bot.training.examples import known_words
from bot.training.grouping import Groups
from bot.training.signals import Event, Signal, Turn

AGAIN = timedelta(minutes=10)
"""Turns this young are looked for again: their transaction may end after a later one's."""
JUDGED_AGAIN = timedelta(days=2)
"""How far before what is new turns are judged again."""
SLICE = timedelta(days=1)
BATCH = 200
"""Conversations in one transaction."""
ONE_AT_A_TIME = 20261126

_SINCE = text("""
    SELECT coalesce((SELECT looked_until FROM training.progress),
                    (SELECT min(created_at) FROM bot.turns))
""")
_OPEN_SINCE = text("""
    SELECT min(created_at) FROM bot.turns WHERE state = 'open' AND created_at > :limit
""")
_NOTE = text("""
    INSERT INTO training.progress (id, looked_until) VALUES (1, :until)
        ON CONFLICT (id) DO UPDATE SET looked_until = excluded.looked_until
""")
_HEARD_FROM = text("""
    SELECT conversation_id FROM bot.turns
     WHERE created_at >= :since AND created_at < :until AND state IN ('answered', 'failed')
    UNION
    SELECT conversation_id FROM bot.audit
     WHERE at >= :since AND at < :until AND what = 'handed over'
    UNION
    SELECT conversation_id FROM desk.resolutions WHERE at >= :since AND at < :until
    ORDER BY 1
""")
_TURNS = text("""
    SELECT turn.id, turn.conversation_id, turn.created_at, turn.heard, item.id AS item_id,
           item.signals, min(message.sent_at) AS said_at,
           string_agg(message.text, E'\\n' ORDER BY message.sent_at, message.received_at)
             FILTER (WHERE message.type = 'text') AS words,
           bool_or(message.choice_id IS NOT NULL OR message.type = ANY(:receipts)) AS is_no_text
      FROM bot.turns AS turn
      JOIN bot.messages AS message ON message.turn_id = turn.id
      LEFT JOIN training.items AS item ON item.turn_id = turn.id
     WHERE turn.conversation_id = ANY(:conversations) AND turn.created_at >= :since
       AND turn.state IN ('answered', 'failed')
     GROUP BY turn.id, item.id
     ORDER BY turn.created_at, turn.id
""")
_HANDOVERS = text("""
    SELECT conversation_id, at, details ->> 'reason' AS what FROM bot.audit
     WHERE conversation_id = ANY(:conversations) AND at >= :since AND what = 'handed over'
""")
_RESOLUTIONS = text("""
    SELECT conversation_id, at, disposition AS what FROM desk.resolutions
     WHERE conversation_id = ANY(:conversations) AND at >= :since
""")
_NAMES = text("""
    SELECT c.id, contact.profile_name, person.name FROM bot.conversations AS c
      JOIN bot.contacts AS contact ON contact.id = c.contact_id
      LEFT JOIN desk.people AS person ON person.conversation_id = c.id
     WHERE c.id = ANY(:conversations)
""")
_LEADERS = text(
    "SELECT id, plain FROM training.items WHERE id = group_id AND id > :after ORDER BY id"
)
_IS_THERE = text("SELECT FROM training.items WHERE id = :id")
_SAME_WORDS = text("""
    SELECT DISTINCT ON (plain) plain, group_id FROM training.items WHERE plain = ANY(:plains)
     ORDER BY plain, id
""")
_IDS = text("""
    SELECT nextval(pg_get_serial_sequence('training.items', 'id')) FROM generate_series(1, :count)
""")
_ADD = text("""
    INSERT INTO training.items (id, turn_id, conversation_id, talk_id, text, plain, spans,
                                group_id, said_at, intent, confidence, ranking, model, signals,
                                score, state)
         OVERRIDING SYSTEM VALUE
    VALUES (:id, :turn_id, :conversation_id, :talk_id, :text, :plain, CAST(:spans AS jsonb),
            :group_id, :said_at, :intent, :confidence, CAST(:ranking AS jsonb), :model, :signals,
            :score, 'open')
        ON CONFLICT (turn_id) DO NOTHING
""")
_JUDGE = text("UPDATE training.items SET signals = :signals, score = :score WHERE id = :id")

Record = Row[Any]


@dataclass
class Known:
    """The leaders of all groups, kept in memory between runs of this process."""

    groups: Groups
    until: int

    @classmethod
    def nothing(cls) -> "Known":
        """Before the first run."""
        return cls(Groups(), 0)


_known = Known.nothing()


def collect(now: datetime) -> int:
    """Bring the inbox up to `now`; how many messages are new in it."""
    added = 0
    with db.transaction() as session:
        since: datetime | None = session.execute(_SINCE).scalar()
    while since is not None:
        until = min(since + SLICE, now)
        with db.transaction() as session:
            slice_ = {"since": since, "until": until}
            conversations = list(session.scalars(_HEARD_FROM, slice_))
        for start in range(0, len(conversations), BATCH):
            added += _collect_batch(conversations[start : start + BATCH], since - JUDGED_AGAIN)
        with db.transaction() as session:
            session.execute(_NOTE, {"until": _sure_until(session, until, now)})
        since = until if until < now else None
    return added


def _sure_until(session: Session, until: datetime, now: datetime) -> datetime:
    """Before this nothing can appear any more: no turn is open, no transaction is that old."""
    limit = now - timedelta(days=1)
    is_open: datetime | None = session.execute(_OPEN_SINCE, {"limit": limit}).scalar()
    return min(until, now - AGAIN, is_open or now)


def _collect_batch(conversations: Sequence[UUID], since: datetime) -> int:
    global _known
    try:
        with db.transaction() as session:
            session.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
            return _keep(session, conversations, since)
    except BaseException:
        _known = Known.nothing()  # it may know groups that were never written
        raise


def _keep(session: Session, conversations: Sequence[UUID], since: datetime) -> int:
    of_them = {"conversations": list(conversations), "since": since - signals.BACK}
    records = session.execute(_TURNS, {**of_them, "receipts": sorted(RECEIPT_TYPES)}).all()
    found = _signals(session, records, of_them)
    new = [record for record in records if record.item_id is None and _words(record)]
    _add(session, new, found, _names(session, of_them))
    changed = [
        {"id": record.item_id, **_judged(found[record.id] | _drift_of(record.signals))}
        for record in records
        if record.item_id
        and record.created_at >= since
        and found[record.id] | _drift_of(record.signals) != set(record.signals)
    ]
    if changed:
        session.execute(_JUDGE, changed)
    return len(new)


def _words(record: Record) -> str:
    """What was typed, as Rasa got it, on one line; empty for a tap or a picture."""
    if record.is_no_text:
        return ""
    return " ".join(typed(record.words or "").split())[:LONGEST_TEXT]


def _signals(
    session: Session, records: Sequence[Record], of_them: dict[str, Any]
) -> dict[UUID, set[Signal]]:
    turns: dict[UUID, list[Turn]] = defaultdict(list)
    for record in records:
        turns[record.conversation_id].append(_turn(record))
    handovers = _events(session.execute(_HANDOVERS, of_them))
    resolutions = _events(session.execute(_RESOLUTIONS, of_them))
    found: dict[UUID, set[Signal]] = {}
    for conversation, listed in turns.items():
        found |= signals.of(listed, handovers[conversation], resolutions[conversation])
    return found


def _turn(record: Record) -> Turn:
    heard = record.heard or {}
    return Turn(
        id=record.id,
        at=record.created_at,
        text=_words(record),
        intent=heard.get("intent"),
        confidence=heard.get("confidence"),
        ranking=[(intent, confidence) for intent, confidence in heard.get("ranking") or ()],
    )


def _events(records: Iterable[Record]) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = defaultdict(list)
    for record in records:
        found[record.conversation_id].append(Event(record.at, record.what or ""))
    return found


def _names(session: Session, of_them: dict[str, Any]) -> dict[UUID, list[str]]:
    """By conversation the names of the person, without words that many messages have."""
    return {
        record.id: [
            " ".join(word for word in name.split() if grouping.plain(word) not in known_words())
            for name in (record.profile_name, record.name)
            if name
        ]
        for record in session.execute(_NAMES, of_them)
    }


def _drift_of(before: Iterable[str]) -> set[Signal]:
    """Drift is of the words alone, and stays."""
    return {Signal.DRIFT} & set(before)


def _judged(found: set[Signal]) -> dict[str, Any]:
    listed = [signal for signal in Signal if signal in found]
    return {"signals": [*map(str, listed)], "score": signals.score(listed)}


def _add(
    session: Session,
    records: Sequence[Record],
    found: dict[UUID, set[Signal]],
    names: dict[UUID, list[str]],
) -> None:
    if not records:
        return
    ids = session.scalars(_IDS, {"count": len(records)}).all()
    rows = [
        {"id": id_, **_row(record, found[record.id], names[record.conversation_id])}
        for id_, record in zip(ids, records, strict=True)
    ]
    _group(session, rows)
    session.execute(_ADD, rows)


def _row(record: Record, found: set[Signal], names: list[str]) -> dict[str, Any]:
    return {
        "turn_id": record.id,
        "conversation_id": record.conversation_id,
        "talk_id": None,
        "said_at": record.said_at,
        "model": (record.heard or {}).get("model"),
        **_described(_turn(record), found, names),
    }


def _described(turn: Turn, found: set[Signal], names: list[str]) -> dict[str, Any]:
    masked = masking.mask(turn.text, names)
    plain = grouping.plain(masked.text)
    drift = {Signal.DRIFT} if signals.drifts(plain, known_words()) else set()
    return {
        "text": masked.text,
        "plain": plain,
        "spans": json.dumps([[span.start, span.end, span.kind] for span in masked.spans]),
        "intent": turn.intent,
        "confidence": turn.ranking[0][1] if turn.ranking else turn.confidence,
        "ranking": json.dumps(turn.ranking),
        **_judged(found | drift),
    }


def keep_of_guest(talk_id: UUID, words: str, heard: dict[str, Any]) -> None:
    """Keep what a guest typed; their talks are no conversations of debtors."""
    now = datetime.now(UTC)
    turn = Turn(
        id=uuid4(),
        at=now,
        text=" ".join(words.split())[:LONGEST_TEXT],
        intent=heard.get("intent"),
        confidence=heard.get("confidence"),
        ranking=[(intent, confidence) for intent, confidence in heard.get("ranking") or ()],
    )
    found = signals.of([turn])[turn.id] | {Signal.GUEST}
    with db.transaction() as session:
        session.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        row = {
            "id": session.scalars(_IDS, {"count": 1}).one(),
            "turn_id": None,
            "conversation_id": None,
            "talk_id": talk_id,
            "said_at": now,
            "model": heard.get("model"),
            **_described(turn, found, []),
        }
        _group(session, [row])
        session.execute(_ADD, [row])


def _group(session: Session, rows: list[dict[str, Any]]) -> None:
    """Give each row its group: that of the same words, or of a leader like it, or its own."""
    _learn_leaders(session)
    plains = [row["plain"] for row in rows]
    same = {each.plain: each.group_id for each in session.execute(_SAME_WORDS, {"plains": plains})}
    for row in rows:
        group = same.get(row["plain"]) or _known.groups.find(row["plain"])
        if group is None:
            group = row["id"]
            _known.groups.lead(group, row["plain"])
            _known.until = group
        row["group_id"] = group
        same[row["plain"]] = group


def _learn_leaders(session: Session) -> None:
    """Those of other processes; all of them at first, and when the tables were emptied."""
    global _known
    if _known.until and not session.execute(_IS_THERE, {"id": _known.until}).first():
        _known = Known.nothing()
    found = session.execute(_LEADERS, {"after": _known.until})
    leaders = [(group, plain) for group, plain in found]
    if not _known.until:
        _known = Known(Groups(leaders), 0)
    else:
        for group, plain in leaders:
            _known.groups.lead(group, plain)
    if leaders:
        _known.until = leaders[-1][0]
