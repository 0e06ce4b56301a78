"""Agreements: an offer, an explicit yes, a schedule and the first charge to be issued."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow
from bot.billing.charges import (
    installment_bill,
    issue,
    live_for,
    live_for_installments,
    to_charge,
    withdraw,
)
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.errors import AlreadyAgreed, NotFound, OfferExpired
from bot.billing.events.service import EventName, record
from bot.billing.inquiries import identity, state
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    InstallmentRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
    OfferRow,
)
from bot.billing.negotiation import get_offer
from bot.billing.promises import service as promises
from bot.billing.quotes import ZERO
from bot.billing.shapes import Agreement, AgreementRequest, Installment, Part


def agree(
    session: Session,
    context: Context,
    customer_id: UUID,
    request: AgreementRequest,
    idempotency_key: str,
) -> Agreement:
    """Turn a valid offer into an agreement; the charge of its first instalment is to be issued.

    The customer is locked meanwhile: of many who accept at once, one does.
    """
    customer = get_customer(session, customer_id, lock=True)
    offer = get_offer(session, customer_id, request.offer_id)
    invoices = _invoices(session, offer)
    _check_can_agree(session, context, offer, invoices)
    withdraw(session, context, live_for(session, [row.id for row in invoices]))
    agreement = _write(session, context, offer, request, idempotency_key)
    for row in invoices:
        row.status = InvoiceStatus.IN_AGREEMENT
        session.add(AgreementInvoiceRow(agreement_id=agreement.id, invoice_id=row.id))
    promises.replace_by_agreement(session, context, customer_id)
    first = agreement.installments[0]
    issue(session, context, customer, installment_bill(session, context, agreement, first))
    _record_created(session, agreement)
    return to_agreement(context, agreement, None)


def agreement_now(session: Session, context: Context, agreement_id: UUID) -> Agreement:
    """Return an agreement as it stands."""
    return with_charge(session, context, session.get_one(AgreementRow, agreement_id))


def agreements_of(session: Session, context: Context, customer_id: UUID) -> list[Agreement]:
    """Return the customer's agreements, newest first."""
    get_customer(session, customer_id)
    rows = session.scalars(
        select(AgreementRow)
        .where(AgreementRow.customer_id == customer_id)
        .order_by(AgreementRow.number.desc())
    ).all()
    parts = [part.id for row in rows for part in row.installments]
    live = live_for_installments(session, context, parts)
    return [to_agreement(context, row, _next_charge(row, live)) for row in rows]


def to_agreement(context: Context, row: AgreementRow, charge: ChargeRow | None) -> Agreement:
    return Agreement(
        id=row.id,
        number=str(row.number),
        status=row.status.value,
        total=row.total,
        parts=[_to_installment(part) for part in row.installments],
        created_at=row.created_at,
        charge=to_charge(context, charge) if charge else None,
        owed=sum((part.balance for part in open_parts(row)), ZERO),
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        clear_name_by=row.clear_name_by,
    )


def find_agreement(session: Session, customer_id: UUID, agreement_id: UUID) -> AgreementRow:
    """Return an agreement of this customer and of no other."""
    row = session.get(AgreementRow, agreement_id)
    if row is None or row.customer_id != customer_id:
        raise NotFound(f"no agreement {agreement_id} of customer {customer_id}")
    return row


def open_parts(row: AgreementRow) -> list[InstallmentRow]:
    """Return what is still to be paid of an agreement."""
    return [part for part in row.installments if part.status == InstallmentStatus.OPEN]


def with_charge(session: Session, context: Context, row: AgreementRow) -> Agreement:
    """Return an agreement with the charge that can be paid next."""
    live = live_for_installments(session, context, [part.id for part in row.installments])
    return to_agreement(context, row, _next_charge(row, live))


def _check_can_agree(
    session: Session, context: Context, offer: OfferRow, invoices: Sequence[InvoiceRow]
) -> None:
    taken = session.scalar(select(AgreementRow.number).where(AgreementRow.offer_id == offer.id))
    if taken is not None:
        raise AlreadyAgreed(f"offer {offer.id} is agreement {taken}")
    if any(row.status == InvoiceStatus.IN_AGREEMENT for row in invoices):
        raise AlreadyAgreed(f"a debt of offer {offer.id} is in another agreement")
    if offer.valid_until < context.today():
        raise OfferExpired(f"offer {offer.id} was valid until {offer.valid_until}")
    debts = [state(row) for row in invoices if row.status == InvoiceStatus.OPEN]
    if identity(offer.debts) != identity(debts):
        raise OfferExpired(f"the debts of offer {offer.id} have changed since it was made")


def _write(
    session: Session,
    context: Context,
    offer: OfferRow,
    request: AgreementRequest,
    idempotency_key: str,
) -> AgreementRow:
    parts = [Part.model_validate(part) for part in offer.parts]
    agreement = AgreementRow(
        customer_id=offer.customer_id,
        offer_id=offer.id,
        total=offer.total,
        lines=offer.lines,
        evidence=request.evidence.model_dump(mode="json"),
        policy_version=offer.policy_version,
        idempotency_key=idempotency_key,
        created_at=context.now(),
        interest=offer.interest,
        installments=[
            InstallmentRow(number=part.number, due=part.due, amount=part.amount) for part in parts
        ],
    )
    session.add(agreement)
    session.flush()
    return agreement


def _record_created(session: Session, agreement: AgreementRow) -> None:
    record(
        session,
        EventName.AGREEMENT_CREATED,
        agreement.customer_id,
        agreement.created_at,
        agreement_id=str(agreement.id),
        number=str(agreement.number),
        total=str(agreement.total),
        installments=str(len(agreement.installments)),
    )


def _invoices(session: Session, offer: OfferRow) -> list[InvoiceRow]:
    ids = [UUID(debt["invoice_id"]) for debt in offer.debts]
    return list(session.scalars(select(InvoiceRow).where(InvoiceRow.id.in_(ids))))


def _next_charge(row: AgreementRow, live: dict[UUID, ChargeRow]) -> ChargeRow | None:
    return next((live[part.id] for part in open_parts(row) if part.id in live), None)


def _to_installment(part: InstallmentRow) -> Installment:
    return Installment(
        number=part.number,
        due=part.due,
        amount=part.amount,
        status=part.status.value,
        paid=part.paid_amount,
        discount=part.discount,
    )
