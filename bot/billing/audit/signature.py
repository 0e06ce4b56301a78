"""Says to the database for whom it writes, so that the audit's triggers can note it.

Whatever changes an audited table through a session is signed by itself, once in a transaction;
reading, and making offers, costs nothing. Statements as text that change an audited table are
the system's unless `sign` is called before them.
"""

import structlog
from sqlalchemy import event, text
from sqlalchemy.orm import ORMExecuteState, Session

from bot.billing.actors import current_actor
from bot.billing.policy import get_policy

# Written once and never changed, each with its own time and author; or computed; or bookkeeping.
UNAUDITED = frozenset(
    {
        *("allocations", "audit", "events", "deliveries", "idempotency_keys", "identifications"),
        *("offers", "offer_requests", "policy_versions", "provider_notifications"),
        *("payable_days", "nightly_runs", "invoice_ageing"),
    }
)
_SIGN = text(
    "SELECT set_config('billing.actor', :actor, true),"
    " set_config('billing.policy_version', :policy_version, true),"
    " set_config('billing.request_id', :request_id, true)"
)


def sign(session: Session) -> None:
    """Sign what follows in this transaction with the actor, the policy and the request."""
    actor = str(current_actor())
    signed = (session.get_nested_transaction() or session.get_transaction(), actor)
    if session.info.get("signed") == signed:
        return
    session.info["signed"] = signed
    session.connection().execute(
        _SIGN,
        {
            "actor": actor,
            "policy_version": get_policy().version,
            "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        },
    )


def listen(schema: str) -> None:
    """Sign every session's writes to audited tables of `schema`."""

    def audited(table: object) -> bool:
        return getattr(table, "schema", None) == schema and (
            getattr(table, "name", None) not in UNAUDITED
        )

    @event.listens_for(Session, "before_flush")
    def sign_flush(session: Session, *_: object) -> None:
        changed = (*session.new, *session.dirty, *session.deleted)
        if any(audited(getattr(row, "__table__", None)) for row in changed):
            sign(session)

    @event.listens_for(Session, "do_orm_execute")
    def sign_statement(state: ORMExecuteState) -> None:
        writes = state.is_insert or state.is_update or state.is_delete
        if writes and audited(getattr(state.statement, "table", None)):
            sign(state.session)
