"""What the business receives when customers use their phones: Meta's contract, byte for byte."""

import json
from typing import Any

import pytest
import requests

from bot.settings import DEMO_SECRETS
from tests.simulator.running import (
    MARIA,
    Receiver,
    Running,
    buttons,
    is_signed,
    listing,
    template,
    text,
    wait_for,
)

Json = dict[str, Any]


def test_a_webhook_is_signed_over_its_raw_bytes(simulator: Running) -> None:
    """HMAC-SHA256 with the app secret, as Meta's."""
    simulator.inbound(type="text", text="Olá")
    [(headers, body)] = simulator.receiver.posts
    assert is_signed(headers, body)
    assert not is_signed(headers, body + b" ")


def test_what_is_not_ascii_is_escaped(simulator: Running) -> None:
    """Meta sends `\\uXXXX`, so a re-serialised body would not verify."""
    simulator.inbound(type="text", text="Promoção 👍")
    [(_, body)] = simulator.receiver.posts
    assert body.isascii()
    assert rb"Promo\u00e7\u00e3o \ud83d\udc4d" in body


def test_the_envelope_is_metas(simulator: Running) -> None:
    """object, entry, changes, field, metadata, contacts."""
    sent = simulator.say(type="text", text="oi")
    simulator.received(sent["id"])
    [body] = simulator.receiver.bodies()
    assert body["object"] == "whatsapp_business_account"
    [entry] = body["entry"]
    [change] = entry["changes"]
    value = change["value"]
    assert change["field"] == "messages"
    assert value["messaging_product"] == "whatsapp"
    assert value["metadata"] == {
        "display_phone_number": "551932001000",
        "phone_number_id": DEMO_SECRETS["whatsapp_phone_number_id"],
    }
    assert value["contacts"] == [
        {"profile": {"name": "Maria Souza"}, "user_id": "BR.1000000000000101", "wa_id": MARIA}
    ]
    [message] = value["messages"]
    assert message == {
        "from": MARIA,
        "from_user_id": "BR.1000000000000101",
        "id": sent["id"],
        "timestamp": str(int(sent["timestamp"])),
        "type": "text",
        "text": {"body": "oi"},
    }


@pytest.mark.parametrize(
    ("request_", "wire_type", "node"),
    [
        ({"type": "text", "text": "oi"}, "text", {"body": "oi"}),
        (
            {"type": "button_reply", "id": "b1", "title": "Sim"},
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "b1", "title": "Sim"}},
        ),
        (
            {"type": "list_reply", "id": "r1", "title": "3x", "description": "de R$ 10"},
            "interactive",
            {
                "type": "list_reply",
                "list_reply": {"id": "r1", "title": "3x", "description": "de R$ 10"},
            },
        ),
        (
            {"type": "button", "payload": "stop", "text": "Parar"},
            "button",
            {"payload": "stop", "text": "Parar"},
        ),
        (
            {"type": "location", "latitude": -23.5, "longitude": -46.6, "name": "Loja"},
            "location",
            {"latitude": -23.5, "longitude": -46.6, "name": "Loja"},
        ),
        (
            {"type": "contacts", "name": "Rita Souza", "phone": "5511976540000"},
            "contacts",
            [
                {
                    "name": {"formatted_name": "Rita Souza", "first_name": "Rita"},
                    "phones": [
                        {"phone": "+5511976540000", "wa_id": "5511976540000", "type": "CELL"}
                    ],
                }
            ],
        ),
    ],
)
def test_every_type_has_its_node(
    simulator: Running, request_: Json, wire_type: str, node: Any
) -> None:
    """The node is named after the type."""
    message = simulator.inbound(**request_)
    assert message["type"] == wire_type
    assert message[wire_type] == node


def test_an_unsupported_message_has_an_error_and_no_node(simulator: Running) -> None:
    """131051 in `errors`."""
    message = simulator.inbound(type="unsupported")
    assert message["errors"][0]["code"] == 131051
    assert "unsupported" not in message


def test_any_other_type_can_be_sent_raw(simulator: Running) -> None:
    """An order, a filled form: what the simulator has no words for."""
    form = {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}', "name": "flow"}}
    message = simulator.inbound(type="raw", message={"type": "interactive", "interactive": form})
    assert message["interactive"] == form
    assert message["from"] == MARIA
    assert "raw" not in message


