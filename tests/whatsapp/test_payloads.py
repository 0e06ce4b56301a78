"""What a webhook says, for every type of message Meta sends, and for what nobody foresaw."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.whatsapp import payloads
from bot.whatsapp.payloads import (
    InboundMessage,
    MarketingPreference,
    NumberChange,
    Person,
    StatusUpdate,
)
from tests.whatsapp.edge import (
    MARIA,
    MARIA_ID,
    NUMBER,
    Json,
    change,
    contact,
    message,
    says,
    status,
    webhook,
)

MEDIA = {"id": "4490709327384033", "mime_type": "image/jpeg", "sha256": "abc"}
PARENT_ID = "BR.ENT.77"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = """
    id type from from_user_id from_parent_user_id timestamp text body interactive button payload
    button_reply list_reply edit original_message_id message system wa_id new_wa_id user_id
    previous_user_id profile name status errors code error_data details biz_opaque_callback_data
    value metadata phone_number_id messages statuses contacts user_preferences caption image
""".split()  # noqa: SIM905
odd_objects: st.SearchStrategy[Any] = st.deferred(
    lambda: st.dictionaries(
        st.sampled_from(KEYS),
        scalars
        | st.sampled_from(["text", "system", "edit", "interactive", "button", "image", "stop"])
        | odd_objects
        | st.lists(odd_objects, max_size=2),
        max_size=5,
    )
)


def read(payload: Any) -> list[payloads.Update]:
    """Every update of a payload."""
    return list(payloads.updates(payload))


def read_message(entry: Json, *contacts: Json) -> InboundMessage:
    """The only message of a webhook."""
    [update] = read(webhook(change(messages=[entry], contacts=list(contacts))))
    assert isinstance(update, InboundMessage)
    return update


def read_change(node: Json, **sender: Any) -> NumberChange:
    """What a system message says."""
    [update] = read(webhook(change(messages=[message("system", node, **sender)])))
    assert isinstance(update, NumberChange)
    return update


def read_status(entry: Json) -> StatusUpdate:
    """The only status of a webhook."""
    [update] = read(webhook(change(statuses=[entry])))
    assert isinstance(update, StatusUpdate)
    return update


def test_a_text_has_its_words_its_sender_and_its_time() -> None:
    """By Meta's clock, not by ours."""
    entry = says("não consigo", timestamp="1793000000", context={"id": "wamid.0"})
    read = read_message(entry, contact(MARIA, MARIA_ID))
    assert read == InboundMessage(
        wamid=entry["id"],
        type="text",
        phone_number_id=NUMBER,
        sender=Person(phone=MARIA, wa_id=MARIA, bsuid=MARIA_ID, profile_name="Maria"),
        sent_at=datetime.fromtimestamp(1793000000, UTC),
        text="não consigo",
        body=entry,
    )


@pytest.mark.parametrize("kind", ["image", "video", "document"])
def test_the_caption_of_a_file_is_what_was_said(kind: str) -> None:
    """Who writes under a receipt is read."""
    entry = message(kind, {**MEDIA, "caption": "paguei ontem", "filename": "recibo.pdf"})
    read = read_message(entry)
    assert (read.type, read.text, read.choice_id) == (kind, "paguei ontem", None)
    assert read.body[kind]["id"] == MEDIA["id"]


@pytest.mark.parametrize(
    ("kind", "node"),
    [
        ("image", MEDIA),
        ("audio", {**MEDIA, "voice": True}),
        ("sticker", {**MEDIA, "animated": False}),
        ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Loja"}),
        ("contacts", [{"name": {"formatted_name": "João"}, "phones": [{"phone": "+55"}]}]),
        ("order", {"catalog_id": "1", "product_items": [{"quantity": 1}]}),
        ("hologram", {"depth": 3}),
    ],
)
def test_a_message_without_words_keeps_its_content(kind: str, node: Any) -> None:
    """Nothing is said, and nothing is lost."""
    read = read_message(message(kind, node))
    assert (read.type, read.text, read.choice_id) == (kind, "", None)
    assert read.body[kind] == node


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_a_tap_has_the_id_and_the_title(kind: str) -> None:
    """The id decides, the title is what the person read."""
    reply = {"id": "token-1", "title": "Pagar hoje", "description": "com desconto"}
    read = read_message(message("interactive", {"type": kind, kind: reply}))
    assert (read.type, read.text, read.choice_id) == ("interactive", "Pagar hoje", "token-1")


@pytest.mark.parametrize(
    "node",
    [
        {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}', "name": "flow"}},
        {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}},
    ],
)
def test_an_interactive_reply_we_do_not_send_is_no_tap(node: Json) -> None:
    """A form or a permission is kept as it came; its JSON string is not executed as anything."""
    read = read_message(message("interactive", node))
    assert (read.text, read.choice_id) == ("", None)
    assert read.body["interactive"] == node


