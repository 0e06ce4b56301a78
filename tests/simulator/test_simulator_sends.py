"""What the business may send, what it is answered, and what becomes of it: as at Meta."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from tests.simulator.running import (
    MARIA,
    Running,
    buttons,
    link_button,
    listing,
    template,
    text,
    wait_for,
)

Json = dict[str, Any]

ROWS = [{"id": f"r{n}", "title": f"Opção {n}"} for n in range(11)]


def test_an_accepted_send_is_answered_with_its_id(open_window: Running) -> None:
    """messaging_product, contacts, messages."""
    answer = open_window.send(text("Olá")).json()
    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"] == [
        {"input": MARIA, "user_id": "BR.1000000000000101", "wa_id": MARIA}
    ]
    [message] = answer["messages"]
    assert message["id"].startswith("wamid.")


def test_statuses_follow_with_the_callback_data(open_window: Running) -> None:
    """sent, delivered, and read once the customer opens the chat."""
    wamid = open_window.sent(text("Olá"), biz_opaque_callback_data="outbox-7")
    open_window.wait_for_status(wamid, "delivered")
    open_window.post(f"/customers/{MARIA}/read")
    wait_for(lambda: len(open_window.receiver.statuses()) == 3, "three statuses")
    statuses = open_window.receiver.statuses()
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    for status in statuses:
        assert status["id"] == wamid
        assert status["recipient_id"] == MARIA
        assert status["biz_opaque_callback_data"] == "outbox-7"
        assert isinstance(status["timestamp"], str)
    assert statuses[0]["pricing"]["category"] == "service"


@pytest.mark.parametrize("to", ["5511987654321", "+55 11 98765-4321", "551187654321"])
def test_a_phone_is_found_however_it_is_written(open_window: Running, to: str) -> None:
    """Punctuation or a missing ninth digit do not matter."""
    assert open_window.send(text("oi"), to).json()["contacts"][0]["wa_id"] == MARIA


def test_a_username_is_reached_by_its_user_id(simulator: Running) -> None:
    """`recipient` instead of `to`; no wa_id comes back."""
    simulator.inbound("bia", type="text", text="oi")
    answer = simulator.request(
        messaging_product="whatsapp", recipient="BR.1000000000000108", **text("oi")
    ).json()
    assert "wa_id" not in answer["contacts"][0]
    wait_for(simulator.receiver.statuses, "status")
    assert "recipient_id" not in simulator.receiver.statuses()[0]


@pytest.mark.parametrize(
    "content",
    [
        text("a" * 4096),
        buttons("a" * 20, "b" * 20, "c" * 20, body="d" * 1024),
        listing(*ROWS[:10], body="d" * 1024),
        listing({"id": "i" * 200, "title": "t" * 24, "description": "d" * 72}),
        link_button("a" * 20),
        template("p" * 1024, buttons=10),
    ],
    ids=["text", "buttons", "list", "row", "link", "template"],
)
def test_what_just_fits_is_accepted(open_window: Running, content: Json) -> None:
    """The limits themselves are allowed."""
    assert open_window.send(content).status_code == 200


@pytest.mark.parametrize(
    ("content", "code", "details"),
    [
        (text("a" * 4097), 100, "4096"),
        (text("  "), 100, "non-empty"),
        ({"type": "text", "text": {"preview_url": True}}, 131008, "body"),
        ({"type": "text"}, 131008, "text"),
        ({"type": "carta", "carta": {}}, 100, "Param type"),
        (buttons("a" * 21), 131009, "Max length: 20"),
        (buttons("a", "b", "c", "d"), 131009, "Max allowed buttons: 3"),
        (buttons("Sim", "Sim"), 131009, "Duplicated button title"),
        (buttons("Sim", body="d" * 1025), 131009, "Max length: 1024"),
        (listing(*ROWS), 131009, "Total row count exceed max allowed count: 10"),
        (listing({"id": "1", "title": "t" * 25}), 131009, "Row title"),
        (listing({"id": "i" * 201, "title": "t"}), 131009, "Row id"),
        (listing({"id": "1", "title": "t", "description": "d" * 73}), 131009, "Row description"),
        (listing(ROWS[0], ROWS[0]), 131009, "Duplicated row id"),
        (link_button("a" * 21), 131009, "Display text"),
        (link_button(url="loja.example"), 131009, "http"),
        (template("p" * 1025), 131009, "1024"),
        (template("duas\nlinhas"), 132018, "new-line"),
        (template(buttons=11), 131009, "Button index"),
        ({"type": "document", "document": {}}, 131008, "document"),
        ({"type": "document", "document": {"link": "ftp://a"}}, 131009, "http"),
        ({"type": "image", "image": {"id": "404"}}, 100, "does not exist"),
        (
            {"type": "document", "document": {"link": "https://a.b/c", "caption": "c" * 1025}},
            131009,
            "Caption",
        ),
        ({**text("oi"), "biz_opaque_callback_data": "x" * 513}, 100, "512"),
        ({**text("oi"), "to": "maria"}, 131009, "to"),
        ({**text("oi"), "to": ""}, 100, "The parameter to"),
        ({**text("oi"), "messaging_product": "sms"}, 100, "messaging_product"),
    ],
)
def test_what_breaks_a_limit_is_refused_as_meta_does(
    open_window: Running, content: Json, code: int, details: str
) -> None:
    """An error with code, details, type and trace id; nothing reaches the phone."""
    request = {"messaging_product": "whatsapp", "to": MARIA, **content}
    response = open_window.request(**request)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == code
    assert error["message"].startswith(f"(#{code})")
    assert error["type"] == "OAuthException"
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert details in error["error_data"]["details"]
    assert error["fbtrace_id"]
    assert [m["from"] for m in open_window.chat()] == ["customer"]


def test_headers_and_footers_have_limits(open_window: Running) -> None:
    """60 characters each."""
    for part in ("header", "footer"):
        content = buttons("Sim")
        content["interactive"][part] = {"type": "text", "text": "a" * 61}
        assert open_window.send(content).json()["error"]["code"] == 131009
        content["interactive"][part]["text"] = "a" * 60
        assert open_window.send(content).status_code == 200


def test_a_list_of_several_sections_needs_titles(open_window: Running) -> None:
    """Meta refuses untitled sections unless there is only one."""
    content = listing(ROWS[0])
    content["interactive"]["action"]["sections"].append({"rows": [ROWS[1]]})
    assert open_window.send(content).json()["error"]["code"] == 131008


def test_a_wrong_token_is_190(simulator: Running) -> None:
    """401, before anything else is looked at."""
    simulator.headers = {"Authorization": "Bearer wrong"}
    response = simulator.send(text("oi"))
    assert response.status_code == 401
    assert response.json()["error"]["code"] == 190


def test_another_business_number_is_unknown(simulator: Running) -> None:
    """The phone number id in the path must be ours."""
    url = f"{simulator.url}/v26.0/999/messages"
    response = requests.post(url, json={}, headers=simulator.headers, timeout=5)
    assert response.json()["error"]["code"] == 100


def test_what_is_not_json_is_refused(simulator: Running) -> None:
    """Code 100, not a stack trace."""
    url = f"{simulator.api}/messages"
    response = requests.post(url, data=b"{", headers=simulator.headers, timeout=5)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == 100


def test_nobody_has_this_number(simulator: Running) -> None:
    """131026."""
    assert simulator.send(text("oi"), "5511900000000").json()["error"]["code"] == 131026


def test_outside_the_window_a_text_is_accepted_and_fails(open_window: Running) -> None:
    """131047 comes by webhook, as at Meta; the phone shows nothing."""
    open_window.post(f"/customers/{MARIA}/actions", action="close_window")
    wamid = open_window.sent(text("Olá"), biz_opaque_callback_data="outbox-1")
    [status] = wait_for(open_window.receiver.statuses, "status")
    assert (status["id"], status["status"]) == (wamid, "failed")
    assert status["biz_opaque_callback_data"] == "outbox-1"
    [error] = status["errors"]
    assert error["code"] == 131047
    assert "24 hours" in error["error_data"]["details"]
    assert not open_window.message(wamid)["visible"]


def test_outside_the_window_a_template_is_delivered(simulator: Running) -> None:
    """It does not open the window."""
    answer = simulator.send(template("Maria")).json()
    [message] = answer["messages"]
    assert message["message_status"] == "accepted"
    simulator.wait_for_status(message["id"], "delivered")
    wamid = simulator.sent(text("oi"))
    simulator.wait_for_status(wamid, "failed")


def test_a_message_of_the_customer_opens_the_window(open_window: Running) -> None:
    """Closed, and open again."""
    open_window.post(f"/customers/{MARIA}/actions", action="close_window")
    open_window.inbound(type="text", text="voltei")
    open_window.wait_for_status(open_window.sent(text("oi")), "delivered")


def test_marking_as_read_shows_blue_ticks_and_typing(simulator: Running) -> None:
    """On everything up to that message; the page hears of typing."""
    first = simulator.say(type="text", text="oi")["id"]
    second = simulator.say(type="text", text="tudo bem?")["id"]
    events = simulator.url + "/simulator/events"
    with requests.get(events, stream=True, timeout=10) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        next(lines)
        answer = simulator.request(
            messaging_product="whatsapp",
            status="read",
            message_id=second,
            typing_indicator={"type": "text"},
        )
        assert next(line for line in lines if line == "event: typing")
    assert answer.json() == {"success": True}
    assert simulator.message(first)["status"] == "read"
    assert simulator.message(second)["status"] == "read"


def test_only_a_message_of_a_customer_can_be_read(simulator: Running) -> None:
    """131009 for an id nobody has."""
    answer = simulator.request(messaging_product="whatsapp", status="read", message_id="wamid.x")
    assert answer.json()["error"]["code"] == 131009


def test_the_business_reacts(open_window: Running) -> None:
    """The reaction is on the customer's message, without a bubble of its own."""
    [message] = open_window.chat()
    reaction = {"type": "reaction", "reaction": {"message_id": message["id"], "emoji": "👍"}}
    wamid = open_window.sent(reaction)
    assert open_window.message(message["id"])["reactions"] == {"business": "👍"}
    assert not open_window.message(wamid)["visible"]


