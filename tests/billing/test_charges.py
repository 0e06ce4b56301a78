"""Second copies: one live charge for a debt, always payable, always the right sum."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.billing import boleto, pix
from bot.billing.client import Agreement, BillingClient, BillingRefused, Charge
from bot.billing.models import (
    AgreementRow,
    AgreementStatus,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.db import transaction
from tests.billing.support import EVIDENCE, TODAY, FakeClock, MakeCustomer, key


def issue(
    client: BillingClient,
    customer: UUID,
    invoice: UUID | None = None,
    agreement: UUID | None = None,
) -> Charge:
    return client.issue_charge(
        customer, invoice_id=invoice, agreement_id=agreement, idempotency_key=key()
    )


def agree(client: BillingClient, customer: UUID, count: int) -> Agreement:
    offers = client.offers(customer).offers
    offer = next(offer for offer in offers if offer.count == count)
    return client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())


def token(charge: Charge) -> str:
    return charge.url.rsplit("/")[-1]


def test_boleto_and_pix_say_the_amount_and_the_date_of_the_charge(
    client: BillingClient, maria: UUID
) -> None:
    charge = issue(client, maria)
    slip, code = boleto.parse(charge.linha_digitavel, TODAY), pix.parse(charge.pix_copy_paste)
    assert (slip.amount, slip.due) == (charge.amount, charge.due)
    assert (charge.amount, charge.due) == (Decimal("802.42"), TODAY + timedelta(days=2))
    assert (code.amount, code.city) == (charge.amount, "Campinas")
    assert boleto.linha_digitavel(charge.barcode) == charge.linha_digitavel


def test_a_second_copy_asked_twice_is_the_same_charge(client: BillingClient, maria: UUID) -> None:
    assert issue(client, maria) == issue(client, maria)
    assert len(client.charges(maria)) == 1


def test_second_copies_asked_at_the_same_moment_are_one_charge(
    client: BillingClient, maria: UUID
) -> None:
    with ThreadPoolExecutor(10) as pool:
        charges = list(pool.map(lambda _: issue(client, maria), range(10)))
    assert len({charge.id for charge in charges}) == 1


def test_one_bill_alone_can_be_charged(client: BillingClient, maria: UUID) -> None:
    debt = client.debts(maria).debts[1]
    assert issue(client, maria, debt.invoice_id).amount == debt.total


def test_a_charge_for_one_bill_takes_the_place_of_that_for_all(
    client: BillingClient, maria: UUID
) -> None:
    everything = issue(client, maria)
    one = issue(client, maria, client.debts(maria).debts[0].invoice_id)
    assert client.charges(maria) == [one]
    with pytest.raises(BillingRefused) as refused:
        client.public_charge(token(everything))
    assert (refused.value.status, refused.value.code) == (410, "charge_replaced")


def test_a_charge_for_all_takes_the_place_of_that_for_one_bill(
    client: BillingClient, maria: UUID
) -> None:
    one = issue(client, maria, client.debts(maria).debts[0].invoice_id)
    everything = issue(client, maria)
    assert everything.amount > one.amount
    assert client.charges(maria) == [everything]


def test_after_a_part_was_paid_a_second_copy_is_for_the_rest(
    client: BillingClient, maria: UUID
) -> None:
    before = issue(client, maria)
    with transaction() as session:
        invoice = session.scalars(select(InvoiceRow).limit(1)).one()
        invoice.paid_amount = Decimal("300.00")
    after = issue(client, maria)
    assert after.amount < before.amount - 300
    assert client.charges(maria) == [after]


def test_a_live_charge_still_payable_is_given_again_though_juros_have_grown(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = issue(client, maria)
    clock.pass_days(1)
    assert issue(client, maria) == charge


def test_a_charge_past_its_due_date_is_replaced_at_the_new_amount(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    old = issue(client, maria)
    clock.pass_days(5)
    new = issue(client, maria)
    assert new.amount > old.amount
    assert new.due == TODAY + timedelta(days=7)
    assert client.charges(maria) == [new]


def test_an_expired_charge_cannot_be_seen_and_is_replaced(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    old = issue(client, maria)
    clock.pass_days(30)
    assert client.charges(maria) == []
    with pytest.raises(BillingRefused) as refused:
        client.public_charge(token(old))
    assert (refused.value.status, refused.value.code) == (410, "charge_expired")
    assert issue(client, maria).id != old.id


def test_a_bill_not_yet_due_is_charged_for_its_own_date(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    customer = make_customer([("150.00", -10)])
    with transaction() as session:
        invoice = session.scalars(select(InvoiceRow.id)).one()
    charge = issue(client, customer, invoice)
    assert (charge.amount, charge.due) == (Decimal("150.00"), TODAY + timedelta(days=10))


def test_the_next_part_of_an_agreement_is_charged_after_the_first_is_paid(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 3)
    assert issue(client, maria, agreement=agreement.id) == agreement.charge
    _pay_first_part(agreement)
    second = issue(client, maria, agreement=agreement.id)
    assert (second.amount, second.due) == (agreement.parts[1].amount, agreement.parts[1].due)


def test_a_late_part_is_charged_with_multa_and_juros(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, 3)
    part = agreement.parts[0]
    clock.pass_days(7 + 30)
    charge = issue(client, maria, agreement=agreement.id)
    page = client.public_charge(token(charge))
    assert charge.amount > part.amount
    assert charge.amount == part.amount + page.lines[1].amount + page.lines[2].amount
    assert sum(line.amount for line in page.lines) == charge.amount


def test_a_bill_in_an_agreement_is_not_charged_by_itself(
    client: BillingClient, maria: UUID
) -> None:
    invoice = client.debts(maria).debts[0].invoice_id
    agree(client, maria, 3)
    with pytest.raises(BillingRefused, match="already_agreed"):
        issue(client, maria, invoice)
    with pytest.raises(BillingRefused, match="nothing_to_charge"):
        issue(client, maria)


def test_nothing_is_charged_when_nothing_is_owed(client: BillingClient, maria: UUID) -> None:
    agreement = agree(client, maria, 1)
    with transaction() as session:
        session.get_one(AgreementRow, agreement.id).status = AgreementStatus.COMPLETED
    with pytest.raises(BillingRefused, match="nothing_to_charge"):
        issue(client, maria, agreement=agreement.id)


def test_a_paid_bill_is_not_charged(client: BillingClient, maria: UUID) -> None:
    invoice = client.debts(maria).debts[0].invoice_id
    with transaction() as session:
        session.get_one(InvoiceRow, invoice).status = InvoiceStatus.PAID
    with pytest.raises(BillingRefused, match="nothing_to_charge"):
        issue(client, maria, invoice)


def test_an_invoice_and_an_agreement_cannot_be_asked_for_together(
    client: BillingClient, maria: UUID
) -> None:
    invoice = client.debts(maria).debts[0].invoice_id
    with pytest.raises(BillingRefused, match="not both"):
        issue(client, maria, invoice, invoice)


def test_the_page_of_a_settlement_itemises_the_debt_and_the_discount(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 1)
    assert agreement.charge is not None
    page = client.public_charge(token(agreement.charge))
    assert [(line.label, line.amount) for line in page.lines] == [
        ("Valor original", Decimal("779.80")),
        ("Multa por atraso", Decimal("15.60")),
        ("Juros de mora", Decimal("7.02")),
        ("Desconto do acordo", Decimal("-17.94")),
    ]
    assert sum(line.amount for line in page.lines) == page.amount
    assert page.composition == []


def test_the_page_of_a_part_itemises_the_agreement_it_belongs_to(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria, 6)
    assert agreement.charge is not None
    page = client.public_charge(token(agreement.charge))
    assert page.description == f"Parcela 1 de 6 do acordo nº {agreement.number}"
    assert sum(line.amount for line in page.lines) == page.amount
    assert sum(line.amount for line in page.composition) == agreement.total


def test_whoever_holds_the_link_does_not_learn_cpf_or_surname(
    client: BillingClient, maria: UUID
) -> None:
    page = client.public_charge(token(issue(client, maria)))
    assert (page.payer_name, page.payer_document) == ("Maria S.", "***.982.247-**")
    assert page.demonstration


def test_many_bills_are_summed_where_a_sheet_has_no_room_for_all(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    customer = make_customer([("100.00", 20 + days) for days in range(8)])
    charge = issue(client, customer)
    page = client.public_charge(token(charge))
    assert [line.label for line in page.lines] == [
        "Valor original",
        "Multa por atraso",
        "Juros de mora",
    ]
    assert client.slip(token(charge)).startswith(b"%PDF")


@pytest.mark.parametrize("count", [1, 3])
def test_the_boleto_is_a_pdf(client: BillingClient, maria: UUID, count: int) -> None:
    agreement = agree(client, maria, count)
    assert agreement.charge is not None
    assert client.slip(token(agreement.charge)).startswith(b"%PDF")


@pytest.mark.parametrize("unknown", ["x" * 32, "short", "a\x00b"])
def test_a_link_nobody_made_is_not_found(client: BillingClient, unknown: str) -> None:
    for look in (client.public_charge, client.slip):
        with pytest.raises(BillingRefused) as refused:
            look(unknown)
        assert refused.value.code == "not_found"


def _pay_first_part(agreement: Agreement) -> None:
    with transaction() as session:
        part = session.scalars(
            select(InstallmentRow).where(
                InstallmentRow.agreement_id == agreement.id, InstallmentRow.number == 1
            )
        ).one()
        part.status = InstallmentStatus.PAID