@pytest.mark.parametrize(
    ("kind", "mime_type", "extra"),
    [
        ("image", "image/jpeg", {"caption": "comprovante"}),
        ("document", "application/pdf", {"filename": "recibo.pdf", "caption": "recibo"}),
        ("video", "video/mp4", {"caption": "vídeo"}),
        ("audio", "audio/ogg", {}),
        ("sticker", "image/webp", {}),
    ],
)
def test_media_is_downloaded_by_its_id(
    simulator: Running, kind: str, mime_type: str, extra: Json
) -> None:
    """Id, MIME type and hash in the webhook; URL by the id; bytes with the token."""
    upload = requests.post(
        f"{simulator.url}/simulator/customers/{MARIA}/media",
        files={"file": ("arquivo.bin", b"conteudo", mime_type)},
        timeout=5,
    ).json()
    assert upload["kind"] == kind
    node = simulator.inbound(type=kind, media_id=upload["id"], **extra)[kind]
    assert node["mime_type"] == mime_type
    assert {**node, **extra} == node
    about = _get(simulator, f"{simulator.url}/v26.0/{node['id']}").json()
    assert about["sha256"] == node["sha256"]
    assert about["file_size"] == len(b"conteudo")
    assert requests.get(about["url"], timeout=5).status_code == 401
    assert _get(simulator, about["url"]).content == b"conteudo"


def test_a_media_url_expires(simulator: Running) -> None:
    """After five minutes the URL is gone, though the id lives on."""
    audio = simulator.inbound(type="voice")["audio"]
    stale = f"{simulator.url}/lookaside/{audio['id']}?expires=1"
    assert _get(simulator, stale).status_code == 404


def test_a_voice_note_is_opus_and_marked(simulator: Running) -> None:
    """`voice: true` and a file that a decoder takes."""
    audio = simulator.inbound(type="voice", seconds=2)["audio"]
    assert audio["voice"] is True
    assert audio["mime_type"] == "audio/ogg; codecs=opus"
    about = _get(simulator, f"{simulator.url}/v26.0/{audio['id']}").json()
    data = _get(simulator, about["url"]).content
    assert data.startswith(b"OggS")
    assert b"OpusHead" in data


def test_an_answer_names_what_it_answers(open_window: Running) -> None:
    """`context` with the author and the id."""
    wamid = open_window.sent(text("Qual dia?"))
    message = open_window.inbound(type="text", text="sexta", reply_to=wamid)
    assert message["context"] == {"from": "551932001000", "id": wamid}


def test_a_tap_on_a_button_is_a_button_reply(open_window: Running) -> None:
    """With the id the business gave, and the message it belongs to."""
    wamid = open_window.sent(buttons("Sim", "Não"))
    message = open_window.inbound(type="tap", title="Não")
    assert message["interactive"]["button_reply"] == {"id": "não", "title": "Não"}
    assert message["context"]["id"] == wamid


def test_a_tap_on_a_row_is_a_list_reply(open_window: Running) -> None:
    """Title and description come back."""
    row = {"id": "p3", "title": "3 parcelas", "description": "de R$ 428,13"}
    open_window.sent(listing(row))
    message = open_window.inbound(type="tap", id="p3")
    assert message["interactive"] == {"type": "list_reply", "list_reply": row}


def test_a_tap_on_a_template_is_a_button(open_window: Running) -> None:
    """Type `button` with its payload."""
    open_window.sent(template("Maria", buttons=2))
    message = open_window.inbound(type="tap", id="b1")
    assert message["button"]["payload"] == "b1"


def test_what_was_not_offered_cannot_be_tapped(open_window: Running) -> None:
    """400 that says so."""
    response = open_window.post(f"/customers/{MARIA}/messages", type="tap", id="nada")
    assert response.status_code == 400
    assert "nada" in response.json()["detail"]


def test_a_reaction_an_edit_and_a_deletion_name_their_message(simulator: Running) -> None:
    """And they show in the chat."""
    wamid = simulator.say(type="text", text="oii")["id"]
    reaction = simulator.inbound(type="reaction", message_id=wamid, emoji="👍")
    assert reaction["reaction"] == {"message_id": wamid, "emoji": "👍"}
    edit = simulator.inbound(type="edit", message_id=wamid, text="oi")
    assert edit["edit"]["original_message_id"] == wamid
    assert edit["edit"]["message"] == {"type": "text", "text": {"body": "oi"}}
    revoke = simulator.inbound(type="revoke", message_id=wamid)
    assert revoke["revoke"] == {"original_message_id": wamid}
    shown = simulator.message(wamid)
    assert shown["content"] == {"body": "oi"}
    assert shown["reactions"] == {"customer": "👍"}
    assert (shown["edited"], shown["revoked"]) == (True, True)


def test_a_removed_reaction_has_no_emoji(simulator: Running) -> None:
    """Absent, as Meta leaves it."""
    wamid = simulator.say(type="text", text="oi")["id"]
    simulator.say(type="reaction", message_id=wamid, emoji="👍")
    removal = simulator.inbound(type="reaction", message_id=wamid, emoji="")
    assert removal["reaction"] == {"message_id": wamid}
    assert simulator.message(wamid)["reactions"] == {}


def test_a_username_hides_the_phone(simulator: Running) -> None:
    """Only the business-scoped user id is there."""
    message = simulator.inbound("bia", type="text", text="oi")
    [value] = simulator.receiver.values()
    assert "from" not in message
    assert message["from_user_id"] == "BR.1000000000000108"
    [contact] = value["contacts"]
    assert contact["profile"]["username"] == "bia.rocha"
    assert "wa_id" not in contact


