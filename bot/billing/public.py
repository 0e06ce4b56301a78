"""What whoever holds the link of a charge may see, and its PDF: enough to pay and to check."""

import re
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing import slip
from bot.billing.charge_models import ChargeInvoiceRow, ChargeRow, ChargeStatus
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import from_record
from bot.billing.documents.service import receipt_token
from bot.billing.errors import ChargeExpired, ChargePending, NotFound
from bot.billing.fields import OPAQUE_ID
from bot.billing.models import CustomerRow
from bot.billing.money import format_brl
from bot.billing.names import mask_document, mask_name
from bot.billing.shapes import Line, PublicCharge

SHOWN: Final[dict[ChargeStatus, Literal["issuing", "live", "paid"]]] = {
    ChargeStatus.ISSUING: "issuing",
    ChargeStatus.LIVE: "live",
    ChargeStatus.PAID: "paid",
}


def public_charge(session: Session, context: Context, token: str) -> PublicCharge:
    """Return what the public page shows. Raises NotFound, ChargeExpired or ChargePending."""
    charge, payer = _find(session, context, token)
    creditor = context.creditor
    paid = charge.status == ChargeStatus.PAID
    return PublicCharge(
        status=SHOWN[charge.status],
        description=charge.description,
        amount=charge.amount,
        due=charge.due,
        payable_until=_last_day(charge.expires_at),
        lines=[Line.model_validate(line) for line in charge.lines],
        composition=[Line.model_validate(line) for line in charge.composition],
        linha_digitavel=charge.linha_digitavel,
        barcode=charge.barcode,
        pix_copy_paste=charge.pix_payload,
        beneficiary_name=creditor.legal_name,
        beneficiary_document=creditor.cnpj,
        bank_name=_bank_name(context, charge),
        payer_name=mask_name(payer.name, payer.document),
        payer_document=mask_document(payer.document),
        link_until=_last_day(_link_end(context, charge)),
        receipt_token=receipt_token(session, context, charge) if paid else None,
        demonstration=context.provider.demonstration,
    )


def slip_pdf(session: Session, context: Context, token: str) -> bytes:
    """Return the boleto as an A4 sheet. Raises NotFound, ChargeExpired or ChargePending."""
    charge, payer = _find(session, context, token)
    if charge.status == ChargeStatus.ISSUING:
        raise ChargePending("its boleto is being issued")
    creditor, bank, words = context.creditor, context.policy.bank, context.policy.slip
    is_ours = charge.bank == bank.code
    return slip.render(
        slip.Slip(
            barcode=charge.barcode,
            bank_name=_bank_name(context, charge),
            beneficiary=slip.Party(creditor.legal_name, creditor.cnpj, creditor.address),
            payer=slip.Party(payer.name, payer.document, words.payer_address),
            agencia_codigo=f"{bank.agencia} / {bank.conta}" if is_ours else "",
            nosso_numero=charge.nosso_numero_printed,
            carteira=bank.carteira if is_ours else "",
            document_number=str(charge.nosso_numero),
            document_date=charge.issued_at.astimezone(SAO_PAULO).date(),
            due=charge.due,
            amount=charge.amount,
            composition=tuple(from_record(line) for line in charge.lines),
            instructions=_instructions(context, charge),
            check=_check(context, charge),
            pix=charge.pix_payload,
            demonstration=context.provider.demonstration,
        )
    )


def _instructions(context: Context, charge: ChargeRow) -> tuple[str, ...]:
    """Say until when it can be paid, and how the agreement came to its total."""
    words = context.policy.slip
    lines = [words.payable_until.format(date=f"{_last_day(charge.expires_at):%d/%m/%Y}")]
    if charge.composition:
        parts = [Line.model_validate(line) for line in charge.composition]
        lines.append(words.composition)
        lines += [f"{line.label}: {format_brl(line.amount)}" for line in parts]
    return tuple(lines)


def _check(context: Context, charge: ChargeRow) -> str:
    """Say what the payer's bank shows before they confirm."""
    creditor = context.creditor
    return context.policy.slip.check.format(
        name=creditor.legal_name,
        cnpj=creditor.cnpj,
        amount=format_brl(charge.amount),
        bank=_bank_name(context, charge),
        whatsapp=creditor.official_whatsapp,
        phone=creditor.phone,
    )


def _last_day(end: datetime) -> date:
    """Return the last day of what ends at midnight of the next one."""
    return (end - timedelta(seconds=1)).astimezone(SAO_PAULO).date()


def _link_end(context: Context, charge: ChargeRow) -> datetime:
    """Return when the link of a charge stops showing anything."""
    return charge.expires_at + timedelta(days=context.policy.charges.link_days)


def _bank_name(context: Context, charge: ChargeRow) -> str:
    """Name the bank that issued a charge: a provider's is not the one of the policy."""
    bank = context.policy.bank
    return bank.name if charge.bank == bank.code else f"Banco {charge.bank}"


def _find(session: Session, context: Context, token: str) -> tuple[ChargeRow, CustomerRow]:
    if not re.fullmatch(OPAQUE_ID, token):
        raise NotFound("this is no token of a charge")
    found = session.execute(
        select(ChargeRow, CustomerRow)
        .join(CustomerRow, CustomerRow.id == ChargeRow.customer_id)
        .where(ChargeRow.token == token)
    ).one_or_none()
    if found is None:
        raise NotFound("no charge has this token")
    charge, payer = found
    _check_shown(session, context, charge)
    return charge, payer


def _check_shown(session: Session, context: Context, charge: ChargeRow) -> None:
    """Refuse what can be neither paid nor shown to be paid. Raises ChargeExpired."""
    if _link_end(context, charge) <= context.now():
        raise ChargeExpired("its link is too old", code="link_expired")
    late = charge.status != ChargeStatus.PAID and charge.expires_at <= context.now()
    if charge.status in SHOWN and not late:
        return
    if _is_replaced(session, context, charge):
        raise ChargeExpired("there is a newer one", code="charge_replaced")
    if late or charge.status == ChargeStatus.EXPIRED:
        raise ChargeExpired(f"it could be paid until {charge.expires_at:%Y-%m-%d}")
    raise ChargeExpired("it was taken back", code="charge_cancelled")


def _is_replaced(session: Session, context: Context, charge: ChargeRow) -> bool:
    """Whether another charge for the same debt can be paid instead."""
    invoices = select(ChargeInvoiceRow.invoice_id).where(ChargeInvoiceRow.charge_id == charge.id)
    same_invoices = ChargeRow.id.in_(
        select(ChargeInvoiceRow.charge_id).where(ChargeInvoiceRow.invoice_id.in_(invoices))
    )
    same_part = ChargeRow.installment_id == charge.installment_id
    newer = select(ChargeRow.id).where(
        same_part if charge.installment_id else same_invoices,
        ChargeRow.id != charge.id,
        ChargeRow.status.in_((ChargeStatus.ISSUING, ChargeStatus.LIVE)),
        ChargeRow.expires_at > context.now(),
    )
    return session.scalar(newer.limit(1)) is not None
