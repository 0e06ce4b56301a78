"""Long lists, page by page: a cursor that only we can read says where the next page begins.

Pages follow the values of the last row, not its position: what is added or removed meanwhile
makes nobody see a row twice or miss one.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.billing.errors import InvalidCursor

BIGGEST_INT = 2**63 - 1
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of those after them (none: these are the last)."""

    rows: list[Row]
    next_cursor: str | None


def page(
    session: Session,
    query: Select[Row],
    cursor: str | None,
    limit: int,
    *,
    by: Sequence[InstrumentedAttribute[Any]],
    newest_first: bool = True,
) -> Page[Row]:
    """Return the rows of `query` in the order of the columns `by`, which are unique together.

    Raises InvalidCursor for a cursor that is none of ours.
    """
    if cursor is not None:
        place = tuple_(*_decode(cursor, by))
        query = query.where(tuple_(*by) < place if newest_first else tuple_(*by) > place)
    order = [column.desc() if newest_first else column for column in by]
    rows = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    more = len(rows) > limit
    return Page(rows[:limit], _encode(rows[limit - 1], by) if more else None)


def _encode(row: Any, by: Sequence[InstrumentedAttribute[Any]]) -> str:
    values = [str(getattr(row, column.key)) for column in by]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(cursor: str, by: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        return [_value(column, text) for column, text in zip(by, values, strict=True)]
    except (ValueError, TypeError, AttributeError):
        raise InvalidCursor("the cursor is not one of this list: begin without one") from None


def _value(column: InstrumentedAttribute[Any], text: Any) -> Any:
    """Return `text` as a value of `column`. Raises TypeError or ValueError."""
    if not isinstance(text, str):
        raise TypeError("we write every value as text")
    kind = column.type.python_type
    if kind is int:
        return max(-BIGGEST_INT, min(int(text), BIGGEST_INT))
    if kind is UUID:
        return UUID(text)
    if kind in (date, datetime):
        return kind.fromisoformat(text)
    if "\x00" in text.encode().decode():  # what is not Unicode raises here
        raise ValueError("PostgreSQL cannot store NUL")
    return text
