"""Which documents somebody can have, and what their links show: over the real API."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select, update

from bot.billing.client import Agreement, BillingClient, BillingRefused, Document
from bot.billing.documents.facts import Kind
from bot.billing.models import AgreementRow, AgreementStatus, InvoiceRow, InvoiceStatus
from bot.db import transaction
from tests.billing.documents.paying import pay
from tests.billing.paying import paid, pay_by_hand
from tests.billing.support import EVIDENCE, MARIA_CPF, TODAY, FakeClock, MakeCustomer, key

ANA_CPF = "18609139034"


def agree(client: BillingClient, customer: UUID, count: int = 6) -> Agreement:
    offers = client.offers(customer).offers
    offer = next(offer for offer in offers if offer.count == count)
    return client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())


def pay_all(client: BillingClient, customer: UUID, agreement: Agreement, clock: FakeClock) -> None:
    """Every part of an agreement paid on its day."""
    for part in agreement.parts:
        charge = client.issue_charge(customer, agreement_id=agreement.id, idempotency_key=key())
        pay(client, charge, part.due, clock)


def set_invoices(customer: UUID, *states: InvoiceStatus) -> None:
    """Give the customer's invoices, oldest first, these states."""
    with transaction() as session:
        rows = session.scalars(
            select(InvoiceRow).where(InvoiceRow.customer_id == customer).order_by(InvoiceRow.due)
        )
        for row, state in zip(rows, states, strict=True):
            row.status = state


def one(documents: list[Document], kind: Kind) -> Document:
    found = [document for document in documents if document.kind == kind]
    assert len(found) == 1
    return found[0]


def token(document: Document) -> str:
    return document.url.rsplit("/")[-1]


def text_of(client: BillingClient, document: Document) -> str:
    pages = pypdfium2.PdfDocument(client.document_pdf(token(document)))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def printed_token(client: BillingClient, document: Document) -> str:
    """The token of the QR on the last page."""
    page = list(pypdfium2.PdfDocument(client.document_pdf(token(document))))[-1]
    return str(zxingcpp.read_barcodes(page.render(scale=2).to_pil())[0].text).rsplit("/")[-1]


def test_who_has_paid_nothing_and_agreed_to_nothing_has_no_document(
    client: BillingClient, maria: UUID
) -> None:
    client.issue_charge(maria, idempotency_key=key())
    assert client.documents(maria) == []


def test_an_agreement_has_its_terms_as_they_were_accepted(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria)
    terms = one(client.documents(maria), Kind.TERMS)
    assert (terms.agreement, terms.day) == (agreement.number, TODAY)
    text = text_of(client, terms)
    for said in ("Total R$ 830,74", "“sim, fechado”", "Sofá em 10x", "wamid.1"):
        assert said in text
    for part in agreement.parts:
        assert f"{part.number} {part.due:%d/%m/%Y} R$ {part.amount}".replace(".", ",") in text


def test_a_paid_part_has_a_receipt_that_tells_what_is_left(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria)
    assert agreement.charge is not None
    pay(client, agreement.charge, date(2026, 7, 27), clock)
    receipt = one(client.documents(maria), Kind.RECEIPT)
    assert (receipt.about, receipt.day) == (
        f"Parcela 1 de 6 do acordo nº {agreement.number}",
        date(2026, 7, 27),
    )
    text = text_of(client, receipt)
    assert "paga em 27/07/2026" in text
    assert "ainda faltam 5 parcelas, no total de R$ 692,28" in text


