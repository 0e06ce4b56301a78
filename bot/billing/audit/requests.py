"""The id of a request: the same in the log, in the audit and in the answer."""

import re
from uuid import uuid4

from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, get_contextvars

HEADER = "X-Request-Id"
_FORMAT = re.compile(r"[\w.-]{1,100}", re.ASCII)


def register(app: Flask) -> None:
    """Name every request of `app`, as its caller did or anew."""
    app.before_request(_name)
    app.after_request(_tell)


def _name() -> None:
    given = request.headers.get(HEADER, "")
    bind_contextvars(request_id=given if _FORMAT.fullmatch(given) else uuid4().hex)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = get_contextvars()["request_id"]
    return response
