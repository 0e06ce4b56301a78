"""Runs the migrations of `versions/` on the database of the settings."""

from alembic import context
from sqlalchemy import text

from bot.db import Base, engine

SCHEMAS = ("bot", "billing", "desk", "training", "rasa", "procrastinate")

with engine().connect() as connection:
    # Two processes that start at once must not migrate at once.
    connection.execute(text("SELECT pg_advisory_lock(20260722)"))
    for schema in SCHEMAS:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema="bot",
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    # The connection goes back to the pool and would keep the lock; one that failed is closed.
    connection.execute(text("SELECT pg_advisory_unlock(20260722)"))
