"""The front door: only Meta comes in, and what comes in is stored before it is acknowledged."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import web
from bot.conversations import inbox
from bot.settings import DEMO_SECRETS, Settings
from bot.whatsapp import signature, webhook
from tests.whatsapp import edge
from tests.whatsapp.edge import change, count, encode, message, query, says
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database

pytestmark = pytest.mark.usefixtures("clean")

SECRET = DEMO_SECRETS["whatsapp_app_secret"]
TOKEN = DEMO_SECRETS["whatsapp_verify_token"]
PATH = "/webhooks/whatsapp"


@pytest.fixture
def meta() -> FlaskClient:
    """Meta, calling the webhook that stores in the real database."""
    app = web.create_app("web")
    app.register_blueprint(webhook.blueprint(Settings(demo=True), inbox.receive))
    return app.test_client()


@pytest.fixture
def broken_storage() -> Iterator[None]:
    """A database that refuses every message, at the end of the transaction."""
    query("""
        CREATE FUNCTION bot.refuse() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''disk full''; END';
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON bot.messages
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bot.refuse();
    """)
    yield
    query("DROP FUNCTION bot.refuse() CASCADE")


def post(meta: FlaskClient, body: bytes, header: str | None = "") -> int:
    """Post raw bytes; signed by default, with no header when that is None."""
    signed = signature.sign(body, SECRET) if header == "" else header
    headers = {signature.HEADER: signed} if signed is not None else {}
    return meta.post(PATH, data=body, headers=headers).status_code


def post_json(meta: FlaskClient, payload: Any) -> int:
    """Post a signed payload."""
    return post(meta, encode(payload))


def shake_hands(meta: FlaskClient, **values: str) -> tuple[int, str, str | None]:
    """Ask as Meta does when the URL is entered; status, body and type of the answer."""
    asked = {"mode": "subscribe", "challenge": "1158201444", "verify_token": TOKEN, **values}
    answer = meta.get(PATH, query_string={f"hub.{key}": value for key, value in asked.items()})
    return answer.status_code, answer.text, answer.mimetype


def one_text() -> bytes:
    """A webhook with one message that has an accent."""
    return encode(edge.webhook(change(messages=[says("não consigo pagar")])))


def test_the_handshake_with_our_token_gives_the_challenge_back(meta: FlaskClient) -> None:
    """Raw and as text/plain, or Meta does not accept the URL."""
    assert shake_hands(meta) == (200, "1158201444", "text/plain")


@pytest.mark.parametrize("token", ["", "guess", TOKEN.upper(), TOKEN + " ", "sénha"])
def test_the_handshake_with_another_token_is_forbidden(meta: FlaskClient, token: str) -> None:
    """Nobody else can point their app at this URL."""
    status, answer, _ = shake_hands(meta, verify_token=token)
    assert status == 403
    assert "1158201444" not in answer


def test_the_handshake_in_another_mode_is_refused(meta: FlaskClient) -> None:
    """Only a subscription is confirmed."""
    status, answer, _ = shake_hands(meta, mode="unsubscribe")
    assert status == 400
    assert "1158201444" not in answer


def test_a_handshake_without_questions_is_refused(meta: FlaskClient) -> None:
    """Somebody who opens the URL in a browser learns nothing."""
    assert meta.get(PATH).status_code == 400


def test_a_challenge_is_never_html(meta: FlaskClient) -> None:
    """What is echoed cannot run in a browser."""
    assert shake_hands(meta, challenge="<script>")[2] == "text/plain"


def test_a_signed_message_is_stored_and_wakes_its_conversation(meta: FlaskClient) -> None:
    """Raw event, message and job, in one commit."""
    body = one_text()
    assert post(meta, body) == 200
    assert query("SELECT text FROM bot.messages") == [("não consigo pagar",)]
    assert query("SELECT body FROM bot.raw_events") == [(body,)]
    jobs = query("SELECT task_name, lock FROM procrastinate.procrastinate_jobs")
    [(conversation,)] = query("SELECT id::text FROM bot.conversations")
    assert jobs == [("advance_conversation", conversation)]


def test_json_written_anew_does_not_verify(meta: FlaskClient) -> None:
    """The signature is over Meta's bytes, not over what they mean."""
    body = one_text()
    again = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert json.loads(again) == json.loads(body)
    assert post(meta, again, signature.sign(body, SECRET)) == 401
    assert count("bot.raw_events") == 0


