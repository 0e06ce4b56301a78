"""Who may open which page, and how a refusal reads. For every blueprint people sign in for."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, abort, g, render_template, request
from flask_security import current_user

from bot import db
from bot.conversations.models import Conversation
from bot.desk.accounts import STATIC, answer_unauthenticated, is_ours
from bot.desk.models import User
from bot.desk.roles import May

View = TypeVar("View", bound=Callable[..., Any])

PERMISSIONS: dict[str, May] = {}
"""Endpoint → what it asks for; an endpoint that is not here is refused."""


class Refused(Exception):
    """What somebody asked for cannot be done; the message tells them why, in Portuguese."""


def needs(blueprint: str, may: May) -> Callable[[View], View]:
    """Say what a view asks of its user."""

    def note(view: View) -> View:
        PERMISSIONS[f"{blueprint}.{view.__name__}"] = may
        return view

    return note


def me() -> User:
    """Whoever is signed in."""
    user: User = current_user._get_current_object()
    return user


def my_team() -> str:
    """The team whose conversations are seen; empty for all."""
    return "" if me().sees("*") else me().team


def guard() -> Response | None:
    """Refuse whoever is not signed in, may not, or asks for another team's conversation."""
    if request.endpoint in STATIC:
        return None
    if not current_user.is_authenticated:
        return answer_unauthenticated(request)
    may = PERMISSIONS.get(request.endpoint or "")
    if may is None or not me().may(may):
        abort(403)
    conversation_id = (request.view_args or {}).get("conversation_id")
    if conversation_id:
        g.conversation = _conversation(conversation_id)
    return None


def _conversation(conversation_id: UUID) -> Conversation:
    """The conversation; one of another team does not exist."""
    with db.transaction() as session:
        conversation = session.get(Conversation, conversation_id)
    if conversation is None or not me().sees(conversation.team):
        abort(404)
    return conversation


def refuse(message: str, status: int = 422) -> tuple[str, int]:
    """Tell somebody why not, where they look."""
    is_piece = request.headers.get("HX-Request")
    template = "desk/_refused.html" if is_piece else "desk/error.html"
    return render_template(template, message=message), status


def refused(error: Exception) -> tuple[str, int]:
    """The answer to an error whose words are for people."""
    return refuse(str(error))


def error_page(error: Any) -> Any:
    """What Flask aborts with, in words."""
    if not is_ours(request.path):
        return error
    words = {
        403: "Seu perfil não abre esta página.",
        404: "Não achei isso. Pode ser de outra equipe.",
        429: "Tentativas demais. Espere um minuto.",
    }[error.code]
    return refuse(words, error.code)
