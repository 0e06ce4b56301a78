"""Subscriptions to events over HTTP."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from bot.billing.events import subscriptions
from bot.billing.events.shapes import (
    Deliveries,
    Delivery,
    DeliveryQuery,
    Subscription,
    SubscriptionRequest,
    Subscriptions,
)
from bot.billing.http import IdempotencyHeaders, once_per_key, require_token
from bot.billing.shapes import Nothing, PageQuery
from bot.db import transaction
from bot.settings import get_settings

events_api = APIBlueprint("events", __name__, tag="events")
events_api.before_request(require_token)


@events_api.post("/subscriptions")
@events_api.input(SubscriptionRequest, arg_name="body")
@events_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@events_api.output(Subscription, status_code=201)
def post_subscription(body: SubscriptionRequest, headers: IdempotencyHeaders) -> Any:
    """Register an address to which events are sent, signed with the secret."""
    settings = get_settings()
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            201,
            subscriptions.subscribe(session, context, settings, body),
        ),
    )


@events_api.get("/subscriptions")
@events_api.input(PageQuery, location="query", arg_name="query")
@events_api.output(Subscriptions)
def get_subscriptions(query: PageQuery) -> Subscriptions:
    """List the subscriptions and whether they work."""
    with transaction() as session:
        found = subscriptions.subscriptions(session, query.cursor, query.limit)
        return Subscriptions(
            subscriptions=[subscriptions.to_subscription(row) for row in found.rows],
            next_cursor=found.next_cursor,
        )


@events_api.delete("/subscriptions/<uuid:subscription_id>")
@events_api.output({}, status_code=204)
def delete_subscription(subscription_id: UUID) -> str:
    """Send nothing there any more."""
    with transaction() as session:
        subscriptions.unsubscribe(session, subscription_id)
    return ""


@events_api.post("/subscriptions/<uuid:subscription_id>/activation")
@events_api.input(Nothing, arg_name="body")
@events_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@events_api.output(Subscription)
def post_activation(subscription_id: UUID, body: Nothing, headers: IdempotencyHeaders) -> Any:
    """Switch on again what too many failures switched off; what waited is sent."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            subscriptions.activate(session, context, subscription_id),
        ),
    )


@events_api.get("/subscriptions/<uuid:subscription_id>/deliveries")
@events_api.input(DeliveryQuery, location="query", arg_name="query")
@events_api.output(Deliveries)
def get_deliveries(subscription_id: UUID, query: DeliveryQuery) -> Deliveries:
    """List what was sent to a subscription or will be, newest first."""
    with transaction() as session:
        found = subscriptions.deliveries(session, subscription_id, query)
        return Deliveries(
            deliveries=[subscriptions.to_delivery(row) for row in found.rows],
            next_cursor=found.next_cursor,
        )


@events_api.post("/subscriptions/<uuid:subscription_id>/deliveries/<uuid:delivery_id>/redelivery")
@events_api.input(Nothing, arg_name="body")
@events_api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@events_api.output(Delivery)
def post_redelivery(
    subscription_id: UUID, delivery_id: UUID, body: Nothing, headers: IdempotencyHeaders
) -> Any:
    """Send an event once more."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            subscriptions.redeliver(session, context, subscription_id, delivery_id),
        ),
    )
