"""Sending: accepted, refused with Meta's reason, or *we don't know*; never an exception."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from pydantic import SecretStr
from werkzeug.serving import make_server

from bot.settings import DEMO_SECRETS, Settings
from bot.simulator.app import create_app
from bot.simulator.business_side import Pace
from bot.whatsapp import client
from bot.whatsapp.client import Accepted, Refused, Result, Unknown, WhatsApp
from bot.whatsapp.content import Choice, Say, fit, template
from tests.whatsapp.edge import MARIA, MARIA_ID, NUMBER, Json
from tests.whatsapp.fake import FakeWhatsApp

TO = {"to": MARIA}
HELLO = {"type": "text", "text": {"body": "Olá, Maria"}}
TAKEN: Json = {"messages": [{"id": "wamid.taken"}]}
REFUSAL: Json = {
    "error": {
        "message": "(#131026) Message undeliverable",
        "code": 131026,
        "error_data": {"details": "Not on WhatsApp"},
    }
}
Answer = Callable[[BaseHTTPRequestHandler], None]


class QuietServer(ThreadingHTTPServer):
    """Says nothing when a connection breaks, which here is on purpose."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Graph:
    """A Graph API that answers what it is told and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Answer = says(200, TAKEN)
        self.requests: list[tuple[str, dict[str, str], Json]] = []
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        graph = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                graph.requests.append((self.path, dict(self.headers), json.loads(body)))
                graph.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def says(http_status: int, answer: Any, **headers: str) -> Answer:
    """Answer with JSON, or with bytes as they are."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(http_status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def stays_silent(handler: BaseHTTPRequestHandler) -> None:
    """Take the message and say nothing."""
    time.sleep(0.8)
    handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Close before a word of the answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def resets(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection, not close it."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def drops_mid_answer(handler: BaseHTTPRequestHandler) -> None:
    """Promise 500 bytes, give ten, hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"messages')
    handler.wfile.flush()
    hangs_up(handler)


def stalls_mid_answer(handler: BaseHTTPRequestHandler) -> None:
    """Promise 500 bytes, give ten, and nothing more."""
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"messages')
    handler.wfile.flush()
    stays_silent(handler)


def talks_nonsense(handler: BaseHTTPRequestHandler) -> None:
    """Answer with something that is not HTTP."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A Graph API of our own."""
    graph = Graph()
    yield graph
    graph.stop()


@pytest.fixture
def whatsapp(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> WhatsApp:
    """The client, with little patience."""
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(client, "READ_SECONDS", 0.3)
    return WhatsApp(Settings(demo=True, whatsapp_api_url=graph.url))


@pytest.fixture
def simulator() -> Iterator[str]:
    """The simulator's URL; Maria has just written, so the window is open."""
    settings = Settings(demo=True, web_port=1)  # its webhooks go nowhere
    app = create_app(settings, Pace(sent=0.01, delivered=0.02, failed=0.02))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    message = {"type": "text", "text": "oi"}
    requests.post(f"{url}/simulator/customers/{MARIA}/messages", json=message, timeout=5)
    yield url
    server.shutdown()


def simulated(url: str) -> WhatsApp:
    """The client, before the simulator."""
    return WhatsApp(Settings(demo=True, whatsapp_api_url=url))


def shown(url: str) -> list[Json]:
    """What the simulator's Maria got from us."""
    answer = requests.get(f"{url}/simulator/customers/{MARIA}/messages", timeout=5)
    return [m for m in answer.json()["messages"] if m["from"] == "business"]


def test_an_accepted_message_has_metas_id(graph: Graph, whatsapp: WhatsApp) -> None:
    """200 with an id: taken, to be delivered."""
    assert whatsapp.send(TO, HELLO, "row-1") == Accepted("wamid.taken")


def test_the_request_is_what_the_cloud_api_asks_for(graph: Graph, whatsapp: WhatsApp) -> None:
    """Version, number, token, and our id to come back in every status."""
    whatsapp.send(TO, HELLO, "row-1")
    [(path, headers, body)] = graph.requests
    assert path == f"/v26.0/{NUMBER}/messages"
    assert headers["Authorization"] == f"Bearer {DEMO_SECRETS['whatsapp_access_token']}"
    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": "row-1",
        "to": MARIA,
        **HELLO,
    }


def test_a_person_without_a_phone_is_written_to_by_user_id(
    graph: Graph, whatsapp: WhatsApp
) -> None:
    """In `recipient`, with no `to` beside it."""
    whatsapp.send({"recipient": MARIA_ID}, HELLO, "row-1")
    [(_, _, body)] = graph.requests
    assert (body["recipient"], body.get("to")) == (MARIA_ID, None)


def test_a_refusal_has_metas_code_and_details(graph: Graph, whatsapp: WhatsApp) -> None:
    """What an operator reads; details say more than the message."""
    graph.answer = says(400, REFUSAL)
    assert whatsapp.send(TO, HELLO, "row-1") == Refused(131026, "Not on WhatsApp", 400)


@pytest.mark.parametrize(
    ("answer", "code", "detail"),
    [
        ({"error": {"code": 190, "message": "Token expired"}}, 190, "Token expired"),
        ({"error": {"code": 190}}, 190, "HTTP 400"),
        ({"error": {"code": "190", "error_data": "odd"}}, None, "HTTP 400"),
        ({"error": {"code": 10**12}}, None, "HTTP 400"),
        ({"error": "odd"}, None, "HTTP 400"),
        ([], None, "HTTP 400"),
        (None, None, "HTTP 400"),
        (b"<html>Bad Request</html>", None, "HTTP 400"),
        (b"", None, "HTTP 400"),
    ],
)
def test_a_refusal_with_less_in_it_is_still_a_refusal(
    graph: Graph, whatsapp: WhatsApp, answer: Any, code: int | None, detail: str
) -> None:
    """The HTTP class is always known."""
    graph.answer = says(400, answer)
    assert whatsapp.send(TO, HELLO, "row-1") == Refused(code, detail, 400)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("0", 0.0), ("", None), ("Wed, 18 Nov 2026 10:00:00 GMT", None), ("-5", None)],
)
def test_retry_after_in_seconds_is_read(
    graph: Graph, whatsapp: WhatsApp, header: str, seconds: float | None
) -> None:
    """Meta says how long to wait; anything else is no number."""
    graph.answer = says(429, {"error": {"code": 130429}}, Retry_After=header)
    assert whatsapp.send(TO, HELLO, "row-1") == Refused(130429, "HTTP 429", 429, seconds)


