"""The API as strangers meet it: tokens, problems, its own description."""

import re
from typing import Any
from uuid import UUID

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from tests.billing.support import EVIDENCE, MARIA_PHONE, TOKEN, Api, key

VALID_KEY = re.compile(r"[\x21-\x7e]{1,200}")
PROTECTED = [
    ("GET", "/customers/{id}"),
    ("GET", "/customers?name=maria"),
    ("PATCH", "/customers/{id}"),
    ("GET", "/customers/{id}/invoices"),
    ("POST", "/customers/{id}/invoices/{id}/write-off"),
    ("GET", "/customers/{id}/debts"),
    ("POST", "/customers/{id}/offers"),
    ("GET", "/customers/{id}/offers/abcdefghijklmnopqrst"),
    ("GET", "/customers/{id}/proposals"),
    ("POST", "/customers/{id}/agreements"),
    ("GET", "/customers/{id}/agreements"),
    ("GET", "/customers/{id}/charges"),
    ("POST", "/customers/{id}/charges"),
    ("POST", "/identifications"),
    ("POST", "/payments"),
    ("GET", "/payments/waiting"),
    ("POST", "/payments/{id}/match"),
    ("POST", "/payments/{id}/refunds"),
    ("GET", "/customers/{id}/payments"),
    ("GET", "/reconciliation?from=2026-07-01&to=2026-07-31"),
    ("POST", "/provider-notifications/builtin"),
    ("POST", "/customers/{id}/agreements/{id}/due-dates"),
    ("POST", "/customers/{id}/agreements/{id}/early-payment-quotes"),
    ("POST", "/customers/{id}/agreements/{id}/early-payments"),
    ("POST", "/customers/{id}/agreements/{id}/cancellation"),
    ("GET", "/public/charges/abcdefghijklmnopqrst"),
    ("GET", "/public/charges/abcdefghijklmnopqrst/slip.pdf"),
]


def call(
    api: Api, method: str, path: str, token: str | None = TOKEN, **options: Any
) -> requests.Response:
    headers = options.pop("headers", {"Idempotency-Key": key()})
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return requests.request(method, api.url + path, headers=headers, timeout=5, **options)


@pytest.mark.parametrize(("method", "path"), PROTECTED)
@pytest.mark.parametrize("token", [None, "wrong", "dêmo"])
def test_nothing_is_told_without_the_token(
    api: Api, maria: UUID, method: str, path: str, token: str | None
) -> None:
    answer = call(api, method, path.format(id=maria), token and token.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthorized"


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/docs"])
def test_health_and_description_need_no_token(api: Api, path: str) -> None:
    assert call(api, "GET", path, token=None).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/customers/1/debts", {}, 404, "not_found"),
        ("DELETE", "/customers/{id}", {}, 405, "method_not_allowed"),
        ("POST", "/customers/{id}/offers", {"data": "{"}, 400, "bad_request"),
        ("POST", "/customers/{id}/offers", {"json": {"rason": "x"}}, 422, "invalid_request"),
        ("POST", "/customers/{id}/offers", {"json": []}, 422, "invalid_request"),
        ("POST", "/customers/{id}/offers", {"data": b"x" * 70_000}, 413, None),
    ],
)
def test_every_error_is_a_problem_with_a_code(
    api: Api, maria: UUID, method: str, path: str, options: Any, status: int, code: str | None
) -> None:
    answer = call(api, method, path.format(id=maria), **options)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert code in {None, problem["code"]}


def test_a_problem_names_the_field_at_fault(api: Api, maria: UUID) -> None:
    answer = call(api, "POST", f"/customers/{maria}/offers", json={"wish": {"monthly": 100.0}})
    assert answer.json()["errors"] == {
        "json.wish.monthly": ['Value error, must be text like "123.45"']
    }


def test_money_is_text_with_two_decimals(api: Api, maria: UUID) -> None:
    body = call(api, "GET", f"/customers/{maria}/debts").json()
    assert body["total"] == "802.42"
    assert body["debts"][0]["original"] == "389.90"


@pytest.mark.parametrize("path", ["/identifications", "/customers/{id}/charges"])
def test_a_write_without_an_idempotency_key_is_refused(api: Api, maria: UUID, path: str) -> None:
    body = {"phone": MARIA_PHONE, "cpf_digits": "529"} if "ident" in path else {}
    answer = call(api, "POST", path.format(id=maria), json=body, headers={})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["headers.idempotency_key"]


def test_a_repeated_post_gives_the_same_bytes(api: Api, maria: UUID) -> None:
    offers = call(api, "POST", f"/customers/{maria}/offers", json={}).json()["offers"]
    body = {"offer_id": offers[1]["id"], "evidence": EVIDENCE.model_dump(mode="json")}
    same = {"Idempotency-Key": key()}
    answers = [
        call(api, "POST", f"/customers/{maria}/agreements", json=body, headers=dict(same))
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_a_key_reused_with_another_body_is_refused(api: Api, maria: UUID) -> None:
    same = {"Idempotency-Key": key()}
    for digits, status in (("529", 200), ("111", 422), ("529", 200)):
        body = {"phone": MARIA_PHONE, "cpf_digits": digits}
        answer = call(api, "POST", "/identifications", json=body, headers=dict(same))
        assert answer.status_code == status


def test_the_description_is_openapi_3_1_and_names_problems(api: Api) -> None:
    spec = call(api, "GET", "/openapi.json").json()
    assert spec["openapi"] == "3.1.0"
    assert "/healthz" not in spec["paths"]
    for path in spec["paths"].values():
        for operation in path.values():
            problems = [text for code, text in operation["responses"].items() if code >= "400"]
            assert problems
            assert all("application/problem+json" in text["content"] for text in problems)


def test_when_the_database_is_gone_the_answer_says_so(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker

    from bot import db

    nowhere = create_engine("postgresql+psycopg://127.0.0.1:1/none")
    monkeypatch.setattr(db, "_session_factory", lambda: sessionmaker(nowhere))
    answer = call(api, "GET", f"/customers/{UUID(int=0)}/debts")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unreachable")
    assert answer.headers["Retry-After"]


def test_whatever_is_sent_the_api_answers_as_it_describes(api: Api, maria: UUID) -> None:
    """schemathesis: requests made up from the OpenAPI document; no 500, no undescribed answer."""
    schema = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case[Any]) -> None:
            if "customer_id" in (case.path_parameters or {}):
                case.path_parameters["customer_id"] = str(maria)
            if VALID_KEY.fullmatch(str(case.headers.get("idempotency-key", ""))):
                case.headers["idempotency-key"] = key()  # one made up twice would be refused
            case.call_and_validate(base_url=api.url, headers=headers)

        check()
