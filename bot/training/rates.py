"""How people fared with a model: of its turns, how many it did not understand or handed over."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.business_hours import SAO_PAULO

FAR = datetime(9999, 1, 1, tzinfo=UTC)
_HANDED_OVER = """
    EXISTS (SELECT 1 FROM bot.audit AS audit
             WHERE audit.conversation_id = turn.conversation_id AND audit.what = 'handed over'
               AND audit.at BETWEEN turn.created_at AND turn.answered_at)
"""
_CORRECTED = """
    EXISTS (SELECT 1 FROM training.items AS item
             WHERE item.turn_id = turn.id AND 'corrected' = ANY(item.signals))
"""
_SUMS = f"""
    count(*) AS turns,
    count(*) FILTER (WHERE turn.heard ->> 'intent' = 'nlu_fallback') AS not_understood,
    count(*) FILTER (WHERE {_HANDED_OVER}) AS handed_over,
    count(*) FILTER (WHERE {_CORRECTED}) AS corrected
"""
_WHERE = """
    turn.state = 'answered' AND turn.heard IS NOT NULL
    AND turn.created_at >= :since AND turn.created_at < :until
"""
_OF_MODEL = text(f"""
    SELECT {_SUMS} FROM bot.turns AS turn WHERE {_WHERE} AND turn.heard ->> 'model' = :model
""")
_BY_DAY = text(f"""
    SELECT CAST(turn.created_at AT TIME ZONE '{SAO_PAULO}' AS date) AS name,
           turn.heard ->> 'model' AS model, {_SUMS}
      FROM bot.turns AS turn WHERE {_WHERE} GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC
""")
_BY_INTENT = text(f"""
    SELECT COALESCE(turn.heard #>> '{{ranking,0,0}}', turn.heard ->> 'intent') AS name,
           NULL AS model, {_SUMS}
      FROM bot.turns AS turn WHERE {_WHERE} GROUP BY 1 ORDER BY 3 DESC
""")


@dataclass(frozen=True)
class Rates:
    """Shares of `turns`, from 0 to 1."""

    turns: int
    not_understood: float
    handed_over: float
    corrected: float


@dataclass(frozen=True)
class Line:
    """The rates of a day with a model, or of what was likely meant."""

    name: date | str
    model: str | None
    rates: Rates


def of(session: Session, model: str, since: datetime, until: datetime = FAR) -> Rates:
    """How people fared with a model."""
    values = {"model": model, "since": since, "until": until}
    return _rates(*session.execute(_OF_MODEL, values).one())


def by_day(session: Session, since: datetime) -> list[Line]:
    """The newest day first; where two models answered on a day, the busier first."""
    return _lines(session, _BY_DAY, since)


def by_intent(session: Session, since: datetime) -> list[Line]:
    """By the likeliest meaning, the most frequent first."""
    return _lines(session, _BY_INTENT, since)


def _lines(session: Session, statement: object, since: datetime) -> list[Line]:
    rows = session.execute(statement, {"since": since, "until": FAR})  # type: ignore[call-overload]
    return [Line(row[0], row[1], _rates(*row[2:])) for row in rows]


def _rates(turns: int, not_understood: int, handed_over: int, corrected: int) -> Rates:
    every = turns or 1
    return Rates(turns, not_understood / every, handed_over / every, corrected / every)
