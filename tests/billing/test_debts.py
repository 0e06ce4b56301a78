"""What is owed, itemised, and what is not collected."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.billing.calendar import years_after, years_before
from bot.billing.client import BillingClient
from bot.billing.models import CustomerRow, InvoiceRow, InvoiceStatus
from bot.db import transaction
from tests.billing.support import TODAY, FakeClock, MakeCustomer


def test_each_debt_is_itemised_and_its_lines_add_up(client: BillingClient, maria: UUID) -> None:
    answer = client.debts(maria)
    oldest = answer.debts[0]
    assert (answer.as_of, oldest.days_late) == (TODAY, 42)
    assert (oldest.original, oldest.multa, oldest.juros, oldest.total) == (
        Decimal("389.90"),
        Decimal("7.80"),
        Decimal("5.46"),
        Decimal("403.16"),
    )
    assert [line.source for line in oldest.memory][1] == "CDC, art. 52, § 1º"
    for debt in answer.debts:
        assert sum(line.amount for line in debt.memory) == debt.total


def test_the_totals_are_those_of_the_debts(client: BillingClient, maria: UUID) -> None:
    answer = client.debts(maria)
    assert answer.total == sum(debt.total for debt in answer.debts)
    assert answer.total == answer.original + answer.multa + answer.juros == Decimal("802.42")


def test_a_customer_who_owes_nothing_has_no_debts(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    answer = client.debts(make_customer([]))
    assert (answer.debts, answer.total) == ([], Decimal("0.00"))


def test_a_bill_not_yet_late_is_no_debt(client: BillingClient, make_customer: MakeCustomer) -> None:
    customer = make_customer([("100.00", 0), ("100.00", -5), ("100.00", 1)])
    assert [debt.days_late for debt in client.debts(customer).debts] == [1]


def test_a_bill_due_on_a_weekend_is_late_only_after_monday(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    clock.pass_days(-2)  # Monday 20 July
    customer = make_customer([("100.00", 3)])  # due on Sunday 19 July
    assert client.debts(customer).debts == []
    clock.pass_days(1)
    assert client.debts(customer).debts[0].days_late == 2


def test_a_prescribed_debt_is_not_collected(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    """CC art. 206 §5 I: five years."""
    days = (TODAY - date(TODAY.year - 5, TODAY.month, TODAY.day)).days
    customer = make_customer([("100.00", days), ("200.00", days - 1)])
    assert [debt.original for debt in client.debts(customer).debts] == [Decimal("200.00")]
    assert {offer.original_total for offer in client.offers(customer).offers} == {
        client.debts(customer).total
    }


@pytest.mark.parametrize(
    "status", [InvoiceStatus.PAID, InvoiceStatus.CANCELLED, InvoiceStatus.IN_AGREEMENT]
)
def test_only_open_invoices_are_debts(
    client: BillingClient, maria: UUID, status: InvoiceStatus
) -> None:
    with transaction() as session:
        for invoice in session.query(InvoiceRow):
            invoice.status = status
    assert client.debts(maria).debts == []


def test_what_was_paid_in_part_counts_for_the_rest(client: BillingClient, maria: UUID) -> None:
    with transaction() as session:
        invoice = session.query(InvoiceRow).order_by(InvoiceRow.due).first()
        assert invoice is not None
        invoice.paid_amount = Decimal("289.90")
    assert client.debts(maria).debts[0].original == Decimal("100.00")


def test_late_charges_start_at_midnight_in_sao_paulo_not_in_london(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    customer = make_customer([("100.00", 10)])
    clock.now = clock.now.replace(day=23, hour=2)
    assert client.debts(customer).as_of == TODAY
    assert client.debts(customer).debts[0].days_late == 10


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
@example(date(2023, 3, 1), date(2028, 2, 29))
@example(date(2024, 2, 29), date(2029, 3, 1))
def test_what_is_not_collected_any_more_is_what_the_invoice_says(due: date, today: date) -> None:
    assert (due > years_before(today, 5)) == (today < years_after(due, 5))


def test_the_customer_is_called_by_the_first_name(client: BillingClient, maria: UUID) -> None:
    customer = client.customer(maria)
    assert (customer.id, customer.name, customer.first_name) == (maria, "Maria de Souza", "Maria")
    with transaction() as session:
        session.get_one(CustomerRow, maria).name = "Ana"
    assert client.customer(maria).first_name == "Ana"
