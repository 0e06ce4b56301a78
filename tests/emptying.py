"""Forgetting what a test left in the database."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

KEPT = {"bot.alembic_version", "bot.serving", "billing.audit", "desk.teams", "desk.users"}


@retry(
    retry=retry_if_exception_type(OperationalError),  # a deadlock with a process at work
    stop=stop_after_attempt(5),
    wait=wait_fixed(0.2),
)
def forget(engine: Engine, *schemas: str) -> None:
    """Delete every row of these schemas but accounts and billing's audit.

    Quicker than TRUNCATE, which makes each table and index a new file.
    """
    with engine.begin() as connection:
        found = connection.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(:schemas)"),
            {"schemas": list(schemas)},
        )
        tables = [f"{schema}.{name}" for schema, name in found]
        deletes = [f"DELETE FROM {table}" for table in tables if table not in KEPT]
        # Neither foreign keys nor triggers are looked at.
        connection.execute(
            text("; ".join(["SET LOCAL session_replication_role = replica", *deletes]))
        )
