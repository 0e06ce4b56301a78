"""Which model answers which conversation. A change is a row: nobody is restarted for it.

The worker sends the model's name with each turn (`turns.py`) and Rasa answers by that model
(`bot/rasa_channel.py`), so a conversation can go from one to another between two messages.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.models import Serving


def model_for(conversation_id: UUID, serving: Any) -> str | None:
    """The model that answers a conversation: always the same while nothing is changed.

    `serving` has `current`, `canary` and `canary_percent`; None when nothing was ever served.
    """
    is_on_trial = conversation_id.int % 100 < (serving.canary_percent or 0)
    model: str | None = serving.canary if is_on_trial and serving.canary else serving.current
    return model


def now(session: Session) -> Serving | None:
    """What serves, locked for a change."""
    return session.scalar(select(Serving).with_for_update())


def serve(session: Session, model: str) -> None:
    """Let a model answer everybody from the next message on; a trial ends."""
    row = now(session)
    if row is None:
        session.add(Serving(current=model))
    elif row.current != model:
        row.current, row.since = model, datetime.now(UTC)
        end_trial(row)


def try_out(row: Serving, model: str, percent: int) -> None:
    """Let a model answer a share of the conversations."""
    if not 0 < percent < 100:
        raise ValueError(f"{percent} % of the conversations: a trial takes 1 to 99")
    row.canary, row.canary_percent, row.canary_since = model, percent, datetime.now(UTC)


def end_trial(row: Serving) -> None:
    """Let the current model answer everybody again."""
    row.canary, row.canary_percent, row.canary_since = None, 0, None