def test_an_old_account_has_no_ninth_digit(simulator: Running) -> None:
    """The `wa_id` of Carlos omits it; his phone with it finds him."""
    message = simulator.inbound("+55 51 99432-1098", type="text", text="oi")
    assert message["from"] == "555194321098"


def test_writing_from_a_new_phone_makes_a_customer(simulator: Running) -> None:
    """Benchmarks need as many as they like."""
    message = simulator.inbound("5561900000001", type="text", text="oi")
    assert message["from"] == "5561900000001"


def test_another_number_is_told_by_a_system_message(simulator: Running) -> None:
    """From the old number, with the new one, without contacts; the old number is nobody's."""
    simulator.post(f"/customers/{MARIA}/actions", action="change_number", phone="5511911112222")
    [message] = wait_for(simulator.receiver.messages, "webhook")
    [value] = simulator.receiver.values()
    assert "contacts" not in value
    assert message["from"] == MARIA
    system = message["system"]
    assert system["type"] == "user_changed_number"
    assert system["wa_id"] == "5511911112222"
    assert system["previous_user_id"] == "BR.1000000000000101"
    assert simulator.send(text("oi")).json()["error"]["code"] == 131026
    assert simulator.inbound("maria", type="text", text="sou eu")["from"] == "5511911112222"


@pytest.mark.parametrize(
    ("action", "value"), [("stop_marketing", "stop"), ("resume_marketing", "resume")]
)
def test_marketing_is_stopped_and_resumed(simulator: Running, action: str, value: str) -> None:
    """The `user_preferences` field; its timestamp is a number."""
    simulator.post(f"/customers/{MARIA}/actions", action=action)
    [body] = wait_for(simulator.receiver.bodies, "webhook")
    change = body["entry"][0]["changes"][0]
    assert change["field"] == "user_preferences"
    [preference] = change["value"]["user_preferences"]
    assert preference["value"] == value
    assert preference["category"] == "marketing_messages"
    assert isinstance(preference["timestamp"], int)


def test_a_refused_webhook_comes_again(simulator: Running) -> None:
    """The same bytes, until there is a 200; only then is the message delivered."""
    simulator.receiver.answers = [500]
    wamid = simulator.say(type="text", text="oi")["id"]
    wait_for(lambda: simulator.receiver.posts, "first attempt")
    assert simulator.message(wamid)["status"] == "sent"
    simulator.wait_for_status(wamid, "delivered")
    first, second = (body for _, body in simulator.receiver.posts)
    assert first == second


def test_webhooks_wait_for_a_business_that_is_down(simulator: Running) -> None:
    """Connections refused: nothing is lost."""
    port = simulator.receiver.port
    simulator.receiver.stop()
    wamids = [simulator.say(type="text", text=str(n))["id"] for n in range(3)]
    again = Receiver(port)
    try:
        wait_for(lambda: len(again.messages()) == 3, "redelivery")
        assert {message["id"] for message in again.messages()} == set(wamids)
    finally:
        again.stop()


def test_a_message_can_be_old_and_have_a_chosen_id(simulator: Running) -> None:
    """To replay what came before."""
    first = simulator.inbound(type="text", text="Aceito", id_override="wamid.X", sent_ago=7200)
    now = simulator.inbound(type="text", text="oi")
    assert first["id"] == "wamid.X"
    assert int(now["timestamp"]) - int(first["timestamp"]) >= 7200


@pytest.mark.parametrize(
    ("address", "message", "status"),
    [
        (MARIA, {"type": "dança"}, 400),
        (MARIA, {"type": "text"}, 400),
        (MARIA, {"type": "image", "media_id": "1"}, 400),
        (MARIA, {"type": "text", "text": "a", "reply_to": "wamid.none"}, 404),
        ("ninguém", {"type": "text", "text": "a"}, 404),
    ],
)
def test_an_impossible_message_is_explained(
    simulator: Running, address: str, message: Json, status: int
) -> None:
    """Problem details, and nothing is sent."""
    response = simulator.post(f"/customers/{address}/messages", **message)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"]
    assert simulator.receiver.posts == []


def test_what_happens_is_told_live(simulator: Running) -> None:
    """Server-sent events: the message and then its statuses."""
    url = f"{simulator.url}/simulator/events"
    with requests.get(url, stream=True, timeout=10) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        assert next(lines) == "retry: 1000"
        wamid = simulator.say(type="text", text="oi")["id"]
        data = next(
            line
            for line in lines
            if line.startswith("data:") and wamid in line and '"status": "delivered"' in line
        )
    assert json.loads(data.removeprefix("data: "))["customer"] == "maria"


def _get(simulator: Running, url: str) -> requests.Response:
    return requests.get(url, headers=simulator.headers, timeout=5)
