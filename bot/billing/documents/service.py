"""Which documents there are, and showing one to whoever holds its token."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.calendar import years_after
from bot.billing.charge_models import ChargeRow
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.documents import received
from bot.billing.documents.contents import Stamp, content_of
from bot.billing.documents.facts import Clearance, Facts, Kind, Receipt, Terms
from bot.billing.documents.paper import render
from bot.billing.documents.reading import facts_of, years_of
from bot.billing.documents.shapes import Document, PublicDocument
from bot.billing.documents.tokens import Issue
from bot.billing.errors import DocumentGone, NotFound
from bot.billing.models import AgreementRow, AgreementStatus
from bot.billing.names import mask_document, mask_name

_UNKNOWN = "document_not_found"


def documents_of(session: Session, context: Context, customer_id: UUID) -> list[Document]:
    """Return what the customer can have now, newest first, with links made today."""
    get_customer(session, customer_id)
    issues = [
        *_of_payments(session, context, customer_id),
        *_of_agreements(session, context, customer_id),
        *_declarations(session, context, customer_id),
    ]
    found = [(issue, facts_of(session, context, issue)) for issue in issues]
    documents = [_to_document(context, issue, facts) for issue, facts in found if facts]
    return sorted(documents, key=lambda document: document.day, reverse=True)


def receipt_token(session: Session, context: Context, charge: ChargeRow) -> str | None:
    """Return the token that opens the receipt of a charge, once it is paid."""
    payment = received.last_of_charge(session, charge)
    return context.signer.token(_issue(context, Kind.RECEIPT, payment)) if payment else None


def public_document(session: Session, context: Context, token: str) -> PublicDocument:
    """Return what proves a document. Raises NotFound or DocumentGone."""
    issue, facts = _find(session, context, token)
    holder = facts.holder
    return PublicDocument(
        kind=issue.kind,
        title=context.words.titles[issue.kind],
        about=_about(facts),
        agreement=str(facts.agreement) if facts.agreement else None,
        standing=_standing(session, facts),
        year=issue.year or None,
        day=facts.day,
        amount=facts.amount,
        holder_name=mask_name(holder.name, holder.document),
        holder_document=mask_document(holder.document),
        issued_on=issue.issued_on,
        valid_until=_until(context, issue),
        code=context.signer.code(issue),
        opens=issue.opens,
        demonstration=context.provider.demonstration,
    )


def document_pdf(session: Session, context: Context, token: str) -> bytes:
    """Return a document as PDF. Raises NotFound, also for a token that only proves."""
    issue, facts = _find(session, context, token)
    if not issue.opens:
        raise NotFound("this token proves a document, it does not open it", code=_UNKNOWN)
    proof = replace(issue, opens=False)
    stamp = Stamp(
        issued_on=issue.issued_on,
        code=context.signer.code(proof),
        url=context.document_url(context.signer.token(proof)),
        until=_until(context, proof),
        demonstration=context.provider.demonstration,
    )
    return render(content_of(facts, stamp, context.words, context.creditor))


def _find(session: Session, context: Context, token: str) -> tuple[Issue, Facts]:
    issue = context.signer.read(token)
    if issue is None:
        raise NotFound("this is no token of a document", code=_UNKNOWN)
    if _until(context, issue) < context.today():
        raise DocumentGone(f"its token was good until {_until(context, issue)}")
    facts = facts_of(session, context, issue)
    if facts is None:
        raise DocumentGone("what it says is not so any more", code="document_withdrawn")
    return issue, facts


def _until(context: Context, issue: Issue) -> date:
    """Return the last day of a token: a link for a while, the proof on paper for years."""
    if issue.opens:
        return issue.issued_on + timedelta(days=context.words.link_days)
    return years_after(issue.issued_on, context.words.check_years)


def _of_payments(session: Session, context: Context, customer_id: UUID) -> list[Issue]:
    """Name the receipt of every payment, and the clearance of the bills it may have settled."""
    payments = received.payments_of(session, customer_id)
    kinds = (Kind.RECEIPT, Kind.CLEARANCE)
    return [_issue(context, kind, payment) for payment in payments for kind in kinds]


def _of_agreements(session: Session, context: Context, customer_id: UUID) -> list[Issue]:
    rows = session.scalars(
        select(AgreementRow).where(AgreementRow.customer_id == customer_id)
    ).all()
    terms = [_issue(context, Kind.TERMS, row.id) for row in rows]
    completed = [row for row in rows if row.status == AgreementStatus.COMPLETED]
    return terms + [_issue(context, Kind.CLEARANCE, row.id) for row in completed]


def _declarations(session: Session, context: Context, customer_id: UUID) -> list[Issue]:
    years = years_of(session, customer_id, context.today())
    return [_issue(context, Kind.DECLARATION, customer_id, year) for year in years]


def _issue(context: Context, kind: Kind, subject: UUID, year: int = 0) -> Issue:
    return Issue(kind, subject, context.today(), year, opens=True)


def _to_document(context: Context, issue: Issue, facts: Facts) -> Document:
    return Document(
        kind=issue.kind,
        title=context.words.titles[issue.kind],
        about=_about(facts),
        agreement=str(facts.agreement) if facts.agreement else None,
        year=issue.year or None,
        day=facts.day,
        url=context.document_url(context.signer.token(issue)),
        link_until=_until(context, issue),
    )


def _about(facts: Facts) -> str:
    """Say what was paid, where no agreement says it."""
    if isinstance(facts, Receipt):
        return facts.payment.description
    if isinstance(facts, Clearance) and facts.agreement is None:
        return "; ".join(dict.fromkeys(debt.description for debt in facts.debts))
    return ""


def _standing(session: Session, facts: Facts) -> AgreementStatus | None:
    """Return what became of an agreement since its terms were accepted."""
    if not isinstance(facts, Terms):
        return None
    return session.scalar(select(AgreementRow.status).where(AgreementRow.number == facts.agreement))