def test_the_receipt_of_bills_without_agreement_says_nothing_is_left_once_they_are_paid(
    client: BillingClient, maria: UUID
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    paid(client, charge, "100.00")
    first = one(client.documents(maria), Kind.RECEIPT)
    assert "nada mais é devido" not in text_of(client, first)
    pay_by_hand(client, maria, str(client.debts(maria).total))
    last = next(one for one in client.documents(maria) if one.url != first.url)
    assert "nada mais é devido" in text_of(client, last)


def test_what_was_paid_too_much_is_on_the_receipt(client: BillingClient, maria: UUID) -> None:
    pay_by_hand(client, maria, str(client.debts(maria).total + Decimal("10.00")))
    receipt = text_of(client, one(client.documents(maria), Kind.RECEIPT))
    assert "Valor pago a mais R$ 10,00" in receipt


def test_the_receipt_of_a_broken_agreement_does_not_say_that_nothing_is_owed(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria)
    assert agreement.charge is not None
    pay(client, agreement.charge, TODAY, clock)
    with transaction() as session:
        session.execute(update(AgreementRow).values(status=AgreementStatus.BROKEN))
    receipt = one(client.documents(maria), Kind.RECEIPT)
    text = text_of(client, receipt)
    assert "nada mais é devido" not in text
    assert "ainda falta" not in text


def test_a_completed_agreement_has_a_letter_that_clears_the_name_in_five_business_days(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, count=3)
    pay_all(client, maria, agreement, clock)
    letter = one(client.documents(maria), Kind.CLEARANCE)
    text = text_of(client, letter)
    last = agreement.parts[-1].due
    assert last == date(2026, 9, 29)
    assert f"O último pagamento foi feito em {last:%d/%m/%Y}" in text
    assert "até 06/10/2026 (Súmula 548 do STJ)" in text
    assert client.public_document(token(letter)).amount == agreement.total


def test_a_letter_of_clearance_is_withdrawn_when_a_payment_goes_back(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    pay_all(client, maria, agree(client, maria, count=3), clock)
    letter = one(client.documents(maria), Kind.CLEARANCE)
    payment = client.payments_of(maria)[-1]
    client.refund_payment(payment.id, payment.amount, idempotency_key=key())
    with pytest.raises(BillingRefused) as refused:
        client.public_document(token(letter))
    assert (refused.value.status, refused.value.code) == (410, "document_withdrawn")


def test_bills_paid_without_an_agreement_have_a_letter_that_clears_the_name(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    pay(client, charge, date(2026, 7, 23), clock)
    letter = one(client.documents(maria), Kind.CLEARANCE)
    assert (letter.about, letter.agreement, letter.day) == (
        "Sofá em 10x",
        None,
        date(2026, 7, 23),
    )
    text = text_of(client, letter)
    for said in (
        "pagou por inteiro as faturas abaixo, no total de R$ 802,42",
        "O último pagamento foi feito em 23/07/2026",
        f"{MARIA_CPF}-2",
        "até 30/07/2026 (Súmula 548 do STJ)",
    ):
        assert said in text
    proof = client.public_document(printed_token(client, letter))
    assert (proof.amount, proof.about, proof.holder_name) == (
        charge.amount,
        "Sofá em 10x",
        "Maria S.",
    )


def test_the_letter_of_a_bill_paid_bit_by_bit_comes_with_the_last_payment(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    older, newer = client.debts(maria).debts
    pay_by_hand(client, maria, "100.00", invoice_id=older.invoice_id)
    assert Kind.CLEARANCE not in {document.kind for document in client.documents(maria)}
    pay_by_hand(client, maria, str(client.debts(maria).total - newer.total))
    letter = one(client.documents(maria), Kind.CLEARANCE)
    text = text_of(client, letter)
    assert f"{MARIA_CPF}-1" in text
    assert f"{MARIA_CPF}-2" not in text
    assert client.public_document(token(letter)).amount == older.total
    pay_by_hand(client, maria, str(newer.total))
    letters = [each for each in client.documents(maria) if each.kind == Kind.CLEARANCE]
    assert len(letters) == 2


def test_the_letter_of_a_bill_is_withdrawn_when_its_money_goes_back(
    client: BillingClient, maria: UUID
) -> None:
    payment = pay_by_hand(client, maria, str(client.debts(maria).total))
    letter = one(client.documents(maria), Kind.CLEARANCE)
    client.refund_payment(payment.id, Decimal("0.01"), idempotency_key=key())
    documents = client.documents(maria)
    remaining = one(documents, Kind.CLEARANCE)  # the older bill is still paid
    assert client.public_document(token(remaining)).amount < payment.amount
    client.refund_payment(payment.id, payment.amount - Decimal("0.01"), idempotency_key=key())
    with pytest.raises(BillingRefused, match="document_withdrawn"):
        client.public_document(token(letter))


PAID, OPEN, DISPUTED = InvoiceStatus.PAID, InvoiceStatus.OPEN, InvoiceStatus.DISPUTED
LAST_YEAR = (("100.00", 400), ("100.00", 300), ("100.00", 250))
"""Due on 17 June 2025, 25 September 2025 and 14 November 2025."""


@pytest.mark.parametrize(
    ("states", "years"),
    [
        ((PAID, PAID, PAID), [2025]),
        ((PAID, PAID, OPEN), []),
        ((PAID, PAID, InvoiceStatus.CANCELLED), [2025]),
        ((PAID, PAID, InvoiceStatus.WRITTEN_OFF), []),
        ((PAID, PAID, InvoiceStatus.IN_AGREEMENT), []),
        ((PAID, PAID, DISPUTED), [2025]),
        ((DISPUTED, DISPUTED, DISPUTED), []),
    ],
)
def test_a_year_is_declared_when_everything_due_in_it_is_paid(
    client: BillingClient,
    make_customer: MakeCustomer,
    states: tuple[InvoiceStatus, ...],
    years: list[int],
) -> None:
    """Lei 12.007/2009, art. 2."""
    customer = make_customer(LAST_YEAR)
    set_invoices(customer, *states)
    assert [document.year for document in client.documents(customer)] == years


def test_the_present_year_is_declared_only_when_it_is_over(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    customer = make_customer([("100.00", 30)])
    set_invoices(customer, PAID)
    assert client.documents(customer) == []
    clock.pass_days(163)
    assert one(client.documents(customer), Kind.DECLARATION).year == 2026


def test_what_an_agreement_paid_to_its_end_counts_as_paid_in_its_year(
    client: BillingClient, make_customer: MakeCustomer, clock: FakeClock
) -> None:
    customer = make_customer(LAST_YEAR)
    pay_all(client, customer, agree(client, customer, count=1), clock)
    declaration = one(client.documents(customer), Kind.DECLARATION)
    assert "quitou todos os débitos" in text_of(client, declaration)


def test_a_declaration_tells_of_an_earlier_year_still_open(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    customer = make_customer([("100.00", 700), ("100.00", 300)])
    set_invoices(customer, OPEN, PAID)
    declaration = one(client.documents(customer), Kind.DECLARATION)
    assert declaration.year == 2025
    assert "anos anteriores ainda em aberto" in text_of(client, declaration)


def test_the_link_proves_the_document_without_the_full_name_or_cpf(
    client: BillingClient, maria: UUID
) -> None:
    agreement = agree(client, maria)
    shown = client.public_document(token(one(client.documents(maria), Kind.TERMS)))
    assert (shown.holder_name, shown.holder_document) == ("Maria S.", "***.982.247-**")
    assert (shown.amount, shown.agreement, shown.standing) == (
        Decimal("830.74"),
        agreement.number,
        "active",
    )
    assert (shown.issued_on, shown.opens) == (TODAY, True)


def test_the_paper_proves_for_years_but_opens_nothing(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agree(client, maria)
    terms = one(client.documents(maria), Kind.TERMS)
    proof = printed_token(client, terms)
    link = client.public_document(token(terms))
    assert client.public_document(proof).code == link.code
    with pytest.raises(BillingRefused, match="document_not_found"):
        client.document_pdf(proof)
    clock.pass_days(91)
    with pytest.raises(BillingRefused, match="document_expired"):
        client.document_pdf(token(terms))
    clock.pass_days(365 * 5 - 91)
    assert client.public_document(proof).code == link.code
    clock.pass_days(3)
    with pytest.raises(BillingRefused, match="document_expired"):
        client.public_document(proof)


def test_nobody_sees_the_documents_of_somebody_else(
    client: BillingClient, maria: UUID, make_customer: MakeCustomer
) -> None:
    ana = make_customer((("200.00", 20),), document=ANA_CPF, phone=None, name="Ana Lima")
    agree(client, maria)
    assert client.documents(ana) == []
    with pytest.raises(BillingRefused, match="not_found"):
        client.documents(uuid4())


@pytest.mark.parametrize("forged", ["x" * 48, "short", "%00", "..%2f..%2fhealthz", "é" * 48])
def test_a_forged_token_proves_nothing(client: BillingClient, maria: UUID, forged: str) -> None:
    with pytest.raises(BillingRefused) as refused:
        client.public_document(forged)
    assert (refused.value.status, refused.value.code) == (404, "document_not_found")


def test_the_same_link_gives_the_same_file(client: BillingClient, maria: UUID) -> None:
    agree(client, maria)
    link = token(one(client.documents(maria), Kind.TERMS))
    assert client.document_pdf(link) == client.document_pdf(link)


def test_a_paid_charge_carries_the_link_of_its_receipt(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    charge = client.issue_charge(maria, idempotency_key=key())
    charge_token = charge.url.rsplit("/")[-1]
    assert client.public_charge(charge_token).receipt_token is None
    pay(client, charge, TODAY, clock)
    receipt = client.public_charge(charge_token).receipt_token
    assert receipt is not None
    assert client.public_document(receipt).about == "Sofá em 10x"
