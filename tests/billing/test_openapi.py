"""The OpenAPI document: true, with examples, and nobody's things are found under another's name."""

import re
from typing import Any, ClassVar
from uuid import UUID

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode

from bot.billing.client import BillingClient
from tests.billing.support import EVIDENCE, TODAY, TOKEN, Api, MakeCustomer, empty_tables, key

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="session")
def spec(server: Api) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{server.url}/openapi.json", timeout=5).json()
    return found


def operations(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def request(api: Api, method: str, path: str, body: Any) -> requests.Response:
    names = {"Idempotency-Key": key(), "X-Actor": "operator:ana"}
    headers = {"Authorization": f"Bearer {TOKEN}"} | names
    return requests.request(method, api.url + path, json=body, headers=headers, timeout=10)


def test_every_operation_has_a_name_a_summary_and_wants_the_token(spec: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names)
    for _, _, operation in operations(spec):
        assert operation["summary"]
        assert operation["security"] == [{"BearerAuth": []}]
        assert {"401", "503"} <= set(operation["responses"])


def bodies(operation: dict[str, Any]) -> list[str]:
    """The names of the schemas an operation takes and gives."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [answer.get("content", {}) for answer in operation["responses"].values()]
    schemas = [media.get("schema", {}) for content in contents for media in content.values()]
    return [schema["$ref"].rsplit("/")[-1] for schema in schemas if "$ref" in schema]


def test_every_body_has_an_example_that_is_valid(spec: dict[str, Any]) -> None:
    """Examples live in `bot/billing/examples.yml`."""
    used = {name for _, _, operation in operations(spec) for name in bodies(operation)}
    for name in sorted(used):
        schema = spec["components"]["schemas"][name]
        assert "examples" in schema, f"{name} has no example"
        document = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        validator = jsonschema_rs.Draft202012Validator(document, validate_formats=True)
        for example in schema["examples"]:
            validator.validate(example)


# --- nothing of one customer can be reached under another


class Belongings:
    """Things of customers, each of somebody else, by the name of their parameter."""

    def __init__(self, client: BillingClient, make_customer: MakeCustomer) -> None:
        self._client, self._make_customer, self._count = client, make_customer, 0

    def __getitem__(self, name: str) -> str:
        self._count += 1
        owner = self._make_customer(document=f"{self._count:011d}", phone=None)
        found: str = getattr(self, f"_{name}")(owner)
        return found

    def _invoice_id(self, owner: UUID) -> str:
        return str(self._client.debts(owner).debts[0].invoice_id)

    def _offer_id(self, owner: UUID) -> str:
        return self._client.offers(owner).offers[0].id

    def _agreement_id(self, owner: UUID) -> str:
        offer = self._offer_id(owner)
        return str(self._client.agree(owner, offer, EVIDENCE, idempotency_key=key()).id)

    def _promise_id(self, owner: UUID) -> str:
        return str(self._client.promise(owner, TODAY, EVIDENCE, idempotency_key=key()).id)

    def _dispute_id(self, owner: UUID) -> str:
        return str(self._client.dispute(owner, "fraud", "não", idempotency_key=key()).id)


@pytest.fixture
def belongings(client: BillingClient, make_customer: MakeCustomer) -> Belongings:
    return Belongings(client, make_customer)


def test_no_id_in_a_path_works_under_another_customer(
    api: Api, spec: dict[str, Any], belongings: Belongings, make_customer: MakeCustomer
) -> None:
    """Every route of the document that names a thing of a customer."""
    other = make_customer(document="52601815906", phone=None)
    tried = 0
    for method, path, operation in operations(spec):
        names = re.findall(r"{(\w+)}", path)
        if not path.startswith("/customers/{customer_id}/") or len(names) < 2:
            continue
        ids = {name: belongings[name] for name in names[1:]} | {"customer_id": str(other)}
        body = example(spec, operation)
        answer = request(api, method, path.format(**ids), body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        tried += 1
    assert tried >= 4


def example(spec: dict[str, Any], operation: dict[str, Any]) -> Any:
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return spec["components"]["schemas"][schema["$ref"].rsplit("/")[-1]]["examples"][0]


@pytest.mark.parametrize(
    ("path", "field", "thing"),
    [
        ("agreements", "offer_id", "offer_id"),
        ("charges", "invoice_id", "invoice_id"),
        ("charges", "agreement_id", "agreement_id"),
        ("promises", "invoice_ids", "invoice_id"),
        ("promises", "agreement_id", "agreement_id"),
        ("disputes", "invoice_ids", "invoice_id"),
    ],
)
def test_no_id_in_a_body_works_under_another_customer(
    api: Api, belongings: Belongings, make_customer: MakeCustomer, path: str, field: str, thing: str
) -> None:
    other = make_customer(document="52601815906", phone=None)
    given = belongings[thing]
    evidence = EVIDENCE.model_dump(mode="json")
    bodies = {
        "agreements": {"evidence": evidence},
        "charges": {},
        "promises": {"promised_for": TODAY.isoformat(), "evidence": evidence},
        "disputes": {"kind": "fraud", "statement": "não fui eu"},
    }
    body = bodies[path] | {field: [given] if field.endswith("s") else given}
    answer = request(api, "POST", f"/customers/{other}/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "WzFd", "WzFlOTk5XQ", "W10", "WyJcdWQ4MDAiXQ", "WyJcdTAwMDAiXQ", "Ww" * 400],
)
@pytest.mark.parametrize(
    "path", ["/audit", "/disputes", "/subscriptions", "/customers/{id}/promises"]
)
def test_a_cursor_made_up_is_refused(api: Api, maria: UUID, path: str, cursor: str) -> None:
    answer = request(api, "GET", f"{path.format(id=maria)}?cursor={cursor}", None)
    assert (answer.status_code, answer.json()["code"]) == (404, "invalid_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_page_has_from_one_to_a_hundred_rows(api: Api, limit: str) -> None:
    assert request(api, "GET", f"/audit?limit={limit}", None).status_code == 422


class Known:
    """What answers gave so far, put into the requests that follow, where they name such a thing."""

    NAMES: ClassVar = {
        "offers": "offer_id",
        "agreements": "agreement_id",
        "promises": "promise_id",
        "disputes": "dispute_id",
        "subscriptions": "subscription_id",
        "deliveries": "delivery_id",
    }

    def __init__(self, customer: UUID) -> None:
        self._ids = {"customer_id": str(customer)}

    def learn(self, path: str, body: Any) -> None:
        name = self.NAMES.get(path.rsplit("/", 1)[-1])
        if name is None or not isinstance(body, dict):
            return
        found = [
            body,
            *(item for value in body.values() if isinstance(value, list) for item in value),
        ]
        ids = [item["id"] for item in found if isinstance(item, dict) and "id" in item]
        if ids:
            self._ids[name] = ids[-1]

    def put_into(self, case: Any) -> None:
        for fields in (case.path_parameters, case.body):
            if isinstance(fields, dict):
                fields |= {name: self._ids[name] for name in fields.keys() & self._ids.keys()}
        if isinstance(case.body, dict):
            possible = {"promised_for": TODAY.isoformat(), "url": "http://127.0.0.1:9/"}
            case.body |= {name: possible[name] for name in case.body.keys() & possible.keys()}
            case.body.pop("invoice_ids", None)
        if IDEMPOTENCY_KEY.fullmatch(str(case.headers.get("idempotency-key", ""))):
            case.headers["idempotency-key"] = key()


def test_whatever_follows_whatever_the_api_answers_as_it_describes(
    api: Api, make_customer: MakeCustomer
) -> None:
    """schemathesis: sequences of requests, each using what the ones before it gave."""
    schema = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    succeeded: set[str] = set()

    class Journey(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            empty_tables()
            self.known = Known(make_customer())

        def before_call(self, case: Any) -> None:
            self.known.put_into(case)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {TOKEN}"}}

        def after_call(self, response: Any, case: Any) -> None:
            if response.status_code in {200, 201} and "json" in response.headers["content-type"][0]:
                self.known.learn(case.path, response.json())
                succeeded.add(case.operation.label)

    Journey.run(
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
    )
    assert len(succeeded) >= 12, sorted(succeeded)
