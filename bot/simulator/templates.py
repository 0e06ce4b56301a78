"""The templates of the business: those that Meta approved, and some that she did not.

A template that is not here is taken as it comes: whoever tries the simulator has others.
"""

import re
from typing import Any

from bot.simulator.errors import GraphError

Json = dict[str, Any]

_FIELD = re.compile(r"\{\{(\w+)\}\}")
_REFUSED = {"PAUSED": 132015, "DISABLED": 132016, "REJECTED": 132001, "PENDING": 132001}


def _template(name: str, text: str, status: str = "APPROVED", reason: str = "NONE") -> Json:
    body: Json = {"type": "BODY", "text": text}
    if fields := list(dict.fromkeys(_FIELD.findall(text))):
        body["example"] = {"body_text": [["exemplo"] * len(fields)]}
    return {
        "name": name,
        "language": "pt_BR",
        "status": status,
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "rejected_reason": reason,
        "components": [body],
        "id": str(300000000000000 + len(name)),
    }


ALL: tuple[Json, ...] = (
    _template(
        "retomar_atendimento",
        "Olá, {{1}}! Aqui é da {{2}}. Ficamos de continuar seu atendimento. Podemos conversar"
        " agora?",
    ),
    _template(
        "retorno_do_atendimento",
        "Olá, {{1}}! Aqui é da {{2}}. Já temos a resposta do que você pediu. Quer que a gente"
        " explique por aqui?",
    ),
    _template(
        "documento_pronto",
        "Olá, {{1}}! O documento que você pediu ({{2}}) está pronto. Quer receber por aqui?",
    ),
    _template("lembrete_antigo", "Olá, {{1}}! Sua conta vence dia {{2}}.", "PAUSED"),
    _template("aviso_final", "Última chance, {{1}}!", "REJECTED", "ABUSIVE_CONTENT"),
)


def page(after: int, limit: int) -> Json:
    """`limit` of them from number `after` on, with Meta's cursors."""
    shown = ALL[after : after + max(1, limit)]
    end = after + len(shown)
    paging: Json = {"cursors": {"before": str(after), "after": str(end)}}
    if end < len(ALL):
        paging["next"] = f"?after={end}"
    return {"data": list(shown), "paging": paging}


def check(template: Json) -> None:
    """Raises GraphError when a template of the business may not be sent, or not like this."""
    known = next((each for each in ALL if each["name"] == template["name"]), None)
    if known is None:
        return
    if code := _REFUSED.get(known["status"]):
        raise GraphError(code, f"Template '{known['name']}' is {known['status']}")
    wanted = len(set(_FIELD.findall(known["components"][0]["text"])))
    given = [
        parameter
        for part in template.get("components") or ()
        if str(part.get("type")).lower() == "body"
        for parameter in part.get("parameters") or ()
    ]
    if len(given) != wanted:
        details = f"number of localizable_params ({len(given)}) does not match {wanted}"
        raise GraphError(132000, f"body: {details}")
