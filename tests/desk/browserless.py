"""The desk without a browser: its Flask app on the quiet database, and people signed in."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import db
from bot.conversations import outbox
from bot.desk import app as desk
from bot.desk import people
from bot.desk.models import Team
from bot.desk.roles import Role
from bot.web import create_app
from tests.whatsapp.edge import arrive, change, contact, query, says
from tests.whatsapp.fake import FakeWhatsApp

PASSWORD = "uma-senha-comprida"


@pytest.fixture
def app(clean: None) -> Flask:
    """The desk alone, with nobody in it yet."""
    query("DELETE FROM desk.users")
    app = create_app("web")
    desk.install(app)
    return app


class Desk:
    """One person, signed in."""

    def __init__(self, app: Flask, role: Role = Role.OPERATOR, team: str = "geral") -> None:
        self.email = f"{uuid4().hex[:8]}@example.com"
        with db.transaction() as session, app.app_context():
            session.merge(Team(id=team, name=team))
            session.flush()
            self.id = people.create(session, self.email, "Ana Lima", role, PASSWORD, team).id
        self.client: FlaskClient = app.test_client()
        self.answer = sign_in(self.client, self.email, PASSWORD)

    def gets(self, path: str, **options: Any) -> TestResponse:
        """Read a page."""
        return self.client.get(path, **options)

    def posts(self, path: str, **form: Any) -> TestResponse:
        """Send a form, with the token of a page."""
        token = csrf_token(self.client.get("/desk/", follow_redirects=True).text)
        return self.client.post(path, data=form, headers={"X-CSRFToken": token, "HX-Request": "1"})

    def attaches(
        self, conversation_id: UUID, name: str, data: bytes, words: str = "", **form: Any
    ) -> TestResponse:
        """Send a file to the person."""
        form = {"message_id": str(uuid4()), "text": words, "file": (BytesIO(data), name), **form}
        return self.posts(f"/desk/c/{conversation_id}/reply", **form)

    def replies(
        self, conversation_id: UUID, words: str, message_id: UUID | None = None
    ) -> TestResponse:
        """Write to the person."""
        path = f"/desk/c/{conversation_id}/reply"
        return self.posts(path, text=words, message_id=str(message_id or uuid4()))


def sign_in(client: FlaskClient, email: str, password: str) -> TestResponse:
    """Through the form, as everybody does."""
    token = csrf_token(client.get("/desk/login").text)
    form = {"email": email, "password": password, "csrf_token": token}
    return client.post("/desk/login", data=form)


def csrf_token(page: str) -> str:
    """The token of a page."""
    found = re.search(r'X-CSRFToken": "([^"]+)"', page) or re.search(r'value="([\w.-]{60,})"', page)
    return found[1] if found else ""


def conversation(phone: str = "5511987654321", words: str = "oi", name: str = "Maria") -> UUID:
    """Somebody wrote; the conversation is the bot's."""
    arrive(change(messages=[says(words, **{"from": phone})], contacts=[contact(phone, name=name)]))
    [(found,)] = query(
        "SELECT c.id FROM bot.conversations c JOIN bot.contact_aliases a USING (contact_id)"
        f" WHERE a.kind = 'phone' AND a.value = '{phone}'"
    )
    return UUID(str(found))


def waiting(reason: str = "ask_human", **who: str) -> UUID:
    """A conversation in the queue."""
    id_ = conversation(**who)
    query(
        f"UPDATE bot.conversations SET owner = 'queue', handoff_reason = '{reason}',"
        f" queued_at = now() WHERE id = '{id_}'"
    )
    return id_


def deliver(conversation_id: UUID, whatsapp: FakeWhatsApp) -> FakeWhatsApp:
    """Send what waits in the outbox."""
    outbox.deliver(whatsapp, conversation_id)
    return whatsapp
