"""The pages of the desk. What a route may be asked for by whom is decided here, once."""

from functools import partial
from typing import Any

from flask import Blueprint, current_app

from bot.billing.client import BillingError, BillingRefused
from bot.conversations.handoff import NotHeld
from bot.conversations.speaking import NotRetried, WindowClosed
from bot.creditor import get_creditor
from bot.desk import guarding
from bot.desk.accounts import PREFIX
from bot.desk.guarding import PERMISSIONS, Refused, me, my_team, refuse
from bot.desk.people import AccountError
from bot.desk.policy import get_policy
from bot.desk.roles import May

blueprint = Blueprint(
    "desk", __name__, url_prefix=PREFIX, template_folder="../templates", static_folder="../static"
)
needs = partial(guarding.needs, "desk")
blueprint.before_request(guarding.guard)


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    shared = {"May": May, "policy": get_policy, "creditor": get_creditor, "PREFIX": PREFIX}
    return {**shared, "known_endpoints": current_app.view_functions}


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


for _code in (403, 404, 429):
    blueprint.app_errorhandler(_code)(guarding.error_page)
blueprint.register_error_handler(Refused, guarding.refused)
for _type in ANSWERS:
    blueprint.register_error_handler(_type, _answered)


from bot.desk.views import (  # noqa: E402  the routes register themselves
    admin,
    conversation,
    figures,
    leading,
    money,
    queue,
    replying,
)

__all__ = [
    "PERMISSIONS",
    "Refused",
    "admin",
    "blueprint",
    "conversation",
    "figures",
    "leading",
    "me",
    "money",
    "my_team",
    "queue",
    "refuse",
    "replying",
]
