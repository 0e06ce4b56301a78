"""Promises over HTTP."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from bot.billing.http import (
    IdempotencyHeaders,
    billing_context,
    once_per_key,
    require_token,
)
from bot.billing.promises import service
from bot.billing.promises.shapes import Promise, PromiseRequest, Promises
from bot.billing.shapes import Nothing, PageQuery
from bot.db import transaction

promises_api = APIBlueprint("promises", __name__, tag="promises")
promises_api.before_request(require_token)


@promises_api.post("/customers/<uuid:customer_id>/promises")
@promises_api.input(PromiseRequest, arg_name="body")
@promises_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@promises_api.output(Promise, status_code=201)
def post_promise(customer_id: UUID, body: PromiseRequest, headers: IdempotencyHeaders) -> Any:
    """Write down on which day somebody will pay; the promise before it is replaced."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (201, service.promise(session, context, customer_id, body)),
    )


@promises_api.get("/customers/<uuid:customer_id>/promises")
@promises_api.input(PageQuery, location="query", arg_name="query")
@promises_api.output(Promises)
def get_promises(customer_id: UUID, query: PageQuery) -> Promises:
    """List promises, newest first, and until when one can be made."""
    with transaction() as session:
        found = service.promises_of(session, customer_id, query.cursor, query.limit)
        return Promises(
            promises=[service.to_promise(session, row) for row in found.rows],
            latest_date=service.latest_date(billing_context()),
            next_cursor=found.next_cursor,
        )


@promises_api.post("/customers/<uuid:customer_id>/promises/<uuid:promise_id>/cancellation")
@promises_api.input(Nothing, arg_name="body")
@promises_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@promises_api.output(Promise)
def post_promise_cancellation(
    customer_id: UUID, promise_id: UUID, body: Nothing, headers: IdempotencyHeaders
) -> Any:
    """Take an open promise back."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (200, service.cancel(session, context, customer_id, promise_id)),
    )
