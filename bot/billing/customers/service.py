"""Customers: who they are, how they like to be reached, finding them."""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from bot.billing.context import Context
from bot.billing.customers.errors import HoursReversed, PhoneTaken
from bot.billing.customers.shapes import (
    CustomerChange,
    CustomerDetails,
    CustomerPage,
    CustomerSearch,
    Hours,
    OptOut,
)
from bot.billing.debts import get_customer
from bot.billing.models import ACCENTED, PLAIN, Channel, CustomerRow, PhoneRow
from bot.billing.names import CPF_LENGTH, first_name
from bot.billing.pagination import page
from bot.billing.phones import canonical


def details_of(session: Session, customer_id: UUID) -> CustomerDetails:
    """Return all that is known of a customer."""
    return _to_details(session, [get_customer(session, customer_id)])[0]


def find(session: Session, search: CustomerSearch) -> CustomerPage:
    """Return who fits all that is given, by name."""
    found = page(
        session,
        select(CustomerRow).where(*_conditions(search)),
        search.cursor,
        search.limit,
        by=(CustomerRow.search_name, CustomerRow.id),
        newest_first=False,
    )
    return CustomerPage(customers=_to_details(session, found.rows), next_cursor=found.next_cursor)


def change(
    session: Session, context: Context, customer_id: UUID, wanted: CustomerChange
) -> CustomerDetails:
    """Change what was given and nothing else. Raises PhoneTaken or HoursReversed."""
    customer = get_customer(session, customer_id, lock=True)
    given = wanted.model_fields_set
    if wanted.name is not None:
        customer.name = wanted.name
    for field in given & {"birth_date", "email"}:
        setattr(customer, field, getattr(wanted, field))
    if wanted.channel is not None:
        customer.channel = Channel(wanted.channel)
    if "preferred_hours" in given:
        _prefer(customer, wanted.preferred_hours)
    if "opted_out_by" in given:
        _opt_out(context, customer, wanted.opted_out_by)
    if wanted.phones is not None:
        _replace_phones(session, customer_id, {canonical(phone) for phone in wanted.phones})
    session.flush()
    return _to_details(session, [customer])[0]


def _prefer(customer: CustomerRow, hours: Hours | None) -> None:
    if hours and hours.start >= hours.end:
        raise HoursReversed(f"{hours.start} is not before {hours.end}")
    customer.preferred_from = time.fromisoformat(hours.start) if hours else None
    customer.preferred_to = time.fromisoformat(hours.end) if hours else None


def _opt_out(context: Context, customer: CustomerRow, source: str | None) -> None:
    """Keep the first opt-out as it was said; null takes it back."""
    if source is None:
        customer.opted_out_at = customer.opted_out_source = None
    elif customer.opted_out_at is None:
        customer.opted_out_at, customer.opted_out_source = context.now(), source


def _replace_phones(session: Session, customer_id: UUID, phones: set[str]) -> None:
    mine = PhoneRow.customer_id == customer_id
    session.execute(delete(PhoneRow).where(mine, PhoneRow.phone.not_in(phones)))
    for phone in sorted(phones):
        row = insert(PhoneRow).values(phone=phone, customer_id=customer_id)
        session.execute(row.on_conflict_do_nothing())
    kept = set(session.scalars(select(PhoneRow.phone).where(mine)))
    if taken := phones - kept:
        raise PhoneTaken(f"{len(taken)} of the phones belong to other customers")


def _conditions(search: CustomerSearch) -> Iterable[ColumnElement[bool]]:
    if search.document:
        yield CustomerRow.document == re.sub(r"[^0-9A-Z]", "", search.document.upper())
    if search.external_id:
        yield CustomerRow.external_id == search.external_id
    if search.phone:
        owner = select(PhoneRow.customer_id).where(PhoneRow.phone == canonical(search.phone))
        yield CustomerRow.id.in_(owner)
    if search.name:
        prefix = re.sub(r"([\\%_])", r"\\\1", search.name)
        yield CustomerRow.search_name.like(
            func.lower(func.translate(prefix, ACCENTED, PLAIN)).concat("%")
        )


def _to_details(session: Session, rows: Sequence[CustomerRow]) -> list[CustomerDetails]:
    phones: dict[UUID, list[str]] = {row.id: [] for row in rows}
    for phone in session.scalars(
        select(PhoneRow).where(PhoneRow.customer_id.in_(phones)).order_by(PhoneRow.phone)
    ):
        phones[phone.customer_id].append(phone.phone)
    return [_to_detail(row, phones[row.id]) for row in rows]


def _to_detail(row: CustomerRow, phones: list[str]) -> CustomerDetails:
    hours = opted_out = None
    if row.preferred_from and row.preferred_to:
        hours = Hours(start=f"{row.preferred_from:%H:%M}", end=f"{row.preferred_to:%H:%M}")
    if row.opted_out_at and row.opted_out_source:
        opted_out = OptOut(at=row.opted_out_at, source=row.opted_out_source)
    return CustomerDetails(
        id=row.id,
        name=row.name,
        first_name=first_name(row.name, row.document),
        kind="person" if len(row.document) == CPF_LENGTH else "company",
        document=row.document,
        external_id=row.external_id,
        birth_date=row.birth_date,
        email=row.email,
        phones=phones,
        channel=row.channel.value,
        preferred_hours=hours,
        opted_out=opted_out,
    )
