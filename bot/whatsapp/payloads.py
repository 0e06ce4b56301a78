"""What a webhook of the Cloud API says, as values of ours.

Tolerant on purpose: a field we do not know is left in `body`, an update we do not know
is passed over (the raw bytes are stored anyway), and nothing here raises on odd content.
Source: Cloud API webhooks reference, Graph API v26.0.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from bot.whatsapp.errors import parse_code
from bot.whatsapp.phones import canonical

Json = dict[str, Any]

DEEPEST = 50
"""Levels of a message kept in `body`; what lies deeper is only in the raw event."""


@dataclass(frozen=True)
class Person:
    """The identifiers of a WhatsApp user in one update; any of them may be missing.

    `phone` and `wa_id` are digits as Meta gave them, `bsuid` is the business-scoped user
    id (`BR.1234`), `parent_bsuid` its form shared by a company's numbers (`BR.ENT.1234`).
    """

    phone: str | None = None
    wa_id: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    profile_name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.wa_id or self.bsuid or self.parent_bsuid)


@dataclass(frozen=True)
class InboundMessage:
    """One message of a person. `text` is what they said or tapped, "" when there are no words."""

    wamid: str
    type: str
    phone_number_id: str
    sender: Person
    sent_at: datetime
    text: str = ""
    choice_id: str | None = None
    edits_wamid: str | None = None
    body: Json = field(default_factory=dict)


@dataclass(frozen=True)
class NumberChange:
    """The person behind a contact changed number, user id or device identity."""

    wamid: str
    phone_number_id: str
    old: Person
    new: Person
    sent_at: datetime


@dataclass(frozen=True)
class StatusUpdate:
    """What became of a message of ours. `callback` is our outbox id, when Meta echoes it."""

    wamid: str
    status: str
    at: datetime
    callback: str | None
    error_code: int | None
    error_detail: str | None
    body: Json = field(default_factory=dict)


@dataclass(frozen=True)
class MarketingPreference:
    """The person asked WhatsApp to stop or resume this business's marketing."""

    phone_number_id: str
    person: Person
    stopped: bool


Update = InboundMessage | NumberChange | StatusUpdate | MarketingPreference


def updates(payload: Any) -> Iterator[Update]:
    """Every update of a webhook, over all entries and changes, in the order received."""
    for entry in _dicts(_get(payload, "entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            if isinstance(value, dict):
                yield from _of_value(value)


def _of_value(value: Json) -> Iterator[Update]:
    number = _text(_get(value.get("metadata"), "phone_number_id"))
    contacts = list(_dicts(value.get("contacts")))
    for message in _dicts(value.get("messages")):
        if _text(message.get("id")):
            yield _message(message, number, contacts)
    for status in _dicts(value.get("statuses")):
        if _text(status.get("id")) and _text(status.get("status")):
            yield status_update(status)
    for preference in _dicts(value.get("user_preferences")):
        if preference.get("value") in ("stop", "resume"):
            yield _preference(preference, number)


def _message(message: Json, number: str, contacts: list[Json]) -> InboundMessage | NumberChange:
    kind = _text(message.get("type")) or "unknown"
    sender = _sender(message, contacts)
    if kind == "system":
        return _number_change(message, number, sender)
    text, choice_id = _words(kind, message)
    return InboundMessage(
        wamid=_text(message["id"]),
        type=kind,
        phone_number_id=number,
        sender=sender,
        sent_at=_time(message.get("timestamp")),
        text=text,
        choice_id=choice_id,
        edits_wamid=_text(_get(message.get("edit"), "original_message_id")) or None,
        body=_storable(message),
    )


def _words(kind: str, message: Json) -> tuple[str, str | None]:
    """The words of a message and, when it is a tap, the id of what was tapped."""
    node = message.get(kind)
    if kind == "text":
        return _text(_get(node, "body")), None
    if kind == "button":
        return _text(_get(node, "text")), _text(_get(node, "payload")) or None
    if kind == "interactive":
        reply = _get(node, "button_reply") or _get(node, "list_reply")
        return _text(_get(reply, "title")), _text(_get(reply, "id")) or None
    if kind == "edit":
        edited = _get(node, "message")
        return _text(_get(_get(edited, "text"), "body") or _get(node, "body")), None
    return _text(_get(node, "caption")), None


def _sender(message: Json, contacts: list[Json]) -> Person:
    phone = _text(message.get("from")) or None
    bsuid = _text(message.get("from_user_id")) or None
    contact = _contact_of(phone, bsuid, contacts)
    return Person(
        phone=phone,
        wa_id=_text(contact.get("wa_id")) or None,
        bsuid=bsuid or _text(contact.get("user_id")) or None,
        parent_bsuid=_text(message.get("from_parent_user_id") or contact.get("parent_user_id"))
        or None,
        profile_name=_text(_get(contact.get("profile"), "name")) or None,
    )


def _contact_of(phone: str | None, bsuid: str | None, contacts: list[Json]) -> Json:
    """The contact with one of the identifiers, else the only one when it has none of them."""
    comparable = 0
    for contact in contacts:
        wa_id, user_id = _text(contact.get("wa_id")), _text(contact.get("user_id"))
        if phone and wa_id and canonical(wa_id) == canonical(phone):
            return contact
        if bsuid and user_id == bsuid:
            return contact
        comparable += bool((phone and wa_id) or (bsuid and user_id))
    return contacts[0] if len(contacts) == 1 and not comparable else {}


def _number_change(message: Json, number: str, sender: Person) -> NumberChange:
    node = message.get("system")
    new_phone = _text(_get(node, "new_wa_id") or _get(node, "wa_id")) or None
    old = Person(
        phone=sender.phone,
        bsuid=_text(_get(node, "previous_user_id")) or sender.bsuid,
    )
    return NumberChange(
        wamid=_text(message["id"]),
        phone_number_id=number,
        old=old,
        new=Person(phone=new_phone, bsuid=_text(_get(node, "user_id")) or None),
        sent_at=_time(message.get("timestamp")),
    )


def status_update(status: Json) -> StatusUpdate:
    """An entry of `statuses[]`."""
    error = next(_dicts(status.get("errors")), {})
    detail = _get(error.get("error_data"), "details") or error.get("message") or error.get("title")
    return StatusUpdate(
        wamid=_text(status["id"]),
        status=_text(status["status"]),
        at=_time(status.get("timestamp")),
        callback=_text(status.get("biz_opaque_callback_data")) or None,
        error_code=parse_code(error),
        error_detail=_text(detail) or None,
        body=_storable(status),
    )


def _preference(preference: Json, number: str) -> MarketingPreference:
    person = Person(
        wa_id=_text(preference.get("wa_id")) or None, bsuid=_text(preference.get("user_id")) or None
    )
    return MarketingPreference(number, person, stopped=preference.get("value") == "stop")


def _time(value: Any) -> datetime:
    """Unix seconds, string or number; the present when it is missing or nonsense."""
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _dicts(value: Any) -> Iterator[Json]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: Any) -> str:
    """`value` as text PostgreSQL can store: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str | int):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _storable(value: Any, levels: int = DEEPEST) -> Any:
    if not levels:
        return None
    if isinstance(value, dict):
        return {_text(key): _storable(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item, levels - 1) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return _text(value) if isinstance(value, str) else value
