"""What whoever holds the link of a charge may see, and its PDF: enough to pay and to check."""

import re
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing import slip
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import from_record
from bot.billing.errors import ChargeExpired, ChargePending, NotFound
from bot.billing.models import ChargeRow, ChargeStatus, CustomerRow
from bot.billing.money import format_brl
from bot.billing.names import mask_document, mask_name
from bot.billing.shapes import OPAQUE_ID, Line, PublicCharge

WITHDRAWN = (ChargeStatus.CANCELLING, ChargeStatus.CANCELLED, ChargeStatus.REFUSED)


def public_charge(session: Session, context: Context, token: str) -> PublicCharge:
    """Return what the public page shows. Raises NotFound, ChargeExpired or ChargePending."""
    charge, payer = _find(session, context, token)
    creditor = context.creditor
    return PublicCharge(
        status="paid" if charge.status == ChargeStatus.PAID else "live",
        description=charge.description,
        amount=charge.amount,
        due=charge.due,
        payable_until=_payable_until(charge),
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
        demonstration=context.provider.demonstration,
    )


def slip_pdf(session: Session, context: Context, token: str) -> bytes:
    """Return the boleto as an A4 sheet. Raises as `public_charge`."""
    charge, payer = _find(session, context, token)
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
            pix=charge.pix_payload,
            demonstration=context.provider.demonstration,
        )
    )


def _instructions(context: Context, charge: ChargeRow) -> tuple[str, ...]:
    """Say until when it can be paid, and how the agreement came to its total."""
    words = context.policy.slip
    lines = [words.payable_until.format(date=f"{_payable_until(charge):%d/%m/%Y}")]
    if charge.composition:
        parts = [Line.model_validate(line) for line in charge.composition]
        lines.append(words.composition)
        lines += [f"{line.label}: {format_brl(line.amount)}" for line in parts]
    return tuple(lines)


def _bank_name(context: Context, charge: ChargeRow) -> str:
    """Name the bank that issued a charge: a provider's is not the one of the policy."""
    bank = context.policy.bank
    return bank.name if charge.bank == bank.code else f"Banco {charge.bank}"


def _payable_until(charge: ChargeRow) -> date:
    """Return the last day on which a charge can be paid: it expires at the end of it."""
    return (charge.expires_at - timedelta(seconds=1)).astimezone(SAO_PAULO).date()


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
    if charge.status == ChargeStatus.ISSUING:
        raise ChargePending("it is being issued")
    if charge.status in WITHDRAWN:
        raise ChargeExpired("it was replaced or taken back", code="charge_cancelled")
    late = charge.status == ChargeStatus.LIVE and charge.expires_at <= context.now()
    if late or charge.status == ChargeStatus.EXPIRED:
        raise ChargeExpired(f"it could be paid until {charge.expires_at:%Y-%m-%d}")
    return charge, payer
