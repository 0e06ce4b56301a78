"""A request repeated with its key is answered as the first time, and done once.

The key is written in the transaction of what it protects: both exist or neither. A second
request with the same key waits for the first one to end.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing.errors import IdempotencyKeyReused
from bot.billing.models import IdempotencyKeyRow


@dataclass(frozen=True)
class Answer:
    """An HTTP status and its JSON body."""

    status: int
    body: dict[str, Any]


def once(
    session: Session,
    key: str,
    endpoint: str,
    request: BaseModel,
    now: datetime,
    act: Callable[[], tuple[int, BaseModel]],
) -> Answer:
    """Return what `act` answers, or what it answered when this key first came.

    A refusal is not remembered: it changed nothing, and next time may differ. Raises
    IdempotencyKeyReused when the key came with another request.
    """
    request_hash = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    if not _claim(session, key, endpoint, request_hash, now):
        return _remembered(session, key, endpoint, request_hash)
    status, result = act()
    answer = Answer(status, result.model_dump(mode="json"))
    session.execute(
        update(IdempotencyKeyRow)
        .where(IdempotencyKeyRow.endpoint == endpoint, IdempotencyKeyRow.key == key)
        .values(response_status=answer.status, response_body=answer.body)
    )
    return answer


def _claim(session: Session, key: str, endpoint: str, request_hash: str, now: datetime) -> bool:
    claimed = session.execute(
        insert(IdempotencyKeyRow)
        .values(endpoint=endpoint, key=key, request_hash=request_hash, created_at=now)
        .on_conflict_do_nothing()
        .returning(IdempotencyKeyRow.key)
    )
    return claimed.first() is not None


def _remembered(session: Session, key: str, endpoint: str, request_hash: str) -> Answer:
    row = session.get_one(IdempotencyKeyRow, (endpoint, key))
    if row.request_hash != request_hash:
        raise IdempotencyKeyReused(f"the key was used before for another {endpoint}")
    assert row.response_status is not None
    assert row.response_body is not None
    return Answer(row.response_status, row.response_body)
