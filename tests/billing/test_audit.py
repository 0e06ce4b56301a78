"""The audit: every change, by whom, under which policy; no personal data in clear; for ever."""

import json
from typing import Any
from uuid import UUID

import pytest
import requests
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from bot.billing.actors import Actor, acting
from bot.billing.audit.signature import UNAUDITED
from bot.billing.client import BillingClient
from bot.billing.models import CustomerRow, InvoiceRow, InvoiceStatus, PhoneRow
from bot.billing.policy import get_policy
from bot.db import transaction
from tests.billing.support import EVIDENCE, MARIA_CPF, MARIA_PHONE, TODAY, TOKEN, Api, key

ANA = Actor("operator", "ana")


def audit(api: Api, **query: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.get(f"{api.url}/audit", params=query, headers=headers, timeout=5)
    assert answer.ok, answer.text
    body: dict[str, Any] = answer.json()
    return body


def entries(api: Api, customer: UUID, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = audit(api, customer_id=str(customer), **query)["entries"]
    return found


def test_every_table_is_audited_or_named_as_not_to_be(database: None) -> None:
    """A new table is audited by `SELECT billing.audit_table('its_name')` in its migration."""
    with transaction() as session:
        tables = set(
            session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'billing'"))
        )
        audited = set(
            session.scalars(
                text(
                    "SELECT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname = 'audit'"
                )
            )
        )
    assert tables - audited <= UNAUDITED
    assert not audited & UNAUDITED


def test_a_change_says_who_when_what_and_under_which_policy(api: Api, maria: UUID) -> None:
    with acting(ANA), transaction() as session:
        invoice = session.query(InvoiceRow).filter_by(external_id=f"{MARIA_CPF}-1").one()
        invoice.status = InvoiceStatus.WRITTEN_OFF
    [entry] = entries(api, maria, actor="operator:ana")
    assert entry["changes"] == {"status": {"old": "open", "new": "written_off"}}
    assert (entry["table_name"], entry["row_id"]) == ("invoices", str(invoice.id))
    assert (entry["operation"], entry["policy_version"]) == ("update", get_policy().version)


def test_a_statement_is_signed_like_a_row(api: Api, maria: UUID) -> None:
    with acting(ANA), transaction() as session:
        session.execute(update(InvoiceRow).values(description="Sofá"))
    assert len(entries(api, maria, actor="operator:ana")) == 2


def test_a_signature_ends_with_its_transaction(api: Api, maria: UUID) -> None:
    with acting(ANA), transaction() as session:
        session.execute(update(InvoiceRow).values(description="Sofá"))
    with transaction() as session:
        session.execute(text("UPDATE billing.invoices SET description = 'Mesa'"))
    assert [entry["actor"] for entry in entries(api, maria, table_name="invoices")][:4] == [
        "system",
        "system",
        "operator:ana",
        "operator:ana",
    ]


def test_after_a_savepoint_was_rolled_back_the_rest_is_still_signed(api: Api, maria: UUID) -> None:
    with acting(ANA), transaction() as session:
        with session.begin_nested() as savepoint:
            session.execute(update(InvoiceRow).values(description="Sofá"))
            savepoint.rollback()
        session.execute(update(InvoiceRow).values(description="Mesa"))
    found = entries(api, maria, actor="operator:ana")
    assert [entry["changes"]["description"]["new"] for entry in found] == ["Mesa", "Mesa"]


def test_what_a_request_did_carries_its_id(api: Api, maria: UUID) -> None:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Idempotency-Key": key(),
        "X-Request-Id": "turn-42",
    }
    url = f"{api.url}/customers/{maria}/charges"
    answer = requests.post(url, json={}, headers=headers, timeout=5)
    assert answer.headers["X-Request-Id"] == "turn-42"
    tables = {
        entry["table_name"] for entry in entries(api, maria) if entry["request_id"] == "turn-42"
    }
    assert tables == {"charges", "charge_invoices"}
    hostile = requests.get(url, headers=headers | {"X-Request-Id": "a b" * 99}, timeout=5)
    assert len(hostile.headers["X-Request-Id"]) == 32


def test_an_agreement_s_parts_and_its_bills_are_found_under_their_customer(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    offer = client.offers(maria).offers[1]
    client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    tables = {entry["table_name"] for entry in entries(api, maria)}
    assert {"agreements", "installments", "agreement_invoices", "invoices", "charges"} <= tables


def test_no_document_name_phone_or_word_of_the_debtor_is_copied(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    client.promise(maria, TODAY, EVIDENCE, idempotency_key=key())
    client.dispute(maria, "not_mine", "isso é da minha irmã", idempotency_key=key())
    with transaction() as session:
        session.get_one(CustomerRow, maria).name = "Maria Aparecida de Souza"
        session.delete(session.get_one(PhoneRow, MARIA_PHONE))
    found = json.dumps(entries(api, maria), ensure_ascii=False)
    for secret in (MARIA_CPF, MARIA_PHONE, "Souza", "1988-05-03", "minha irmã", EVIDENCE.text):
        assert secret not in found.replace(f"{MARIA_CPF}-", "")  # our tests name bills so
    [phone, *_] = entries(api, maria, table_name="customer_phones")
    assert (phone["operation"], phone["row_id"]) == ("delete", "***21")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE billing.audit SET actor = 'x'", "DELETE FROM billing.audit", "TRUNCATE billing.audit"],
)
def test_the_audit_cannot_be_changed(api: Api, maria: UUID, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))


def test_nothing_changed_writes_nothing(api: Api, maria: UUID) -> None:
    before = len(entries(api, maria))
    with transaction() as session:
        session.execute(text("UPDATE billing.invoices SET status = status"))
    assert len(entries(api, maria)) == before


def test_the_audit_comes_in_pages_and_by_time(api: Api, maria: UUID) -> None:
    everything = entries(api, maria)
    pages, cursor = [], ""
    while True:
        query = {"customer_id": str(maria), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = audit(api, **query)
        pages += answer["entries"]
        if not (cursor := answer["next_cursor"]):
            break
    assert pages == everything
    newest = everything[0]["at"]
    assert newest in [entry["at"] for entry in entries(api, maria, since=newest)]
    assert newest not in [entry["at"] for entry in entries(api, maria, until=newest)]


def test_reading_and_offering_sign_nothing(api: Api, client: BillingClient, maria: UUID) -> None:
    """No extra round trip where the chat waits."""
    from sqlalchemy import event

    from bot.db import engine

    said: list[str] = []

    def listen(*arguments: Any) -> None:
        said.append(arguments[2])

    event.listen(engine(), "before_cursor_execute", listen)
    try:
        client.debts(maria)
        client.offers(maria)
        assert not [statement for statement in said if "set_config" in statement]
        client.promise(maria, TODAY, EVIDENCE, idempotency_key=key())
        assert len([statement for statement in said if "set_config" in statement]) == 1
    finally:
        event.remove(engine(), "before_cursor_execute", listen)
