"""The audit over HTTP: it can only be read."""

from apiflask import APIBlueprint

from bot.billing.audit import service
from bot.billing.audit.shapes import Audit, AuditQuery
from bot.billing.http import require_token
from bot.db import transaction

audit_api = APIBlueprint("audit", __name__, tag="audit")
audit_api.before_request(require_token)


@audit_api.get("/audit")
@audit_api.input(AuditQuery, location="query", arg_name="query")
@audit_api.output(Audit)
def get_audit(query: AuditQuery) -> Audit:
    """List changes of rows, newest first: who, when, what, under which policy."""
    with transaction() as session:
        found = service.entries(session, query)
        return Audit(
            entries=[service.to_entry(row) for row in found.rows], next_cursor=found.next_cursor
        )
