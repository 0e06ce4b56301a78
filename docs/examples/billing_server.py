"""A billing backend of your own, as small as it can be: what the chatbot needs, and no more.

One customer, one debt, one offer, in memory; what it knows is in billing_data.json. It passes
the tests in `tests/billing/contract/`: start from it and let each answer come from your systems.
It needs Flask alone:

    BILLING_TOKEN=secret flask --app docs/examples/billing_server.py run --port 8001
"""

import os

from flask import Flask, abort, make_response, request

app = Flask(__name__)
PHONE, CPF, maria, agreement, data = app.json.load(app.open_resource("billing_data.json"))
agreements, wrong, answered = [], {}, {}  # yours stand in a database


def refuse(status, code):
    problem = {"title": "Refused", "status": status, "code": code, "detail": "see the code"}
    abort(make_response(problem, status, {"Content-Type": "application/problem+json"}))


@app.before_request
def check_token_and_customer_and_whether_it_was_done_before():
    if request.headers.get("Authorization") != f"Bearer {os.environ['BILLING_TOKEN']}":
        refuse(401, "unauthorized")
    if (request.view_args or {}).get("customer", maria["id"]) != maria["id"]:
        refuse(404, "not_found")
    return answered.get((request.path, request.headers.get("Idempotency-Key")))


@app.after_request
def remember(answer):
    if "Idempotency-Key" in request.headers and answer.status_code < 400:
        answered[request.path, request.headers["Idempotency-Key"]] = answer
    return answer


@app.post("/identifications")
def identify():
    phone, digits = request.json["phone"], request.json["cpf_digits"] or "a birth date is not known"
    right = phone == PHONE and CPF.startswith(digits) and wrong.get(phone, 0) < 3
    wrong[phone] = 0 if right else min(wrong.get(phone, 0) + 1, 3)
    status = "confirmed" if right else "locked" if wrong[phone] == 3 else "refused"
    return {"status": status, "attempts_left": 3 - wrong[phone], "customer": [None, maria][right]}


@app.get("/customers/<customer>/<path:what>")
def show(customer, what):
    made = {"agreements": agreements, "charges": [made["charge"] for made in agreements]}
    known = data | {name: {name: things} for name, things in made.items()}
    what = "no_debts" if what == "debts" and agreements else what
    return known.get(what) or refuse(404, "not_found")


@app.post("/customers/<customer>/<what>")
def act(customer, what):
    if what == "agreements":
        if agreements or f"offers/{request.json['offer_id']}" not in data:
            refuse(409, "already_agreed" if agreements else "offer_expired")
        agreements.append(agreement)
    return {"offers": data["offers"], "agreements": agreement, "charges": agreement["charge"]}[what]
