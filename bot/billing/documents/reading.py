"""The facts of documents, read from billing's tables as they stand now.

Each function returns nothing where there is no such document, or not any more.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeRow
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import from_record
from bot.billing.documents import received
from bot.billing.documents.facts import (
    Clearance,
    Declaration,
    Facts,
    Holder,
    Kind,
    Part,
    Payment,
    Receipt,
    Settled,
    Terms,
    Yes,
)
from bot.billing.documents.tokens import Issue
from bot.billing.late_charges import ChargeLine
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    AgreementStatus,
    CustomerRow,
    InstallmentStatus,
    InvoiceRow,
    InvoiceStatus,
    OfferRow,
)
from bot.billing.payments.completion import clear_name_by
from bot.billing.payments.models import AllocationRow, PaymentRow
from bot.billing.shapes import Evidence
from bot.billing.shapes import Part as AgreedPart

_ZERO = Decimal("0.00")


def facts_of(session: Session, context: Context, issue: Issue) -> Facts | None:
    """Return what a document says today."""
    match issue.kind:
        case Kind.RECEIPT:
            return receipt_of(session, context, issue.subject)
        case Kind.TERMS:
            return terms_of(session, issue.subject)
        case Kind.CLEARANCE:
            return clearance_of(session, context, issue.subject)
        case Kind.DECLARATION:
            return declaration_of(session, issue.subject, issue.year)


def receipt_of(session: Session, context: Context, payment_id: UUID) -> Receipt | None:
    """Return the receipt of a payment."""
    row = session.get(PaymentRow, payment_id)
    if row is None or row.customer_id is None or not row.kept:
        return None
    charge = session.get(ChargeRow, row.charge_id) if row.charge_id else None
    agreement = session.get(AgreementRow, row.agreement_id) if row.agreement_id else None
    paid = received.of_payment(session, context, row)
    is_exact = charge is not None and charge.amount == row.kept
    extra = context.words.receipt.extra
    return Receipt(
        holder=_holder(session, row.customer_id),
        payment=Payment(
            charge.description if charge else "; ".join(one.description for one in paid) or extra,
            row.kept,
            row.paid_on,
        ),
        lines=_lines_of(charge) if charge and is_exact else _lines(paid, row.kept, extra),
        nosso_numero=charge.nosso_numero_printed if charge else "",
        agreement=agreement.number if agreement else None,
        left=_left(agreement) if agreement else (),
        settles=_is_paid(agreement) if agreement else _are_paid(session, row),
    )


def terms_of(session: Session, agreement_id: UUID) -> Terms | None:
    """Return an agreement as it was accepted, whatever became of it since."""
    agreement = session.get(AgreementRow, agreement_id)
    offer = session.get(OfferRow, agreement.offer_id) if agreement else None
    if agreement is None or offer is None:
        return None
    evidence = Evidence.model_validate(agreement.evidence)
    parts = [AgreedPart.model_validate(part) for part in offer.parts]
    return Terms(
        holder=_holder(session, agreement.customer_id),
        agreement=agreement.number,
        day=agreement.created_at.astimezone(SAO_PAULO).date(),
        debts=_debts(session, offer),
        lines=tuple(from_record(line) for line in agreement.lines),
        parts=tuple(Part(part.number, part.due, part.amount) for part in parts),
        amount=agreement.total,
        yes=Yes(evidence.text, evidence.said_at, evidence.message_id),
        policy_version=agreement.policy_version,
    )


def clearance_of(session: Session, context: Context, subject: UUID) -> Clearance | None:
    """Return the clearance of an agreement, or of bills by the payment that was their last."""
    agreement = session.get(AgreementRow, subject)
    if agreement is None:
        return _clearance_of_bills(session, subject)
    if agreement.clear_name_by is None:
        return None
    offer = session.get_one(OfferRow, agreement.offer_id)
    return Clearance(
        holder=_holder(session, agreement.customer_id),
        agreement=agreement.number,
        debts=_debts(session, offer),
        payments=tuple(received.of_agreement(session, context, agreement)),
        clear_name_by=agreement.clear_name_by,
    )


def _clearance_of_bills(session: Session, payment_id: UUID) -> Clearance | None:
    payment = session.get(PaymentRow, payment_id)
    bills = received.settled_bills(session, payment_id)
    if payment is None or payment.customer_id is None or not bills:
        return None
    return Clearance(
        holder=_holder(session, payment.customer_id),
        agreement=None,
        debts=tuple(_settled(bill) for bill in bills),
        payments=tuple(one.payment for one in received.of_bills(session, bills)),
        clear_name_by=clear_name_by(payment.paid_on),
    )


def declaration_of(session: Session, customer_id: UUID, year: int) -> Declaration | None:
    """Return the declaration of a year in which everything due was paid.

    What is disputed stays out of it and is said to be (Lei 12.007/2009, art. 2 §3); a cancelled
    invoice was never owed.
    """
    invoices = _owed(session, customer_id)
    paid = paid_invoices(session, customer_id)
    due = [row for row in invoices if row.due.year == year]
    settled = [row for row in due if row.id in paid]
    open_ = [row for row in due if row.id not in paid]
    if not settled or any(row.status != InvoiceStatus.DISPUTED for row in open_):
        return None
    return Declaration(
        holder=_holder(session, customer_id),
        year=year,
        debts=tuple(_settled(row) for row in settled),
        contested=bool(open_),
        earlier_open=any(row.due.year < year and row.id not in paid for row in invoices),
    )


def years_of(session: Session, customer_id: UUID, today: date) -> list[int]:
    """Return the years, all over, in which something was due, newest first."""
    years = {row.due.year for row in _owed(session, customer_id)}
    return sorted((year for year in years if year < today.year), reverse=True)


def paid_invoices(session: Session, customer_id: UUID) -> set[UUID]:
    """Return the invoices paid by themselves or by an agreement paid to its end."""
    by_agreement = (
        select(AgreementInvoiceRow.invoice_id)
        .join(AgreementRow, AgreementRow.id == AgreementInvoiceRow.agreement_id)
        .where(
            AgreementRow.customer_id == customer_id,
            AgreementRow.status == AgreementStatus.COMPLETED,
        )
    )
    by_itself = select(InvoiceRow.id).where(
        InvoiceRow.customer_id == customer_id, InvoiceRow.status == InvoiceStatus.PAID
    )
    return set(session.scalars(by_agreement.union(by_itself)))


def _owed(session: Session, customer_id: UUID) -> Sequence[InvoiceRow]:
    return session.scalars(
        select(InvoiceRow)
        .where(InvoiceRow.customer_id == customer_id, InvoiceRow.status != InvoiceStatus.CANCELLED)
        .order_by(InvoiceRow.due, InvoiceRow.external_id)
    ).all()


def _lines_of(charge: ChargeRow) -> tuple[ChargeLine, ...]:
    return tuple(from_record(line) for line in charge.lines)


def _lines(paid: Sequence[Payment], amount: Decimal, extra: str) -> tuple[ChargeLine, ...]:
    """Return what a payment paid, and what came in beyond it, adding up to `amount`."""
    lines = [ChargeLine(one.description, "", one.amount) for one in paid]
    rest = amount - received.total(paid)
    return (*lines, ChargeLine(extra, "", rest)) if rest else tuple(lines)


def _left(agreement: AgreementRow) -> tuple[Part, ...]:
    """Return the parts still to be paid, as long as the agreement holds."""
    if agreement.status != AgreementStatus.ACTIVE:
        return ()
    return tuple(
        Part(part.number, part.due, part.balance)
        for part in agreement.installments
        if part.status == InstallmentStatus.OPEN
    )


def _is_paid(agreement: AgreementRow) -> bool:
    """Whether an agreement is paid to its end; a broken one has given its debts back."""
    holds = agreement.status in (AgreementStatus.ACTIVE, AgreementStatus.COMPLETED)
    return holds and not _left(agreement)


def _are_paid(session: Session, payment: PaymentRow) -> bool:
    """Whether nothing is left of the invoices a payment was for."""
    states = session.scalars(
        select(InvoiceRow.status)
        .join(AllocationRow, AllocationRow.invoice_id == InvoiceRow.id)
        .where(AllocationRow.payment_id == payment.id)
    ).all()
    return bool(states) and all(state == InvoiceStatus.PAID for state in states)


def _debts(session: Session, offer: OfferRow) -> tuple[Settled, ...]:
    """Return the debts of an agreement as they stood when it was offered."""
    then = {UUID(debt["invoice_id"]): debt for debt in offer.debts}
    rows = session.scalars(
        select(InvoiceRow)
        .where(InvoiceRow.id.in_(then))
        .order_by(InvoiceRow.due, InvoiceRow.external_id)
    )
    return tuple(
        Settled(
            description=row.description,
            external_id=row.external_id,
            contract=row.contract,
            due=row.due,
            original=Decimal(then[row.id]["balance"]),
            multa=Decimal(then[row.id]["multa"]),
            juros=Decimal(then[row.id]["juros"]),
            days_late=then[row.id]["days_late"],
        )
        for row in rows
    )


def _settled(row: InvoiceRow) -> Settled:
    return Settled(
        description=row.description,
        external_id=row.external_id,
        contract=row.contract,
        due=row.due,
        original=row.amount,
        multa=_ZERO,
        juros=_ZERO,
        days_late=0,
    )


def _holder(session: Session, customer_id: UUID) -> Holder:
    customer = session.get_one(CustomerRow, customer_id)
    return Holder(customer.name, customer.document)
