"""Everything the payments of one customer touch, read once."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeInstallmentRow, ChargeInvoiceRow, ChargeRow
from bot.billing.disputes.models import DisputeInvoiceRow, DisputeRow
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.payments.imputation import EarlyPrice
from bot.billing.payments.models import AllocationRow, PaymentRow
from bot.billing.quotes import ZERO
from bot.db import Base

Row = TypeVar("Row", bound=Base)
STANDING = (AgreementStatus.ACTIVE, AgreementStatus.COMPLETED)
GONE = (InvoiceStatus.CANCELLED, InvoiceStatus.IN_AGREEMENT)


@dataclass(frozen=True)
class Book:
    """Rows by what belongs to what. `early`: what a charge promised for instalments.

    `disputed`: the invoices of which somebody says that they are wrong.
    """

    payments: Sequence[PaymentRow]
    allocations: Sequence[AllocationRow]
    agreements: Sequence[AgreementRow]
    invoices: Sequence[InvoiceRow]
    links: Sequence[AgreementInvoiceRow]
    charges: Mapping[UUID, ChargeRow]
    bare: Sequence[ChargeInvoiceRow]
    early: Mapping[UUID, Mapping[UUID, EarlyPrice]]
    disputed: Set[UUID]

    @cached_property
    def standing(self) -> list[AgreementRow]:
        """The agreements that hold their invoices, oldest first."""
        return [row for row in self.agreements if row.status in STANDING]

    @cached_property
    def held(self) -> set[UUID]:
        """The invoices that agreements hold."""
        return {link.invoice_id for link in self.links if link.active}

    @cached_property
    def for_good(self) -> list[AllocationRow]:
        """What paid an invoice before an agreement took over the rest of it."""
        return [share for share in self.allocations if share.invoice_id in self.held]

    @cached_property
    def allocated(self) -> dict[UUID, Decimal]:
        """What payments took off the principal of each invoice, as it stands written."""
        found: dict[UUID, Decimal] = {}
        for share in self.allocations:
            if share.invoice_id is not None:
                found[share.invoice_id] = found.get(share.invoice_id, ZERO) + share.principal
        return found

    def payments_of(self, agreement: AgreementRow | None) -> list[PaymentRow]:
        """Return what is placed on an agreement that stands; without one, on invoices."""
        standing = {row.id for row in self.standing}
        wanted = agreement.id if agreement else None
        return [
            row
            for row in self.payments
            if (row.agreement_id if row.agreement_id in standing else None) == wanted
        ]

    def is_free(self, row: InvoiceRow) -> bool:
        """Whether payments may be placed on an invoice, or taken off it again."""
        return row.id not in self.held and row.status not in GONE

    def unpaid(self, row: InvoiceRow) -> Decimal:
        """Return the principal no payment of ours had a part in.

        Some of an invoice may have been paid elsewhere, before it came to us.
        """
        rest = ZERO if row.status == InvoiceStatus.PAID else row.balance
        return rest + self.allocated.get(row.id, ZERO)

    def unpaid_status(self, row: InvoiceRow) -> InvoiceStatus:
        """Return what an invoice becomes whose payment went back: what it was meanwhile."""
        if row.written_off_at is not None:
            return InvoiceStatus.WRITTEN_OFF
        return InvoiceStatus.DISPUTED if row.id in self.disputed else InvoiceStatus.OPEN

    def paid_by(self, payment: PaymentRow) -> set[UUID]:
        """Return the invoices a payment paid something of, as it stands written."""
        shares = (share for share in self.allocations if share.payment_id == payment.id)
        return {share.invoice_id for share in shares if share.invoice_id}

    def charge_of(self, payment: PaymentRow) -> ChargeRow | None:
        return self.charges.get(payment.charge_id) if payment.charge_id else None

    def is_bare(self, payment: PaymentRow) -> bool:
        """Whether the charge paid was for invoices and not for an agreement."""
        return any(link.charge_id == payment.charge_id for link in self.bare)

    def named(self, payment: PaymentRow) -> list[UUID]:
        """Return the invoices a payment was meant for, oldest first."""
        bare = {link.invoice_id for link in self.bare if link.charge_id == payment.charge_id}
        agreed = {
            link.invoice_id for link in self.links if link.agreement_id == payment.agreement_id
        }
        named = bare | agreed
        return [row.id for row in self.invoices if row.id in named | {payment.invoice_id}]

    def placed_for_good(self, payment: PaymentRow) -> Decimal:
        return sum((row.total for row in self.for_good if row.payment_id == payment.id), ZERO)


def load(session: Session, customer_id: UUID) -> Book:
    """Read the book of a customer; invoices are in the order in which they are paid."""

    def rows(table: type[Row], *where: ColumnElement[bool]) -> list[Row]:
        return list(session.scalars(select(table).where(*where)))

    payments = rows(PaymentRow, PaymentRow.customer_id == customer_id)
    agreements = rows(AgreementRow, AgreementRow.customer_id == customer_id)
    invoices = rows(InvoiceRow, InvoiceRow.customer_id == customer_id)
    mine = [row.id for row in agreements]
    charges = [row.charge_id for row in payments if row.charge_id]
    early: dict[UUID, dict[UUID, EarlyPrice]] = {}
    for row in rows(ChargeInstallmentRow, ChargeInstallmentRow.charge_id.in_(charges)):
        terms = EarlyPrice(row.balance, row.price)
        early.setdefault(row.charge_id, {})[row.installment_id] = terms
    return Book(
        payments=payments,
        allocations=rows(AllocationRow, AllocationRow.payment_id.in_([row.id for row in payments])),
        agreements=sorted(agreements, key=lambda row: row.number),
        invoices=sorted(invoices, key=lambda row: (row.due, row.external_id)),
        links=rows(AgreementInvoiceRow, AgreementInvoiceRow.agreement_id.in_(mine)),
        charges={row.id: row for row in rows(ChargeRow, ChargeRow.id.in_(charges))},
        bare=rows(ChargeInvoiceRow, ChargeInvoiceRow.charge_id.in_(charges)),
        early=early,
        disputed=_disputed(session, customer_id),
    )


def _disputed(session: Session, customer_id: UUID) -> set[UUID]:
    held = (
        select(DisputeInvoiceRow.invoice_id)
        .join(DisputeRow, DisputeRow.id == DisputeInvoiceRow.dispute_id)
        .where(DisputeRow.customer_id == customer_id, DisputeInvoiceRow.active)
    )
    return set(session.scalars(held))