def test_a_file_is_uploaded_sent_and_shown(open_window: Running) -> None:
    """Upload, id, document, the file on the phone."""
    response = requests.post(
        f"{open_window.api}/media",
        data={"messaging_product": "whatsapp", "type": "application/pdf"},
        files={"file": ("boleto.pdf", b"%PDF-1.7", "application/pdf")},
        headers=open_window.headers,
        timeout=5,
    )
    document = {"id": response.json()["id"], "filename": "boleto.pdf"}
    wamid = open_window.sent({"type": "document", "document": document})
    open_window.wait_for_status(wamid, "delivered")
    shown = requests.get(f"{open_window.url}/simulator/media/{document['id']}", timeout=5)
    assert shown.content == b"%PDF-1.7"
    assert shown.headers["Content-Type"] == "application/pdf"


def test_an_image_must_be_a_picture_of_at_most_five_megabytes(open_window: Running) -> None:
    """131053, at upload or when it is sent as what it is not."""
    too_big = _upload(open_window, b"x" * (5 * 1024 * 1024 + 1), "image/png")
    assert too_big.json()["error"]["code"] == 131053
    pdf = _upload(open_window, b"%PDF", "application/pdf").json()["id"]
    refused = open_window.send({"type": "image", "image": {"id": pdf}})
    assert refused.json()["error"]["code"] == 131053


