"""The demonstration data, and what the demo relies on."""

from decimal import Decimal

from sqlalchemy import func, select
from validate_docbr import CNPJ, CPF

from bot.billing import demo
from bot.billing.client import BillingClient
from bot.billing.models import AgreementRow, CustomerRow, InvoiceRow, PhoneRow
from bot.billing.phones import canonical
from bot.db import transaction
from tests.billing.support import key


def load() -> tuple[int, ...]:
    with transaction() as session:
        demo.load(session)
    with transaction() as session:
        tables = (CustomerRow, PhoneRow, InvoiceRow, AgreementRow)
        return tuple(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def test_loading_twice_changes_nothing(client: BillingClient) -> None:
    assert load() == load() == (7, 7, 12, 1)


def test_documents_are_valid_and_phones_are_canonical_and_unique() -> None:
    for customer in demo.CUSTOMERS:
        validator = CPF() if len(customer.document) == 11 else CNPJ()
        assert validator.validate(customer.document)
        assert canonical(customer.phone) == customer.phone
    assert len({customer.phone for customer in demo.CUSTOMERS}) == len(demo.CUSTOMERS)


def test_maria_souza_has_two_overdue_invoices(client: BillingClient) -> None:
    load()
    answer = client.identify("5511987654321", "529", idempotency_key=key())
    assert answer.customer is not None
    assert answer.customer.name == "Maria Souza"
    with transaction() as session:
        overdue = session.scalars(
            select(InvoiceRow).where(InvoiceRow.customer_id == answer.customer.id)
        ).all()
    assert [invoice.amount for invoice in overdue] == [Decimal("389.90")] * 2
