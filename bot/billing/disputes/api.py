"""Disputes over HTTP."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from bot.billing.disputes import service
from bot.billing.disputes.models import DisputeRow
from bot.billing.disputes.shapes import (
    Dispute,
    DisputeDecision,
    DisputeQuery,
    DisputeRequest,
    Disputes,
)
from bot.billing.http import IdempotencyHeaders, once_per_key, require_token
from bot.billing.pagination import Page
from bot.billing.shapes import PageQuery
from bot.db import transaction

disputes_api = APIBlueprint("disputes", __name__, tag="disputes")
disputes_api.before_request(require_token)


@disputes_api.get("/disputes")
@disputes_api.input(DisputeQuery, location="query", arg_name="query")
@disputes_api.output(Disputes)
def get_all_disputes(query: DisputeQuery) -> Disputes:
    """List everybody's disputes, those that must be answered soonest first."""
    with transaction() as session:
        found = service.all_disputes(session, query.status, query.cursor, query.limit)
        return _answer(session, found)


@disputes_api.post("/customers/<uuid:customer_id>/disputes")
@disputes_api.input(DisputeRequest, arg_name="body")
@disputes_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@disputes_api.output(Dispute, status_code=201)
def post_dispute(customer_id: UUID, body: DisputeRequest, headers: IdempotencyHeaders) -> Any:
    """Stop collecting what somebody says is wrong, until a person has answered."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (201, service.open_dispute(session, context, customer_id, body)),
    )


@disputes_api.get("/customers/<uuid:customer_id>/disputes")
@disputes_api.input(PageQuery, location="query", arg_name="query")
@disputes_api.output(Disputes)
def get_disputes(customer_id: UUID, query: PageQuery) -> Disputes:
    """List a customer's disputes, newest first."""
    with transaction() as session:
        found = service.disputes_of(session, customer_id, query.cursor, query.limit)
        return _answer(session, found)


@disputes_api.get("/customers/<uuid:customer_id>/disputes/<uuid:dispute_id>")
@disputes_api.output(Dispute)
def get_dispute(customer_id: UUID, dispute_id: UUID) -> Dispute:
    """Show a dispute."""
    with transaction() as session:
        return service.to_dispute(session, service.get_dispute(session, customer_id, dispute_id))


@disputes_api.post("/customers/<uuid:customer_id>/disputes/<uuid:dispute_id>/decision")
@disputes_api.input(DisputeDecision, arg_name="body")
@disputes_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@disputes_api.output(Dispute)
def post_dispute_decision(
    customer_id: UUID, dispute_id: UUID, body: DisputeDecision, headers: IdempotencyHeaders
) -> Any:
    """End a dispute: cancel or correct its invoices, or give them back as they were."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            service.decide(session, context, customer_id, dispute_id, body),
        ),
    )


def _answer(session: Session, found: Page[DisputeRow]) -> Disputes:
    disputes = [service.to_dispute(session, row) for row in found.rows]
    return Disputes(disputes=disputes, next_cursor=found.next_cursor)
