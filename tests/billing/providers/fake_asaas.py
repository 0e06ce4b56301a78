"""Asaas for tests: its API v3 over real HTTP, as documented, with faults to order.

It knows what billing uses of customers and payments, and checks what the real one checks.
"""

import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, Response, g, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.billing import boleto, pix
from bot.billing.providers import asaas as asaas_module

API_KEY = "$aact_hmlg_test"
WEBHOOK_TOKEN = "webhook-token-of-the-tests"
BANK = "461"
MINIMUM = Decimal("5.00")
CHECKOUT = "pix.example/qr/v2"
PATIENCE = 0.5
"""Seconds: long for an answer of a busy machine, short for a test."""

LONGEST_SILENCE = 30.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: before it is done or, with `done`, after.

    `status` is answered; without one the connection is dropped, after `seconds` of silence, or
    once `until` is set. `slow`: nothing goes wrong, but it takes that long.
    """

    status: int | None = None
    done: bool = False
    seconds: float = 0.0
    body: Json | None = None
    until: threading.Event | None = None
    slow: bool = False


@dataclass
class FakeAsaas:
    """The account: who and what there is, what was called, and which calls will fail."""

    url: str = ""
    today: date = date(2026, 7, 22)
    customers: dict[str, Json] = field(default_factory=dict)
    payments: dict[str, Json] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def fail(self, call: str, *faults: Fault) -> None:
        """Let the next calls like `POST /payments` go wrong, one fault each."""
        self.faults[call].extend(faults)

    def live(self) -> list[Json]:
        """Every charge somebody could pay now."""
        states = {"PENDING", "OVERDUE"}
        return [p for p in self.payments.values() if not p["deleted"] and p["status"] in states]

    def created(self) -> int:
        """How many charges were ever created."""
        return len(self.payments)

    def pay(self, reference: str, paid_on: date, amount: Decimal | None = None) -> Json:
        """Somebody pays; returns the event that goes to the webhook."""
        payment = next(p for p in self.live() if p["externalReference"] == reference)
        payment.update(status="RECEIVED", paymentDate=str(paid_on), clientPaymentDate=str(paid_on))
        if amount is not None:
            payment.update(originalValue=payment["value"], value=amount)
        return self.event("PAYMENT_RECEIVED", payment)

    def update(self, payment_id: str, **changes: Any) -> None:
        """Change a charge as PUT does: its line is another one afterwards."""
        self.payments[payment_id] |= changes | {"_line": next(self._numbers)}

    def event(self, name: str, payment: Json | None) -> Json:
        """An event as it is posted to a webhook."""
        shown = payment and _shown(payment)
        number = next(self._numbers)
        return {"id": f"evt_{number:032x}&{number}", "event": name, "payment": shown}


@contextmanager
def impatience() -> Iterator[None]:
    """Whoever calls Asaas meanwhile waits `PATIENCE` for an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asaas_module, "READ_SECONDS", PATIENCE)
        yield


class _Handler(WSGIRequestHandler):
    def make_environ(self) -> Json:
        """Keep the key: werkzeug drops headers with an underscore in their name."""
        return super().make_environ() | {"HTTP_ACCESS_TOKEN": self.headers.get("access_token", "")}

    def log_request(self, *_: object) -> None: ...


def serve(asaas: FakeAsaas) -> Callable[[], None]:
    """Let `asaas` listen on a free port; returns what stops it."""
    app = _app(asaas)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    asaas.url = f"http://127.0.0.1:{server.port}/v3"
    return server.shutdown


def _app(asaas: FakeAsaas) -> Flask:
    app = Flask("asaas")

    @app.before_request
    def check() -> Response | None:
        call = f"{request.method} {request.path.removeprefix('/v3')}"
        for payment_id in asaas.payments:
            call = call.replace(payment_id, "{id}")
        asaas.calls.append(call)
        g.fault = asaas.faults[call].popleft() if asaas.faults[call] else None
        if request.environ["HTTP_ACCESS_TOKEN"] != API_KEY:
            return _errors(401, "invalid_access_token", "A chave de API fornecida é inválida")
        if request.method == "GET" and request.get_data():
            return Response(status=403)
        return _go_wrong(g.fault) if g.fault and not g.fault.done else None

    @app.after_request
    def forget_the_answer(response: Response) -> Response:
        return (g.fault and g.fault.done and _go_wrong(g.fault)) or response

    _serve_customers(app, asaas)
    _serve_payments(app, asaas)
    _serve_codes(app, asaas)
    return app


