"""From staged rows to customers: set by set, whole or not at all.

What a customer told us (channel, hours, an opt-out) is never overwritten by the creditor's file;
a phone is added, never taken away; an empty cell changes nothing.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.billing.context import Context
from bot.billing.imports.layouts import CUSTOMERS
from bot.billing.imports.report import Report
from bot.billing.imports.staging import BATCH, refuse_repeated, run
from bot.billing.imports.words import OPTED_OUT_SOURCE, Problem

FIND = """
UPDATE staged SET customer_id = customers.id FROM billing.customers
WHERE outcome IS NULL AND customer_id IS NULL AND customers.{key} = staged.{key}
"""
REFUSE = """
UPDATE staged SET outcome = 'rejected', problem = :problem, field = '{key}'
FROM billing.customers
WHERE outcome IS NULL AND customers.id = staged.customer_id AND customers.{key} <> staged.{key}
"""
CHANGE = """
WITH changed AS (
    UPDATE billing.customers SET
        external_id = coalesce(staged.external_id, customers.external_id),
        name = staged.name,
        birth_date = coalesce(staged.birth_date, customers.birth_date),
        email = coalesce(staged.email, customers.email),
        opted_out_at = CASE WHEN staged.opted_out
            THEN coalesce(opted_out_at, :now) ELSE opted_out_at END,
        opted_out_source = CASE WHEN staged.opted_out
            THEN coalesce(opted_out_source, :source) ELSE opted_out_source END
    FROM staged
    WHERE staged.outcome IS NULL AND customers.id = staged.customer_id AND (
        coalesce(staged.external_id, customers.external_id), staged.name,
        coalesce(staged.birth_date, customers.birth_date),
        coalesce(staged.email, customers.email),
        coalesce(staged.opted_out, false) AND opted_out_at IS NULL
    ) IS DISTINCT FROM (
        customers.external_id, customers.name, customers.birth_date, customers.email, false
    )
    RETURNING staged.line
)
UPDATE staged SET outcome = 'changed' FROM changed WHERE changed.line = staged.line
"""
ADD = """
INSERT INTO billing.customers (
    id, external_id, name, document, birth_date, email, channel, preferred_from, preferred_to,
    opted_out_at, opted_out_source, created_at
)
SELECT customer_id, external_id, name, document, birth_date, email,
    coalesce(channel, 'whatsapp'), preferred_from, preferred_to,
    CASE WHEN opted_out THEN CAST(:now AS timestamptz) END,
    CASE WHEN opted_out THEN CAST(:source AS text) END, :now
FROM staged WHERE outcome = 'new'
"""
ADD_PHONES = """
WITH added AS (
    INSERT INTO billing.customer_phones (phone, customer_id)
    SELECT DISTINCT ON (phone) phone, customer_id FROM staged, unnest(phones) AS phone
    WHERE customer_id IS NOT NULL AND outcome IS DISTINCT FROM 'rejected'
    ORDER BY phone, line
    ON CONFLICT DO NOTHING
    RETURNING customer_id
)
UPDATE staged SET outcome = 'changed' FROM added
WHERE outcome IS NULL AND added.customer_id = staged.customer_id
"""
TAKEN_PHONES = """
SELECT line, phone FROM staged, unnest(phones) AS phone
JOIN billing.customer_phones AS owned USING (phone)
WHERE outcome IN ('new', 'changed', 'same') AND owned.customer_id <> staged.customer_id
ORDER BY line
"""


def merge(session: Session, context: Context, report: Report) -> None:
    """Find who is there already, refuse what contradicts itself or them, change, add."""
    refuse_repeated(session, CUSTOMERS, "external_id", Problem.REPEATED)
    refuse_repeated(session, CUSTOMERS, "document", Problem.REPEATED_DOCUMENT)
    for key in ("external_id", "document"):
        run(session, FIND.format(key=key))
    run(session, REFUSE.format(key="document"), problem=Problem.OTHER_DOCUMENT.name)
    run(session, REFUSE.format(key="external_id"), problem=Problem.OTHER_EXTERNAL_ID.name)
    opted_out = {"now": context.now(), "source": OPTED_OUT_SOURCE}
    run(session, CHANGE, **opted_out)
    run(
        session,
        "UPDATE staged SET outcome = 'new', customer_id = gen_random_uuid()"
        " WHERE outcome IS NULL AND customer_id IS NULL",
    )
    run(session, ADD, **opted_out)
    run(session, ADD_PHONES)
    run(session, "UPDATE staged SET outcome = 'same' WHERE outcome IS NULL")
    taken = session.execute(text(TAKEN_PHONES), execution_options={"yield_per": BATCH})
    for line, phone in taken:
        report.add(CUSTOMERS, line, "phones", phone, Problem.PHONE_TAKEN)
