"""Errors as the API answers them: RFC 9457 problem details with a stable `code`."""

from http import HTTPStatus

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.billing.errors import BillingRefused
from bot.billing.shapes import Problem

log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = "5"


def register(app: APIFlask) -> None:
    """Make every error of `app` a problem."""
    app.error_processor(_http_error)
    app.register_error_handler(BillingRefused, _refusal)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(PoolTimeout, _database_down)
    app.register_error_handler(Exception, _unexpected)


def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return a problem as an HTTP response."""
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, problem.status, headers, content_type=PROBLEM_JSON)


def _refusal(error: BillingRefused) -> Response:
    problem = Problem(title=error.title, status=error.status, code=error.code, detail=error.detail)
    return answer(problem, {"Retry-After": RETRY_SECONDS} if error.status == 503 else None)


def _http_error(error: HTTPError) -> Response:
    """Answer what the framework refuses: validation, unknown paths, missing token, size."""
    status = HTTPStatus(error.status_code)
    fields = _fields(error)
    code = "invalid_request" if fields else status.phrase.lower().replace(" ", "_")
    problem = Problem(
        title=status.phrase,
        status=status,
        code=code,
        detail=error.message or status.description or status.phrase,
        errors=fields or None,
    )
    return answer(
        problem,
        {name: value for name, value in dict(error.headers).items() if isinstance(value, str)},
    )


def _fields(error: HTTPError) -> dict[str, list[str]]:
    """Flatten what APIFlask found wrong, by location and field, to one level."""
    detail = error.detail if isinstance(error.detail, dict) else {}
    return {
        f"{location}.{field}": [str(message) for message in messages]
        for location, fields in detail.items()
        for field, messages in fields.items()
    }


def _database_down(error: Exception) -> Response:
    log.error("database unreachable", error=type(error).__name__)
    return answer(
        Problem(
            title="Unavailable",
            status=503,
            code="database_unreachable",
            detail="The database cannot be reached. Try again.",
        ),
        {"Retry-After": RETRY_SECONDS},
    )


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    return answer(
        Problem(
            title="Internal error",
            status=500,
            code="internal_error",
            detail="Something unexpected happened; it is in the log.",
        )
    )
