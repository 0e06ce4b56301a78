"""What the views of all packages share: the token, the context, doing a thing once."""

import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, HTTPTokenAuth
from flask import current_app, request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from bot.billing import issuing
from bot.billing.context import Context
from bot.billing.idempotency import once
from bot.db import transaction

EXTENSION = "billing_context"

auth = HTTPTokenAuth(description="BILLING_TOKEN of the settings")


@auth.verify_token  # type: ignore[untyped-decorator]
def _is_ours(token: str) -> bool:
    return hmac.compare_digest(token.encode(), current_app.config["BILLING_TOKEN"].encode())


@auth.error_processor
def _unauthorized(error: Any) -> Any:
    raise error


@APIBlueprint("token", __name__).auth_required(auth)
def require_token() -> None:
    """Want the bearer token: goes before every request of a blueprint."""


class IdempotencyHeaders(BaseModel):
    """Names one thing to be done, so that repeating the request does not repeat it."""

    idempotency_key: str = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")


def billing_context() -> Context:
    """The context of the running app."""
    context: Context = current_app.extensions[EXTENSION]
    return context


def once_per_key(
    body: BaseModel,
    headers: IdempotencyHeaders,
    act: Callable[[Session, Context], tuple[int, BaseModel]],
) -> tuple[dict[str, Any], int]:
    """Do `act` once for this key, and answer the same ever after."""
    context, endpoint = billing_context(), f"{request.method} {request.path}"
    with transaction() as session:
        answer = once(
            session,
            headers.idempotency_key,
            endpoint,
            body,
            context.now(),
            lambda: act(session, context),
        )
    return answer.body, answer.status


def once_and_settle(
    customer_id: UUID,
    body: BaseModel,
    headers: IdempotencyHeaders,
    act: Callable[[Session, Context], tuple[int, BaseModel]],
    look: Callable[[Session, Context, UUID], BaseModel],
) -> tuple[BaseModel, int]:
    """Do `act` once for this key, ask the provider, and answer with how it stands then.

    Only the `id` of what `act` made is remembered: a charge that came later is in the answer.
    """
    remembered, status = once_per_key(body, headers, act)
    issuing.settle(billing_context(), customer_id)
    with transaction() as session:
        return look(session, billing_context(), UUID(remembered["id"])), status
