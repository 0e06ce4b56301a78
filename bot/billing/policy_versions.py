"""Every policy by which an offer was made, kept as it was written."""

from functools import lru_cache

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing.actors import current_actor
from bot.billing.context import Context
from bot.billing.errors import NotFound
from bot.billing.models import PolicyVersionRow
from bot.billing.policy import NegotiationPolicy, parse


def keep(session: Session, context: Context) -> None:
    """Keep the policy in force; a version already kept stays as it was first seen."""
    session.execute(
        insert(PolicyVersionRow)
        .values(
            version=context.policy.version,
            content=context.policy.text,
            first_seen_at=context.now(),
            actor=str(current_actor()),
        )
        .on_conflict_do_nothing()
    )


def policy_of(session: Session, version: str) -> NegotiationPolicy:
    """Return the policy of a version."""
    row = session.get(PolicyVersionRow, version)
    if row is None:
        raise NotFound(f"no policy of version {version} was kept")
    return _parsed(version, row.content)


@lru_cache(maxsize=8)
def _parsed(version: str, content: str) -> NegotiationPolicy:
    return parse(content, f"policy {version}")