def test_a_linked_document_is_downloaded(open_window: Running, files: str) -> None:
    """Meta fetches it; the phone has its size."""
    document = {"link": f"{files}/boleto.pdf", "filename": "boleto.pdf"}
    wamid = open_window.sent({"type": "document", "document": document})
    message = open_window.wait_for_status(wamid, "delivered")
    assert message["content"]["file_size"] == len(b"%PDF")


def test_a_link_that_does_not_answer_fails_the_message(open_window: Running, files: str) -> None:
    """131053 by webhook."""
    document = {"link": f"{files}/nada.pdf", "filename": "boleto.pdf"}
    wamid = open_window.sent({"type": "document", "document": document})
    message = open_window.wait_for_status(wamid, "failed")
    assert message["statuses"][0]["error"]["code"] == 131053
    assert "404" in message["statuses"][0]["error"]["error_data"]["details"]


@pytest.fixture
def files() -> Iterator[str]:
    """The base URL of a server with one file, `boleto.pdf`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/boleto.pdf" else 404)
            self.send_header("Content-Type", "application/pdf")
            self.end_headers()
            self.wfile.write(b"%PDF")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _upload(simulator: Running, data: bytes, mime_type: str) -> requests.Response:
    return requests.post(
        f"{simulator.api}/media",
        data={"messaging_product": "whatsapp", "type": mime_type},
        files={"file": ("arquivo", data, mime_type)},
        headers=simulator.headers,
        timeout=5,
    )
