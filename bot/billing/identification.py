"""Who is speaking: what was typed against what is known, three attempts and a lock.

The answer never tells whether a phone, or a birth date for it, is known: the attempts run the
same for all. Who will not give digits of a CPF may give their birth date instead, if we know it.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing.context import Context
from bot.billing.models import CustomerRow, IdentificationRow, PhoneRow
from bot.billing.names import first_name
from bot.billing.phones import canonical
from bot.billing.shapes import Customer, Identification, IdentificationRequest

DOCUMENT_LENGTHS = (11, 14)
_NOBODY = "-" * max(DOCUMENT_LENGTHS)


def identify(session: Session, context: Context, request: IdentificationRequest) -> Identification:
    """Compare and count. A right answer forgives the wrong ones before it."""
    attempts = _locked_row(session, request)
    now = context.now()
    if attempts.locked_until and attempts.locked_until > now:
        return _answer("locked", context, attempts)
    if attempts.locked_until:
        attempts.attempts, attempts.locked_until = 0, None
    customer = _find(session, request)
    if _matches(request, customer) and customer:
        attempts.attempts = 0
        return _answer("confirmed", context, attempts, customer)
    return _refuse(context, attempts, now, known=customer is not None)


def to_customer(row: CustomerRow) -> Customer:
    return Customer(id=row.id, name=row.name, first_name=first_name(row.name, row.document))


def _refuse(
    context: Context, attempts: IdentificationRow, now: datetime, *, known: bool
) -> Identification:
    attempts.attempts += 1
    if attempts.attempts >= context.policy.identification.attempts:
        hours = context.policy.identification.lock_hours
        attempts.locked_until = now + timedelta(hours=hours)
        return _answer("locked", context, attempts)
    return _answer("refused" if known else "unknown", context, attempts)


def _answer(
    status: Literal["confirmed", "refused", "locked", "unknown"],
    context: Context,
    attempts: IdentificationRow,
    customer: CustomerRow | None = None,
) -> Identification:
    return Identification(
        status=status,
        attempts_left=max(context.policy.identification.attempts - attempts.attempts, 0),
        locked_until=attempts.locked_until,
        customer=to_customer(customer) if customer else None,
    )


def _locked_row(session: Session, request: IdentificationRequest) -> IdentificationRow:
    """Return the attempts of this phone, held until the end of the transaction."""
    subject = _subject(request)
    session.execute(
        insert(IdentificationRow).values(subject=subject, attempts=0).on_conflict_do_nothing()
    )
    return session.execute(
        select(IdentificationRow).where(IdentificationRow.subject == subject).with_for_update()
    ).scalar_one()


def _subject(request: IdentificationRequest) -> str:
    if request.phone is not None:
        return canonical(request.phone)
    return "document:" + hashlib.sha256(_digits(request).encode()).hexdigest()


def _digits(request: IdentificationRequest) -> str:
    """Return what was typed of a CPF or CNPJ; empty where nothing was."""
    return (request.cpf_digits or "").upper()


def _find(session: Session, request: IdentificationRequest) -> CustomerRow | None:
    """Find by phone; whoever writes from elsewhere must give the whole CPF and the birth date."""
    by_phone = (
        select(CustomerRow)
        .join(PhoneRow)
        .where(PhoneRow.phone == (canonical(request.phone) if request.phone else None))
    )
    customer = session.execute(by_phone).scalar_one_or_none()
    if customer or request.birth_date is None or len(_digits(request)) not in DOCUMENT_LENGTHS:
        return customer
    by_document = select(CustomerRow).where(
        CustomerRow.document == _digits(request),
        CustomerRow.birth_date == request.birth_date,
    )
    return session.execute(by_document).scalar_one_or_none()


def _matches(request: IdentificationRequest, customer: CustomerRow | None) -> bool:
    """Compare all that was given; a birth date we do not know counts beside digits only."""
    typed, born = _digits(request), request.birth_date
    document = customer.document if customer else _NOBODY
    known = customer.birth_date if customer else None
    same_start = _same(document[: len(typed)], typed)
    if born is None or (known is None and typed):
        return same_start
    return same_start & _same(str(known), born.isoformat())


def _same(known: str, typed: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(known.encode(), typed.encode())