def test_metas_hint_that_it_will_pass_is_kept(graph: Graph, whatsapp: WhatsApp) -> None:
    """It decides about codes we do not know."""
    graph.answer = says(400, {"error": {"code": 99, "is_transient": True}})
    result = whatsapp.send(TO, HELLO, "row-1")
    assert isinstance(result, Refused)
    assert result.is_transient


def test_when_nobody_listens_it_is_refused(graph: Graph, whatsapp: WhatsApp) -> None:
    """No connection, nothing sent: it may go again."""
    graph.stop()
    result = whatsapp.send(TO, HELLO, "row-1")
    assert isinstance(result, Refused)
    assert (result.code, result.http_status) == (None, None)


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "http://[::1]:1", "http://:80"])
def test_where_nothing_can_be_reached_it_is_refused(url: str) -> None:
    """A host without a name or an address."""
    assert isinstance(simulated(url).send(TO, HELLO, "row-1"), Refused)


def test_a_connection_never_taken_up_is_refused(whatsapp: WhatsApp) -> None:
    """The time to connect ran out: nothing was written."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [_knock(address) for _ in range(4)]
        result = simulated(f"http://127.0.0.1:{address[1]}").send(TO, HELLO, "row-1")
        for knock in waiting:
            knock.close()
    assert isinstance(result, Refused)


def _knock(address: Any) -> socket.socket:
    knock = socket.socket()
    knock.setblocking(False)
    knock.connect_ex(address)
    return knock


@pytest.mark.parametrize(
    "answer",
    [stays_silent, hangs_up, resets, drops_mid_answer, stalls_mid_answer, talks_nonsense],
    ids=lambda answer: answer.__name__,
)
def test_when_the_message_left_and_no_answer_came_we_do_not_know(
    graph: Graph, whatsapp: WhatsApp, answer: Answer
) -> None:
    """It may have been taken: asked once, not again."""
    graph.answer = answer
    assert isinstance(whatsapp.send(TO, HELLO, "row-1"), Unknown)
    assert len(graph.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        "ok",
        {"messages": []},
        {"messages": {}},
        {"messages": [{}]},
        {"messages": [{"id": None}]},
        {"messages": [{"id": ""}]},
        {"messages": "x"},
        b"",
        b"<html>",
        b"[" * 100_000,
        b"\xff",
    ],
    ids=lambda answer: str(answer)[:30],
)
def test_a_yes_without_an_id_is_unknown(graph: Graph, whatsapp: WhatsApp, answer: Any) -> None:
    """Something said 200 that we do not understand."""
    graph.answer = says(200, answer)
    assert isinstance(whatsapp.send(TO, HELLO, "row-1"), Unknown)


@pytest.mark.parametrize("http_status", [502, 504])
def test_an_error_of_a_gateway_is_unknown(
    graph: Graph, whatsapp: WhatsApp, http_status: int
) -> None:
    """What stood behind it may have taken the message."""
    graph.answer = says(http_status, b"<html>Bad gateway</html>")
    assert isinstance(whatsapp.send(TO, HELLO, "row-1"), Unknown)


@pytest.mark.parametrize("http_status", [201, 204, 301, 307, 401, 404, 429, 500, 503, 599])
@pytest.mark.parametrize("answer", [b"", b"\x00", b"{", TAKEN, REFUSAL, [[]], 7])
def test_no_answer_makes_sending_fail(
    graph: Graph, whatsapp: WhatsApp, http_status: int, answer: Any
) -> None:
    """Whatever Meta or something between us says: a result."""
    graph.answer = says(http_status, answer, Retry_After="²")
    assert isinstance(whatsapp.send(TO, HELLO, "row-1"), Accepted | Refused | Unknown)


@pytest.mark.parametrize("answer", [says(500, b""), hangs_up, stays_silent, says(200, b"{")])
def test_marking_as_read_never_fails(graph: Graph, whatsapp: WhatsApp, answer: Answer) -> None:
    """A courtesy."""
    graph.answer = answer
    whatsapp.mark_read("wamid.1", is_typing=True)
    [(_, _, body)] = graph.requests
    assert body == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }


class AtGraph:
    """The contract's other side: our own Graph API."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.whatsapp: WhatsApp = simulated(self.graph.url)

    def refuse_next(self, code: int, details: str) -> None:
        error = {"code": code, "error_data": {"details": details}}
        self.graph.answer = says(400, {"error": error})

    def stop(self) -> None:
        self.graph.stop()


