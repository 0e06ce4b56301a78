"""What a payment is for: what the payer named, and where that stands by now."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeInstallmentRow, ChargeInvoiceRow, ChargeRow
from bot.billing.context import Context
from bot.billing.debts import overdue_invoices
from bot.billing.errors import NotFound
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    InstallmentRow,
    InvoiceRow,
)
from bot.billing.payments.book import STANDING
from bot.billing.payments.shapes import MatchRequest

_REFERENCE = re.compile(r"C(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Aim:
    """Whose debt is paid and, as far as is known, which."""

    customer_id: UUID
    charge: ChargeRow | None = None
    agreement_id: UUID | None = None
    invoice_id: UUID | None = None


def aim_of(session: Session, request: MatchRequest) -> Aim:
    """Read what a person said a payment is for. Raises NotFound or BillingRefused."""
    charge = session.get(ChargeRow, request.charge_id) if request.charge_id else None
    agreement = session.get(AgreementRow, request.agreement_id) if request.agreement_id else None
    invoice = session.get(InvoiceRow, request.invoice_id) if request.invoice_id else None
    asked = (request.charge_id, request.agreement_id, request.invoice_id)
    found = [row for row in (charge, agreement, invoice) if row is not None]
    owner = request.customer_id or next((row.customer_id for row in found), None)
    if owner is None or [row.customer_id for row in found] != [owner] * len([*filter(None, asked)]):
        raise NotFound("no such charge, agreement or invoice of this customer")
    return Aim(owner, charge, request.agreement_id, request.invoice_id)


def find_charge(session: Session, provider: str, reference: str) -> ChargeRow | None:
    """Return the charge that was issued under a reference."""
    number = _REFERENCE.fullmatch(reference)
    if number is None:
        return None
    return session.scalar(
        select(ChargeRow).where(
            ChargeRow.nosso_numero == int(number[1]), ChargeRow.provider == provider
        )
    )


def place_on(session: Session, context: Context, aim: Aim) -> UUID | None:
    """Return the agreement a payment counts for; None: for invoices.

    What an agreement that ended had taken over may be in another one by now.
    """
    agreement_id = aim.agreement_id or _agreement_of(session, aim.charge)
    if agreement_id is not None:
        if session.get_one(AgreementRow, agreement_id).status in STANDING:
            return agreement_id
        return _holder(session, _invoices_of(session, agreement_id)) or agreement_id
    invoices = [aim.invoice_id] if aim.invoice_id else _covered(session, aim.charge)
    if invoices:
        return _holder(session, invoices)
    if overdue_invoices(session, context, aim.customer_id):
        return None
    return session.scalar(
        select(AgreementRow.id)
        .where(
            AgreementRow.customer_id == aim.customer_id,
            AgreementRow.status == AgreementStatus.ACTIVE,
        )
        .order_by(AgreementRow.number)
        .limit(1)
    )


def _agreement_of(session: Session, charge: ChargeRow | None) -> UUID | None:
    """Return the agreement some of whose instalments a charge is for."""
    if charge is None:
        return None
    early = select(ChargeInstallmentRow.installment_id).where(
        ChargeInstallmentRow.charge_id == charge.id
    )
    return session.scalar(
        select(InstallmentRow.agreement_id)
        .where((InstallmentRow.id == charge.installment_id) | InstallmentRow.id.in_(early))
        .limit(1)
    )


def _covered(session: Session, charge: ChargeRow | None) -> list[UUID]:
    if charge is None:
        return []
    return list(
        session.scalars(
            select(ChargeInvoiceRow.invoice_id).where(ChargeInvoiceRow.charge_id == charge.id)
        )
    )


def _invoices_of(session: Session, agreement_id: UUID) -> list[UUID]:
    return list(
        session.scalars(
            select(AgreementInvoiceRow.invoice_id).where(
                AgreementInvoiceRow.agreement_id == agreement_id
            )
        )
    )


def _holder(session: Session, invoices: Collection[UUID]) -> UUID | None:
    """Return the agreement that is settling one of these invoices, if any."""
    return session.scalar(
        select(AgreementRow.id)
        .join(AgreementInvoiceRow)
        .where(
            AgreementInvoiceRow.invoice_id.in_(invoices),
            AgreementInvoiceRow.active,
            AgreementRow.status == AgreementStatus.ACTIVE,
        )
        .order_by(AgreementRow.number)
        .limit(1)
    )
