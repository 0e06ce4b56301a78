"""The client when billing is slow, down or broken: a clear error, soon."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest

from bot.billing import transport
from bot.billing.client import BillingClient, BillingError, BillingRefused, BillingUnavailable
from tests.billing.support import MARIA_PHONE, TOKEN, Api, key

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer) -> Iterator[tuple[BillingClient, list[str]]]:
    """A billing that gives one answer to everything, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def do_POST(self) -> None:
            asked.append(str(self.headers["Idempotency-Key"]))
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None: ...

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield BillingClient(f"http://127.0.0.1:{listening.server_port}", TOKEN), asked
    finally:
        listening.shutdown()
        listening.server_close()


def say(status: int, body: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_billing_that_is_down_is_unavailable_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()
    with pytest.raises(BillingUnavailable, match="ConnectionError"):
        BillingClient(url, TOKEN).debts(uuid4())
    assert time.monotonic() - started < 3


def test_billing_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)

    is_over = Event()

    def hang(_: BaseHTTPRequestHandler) -> None:
        is_over.wait(60)

    with server(hang) as (client, asked):
        started = time.monotonic()
        with pytest.raises(BillingUnavailable, match="ReadTimeout"):
            client.debts(uuid4())
        assert time.monotonic() - started < 30
        is_over.set()
    assert len(asked) == 2


def test_two_attempts_end_within_ten_seconds() -> None:
    longest = transport.CONNECT_SECONDS + transport.READ_SECONDS
    assert transport.ATTEMPTS * longest <= 10


def test_a_repeated_attempt_carries_the_same_idempotency_key() -> None:
    with server(say(500, b"oops")) as (client, asked), pytest.raises(BillingUnavailable):
        client.identify(MARIA_PHONE, "529", idempotency_key="the-key")
    assert asked == ["the-key", "the-key"]


def test_a_failure_that_passes_is_not_seen() -> None:
    failures = iter([say(503, b""), say(200, b'{"agreements": []}')])
    with server(lambda handler: next(failures)(handler)) as (client, asked):
        assert client.agreements(uuid4()) == []
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"customer_id": 1}', b'{"debts": []}'])
def test_an_answer_that_is_not_what_it_should_be_is_unavailable(body: bytes) -> None:
    with server(say(200, body)) as (client, _), pytest.raises(BillingUnavailable, match="Debts"):
        client.debts(uuid4())


def test_a_refusal_is_not_repeated_and_keeps_its_code() -> None:
    problem = b'{"code": "offer_expired", "detail": "too late", "status": 409}'
    with server(say(409, problem)) as (client, asked), pytest.raises(BillingRefused) as refused:
        client.debts(uuid4())
    assert (refused.value.status, refused.value.code, refused.value.detail) == (
        409,
        "offer_expired",
        "too late",
    )
    assert len(asked) == 1


def test_a_refusal_that_is_no_problem_document_still_says_its_status() -> None:
    answer = say(404, b"<html>nginx</html>")
    with server(answer) as (client, _), pytest.raises(BillingRefused, match="http_404"):
        client.debts(uuid4())


def test_a_wrong_token_is_a_refusal(api: Api, maria: UUID) -> None:
    with pytest.raises(BillingRefused) as refused:
        BillingClient(api.url, "wrong").debts(maria)
    assert (refused.value.status, refused.value.code) == (401, "unauthorized")


def test_what_could_not_be_sent_is_a_refusal_too(client: BillingClient) -> None:
    with pytest.raises(BillingRefused, match="phone"):
        client.identify("not a phone", "529", idempotency_key=key())


def test_all_errors_have_one_parent() -> None:
    assert issubclass(BillingRefused, BillingError)
    assert issubclass(BillingUnavailable, BillingError)


def test_the_client_does_not_load_the_database() -> None:
    import subprocess
    import sys

    code = (
        "import sys, bot.billing.client; "
        "sys.exit(any(name.split('.')[0] in {'sqlalchemy', 'psycopg'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
