"""The debtors' bills in billing, by its front doors: imported as CSV, agreed by the API."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.billing.client import BillingClient, Evidence, Wish
from bot.billing.context import make_context
from bot.billing.imports.service import import_file
from bot.rehearsal.casting import Debtor
from bot.settings import get_settings


def put_in(debtors: Sequence[Debtor], client: BillingClient, directory: Path) -> dict[str, str]:
    """Import everybody and their bills; returns the customer id of each phone."""
    customers, invoices = directory / "clientes.csv", directory / "faturas.csv"
    _write(customers, _CUSTOMER, map(_customer, debtors))
    _write(invoices, _INVOICE, (row for debtor in debtors for row in _invoices(debtor)))
    context = make_context(get_settings())
    for file, kind in ((customers, "customers"), (invoices, "invoices")):
        import_file(context, file, kind, directory / f"{kind}-recusados.csv", strict=True)
    ids = {debtor.phone: _customer_id(client, debtor) for debtor in debtors}
    for debtor in debtors:
        if debtor.persona.has_agreement:
            _agree(client, ids[debtor.phone])
    return ids


def could_pay(client: BillingClient, customer_id: str, monthly: Decimal | None) -> bool:
    """Whether billing would still offer something no part of which is above `monthly`."""
    wish = Wish(monthly=monthly) if monthly else None
    offers = client.offers(customer_id, wish=wish).offers
    return any(
        monthly is None or max(part.amount for part in offer.parts) <= monthly for offer in offers
    )


_CUSTOMER = ("identificador", "cpf_cnpj", "nome", "nascimento", "telefone")
_INVOICE = (
    "identificador",
    "identificador_cliente",
    "contrato",
    "descricao",
    "vencimento",
    "valor",
)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)


def _customer(debtor: Debtor) -> Sequence[str]:
    birth = "" if debtor.persona.is_company else f"{debtor.number % 28 + 1:02d}/05/1980"
    return (_key(debtor), debtor.document, debtor.name, birth, f"+{debtor.phone}")


def _invoices(debtor: Debtor) -> Iterable[Sequence[str]]:
    for number, bill in enumerate(debtor.bills, 1):
        amount = str(bill.amount).replace(".", ",")
        due = f"{bill.due:%d/%m/%Y}"
        yield (
            f"F-{debtor.number}-{number}",
            _key(debtor),
            bill.contract,
            bill.description,
            due,
            amount,
        )


def _key(debtor: Debtor) -> str:
    return f"E-{debtor.number}"


def _customer_id(client: BillingClient, debtor: Debtor) -> str:
    [found] = client.find_customers(document=debtor.document).customers
    return str(found.id)


def _agree(client: BillingClient, customer_id: str) -> None:
    """Let somebody have said yes to a plan before the rehearsal."""
    offers = client.offers(customer_id).offers
    evidence = Evidence(message_id="rehearsal", text="Sim, fechado", said_at=datetime.now(UTC))
    client.agree(customer_id, offers[-1].id, evidence, idempotency_key=f"rehearsal:{customer_id}")