def _serve_customers(app: Flask, asaas: FakeAsaas) -> None:
    @app.get("/v3/customers")
    def list_customers() -> Response:
        document = request.args["cpfCnpj"]
        return _page([c for c in asaas.customers.values() if c["cpfCnpj"] == document])

    @app.post("/v3/customers")
    def create_customer() -> Response:
        body = _body()
        if len(body["cpfCnpj"]) not in {11, 14}:
            return _errors(400, "invalid_cpfCnpj", "O CPF/CNPJ informado é inválido.")
        with asaas._lock:
            customer = {"id": f"cus_{next(asaas._numbers):012d}", "deleted": False, **body}
            asaas.customers[customer["id"]] = customer
        return jsonify(customer)


def _serve_payments(app: Flask, asaas: FakeAsaas) -> None:
    @app.get("/v3/payments")
    def list_payments() -> Response:
        wanted = request.args["externalReference"]
        found = [p for p in asaas.payments.values() if p["externalReference"] == wanted]
        return _page([_shown(p) for p in found if not p["deleted"]])

    @app.post("/v3/payments")
    def create_payment() -> Response:
        body = _body()
        if body["customer"] not in asaas.customers:
            return _errors(400, "invalid_customer", "Customer inválido ou não informado.")
        if body["value"] < MINIMUM:
            return _errors(400, "invalid_value", "O valor da cobrança é inferior a R$ 5,00.")
        if body["dueDate"] < str(asaas.today):
            return _errors(400, "invalid_dueDate", "Não é permitido data de vencimento inferior.")
        with asaas._lock:
            payment = _new_payment(next(asaas._numbers), body)
            asaas.payments[payment["id"]] = payment
        return _json(_shown(payment))

    @app.delete("/v3/payments/<payment_id>")
    def delete_payment(payment_id: str) -> Response:
        payment = asaas.payments.get(payment_id)
        if payment is None or payment["deleted"]:
            return Response(status=404)
        if payment["status"] not in {"PENDING", "OVERDUE"}:
            return _errors(400, "invalid_action", "Esta cobrança não pode ser removida.")
        payment["deleted"] = True
        return jsonify(deleted=True, id=payment_id)


def _serve_codes(app: Flask, asaas: FakeAsaas) -> None:
    @app.get("/v3/payments/<payment_id>/identificationField")
    def line(payment_id: str) -> Response:
        payment = asaas.payments[payment_id]
        code = boleto.barcode(
            BANK, date.fromisoformat(payment["dueDate"]), payment["value"], _free_field(payment)
        )
        return jsonify(
            identificationField=boleto.linha_digitavel(code),
            nossoNumero=payment["nossoNumero"],
            barCode=code,
        )

    @app.get("/v3/payments/<payment_id>/pixQrCode")
    def pix_code(payment_id: str) -> Response:
        payment = asaas.payments[payment_id]
        code = pix.brcode(
            url=f"{CHECKOUT}/{payment_id}", name="LOJA", city="CAMPINAS", amount=payment["value"]
        )
        return jsonify(encodedImage="", payload=code, expirationDate=payment["dueDate"])


def _go_wrong(fault: Fault) -> Response | None:
    """Answer wrongly, or nothing: then what was asked is done."""
    time.sleep(fault.seconds)
    if fault.until is not None:
        fault.until.wait(LONGEST_SILENCE)
    if fault.slow:
        return None
    if fault.status is not None:
        return Response(json.dumps(fault.body or {}), fault.status, mimetype="application/json")
    request.environ["werkzeug.socket"].shutdown(2)
    return Response()


def _new_payment(number: int, body: Json) -> Json:
    return {
        "object": "payment",
        "id": f"pay_{number:016d}",
        "status": "PENDING",
        "deleted": False,
        "nossoNumero": str(number),
        "paymentDate": None,
        "clientPaymentDate": None,
        "_line": number,
        **body,
    }


def _free_field(payment: Json) -> str:
    return f"{payment['_line']:025d}"


def _shown(payment: Json) -> Json:
    """A charge as the API tells it; money is a JSON number there."""
    return {key: value for key, value in payment.items() if not key.startswith("_")}


def _body() -> Json:
    assert request.mimetype == "application/json"
    body: Json = json.loads(request.get_data(), parse_float=Decimal)
    return body


def _page(rows: list[Json]) -> Response:
    return _json({"object": "list", "hasMore": False, "totalCount": len(rows), "data": rows})


def _json(body: Json) -> Response:
    return Response(json.dumps(body, default=float), mimetype="application/json")


def _errors(status: int, code: str, description: str) -> Response:
    answer = jsonify(errors=[{"code": code, "description": description}])
    answer.status_code = status
    return answer