def test_one_changed_byte_does_not_verify(meta: FlaskClient) -> None:
    """Nobody on the way changes a word."""
    body = one_text()
    changed = body.replace(b"pagar", b"Pagar")
    assert post(meta, changed, signature.sign(body, SECRET)) == 401
    assert count("bot.raw_events") == 0


def test_a_signature_by_another_secret_does_not_verify(meta: FlaskClient) -> None:
    """Another app's webhooks are not ours."""
    body = one_text()
    assert post(meta, body, signature.sign(body, "another secret")) == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        " ",
        "sha256=",
        "sha256=zz" * 32,
        "sha1=" + "0" * 40,
        "0" * 64,
        "sha256=é",
        "\xff\xfe",
        "🔑",
    ],
)
def test_a_header_that_is_no_signature_is_unauthorised(
    meta: FlaskClient, header: str | None
) -> None:
    """Missing, not hexadecimal or not ASCII: 401, never an error of ours."""
    raw = header.encode().decode("latin-1") if header else header
    assert post(meta, one_text(), raw) == 401
    assert count("bot.raw_events") == 0


def test_the_signature_is_checked_before_the_content(meta: FlaskClient) -> None:
    """Strangers learn nothing about what we can read."""
    assert post(meta, b"{", "sha256=0") == 401


def test_an_empty_body_must_be_signed_and_be_json(meta: FlaskClient) -> None:
    """No body is no update."""
    assert post(meta, b"", None) == 401
    assert post(meta, b"") == 400


def test_a_body_of_three_megabytes_is_taken(meta: FlaskClient) -> None:
    """As large as Meta's get."""
    frame = len(encode(edge.webhook(change(messages=[says("")]))))
    filler = "a" * (3 * 1024 * 1024 - frame - 20)
    assert post_json(meta, edge.webhook(change(messages=[says(filler)]))) == 200
    assert query("SELECT length(text) FROM bot.messages") == [(len(filler),)]


def test_a_body_over_three_megabytes_is_too_large(meta: FlaskClient) -> None:
    """Refused by its size, signed or not, and not kept."""
    body = encode({"entry": [], "filler": "a" * 3 * 1024 * 1024})
    assert post(meta, body) == 413
    assert post(meta, body, None) == 413
    assert count("bot.raw_events") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"oi",
        b'{"entry": [}',
        b"{'entry': []}",
        b'{"entry": []} {}',
        b'{"entry": NaN}',
        b'{"entry": -Infinity}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        '{"name": "João"}'.encode("latin-1"),
        '{"entry": []}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"\x00\x01\x02",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_in_utf_8_is_a_bad_request(meta: FlaskClient, body: bytes) -> None:
    """However broken or deep: 400, nothing stored, no crash."""
    assert post(meta, body) == 400
    assert count("bot.raw_events") == 0


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        None,
        0,
        "oi",
        {"entry": None},
        {"entry": {"changes": []}},
        {"entry": ["oi", 3, None, []]},
        {"entry": [{"changes": "x"}, {"changes": [1, {"value": []}, {"value": None}]}]},
        edge.webhook(change("phone_number_quality_update", event="FLAGGED")),
        edge.webhook(change("messages", errors=[{"code": 131000}])),
        edge.webhook(change("messages", messages="x", statuses={"id": 1}, contacts=7)),
        edge.webhook(change("messages", messages=[{}, {"id": None}, {"id": {"a": 1}}, [], 5])),
        edge.webhook(change("messages", statuses=[{}, {"id": "wamid.1"}, {"status": "sent"}])),
        {"object": "page", "entry": [{"messaging": [{"text": "oi"}]}]},
    ],
    ids=lambda payload: str(payload)[:60],
)
def test_what_we_do_not_know_is_stored_and_acknowledged(meta: FlaskClient, payload: Any) -> None:
    """Meta may invent what it likes: 200 and the raw bytes kept, never an error."""
    body = encode(payload)
    assert post(meta, body) == 200
    assert query("SELECT body FROM bot.raw_events") == [(body,)]
    assert count("bot.messages") == 0


def test_an_unknown_type_of_message_is_kept_with_its_body(meta: FlaskClient) -> None:
    """A kind of message of tomorrow waits for an answer like any other."""
    hologram = message("hologram", {"depth": 3, "caption": "olha"})
    assert post_json(meta, edge.webhook(change(messages=[hologram]))) == 200
    stored = query("SELECT type, text, answerable, body FROM bot.messages")
    assert stored == [("hologram", "olha", True, hologram)]


def test_a_message_of_nobody_is_acknowledged_and_kept_raw(meta: FlaskClient) -> None:
    """Without phone and without user id there is nobody to answer."""
    assert post_json(meta, edge.webhook(change(messages=[says("oi", sender=None)]))) == 200
    assert (count("bot.messages"), count("bot.raw_events")) == (0, 1)