class AtFake:
    """The contract's other side: the fake other tests use."""

    def __init__(self) -> None:
        self.whatsapp: WhatsApp = FakeWhatsApp()

    def refuse_next(self, code: int, details: str) -> None:
        assert isinstance(self.whatsapp, FakeWhatsApp)
        self.whatsapp.answers.append(Refused(code, details, 400))

    def stop(self) -> None:
        pass


class AtSimulator:
    """The contract's other side: the simulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.whatsapp: WhatsApp = simulated(url)

    def refuse_next(self, code: int, details: str) -> None:
        fault = {"reject": {"code": code}}
        requests.post(f"{self.url}/simulator/faults", json=fault, timeout=5).raise_for_status()

    def stop(self) -> None:
        pass


@pytest.fixture(params=["graph", "simulator", "fake"])
def other_side(request: pytest.FixtureRequest) -> Iterator[AtGraph | AtSimulator | AtFake]:
    """Whoever takes what we send."""
    side: AtGraph | AtSimulator | AtFake
    if request.param == "simulator":
        side = AtSimulator(request.getfixturevalue("simulator"))
    else:
        side = AtGraph() if request.param == "graph" else AtFake()
    yield side
    side.stop()


def test_everyone_who_takes_messages_keeps_one_contract(
    other_side: AtGraph | AtSimulator | AtFake,
) -> None:
    """Accepted with an id; refused with the code and a reason."""
    accepted = other_side.whatsapp.send(TO, HELLO, "row-1")
    other_side.refuse_next(131026, "Not on WhatsApp")
    refused = other_side.whatsapp.send(TO, HELLO, "row-2")
    assert isinstance(accepted, Accepted)
    assert accepted.wamid
    assert isinstance(refused, Refused)
    assert (refused.code, refused.http_status) == (131026, 400)
    assert refused.detail


def choices(count: int) -> tuple[Choice, ...]:
    """So many things to tap."""
    return tuple(Choice(f"id{n}", f"Opção {n}") for n in range(count))


@pytest.mark.parametrize(
    ("kind", "say"),
    [
        ("text", Say("Olá, Maria. Tudo bem?")),
        ("interactive", Say("Como prefere?", choices=choices(3))),
        ("interactive", Say("Como prefere?", choices=choices(10))),
        ("interactive", Say("Pronto.", link=("Ver boleto", "https://loja.example/p/1"))),
        ("document", Say("Segue.", document=("boleto.pdf", "https://loja.example/p/1.pdf"))),
        ("document", Say("", document=("boleto.pdf", "https://loja.example/p/1.pdf"))),
    ],
    ids=["text", "buttons", "list", "cta_url", "document", "bare document"],
)
def test_the_simulator_takes_all_we_can_say(simulator: str, kind: str, say: Say) -> None:
    """And shows it with our id on it."""
    results = [simulated(simulator).send(TO, content, "row-1") for content in fit(say)]
    assert [type(result) for result in results] == [Accepted]
    assert [(m["type"], m["callback"]) for m in shown(simulator)] == [(kind, "row-1")]


def test_the_simulator_takes_a_template(simulator: str) -> None:
    """All that may be sent when the window is closed."""
    content = template("aviso_de_conta", "pt_BR", ["Maria", "R$ 99,90"])
    assert isinstance(simulated(simulator).send(TO, content, "row-1"), Accepted)


def test_the_simulator_takes_pages_and_long_texts(simulator: str) -> None:
    """Every part of what had to be split."""
    whatsapp = simulated(simulator)
    parts = [
        *fit(Say("Uma frase inteira. " * 500)),
        *fit(Say("Como prefere? " * 200, choices=choices(25))),
    ]
    results: list[Result] = [whatsapp.send(TO, content, "row-1") for content in parts]
    assert {type(result) for result in results} == {Accepted}
    assert len(shown(simulator)) == len(parts)


def test_the_simulator_shows_what_we_have_read(simulator: str) -> None:
    """Blue ticks on the customer's message."""
    url = f"{simulator}/simulator/customers/{MARIA}/messages"
    theirs = requests.get(url, timeout=5).json()["messages"][0]
    simulated(simulator).mark_read(theirs["id"], is_typing=True)
    assert requests.get(url, timeout=5).json()["messages"][0]["status"] == "read"


def test_the_simulator_refuses_another_token(simulator: str) -> None:
    """190, as Meta does."""
    token = SecretStr("another token")
    other = Settings(demo=True, whatsapp_api_url=simulator, whatsapp_access_token=token)
    result = WhatsApp(other).send(TO, HELLO, "row-1")
    assert isinstance(result, Refused)
    assert result.code == 190
