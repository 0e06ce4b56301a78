"""What APIFlask leaves out of the OpenAPI document, and our clients rely on."""

from pathlib import Path
from typing import Any

import yaml

from bot.billing.actors import FORMAT, HEADER
from bot.billing.problems import PROBLEM_JSON
from bot.billing.shapes import Problem

EXAMPLES = Path(__file__).with_name("examples.yml")
_REF = "#/components/schemas/Problem"
_OPAQUE = frozenset({"offer_id", "provider", "token"})
_ALWAYS = {
    "400": "The request cannot be read; `invalid_actor`",
    "401": "The bearer token is missing or wrong",
    "503": "`database_unreachable`: try again",
}
_WITH_BODY = {"413": "The body is too large"}
_ACTOR = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "In whose name this is asked; in the bot's without it.",
    "schema": {"type": "string", "pattern": FORMAT, "examples": ["operator:ana"]},
}
_CUSTOMER = "/customers/{customer_id}"
_AGREEMENT = f"{_CUSTOMER}/agreements/{{agreement_id}}"
_DECISION = f"post {_CUSTOMER}/disputes/{{dispute_id}}/decision"
_WRITE_OFF = f"post {_CUSTOMER}/invoices/{{invoice_id}}/write-off"
_NOT_ALLOWED = {
    _DECISION: "`not_allowed`: the bot may only withdraw a dispute",
    _WRITE_OFF: "`not_allowed`: no bot gives an invoice up",
}
_CONFLICTS = {
    f"post {_CUSTOMER}/agreements": "`offer_expired`, `already_agreed`",
    f"post {_CUSTOMER}/charges": "`nothing_to_charge`, `already_agreed`, `charge_refused`",
    f"patch {_CUSTOMER}": "`phone_taken`, `hours_reversed`",
    _WRITE_OFF: "`already_agreed`, `not_open`",
    "post /payments": "`payment_known`, `paid_on_refused`",
    "post /payments/{payment_id}/match": "`payment_matched`",
    "post /payments/{payment_id}/refunds": "`refund_too_high`, `payment_changed`",
    f"post {_AGREEMENT}/due-dates": "`agreement_not_active`, `due_date_refused`",
    f"post {_AGREEMENT}/early-payment-quotes": "`agreement_not_active`",
    f"post {_AGREEMENT}/early-payments": "`agreement_not_active`, `charge_refused`",
    f"post {_AGREEMENT}/cancellation": "`agreement_not_active`",
    f"post {_CUSTOMER}/promises": "`promise_date_refused`, `nothing_owed`",
    f"post {_CUSTOMER}/promises/{{promise_id}}/cancellation": "`already_ended`",
    f"post {_CUSTOMER}/disputes": "`already_disputed`, `already_agreed`, `nothing_owed`",
    _DECISION: "`already_ended`, `correction_refused`",
    "post /subscriptions": "`unsafe_url`",
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
    """Name every error a problem, every body required, every refusal; give examples."""
    assert isinstance(spec, dict)
    schemas = spec["components"]["schemas"]
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    spec["paths"].pop("/healthz")  # for whoever runs the process, not for who uses the API
    schemas["Problem"] = Problem.model_json_schema()
    for name, example in yaml.safe_load(EXAMPLES.read_text()).items():
        schemas[name]["examples"] = [example]
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
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] not in _OPAQUE:
            parameter["schema"]["format"] = "uuid"
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True


def _refusals(name: str, operation: dict[str, Any]) -> dict[str, str]:
    refusals = _ALWAYS | (_WITH_BODY if "requestBody" in operation else {})
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        refusals["404"] = "`not_found`, `invalid_cursor`"
    if name in _NOT_ALLOWED:
        refusals["403"] = _NOT_ALLOWED[name]
    if name in _CONFLICTS:
        refusals["409"] = _CONFLICTS[name]
    for path, gone in _GONE.items():
        if path in name:
            refusals["410"] = gone
    if name in _ISSUING:
        refusals["503"] = "`charge_pending`: ask again, with the same key; `database_unreachable`"
    return refusals