def test_a_quick_reply_of_a_template_is_a_tap() -> None:
    """With its payload, and with its words for when we did not issue it."""
    read = read_message(message("button", {"payload": "token-2", "text": "Quero negociar"}))
    assert (read.type, read.text, read.choice_id) == ("button", "Quero negociar", "token-2")


@pytest.mark.parametrize("emoji", [{"emoji": "👍"}, {"emoji": ""}, {}])
def test_a_reaction_says_nothing(emoji: Json) -> None:
    """Given or taken back."""
    read = read_message(message("reaction", {"message_id": "wamid.9", **emoji}))
    assert (read.type, read.text) == ("reaction", "")
    assert read.body["reaction"] == {"message_id": "wamid.9", **emoji}


def test_an_edit_has_the_new_words_and_what_it_edits() -> None:
    """The corrected word counts."""
    edited = {"type": "text", "text": {"body": "dia 15"}}
    node = {"original_message_id": "wamid.9", "message": edited}
    read = read_message(message("edit", node))
    assert (read.type, read.text, read.edits_wamid) == ("edit", "dia 15", "wamid.9")


def test_a_deleted_message_says_nothing() -> None:
    """It names what was deleted and edits nothing."""
    read = read_message(message("revoke", {"original_message_id": "wamid.9"}))
    assert (read.type, read.text, read.edits_wamid) == ("revoke", "", None)


@pytest.mark.parametrize("kind", ["unsupported", "unknown"])
def test_an_unsupported_message_keeps_its_error(kind: str) -> None:
    """There is no node of its type, only Meta's 131051."""
    errors = [{"code": 131051, "title": "Message type unknown"}]
    entry = {"from": MARIA, "id": "wamid.1", "timestamp": "1", "type": kind, "errors": errors}
    read = read_message(entry)
    assert (read.type, read.text) == (kind, "")
    assert read.body["errors"] == errors


@pytest.mark.parametrize("field", ["wa_id", "new_wa_id"])
def test_a_changed_number_names_the_old_and_the_new(field: str) -> None:
    """The new one in either of Meta's two fields; there is no contact beside it."""
    change = read_change({"type": "user_changed_number", field: "5511955554444"})
    assert change.old == Person(phone=MARIA)
    assert change.new == Person(phone="5511955554444")


def test_a_changed_user_id_names_the_old_and_the_new() -> None:
    """For somebody without a phone number, too."""
    node = {"type": "user_changed_user_id", "previous_user_id": "BR.1", "user_id": "BR.2"}
    change = read_change(node, sender=None, from_user_id="BR.1")
    assert (change.old, change.new) == (Person(bsuid="BR.1"), Person(bsuid="BR.2"))


def test_a_changed_device_is_a_change_of_the_same_person() -> None:
    """Nothing new to write to, but identity has to be confirmed again."""
    change = read_change({"type": "customer_identity_changed", "body": "changed"})
    assert (change.old, change.new) == (Person(phone=MARIA), Person())


@pytest.mark.parametrize("name", ["sent", "delivered", "read", "played", "deleted"])
def test_a_status_names_the_message_and_the_time(name: str) -> None:
    """Whatever Meta adds about prices stays in the body."""
    entry = status("wamid.ours", name, pricing={"billable": True, "category": "service"})
    read = read_status(entry)
    assert read == StatusUpdate(
        wamid="wamid.ours",
        status=name,
        at=datetime.fromtimestamp(1793000000, UTC),
        callback=None,
        error_code=None,
        error_detail=None,
        body=entry,
    )


def test_a_failed_status_has_the_code_and_the_details() -> None:
    """And our own id, when Meta echoes it."""
    read = read_status(status("wamid.1", "failed", 131026, biz_opaque_callback_data="row-1"))
    assert (read.error_code, read.error_detail) == (131026, "details of 131026")
    assert read.callback == "row-1"


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        ({"code": 131000, "message": "Message", "title": "Title"}, 131000, "Message"),
        ({"code": 131000, "title": "Title"}, 131000, "Title"),
        ({"code": "131000"}, None, None),
        ({"code": True}, None, None),
        ({"code": 10**12}, None, None),
        ({}, None, None),
    ],
)
def test_an_error_with_less_in_it_gives_what_there_is(
    error: Json, code: int | None, detail: str | None
) -> None:
    """Details first, then message, then title; a code only when it is a number."""
    read = read_status(status("wamid.1", "failed", errors=[error]))
    assert (read.error_code, read.error_detail) == (code, detail)


@pytest.mark.parametrize(("value", "stopped"), [("stop", True), ("resume", False)])
def test_a_marketing_preference_names_the_person(value: str, stopped: bool) -> None:
    """By phone and user id, as far as they are known."""
    entry = {"wa_id": MARIA, "user_id": MARIA_ID, "value": value, "timestamp": 1793000000}
    assert read(webhook(change("user_preferences", user_preferences=[entry]))) == [
        MarketingPreference(NUMBER, Person(wa_id=MARIA, bsuid=MARIA_ID), stopped)
    ]


