"""The customer beside a conversation, as billing knows them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot import db
from bot.billing.client import (
    Agreement,
    BillingClient,
    BillingError,
    BillingRefused,
    Charge,
    CustomerDetails,
    Debts,
    Dispute,
    Document,
    Promise,
    Proposal,
    get_client,
)
from bot.conversations.models import Conversation, Turn
from bot.desk.models import Person

Answer = TypeVar("Answer")

_UNKNOWN = text("""
    SELECT c.id FROM bot.conversations AS c
      LEFT JOIN desk.people AS person ON person.conversation_id = c.id
     WHERE c.customer_id IS NOT NULL AND c.customer_id IS DISTINCT FROM person.customer_id
     LIMIT 100
""")


@dataclass(frozen=True)
class Customer:
    """Everything billing tells of somebody."""

    details: CustomerDetails
    debts: Debts
    agreements: list[Agreement]
    charges: list[Charge]
    promises: list[Promise]
    disputes: list[Dispute]
    proposals: list[Proposal]
    documents: list[Document]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(16, "desk-billing")


def look(client: BillingClient, customer_id: UUID) -> Customer:
    """Ask billing for all of it at once. Raises BillingError."""

    def ask(method: Callable[[UUID], Answer]) -> Any:
        return _threads().submit(method, customer_id)

    asked = [
        ask(client.customer),
        ask(client.debts),
        ask(client.agreements),
        ask(client.charges),
        ask(lambda id_: _if_known(lambda: client.promises(id_).promises)),
        ask(lambda id_: _if_known(lambda: client.disputes(id_).disputes)),
        ask(lambda id_: _if_known(lambda: client.proposals(id_))),
        ask(lambda id_: _if_known(lambda: client.documents(id_))),
    ]
    return Customer(*(future.result() for future in asked))


def _if_known(ask: Callable[[], list[Answer]]) -> list[Answer]:
    """What a billing backend answers that may know none of this."""
    try:
        return ask()
    except BillingRefused:
        return []


def learnt(session: Session, conversation: Conversation) -> dict[str, Any]:
    """What the bot knew after the last turn it answered: reason, what they can pay, how it ended.

    Of somebody not confirmed nothing is known.
    """
    query = (
        select(Turn.heard)
        .where(Turn.conversation_id == conversation.id, Turn.heard.is_not(None))
        .order_by(Turn.created_at.desc())
        .limit(1)
    )
    return session.scalar(query) or {}


def remember(session: Session, conversation_id: UUID, details: CustomerDetails) -> None:
    """Keep of a customer what the queue shows."""
    known = {
        "customer_id": details.id,
        "name": details.name,
        "document_end": details.document[-4:],
    }
    row = insert(Person).values(conversation_id=conversation_id, **known)
    session.execute(row.on_conflict_do_update(index_elements=["conversation_id"], set_=known))


def get_to_know() -> None:
    """Look up whoever was confirmed since the last time."""
    with db.transaction() as session:
        unknown = session.scalars(_UNKNOWN).all()
    for conversation_id in unknown:
        with db.transaction() as session:
            conversation = session.get_one(Conversation, conversation_id)
            if conversation.customer_id is None:
                continue
            try:
                remember(session, conversation_id, get_client().customer(conversation.customer_id))
            except BillingError:
                continue
