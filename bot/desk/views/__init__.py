"""The pages of the desk. What a route may be asked for by whom is decided here, once."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, g, render_template, request
from flask_security import current_user

from bot import db
from bot.billing.client import BillingError, BillingRefused
from bot.conversations.handoff import NotHeld
from bot.conversations.models import Conversation
from bot.conversations.speaking import NotRetried, WindowClosed
from bot.creditor import get_creditor
from bot.desk.accounts import PREFIX, answer_unauthenticated
from bot.desk.models import User
from bot.desk.people import AccountError
from bot.desk.policy import get_policy
from bot.desk.roles import May

View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint(
    "desk", __name__, url_prefix=PREFIX, template_folder="../templates", static_folder="../static"
)
PERMISSIONS: dict[str, May] = {}
"""Endpoint → what it asks for; an endpoint that is not here is refused."""


class Refused(Exception):
    """What somebody asked for cannot be done; the message tells them why, in Portuguese."""


def needs(may: May) -> Callable[[View], View]:
    """Say what a view asks of its user."""

    def note(view: View) -> View:
        PERMISSIONS[f"desk.{view.__name__}"] = may
        return view

    return note


def me() -> User:
    """Whoever is signed in."""
    user: User = current_user._get_current_object()
    return user


def my_team() -> str:
    """The team whose conversations are seen; empty for all."""
    return "" if me().sees("*") else me().team


@blueprint.before_request
def guard() -> Response | None:
    """Refuse whoever is not signed in, may not, or asks for another team's conversation."""
    if request.endpoint == "desk.static":
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


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    shared = {"May": May, "policy": get_policy, "creditor": get_creditor, "PREFIX": PREFIX}
    return {**shared, "known_endpoints": current_app.view_functions}


def refuse(message: str, status: int = 422) -> tuple[str, int]:
    """Tell somebody why not, where they look."""
    is_piece = request.headers.get("HX-Request")
    template = "desk/_refused.html" if is_piece else "desk/error.html"
    return render_template(template, message=message), status


ANSWERS: dict[type[Exception], tuple[str, int]] = {
    NotHeld: ("Esta conversa não está com você agora. Outra pessoa pode ter assumido.", 409),
    WindowClosed: (
        "Passaram 24 horas desde a última mensagem da pessoa: texto livre não chega."
        " Escolha um modelo aprovado.",
        422,
    ),
    NotRetried: ("Esta mensagem já foi reenviada ou já chegou.", 409),
}
REFUSALS = {
    "offer_expired": "Esta proposta venceu. Peça uma nova.",
    "already_agreed": "Já existe um acordo para estas contas.",
    "already_disputed": "Isto já está em conferência.",
    "nothing_owed": "Não há nada em atraso para isso.",
    "nothing_to_charge": "Não há nada para cobrar.",
    "promise_date_refused": "Esta data está longe demais, ou já passou.",
    "charge_pending": "O banco ainda não respondeu. Tente de novo em um minuto.",
    "charge_refused": "O banco recusou a emissão.",
    "invalid_request": "Algum valor não faz sentido. Confira e tente de novo.",
    "not_allowed": "Isto pede a alçada da supervisão.",
}


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> tuple[str, int]:
    return refuse(str(error))


@blueprint.errorhandler(AccountError)
def _account(error: AccountError) -> tuple[str, int]:
    return refuse(f"Não deu para guardar a conta: {error}")


@blueprint.errorhandler(BillingError)
def _billing(error: BillingError) -> tuple[str, int]:
    if isinstance(error, BillingRefused):
        return refuse(REFUSALS.get(error.code, f"O sistema de cobrança recusou: {error.code}."))
    return refuse("O sistema de cobrança não respondeu. Nada foi feito; tente de novo.", 503)


def _answered(error: Exception) -> tuple[str, int]:
    return refuse(*ANSWERS[type(error)])


for _type in ANSWERS:
    blueprint.register_error_handler(_type, _answered)


@blueprint.app_errorhandler(403)
@blueprint.app_errorhandler(404)
@blueprint.app_errorhandler(429)
def _error_page(error: Any) -> Any:
    if not request.path.startswith(PREFIX):
        return error
    words = {
        403: "Seu perfil não abre esta página.",
        404: "Não achei isso. Pode ser de outra equipe.",
        429: "Tentativas demais. Espere um minuto.",
    }[error.code]
    return refuse(words, error.code)


from bot.desk.views import (  # noqa: E402  the routes register themselves
    admin,
    conversation,
    figures,
    leading,
    money,
    queue,
    replying,
)

__all__ = ["admin", "blueprint", "conversation", "figures", "leading", "money", "queue", "replying"]
