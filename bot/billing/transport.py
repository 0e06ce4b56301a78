"""How the client talks to billing over HTTP: deadlines, one repetition, refusals.

Every call ends within 10 seconds. A call that got no answer is repeated once, which is safe:
reading changes nothing, and writing carries an idempotency key.
"""

import time
from copy import copy
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import requests
from pydantic import BaseModel, ValidationError

from bot.billing.actors import HEADER, Actor
from bot.billing.errors import BillingRefused, BillingUnavailable, ChargePending

CONNECT_SECONDS = 1.0
READ_SECONDS = 4.0
ISSUE_SECONDS = 8.0
"""For what waits for the bank, and is not repeated after such a wait."""
ATTEMPTS = 2

Answer = TypeVar("Answer", bound=BaseModel)


class Transport:
    """Billing's API at `base_url`. Safe to share between threads.

    Every method raises `BillingUnavailable` when there is no usable answer and
    `BillingRefused`, with its stable `code`, when billing says no.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._headers = {"Authorization": f"Bearer {token}"}
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=64))

    def acting_for(self, actor: Actor) -> Self:
        """Return this client asking in the name of somebody else than the bot.

        Their authority decides what `offers` may grant.
        """
        other = copy(self)
        other._headers = {**self._headers, HEADER: str(actor)}
        return other

    def _get(self, path: str, shape: type[Answer]) -> Answer:
        return _read(self._call("GET", path), shape)

    def _post(
        self,
        path: str,
        body: BaseModel,
        shape: type[Answer],
        idempotency_key: str | None = None,
        read_seconds: float | None = None,
    ) -> Answer:
        return self._send("POST", path, body, shape, idempotency_key, read_seconds)

    def _send(
        self,
        method: str,
        path: str,
        body: BaseModel,
        shape: type[Answer],
        idempotency_key: str | None,
        read_seconds: float | None = None,
    ) -> Answer:
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        data = body.model_dump_json(exclude_unset=method == "PATCH").encode()
        answer = self._call(method, path, read_seconds=read_seconds, data=data, headers=headers)
        return _read(answer, shape)

    def _hand_over(
        self, path: str, body: bytes, headers: dict[str, str], shape: type[Answer]
    ) -> Answer:
        """Post what is not ours byte for byte."""
        return _read(self._call("POST", path, data=body, headers=headers), shape)

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        started = time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._call_once(method, path, **options)
            except BillingUnavailable:
                slow = time.monotonic() - started > CONNECT_SECONDS + READ_SECONDS
                if attempt == ATTEMPTS or slow:
                    raise
        raise AssertionError("unreachable")

    def _call_once(
        self, method: str, path: str, read_seconds: float | None = None, **options: Any
    ) -> requests.Response:
        url, read_seconds = self._base_url + path, read_seconds or READ_SECONDS
        options["headers"] = {**self._headers, **options.get("headers", {})}
        try:
            response = self._session.request(
                method, url, timeout=(CONNECT_SECONDS, read_seconds), **options
            )
        except requests.RequestException as error:
            raise BillingUnavailable(f"{method} {url}: {type(error).__name__}") from error
        if response.ok:
            return response
        refusal = _refusal(response)
        if response.status_code >= 500 and refusal.code != ChargePending.code:
            raise BillingUnavailable(f"{method} {url}: answered {response.status_code}")
        raise refusal


def checked(shape: type[Answer], **fields: Any) -> Answer:
    try:
        return shape(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BillingRefused(
            f"{field}: {first['msg']}", code="invalid_request", status=422
        ) from error


def query_string(shape: type[Answer], fields: dict[str, Any]) -> str:
    """Return checked `fields` as a query string."""
    return urlencode(checked(shape, **fields).model_dump(mode="json", exclude_none=True))


def _read(response: requests.Response, shape: type[Answer]) -> Answer:
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        raise BillingUnavailable(
            f"{response.url}: the answer is not a {shape.__name__}: {error.errors()[0]['msg']}"
        ) from error


def _refusal(response: requests.Response) -> BillingRefused:
    try:
        problem = response.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        code, detail = f"http_{response.status_code}", response.text[:200]
    return BillingRefused(detail, code=code, status=response.status_code)
