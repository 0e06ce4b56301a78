"""What APIFlask leaves out of the OpenAPI document, and our clients rely on."""

from typing import Any

from bot.billing.actors import FORMAT, HEADER
from bot.billing.problems import PROBLEM_JSON
from bot.billing.shapes import Problem

_REF = "#/components/schemas/Problem"
_ALWAYS = {
    "400": "The request cannot be read; `invalid_actor`",
    "401": "The bearer token is missing or wrong",
}
_WITH_BODY = {"413": "The body is too large"}
_CUSTOMER = "/customers/{customer_id}"
_AGREEMENT = f"{_CUSTOMER}/agreements/{{agreement_id}}"
_ACTOR = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "In whose name this is asked; in the bot's without it.",
    "schema": {"type": "string", "pattern": FORMAT, "examples": ["operator:ana"]},
}
_CONFLICTS = {
    "post /customers/{customer_id}/agreements": "`offer_expired`, `already_agreed`",
    "post /customers/{customer_id}/charges": (
        "`nothing_to_charge`, `already_agreed`, `charge_refused`"
    ),
    "patch /customers/{customer_id}": "`phone_taken`, `hours_reversed`",
    "post /customers/{customer_id}/invoices/{invoice_id}/write-off": "`already_agreed`, `not_open`",
    "post /payments": "`payment_known`, `paid_on_refused`",
    "post /payments/{payment_id}/match": "`payment_matched`",
    "post /payments/{payment_id}/refunds": "`refund_too_high`, `payment_changed`",
    f"post {_AGREEMENT}/due-dates": "`agreement_not_active`, `due_date_refused`",
    f"post {_AGREEMENT}/early-payment-quotes": "`agreement_not_active`",
    f"post {_AGREEMENT}/early-payments": "`agreement_not_active`, `charge_refused`",
    f"post {_AGREEMENT}/cancellation": "`agreement_not_active`",
}
_ISSUING = frozenset(
    {
        f"post {_CUSTOMER}/charges",
        f"post {_AGREEMENT}/early-payments",
        "get /public/charges/{token}/slip.pdf",
    }
)
_GONE = {
    "/public/charges/": "`charge_expired`, `charge_replaced`, `charge_cancelled`, `link_expired`",
    "/public/documents/": "`document_expired`, `document_withdrawn`",
}


def describe(spec: dict[str, Any] | str) -> dict[str, Any]:
    """Name every error a problem, every body required, every refusal."""
    assert isinstance(spec, dict)
    schemas = spec["components"]["schemas"]
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    spec["paths"].pop("/healthz")  # for whoever runs the process, not for who uses the API
    schemas["Problem"] = Problem.model_json_schema()
    [scheme] = spec["components"]["securitySchemes"]
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _describe_operation(f"{method} {path}", operation)
            operation["security"] = [{scheme: []}]
    return spec


def _describe_operation(name: str, operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(_ACTOR)
    for status, text in _refusals(name, operation).items():
        operation["responses"][status] = {"description": text}
    for status, response in operation["responses"].items():
        if status >= "400":
            response["content"] = {PROBLEM_JSON: {"schema": {"$ref": _REF}}}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True


def _refusals(name: str, operation: dict[str, Any]) -> dict[str, str]:
    refusals = _ALWAYS | (_WITH_BODY if "requestBody" in operation else {})
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        refusals["404"] = "`not_found`, `invalid_cursor`"
    if name.endswith("/write-off"):
        refusals["403"] = "`not_allowed`: no bot gives an invoice up"
    if name in _CONFLICTS:
        refusals["409"] = _CONFLICTS[name]
    for path, gone in _GONE.items():
        if path in name:
            refusals["410"] = gone
    if name in _ISSUING:
        refusals["503"] = "`charge_pending`: ask again, with the same key"
    return refusals
