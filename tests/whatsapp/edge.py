"""What the tests of the edge share: webhooks as Meta writes them, and a database of their own."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from bot import db, opening
from bot.conversations import inbox
from bot.settings import DEMO_SECRETS, get_settings
from bot.whatsapp import payloads
from tests.emptying import forget

Json = dict[str, Any]

NUMBER = DEMO_SECRETS["whatsapp_phone_number_id"]
MARIA = "5511987654321"
MARIA_ID = "BR.1001"

_count = itertools.count(1)


def new_wamid() -> str:
    """An id no other message has."""
    return f"wamid.{next(_count)}"


def message(kind: str = "text", node: Any = None, sender: str | None = MARIA, **more: Any) -> Json:
    """An entry of `messages[]`, now; `more` wins."""
    typed = {kind: {"body": "oi"} if node is None and kind == "text" else node}
    now = str(int(datetime.now(UTC).timestamp()))
    known = {"from": sender} if sender else {}
    return {**known, "id": new_wamid(), "timestamp": now, "type": kind, **typed, **more}


def says(words: str, **more: Any) -> Json:
    """A text of a person."""
    return message("text", {"body": words}, **more)


def status(wamid: str, name: str, code: int | None = None, **more: Any) -> Json:
    """An entry of `statuses[]`."""
    details = {"details": f"details of {code}"}
    errors = {"errors": [{"code": code, "title": "Title", "error_data": details}]} if code else {}
    return {"id": wamid, "status": name, "timestamp": "1793000000", **errors, **more}


def contact(wa_id: str | None = None, user_id: str | None = None, name: str = "Maria") -> Json:
    """An entry of `contacts[]`."""
    ids = {"wa_id": wa_id, "user_id": user_id}
    return {"profile": {"name": name}, **{key: value for key, value in ids.items() if value}}


def change(field: str = "messages", number: str = NUMBER, **value: Any) -> Json:
    """An update: `value` in its envelope."""
    metadata = {"display_phone_number": "551130000000", "phone_number_id": number}
    return {
        "field": field,
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
    }


def webhook(*changes: Json) -> Json:
    """A POST of Meta's, one entry for each change."""
    entries = [{"id": "1", "changes": [each]} for each in changes]
    return {"object": "whatsapp_business_account", "entry": entries}


def encode(payload: Any) -> bytes:
    """JSON as Meta writes it: everything beyond ASCII as `\\uXXXX`."""
    return json.dumps(payload).encode()


def arrive(*changes: Json) -> None:
    """Let a webhook with these updates be received."""
    payload = webhook(*changes)
    inbox.receive(encode(payload), list(payloads.updates(payload)))


def query(sql: str, **values: Any) -> list[Any]:
    """Rows of a query, to see what was stored; commits."""
    with db.engine().begin() as connection:
        result = connection.execute(text(sql), values)
        return list(result) if result.returns_rows else []


def count(table: str) -> int:
    """How many rows a table has."""
    [(rows,)] = query(f"SELECT count(*) FROM {table}")
    return int(rows)


@pytest.fixture(scope="module")
def quiet_database(database: None) -> Iterator[None]:
    """Another database on the same server, where no worker of a running house takes the jobs."""
    url = make_url(db.database_url())
    quiet = url.set(database="edge")
    _create(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", quiet.render_as_string(hide_password=False))
        _forget_connections()
        db.migrate()
        yield
        _forget_connections()
    get_settings.cache_clear()


@pytest.fixture
def clean(quiet_database: None) -> None:
    """No person, no message, no job."""
    forget(db.engine(), "bot", "desk", "training")
    opening.forget()
    query("DELETE FROM procrastinate.procrastinate_jobs")


def _create(url: URL) -> None:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = 'edge'")):
            connection.execute(text("CREATE DATABASE edge"))
    engine.dispose()


def _forget_connections() -> None:
    db.engine().dispose()
    for cached in (get_settings, db.database_url, db.engine, db._session_factory):
        cached.cache_clear()
