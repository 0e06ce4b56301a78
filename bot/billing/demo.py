"""Demonstration customers, each in a different situation. Documents and phones are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.agreements import agree
from bot.billing.context import Context, make_context
from bot.billing.models import CustomerRow, InvoiceRow, PhoneRow
from bot.billing.negotiation import offer_ways
from bot.billing.shapes import AgreementRequest, Evidence, OffersRequest
from bot.settings import get_settings


@dataclass(frozen=True)
class DemoInvoice:
    description: str
    amount: str
    days_late: int


@dataclass(frozen=True)
class DemoCustomer:
    name: str
    document: str
    phone: str
    birth_date: date | None
    invoices: Sequence[DemoInvoice]
    agreed: bool = False


CUSTOMERS = (
    DemoCustomer(
        "Maria Souza",
        "52998224725",
        "5511987654321",
        date(1988, 5, 3),
        [
            DemoInvoice("Sofá Bahia, parcela 4 de 10", "389.90", 42),
            DemoInvoice("Sofá Bahia, parcela 5 de 10", "389.90", 12),
        ],
    ),
    DemoCustomer(
        "João Pereira",
        "52601815906",
        "5521976543210",
        date(1975, 11, 20),
        [DemoInvoice("Mesa de jantar, parcela 2 de 3", "129.50", 6)],
    ),
    DemoCustomer(
        "Padaria Pão Quente Ltda.",
        "75749118625213",
        "5541932109876",
        None,
        [
            DemoInvoice("Balcão refrigerado, parcela 7 de 12", "1480.00", 75),
            DemoInvoice("Balcão refrigerado, parcela 8 de 12", "1480.00", 45),
            DemoInvoice("Balcão refrigerado, parcela 9 de 12", "1480.00", 15),
        ],
    ),
    DemoCustomer(
        "Ana Lima",
        "18609139034",
        "5531965432109",
        date(1962, 2, 14),
        [DemoInvoice("Cozinha planejada, saldo do contrato", "6240.00", 410)],
    ),
    DemoCustomer("Carlos Oliveira", "99603082430", "5551994321098", date(1990, 8, 30), []),
    DemoCustomer(
        "Francisca Santos",
        "62819482112",
        "5585943210987",
        date(1994, 1, 9),
        [
            DemoInvoice("Guarda-roupa Ipê, parcela 3 de 8", "215.75", 95),
            DemoInvoice("Guarda-roupa Ipê, parcela 4 de 8", "215.75", 65),
        ],
        agreed=True,
    ),
    DemoCustomer(
        "Pedro Alves",
        "99351819019",
        "5571921098765",
        date(1981, 6, 24),
        [
            DemoInvoice("Geladeira Frost 400, parcela 1 de 6", "349.00", 190),
            DemoInvoice("Geladeira Frost 400, parcela 2 de 6", "349.00", 160),
            DemoInvoice("Geladeira Frost 400, parcela 3 de 6", "349.00", 130),
        ],
    ),
)


def load(session: Session) -> None:
    """Put the demo customers in, their bills relative to today; those there stay as they are."""
    context = make_context(get_settings())
    there = set(session.scalars(select(CustomerRow.document)))
    for customer in CUSTOMERS:
        if customer.document not in there:
            _add(session, context, customer)


def _add(session: Session, context: Context, customer: DemoCustomer) -> None:
    row = CustomerRow(
        name=customer.name, document=customer.document, birth_date=customer.birth_date
    )
    session.add(row)
    session.flush()
    session.add(PhoneRow(phone=customer.phone, customer_id=row.id))
    session.add_all(_invoices(row, customer, context.today()))
    session.flush()
    if customer.agreed:
        _agree(session, context, row)


def _invoices(row: CustomerRow, customer: DemoCustomer, today: date) -> list[InvoiceRow]:
    contract = f"LH-{customer.document[3:8]}"
    return [
        InvoiceRow(
            customer_id=row.id,
            external_id=f"{contract}-{number}",
            contract=contract,
            description=invoice.description,
            due=today - timedelta(days=invoice.days_late),
            amount=Decimal(invoice.amount),
        )
        for number, invoice in enumerate(customer.invoices, start=1)
    ]


def _agree(session: Session, context: Context, row: CustomerRow) -> None:
    """Let a customer have said yes to the first plan in instalments."""
    offers = offer_ways(session, context, row.id, OffersRequest()).offers
    session.flush()
    evidence = Evidence(message_id="demo", text="Sim, fechado", said_at=datetime.now(UTC))
    request = AgreementRequest(offer_id=offers[1].id, evidence=evidence)
    agree(session, context, row.id, request, f"demo-{row.id}")
