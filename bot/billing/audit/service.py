"""Reading the audit; the database alone writes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.audit.models import AuditRow
from bot.billing.audit.shapes import AuditEntry, AuditQuery
from bot.billing.pagination import Page, page


def entries(session: Session, query: AuditQuery) -> Page[AuditRow]:
    """Return the changes asked for, newest first."""
    wanted = select(AuditRow)
    if query.customer_id:
        wanted = wanted.where(AuditRow.customer_id == query.customer_id)
    if query.table_name:
        wanted = wanted.where(AuditRow.table_name == query.table_name)
    if query.actor:
        wanted = wanted.where(AuditRow.actor == query.actor)
    if query.since:
        wanted = wanted.where(AuditRow.at >= query.since)
    if query.until:
        wanted = wanted.where(AuditRow.at < query.until)
    return page(session, wanted, query.cursor, query.limit, by=(AuditRow.id,))


def to_entry(row: AuditRow) -> AuditEntry:
    return AuditEntry.model_validate(row, from_attributes=True)
