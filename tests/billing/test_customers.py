"""Customers and their invoices over HTTP: who they are, finding them, giving a bill up."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from bot.billing.actors import Actor, acting
from bot.billing.calendar import years_after
from bot.billing.client import BillingClient, BillingRefused, CustomerChange, Invoice
from bot.billing.customers.invoices import write_off
from bot.billing.customers.shapes import Hours, WriteOffRequest
from bot.billing.http import EXTENSION
from bot.billing.models import CustomerRow
from bot.db import transaction
from tests.billing.support import EVIDENCE, MARIA_CPF, MARIA_PHONE, Api, MakeCustomer, key

JOAO_CPF = "52601815906"


def change(client: BillingClient, customer: UUID, **fields: object) -> object:
    return client.change_customer(customer, CustomerChange(**fields), idempotency_key=key())


def _write_off(client: BillingClient, customer: UUID, invoice: UUID, api_key: str) -> Invoice:
    client = client.acting_for(Actor("operator", "ana"))
    return client.write_off(customer, invoice, "produto devolvido", idempotency_key=api_key)


def refused(code: str) -> object:
    return pytest.raises(BillingRefused, match=f"^{code}:")


def test_a_customer_is_told_whole(client: BillingClient, maria: UUID) -> None:
    found = client.customer(maria)
    assert (found.kind, found.document, found.phones) == ("person", MARIA_CPF, [MARIA_PHONE])
    assert (found.channel, found.preferred_hours, found.opted_out) == ("whatsapp", None, None)


def test_a_cnpj_with_letters_is_a_company(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    company = make_customer(document="12ABC34501DE35", name="Padaria Pão Quente Ltda.")
    assert client.customer(company).kind == "company"


def test_what_is_not_named_in_a_change_stays(client: BillingClient, maria: UUID) -> None:
    before = client.customer(maria)
    hours = Hours(start="09:00", end="18:30")
    change(client, maria, email="Maria@Exemplo.com.br", channel="email", preferred_hours=hours)
    after = client.customer(maria)
    assert (after.email, after.channel, after.preferred_hours) == (
        "maria@exemplo.com.br",
        "email",
        hours,
    )
    assert (after.name, after.phones, after.birth_date) == (
        before.name,
        before.phones,
        before.birth_date,
    )
    change(client, maria, preferred_hours=None)
    assert client.customer(maria).preferred_hours is None
    with refused("hours_reversed"):
        change(client, maria, preferred_hours=Hours(start="18:00", end="09:00"))
    assert client.customer(maria).email == "maria@exemplo.com.br"


def test_an_opt_out_keeps_its_first_time_and_source_until_taken_back(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    change(client, maria, opted_out_by="whatsapp")
    api.clock.pass_days(1)
    change(client, maria, opted_out_by="telefone")
    opted_out = client.customer(maria).opted_out
    assert opted_out is not None
    assert (opted_out.source, opted_out.at.day) == ("whatsapp", 22)
    change(client, maria, opted_out_by=None)
    assert client.customer(maria).opted_out is None


def test_several_phones_and_each_has_one_owner(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    joao = make_customer(document=JOAO_CPF, phone="5521976543210", name="João Pereira")
    change(client, maria, phones=[MARIA_PHONE, "551133334444"])
    assert client.customer(maria).phones == ["551133334444", MARIA_PHONE]
    with refused("phone_taken"):
        change(client, joao, phones=["551133334444"])
    assert client.customer(joao).phones == ["5521976543210"]


@pytest.mark.parametrize(
    "search",
    [
        {"document": "529.982.247-25"},
        {"phone": "551187654321"},
        {"name": "josé de s"},
        {"name": "JOSE"},
        {"external_id": "C-1"},
        {"name": "jose", "document": MARIA_CPF},
    ],
)
def test_a_customer_is_found_by_any_of_their_names(
    client: BillingClient, make_customer: MakeCustomer, search: dict[str, str]
) -> None:
    wanted = make_customer(name="José de Souza")
    make_customer(document=JOAO_CPF, phone=None, name="Joana Pereira")
    with transaction() as session:
        session.get_one(CustomerRow, wanted).external_id = "C-1"
    assert [found.id for found in client.find_customers(**search).customers] == [wanted]


@pytest.mark.parametrize("name", ["%", "_ose", "\\"])
def test_a_search_knows_no_wildcards(
    client: BillingClient, make_customer: MakeCustomer, name: str
) -> None:
    make_customer(name="José de Souza")
    assert client.find_customers(name=name).customers == []


def test_pages_give_everybody_once_in_order(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    made = {make_customer((), f"{n:011}", None, None, f"Ana {n % 3}") for n in range(7)}
    seen, cursor = [], None
    while True:
        page = client.find_customers(name="ana", limit=3, cursor=cursor)
        seen += [customer.id for customer in page.customers]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize("cursor", ["x", "eA==", "WyJhIl0=", "WyJhIiwgMV0=", "bnVsbA=="])
def test_a_cursor_made_up_is_refused(client: BillingClient, maria: UUID, cursor: str) -> None:
    with refused("invalid_cursor"):
        client.find_customers(name="a", cursor=cursor)
    with refused("invalid_cursor"):
        client.invoices(maria, cursor)


def test_invoices_come_in_pages_with_their_clocks(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    maria = make_customer([("10.00", 5), ("20.00", 0), ("30.00", 365)])
    first = client.invoices(maria, limit=2)
    second = client.invoices(maria, first.next_cursor, limit=2)
    shown = [*first.invoices, *second.invoices]
    assert [str(invoice.amount) for invoice in shown] == ["30.00", "10.00", "20.00"]
    assert second.next_cursor is None
    assert (shown[0].due, shown[0].prescribes_on, shown[0].listing_until) == (
        date(2025, 7, 22),
        date(2030, 7, 22),
        date(2030, 7, 22),
    )


def test_a_clock_that_starts_on_a_leap_day_ends_on_the_first_of_march() -> None:
    assert years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)


def test_an_invoice_is_shown_only_under_its_customer(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    joao = make_customer([("50.00", 3)], JOAO_CPF, None)
    other = client.invoices(joao).invoices[0]
    for customer, invoice in ((maria, other.id), (maria, uuid4()), (uuid4(), other.id)):
        with refused("not_found"):
            _write_off(client, customer, invoice, key())
    with refused("not_found"):
        client.invoices(uuid4())


def test_what_is_written_off_is_owed_no_more(client: BillingClient, maria: UUID) -> None:
    invoice = client.invoices(maria).invoices[0]
    charge = client.issue_charge(maria, invoice_id=invoice.id, idempotency_key=key())
    api_key = key()
    given_up = [_write_off(client, maria, invoice.id, api_key) for _ in range(2)]
    assert given_up[0] == given_up[1]
    assert given_up[0].status == "written_off"
    assert given_up[0].written_off is not None
    assert given_up[0].written_off.reason == "produto devolvido"
    assert client.debts(maria).original == Decimal("389.90")
    assert charge.id not in [live.id for live in client.charges(maria)]
    with refused("not_open"):
        _write_off(client, maria, invoice.id, key())


def test_the_one_who_writes_off_is_named_and_is_no_bot(
    api: Api, client: BillingClient, maria: UUID
) -> None:
    invoice = client.invoices(maria).invoices[0]
    request, context = WriteOffRequest(reason="acordo judicial"), api.app.extensions[EXTENSION]
    with acting(Actor("bot")), transaction() as session, refused("not_allowed"):
        write_off(session, context, maria, invoice.id, request)
    with acting(Actor("supervisor", "ana")), transaction() as session:
        done = write_off(session, context, maria, invoice.id, request)
    assert done.written_off is not None
    assert (done.written_off.by, done.written_off.at) == ("supervisor:ana", api.clock.now)


def test_an_invoice_in_an_agreement_cannot_be_written_off(
    client: BillingClient, maria: UUID
) -> None:
    offer = client.offers(maria).offers[0]
    client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    with refused("already_agreed"):
        _write_off(client, maria, client.invoices(maria).invoices[0].id, key())
