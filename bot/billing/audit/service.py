"""Reading the audit; the database alone writes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing.audit.models import AuditRow
from bot.billing.audit.shapes import AuditEntry, AuditQuery, Change, Operation
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
    before, after = row.before or {}, row.after or {}
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        policy_version=row.policy_version,
        request_id=row.request_id,
        table_name=row.table_name,
        row_id=row.row_id,
        customer_id=row.customer_id,
        operation=Operation(row.operation),
        changes={
            column: Change(old=before.get(column), new=after.get(column))
            for column in before | after
        },
    )