def test_a_thousand_updates_in_one_post_are_all_stored(meta: FlaskClient) -> None:
    """Over all entries, changes and messages, mixed with statuses: none is lost."""
    texts = [says(f"mensagem {n}", sender=f"55119{n % 25:08}") for n in range(600)]
    sent = [edge.status(f"wamid.ours.{n}", "sent") for n in range(400)]
    changes = [
        change(messages=texts[n : n + 60], statuses=sent[n * 2 // 3 : n * 2 // 3 + 40])
        for n in range(0, 600, 60)
    ]
    payload = edge.webhook(*changes[:5])
    payload["entry"].append({"id": "1", "changes": changes[5:]})
    assert post_json(meta, payload) == 200
    assert (count("bot.messages"), count("bot.statuses")) == (600, 400)
    assert count("bot.contacts") == 25
    assert count("procrastinate.procrastinate_jobs") == 25


def test_one_odd_message_does_not_cost_the_others(meta: FlaskClient) -> None:
    """A batch with something nobody foresaw still brings the rest."""
    deep: Any = "fundo"
    for _ in range(450):
        deep = [deep]
    odd = [message("text", "not an object"), message("hologram", deep), says("oi", timestamp=[])]
    payload = edge.webhook(change(messages=[*odd, says("quanto devo?")]))
    assert post_json(meta, payload) == 200
    assert count("bot.messages") == 4


def test_nothing_is_acknowledged_that_was_not_stored(
    meta: FlaskClient, broken_storage: None
) -> None:
    """The database fails at the commit: 500, so that Meta delivers again, and no half is kept."""
    assert post(meta, one_text()) == 500
    assert (count("bot.messages"), count("bot.raw_events")) == (0, 0)
    assert count("procrastinate.procrastinate_jobs") == 0


def test_what_failed_is_stored_when_it_is_delivered_again(meta: FlaskClient) -> None:
    """Meta retries with the same bytes for seven days."""
    body = one_text()
    query("ALTER TABLE bot.raw_events RENAME TO lost")
    first = post(meta, body)
    query("ALTER TABLE bot.lost RENAME TO raw_events")
    assert (first, post(meta, body)) == (500, 200)
    assert count("bot.messages") == 1


def test_nul_and_half_surrogates_are_stored_without_error(meta: FlaskClient) -> None:
    """PostgreSQL takes neither: they are dropped wherever they stand, the words stay."""
    ugly = "a\x00b\ud800c"
    odd = message(
        "text",
        {"body": ugly, ugly: [ugly]},
        id=f"wamid.{ugly}",
        **{"from": "5511\x00987654321", "from_user_id": f"BR.{ugly}"},
    )
    named = edge.contact(edge.MARIA, f"BR.{ugly}", name=ugly)
    kind = message("sticker", {"id": ugly}, id=f"wamid.2{ugly}", type=ugly)
    told = edge.status(f"wamid.3{ugly}", ugly, 131000, biz_opaque_callback_data=ugly)
    told["errors"][0]["error_data"]["details"] = ugly
    payload = edge.webhook(
        change(messages=[odd, kind], contacts=[named], statuses=[told], number=ugly)
    )
    assert post_json(meta, payload) == 200
    assert query("SELECT text FROM bot.messages ORDER BY wamid DESC") == [("ab?c",), ("",)]
    assert count("bot.statuses") == 1


@pytest.mark.parametrize(
    "body",
    [
        b'"x": 1e999',
        b'"x": -1e999',
        b'"x": 12345678901234567890123456789012345678901234567890',
        b'"timestamp": 1e999',
        b'"timestamp": "99999999999999999999"',
        b'"timestamp": -1',
        b'"timestamp": ""',
        b'"timestamp": true',
    ],
)
def test_numbers_no_database_has_are_no_error(meta: FlaskClient, body: bytes) -> None:
    """Too large to be a number or a time: kept as far as possible, and answered."""
    raw = encode(edge.webhook(change(messages=[message("text", {"body": "oi"})])))
    assert post(meta, raw.replace(b'"type": "text"', b'"type": "text", ' + body)) == 200
    assert count("bot.messages") == 1


def test_an_error_code_no_database_has_is_no_error(meta: FlaskClient) -> None:
    """The status is kept all the same."""
    told = edge.status("wamid.x", "failed", 10**12)
    assert post_json(meta, edge.webhook(change(statuses=[told]))) == 200
    assert count("bot.statuses") == 1
