"""What APIFlask leaves out of the OpenAPI document, and our clients rely on."""

from pathlib import Path
from typing import Any

import yaml

from bot.billing.problems import PROBLEM_JSON
from bot.billing.shapes import Problem

EXAMPLES = Path(__file__).with_name("examples.yml")
_REF = "#/components/schemas/Problem"
_OPAQUE = frozenset({"offer_id", "token"})
_BODY = {"400": "The request cannot be read", "413": "The body is too large"}
_UNAUTHORIZED = "The bearer token is missing or wrong"
_CUSTOMER = "/customers/{customer_id}"
_DECISION = f"post {_CUSTOMER}/disputes/{{dispute_id}}/decision"
_CONFLICTS = {
    f"post {_CUSTOMER}/agreements": "`offer_expired`, `already_agreed`",
    f"post {_CUSTOMER}/charges": "`nothing_to_charge`, `already_agreed`, `charge_refused`",
    f"patch {_CUSTOMER}": "`phone_taken`, `hours_reversed`",
    f"post {_CUSTOMER}/invoices/{{invoice_id}}/write-off": "`already_agreed`, `not_open`",
    f"post {_CUSTOMER}/promises": "`promise_date_refused`, `nothing_owed`",
    f"post {_CUSTOMER}/promises/{{promise_id}}/cancellation": "`already_ended`",
    f"post {_CUSTOMER}/disputes": "`already_disputed`, `already_agreed`, `nothing_owed`",
    _DECISION: "`already_ended`, `correction_refused`",
    "post /subscriptions": "`unsafe_url`",
}
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
    refusals = {"401": _UNAUTHORIZED, "503": "`database_unreachable`: try again"}
    if "requestBody" in operation:
        refusals |= _BODY
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        refusals["404"] = "`not_found`, `invalid_cursor`"
    if name == _DECISION:
        refusals["403"] = "`not_allowed`: the bot may only withdraw a dispute"
    if name.endswith("/write-off"):
        refusals["403"] = "`not_allowed`: no bot gives an invoice up"
    if name in _CONFLICTS:
        refusals["409"] = _CONFLICTS[name]
    for path, gone in _GONE.items():
        if path in name:
            refusals["410"] = gone
    if "charges" in name and name != f"get {_CUSTOMER}/charges":
        refusals["503"] = "`charge_pending`: ask again, with the same key; `database_unreachable`"
    return refusals