@pytest.mark.parametrize("value", [None, "", "pause", {"a": 1}])
def test_an_unknown_preference_changes_nothing(value: Any) -> None:
    """Least of all does it undo a stop."""
    entry = {"wa_id": MARIA, "value": value}
    assert read(webhook(change("user_preferences", user_preferences=[entry]))) == []


def test_a_person_without_a_phone_is_known_by_the_user_id() -> None:
    """And by the form of it that a company's numbers share."""
    entry = says("oi", sender=None, from_user_id=MARIA_ID, from_parent_user_id=PARENT_ID)
    read = read_message(entry, contact(None, MARIA_ID, name="maria.s"))
    assert read.sender == Person(bsuid=MARIA_ID, parent_bsuid=PARENT_ID, profile_name="maria.s")


def test_a_user_id_only_in_the_contact_counts() -> None:
    """Meta gives it in the message, in the contact, or in both."""
    entry = contact(MARIA, MARIA_ID) | {"parent_user_id": PARENT_ID}
    sender = read_message(says("oi"), entry).sender
    assert (sender.bsuid, sender.parent_bsuid) == (MARIA_ID, PARENT_ID)


def test_the_contact_of_a_message_is_found_among_several() -> None:
    """Each message of a batch has its own person."""
    messages = [says("eu"), says("e eu", sender="5521976543210")]
    people = [contact("5521976543210", "BR.2", "João"), contact(MARIA, "BR.1", "Maria")]
    updates = read(webhook(change(messages=messages, contacts=people)))
    senders = [update.sender for update in updates if isinstance(update, InboundMessage)]
    assert [(s.profile_name, s.bsuid) for s in senders] == [("Maria", "BR.1"), ("João", "BR.2")]


def test_a_contact_without_the_ninth_digit_is_the_sender() -> None:
    """`wa_id` may be the old form of the phone."""
    sender = read_message(says("oi"), contact("551187654321"), contact("551133334444")).sender
    assert (sender.phone, sender.wa_id) == (MARIA, "551187654321")


def test_the_only_contact_is_not_the_sender_when_the_numbers_differ() -> None:
    """Two people are never taken for one."""
    sender = read_message(says("oi"), contact("5521976543210", "BR.2", "João")).sender
    assert sender == Person(phone=MARIA)


def test_the_only_contact_is_the_sender_when_nothing_contradicts() -> None:
    """A name beside a message without any number of its own."""
    sender = read_message(says("oi", sender=None), contact(None, MARIA_ID)).sender
    assert (sender.bsuid, sender.profile_name) == (MARIA_ID, "Maria")


def test_updates_are_read_over_all_entries_and_changes_in_order() -> None:
    """A batch is read to its end."""
    words = ["um", "dois", "três", "quatro"]
    first = webhook(change(messages=[says("um"), says("dois")]), change(messages=[says("três")]))
    first["entry"] += webhook(change(messages=[says("quatro")]))["entry"]
    updates = read(first)
    assert [update.text for update in updates if isinstance(update, InboundMessage)] == words


def test_each_message_knows_the_business_number_it_came_to() -> None:
    """Several numbers share one callback."""
    updates = read(webhook(change(messages=[says("a")]), change(number="2", messages=[says("b")])))
    assert [getattr(update, "phone_number_id", None) for update in updates] == [NUMBER, "2"]


@pytest.mark.parametrize("timestamp", [1793000000, "1793000000"])
def test_a_time_is_read_as_text_and_as_number(timestamp: Any) -> None:
    """Meta writes both."""
    assert read_message(says("oi", timestamp=timestamp)).sent_at.timestamp() == 1793000000


@pytest.mark.parametrize("timestamp", ["", "soon", None, [], 10**30, "1e5"])
def test_a_time_that_is_none_is_now(timestamp: Any) -> None:
    """A message is never lost for its time."""
    age = datetime.now(UTC) - read_message(says("oi", timestamp=timestamp)).sent_at
    assert abs(age.total_seconds()) < 60


@given(json_values)
@example({"entry": [{"changes": [{"value": {"messages": [{"id": 1, "type": []}]}}]}]})
def test_no_json_makes_reading_fail(value: Any) -> None:
    """Whatever comes, where the list of entries should be or anywhere below."""
    for payload in (value, {"entry": value}, webhook(value if isinstance(value, dict) else {})):
        read(payload)


@given(st.lists(odd_objects, max_size=3), st.lists(odd_objects, max_size=3), odd_objects)
def test_no_odd_content_makes_reading_fail(
    messages: list[Any], contacts: list[Any], other: Any
) -> None:
    """Meta's own keys with anything under them; and what is read can be stored as JSON."""
    value = {**other, "messages": messages, "statuses": messages, "contacts": contacts}
    for update in read(webhook({"field": "messages", "value": value})):
        stored = json.dumps(getattr(update, "body", {}), allow_nan=False, ensure_ascii=False)
        assert "\\u0000" not in stored
        stored.encode()  # half of a surrogate pair would fail
