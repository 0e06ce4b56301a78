"""The table a file's rows wait in, for the length of one transaction, and what becomes of them.

`outcome` of a row: new, changed, same, kept (differs, but may not be touched), repeated or
rejected. `problem` is a name of `Problem`, at column `field`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.billing.imports.columns import Layout
from bot.billing.imports.report import Report
from bot.billing.imports.words import Problem

# One import at a time: two would each see half of the other's rows.
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('billing import'))")
BATCH = 1000


def create(session: Session, layout: Layout) -> None:
    """Make the empty table, gone with the transaction. Waits for another import to end."""
    session.execute(LOCK)
    columns = ", ".join(f"{field.name} {field.sql_type}" for field in layout.fields)
    session.execute(
        text(
            f"CREATE TEMP TABLE staged (line int PRIMARY KEY, {columns}, customer_id uuid,"
            " invoice_id uuid, outcome text, problem text, field text) ON COMMIT DROP"
        )
    )


@contextmanager
def copying(session: Session, layout: Layout) -> Iterator[psycopg.Copy]:
    """Take rows as (line, *fields) by COPY."""
    connection: Any = session.connection().connection.driver_connection
    columns = ", ".join(field.name for field in layout.fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY staged (line, {columns}) FROM STDIN") as copy,
    ):
        yield copy


def run(session: Session, sql: str, **values: Any) -> None:
    session.execute(text(sql), values)


def refuse_repeated(session: Session, layout: Layout, key: str, problem: Problem) -> None:
    """Let the first row of each `key` through; one that says the same again is only counted."""
    content = ", ".join(field.name for field in layout.fields)
    run(
        session,
        f"""
        UPDATE staged SET
            outcome = CASE WHEN again.same THEN 'repeated' ELSE 'rejected' END,
            problem = CASE WHEN again.same THEN NULL ELSE :problem END,
            field = :field
        FROM (
            SELECT line, row_number() OVER first > 1 AS later,
                ROW({content})::text = first_value(ROW({content})::text) OVER first AS same
            FROM staged WHERE outcome IS NULL AND {key} IS NOT NULL
            WINDOW first AS (PARTITION BY {key} ORDER BY line)
        ) AS again
        WHERE again.line = staged.line AND again.later
        """,
        problem=problem.name,
        field=key,
    )


def count(session: Session) -> dict[str, int]:
    """Return how many rows there are of each outcome."""
    rows = session.execute(text("SELECT outcome, count(*) AS number FROM staged GROUP BY outcome"))
    return {row.outcome: row.number for row in rows}


def tell_problems(session: Session, layout: Layout, report: Report) -> None:
    """Write down every problem that the database found, in the order of the lines."""
    fields = ", ".join(f"'{field.name}', {field.name}::text" for field in layout.fields)
    rows = session.execute(
        text(
            f"SELECT line, field, problem, json_build_object({fields}) ->> field"
            " FROM staged WHERE problem IS NOT NULL ORDER BY line"
        ),
        execution_options={"yield_per": BATCH},
    )
    for line, field, problem, value in rows:
        report.add(layout, line, field, value, Problem[problem])
