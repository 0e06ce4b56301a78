"""From staged rows to invoices: set by set, whole or not at all.

Only an open invoice that no payment has touched here is changed. What was paid never shrinks.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.billing.charges import live_for, withdraw
from bot.billing.context import Context
from bot.billing.debts import get_customer
from bot.billing.imports.layouts import INVOICES
from bot.billing.imports.report import Report
from bot.billing.imports.staging import BATCH, refuse_repeated, run
from bot.billing.imports.words import Problem
from bot.billing.payments.ledger import settle

FIND_CUSTOMER = """
UPDATE staged SET customer_id = customers.id FROM billing.customers
WHERE outcome IS NULL AND customer_id IS NULL AND customers.{theirs} = staged.{ours}
"""
REFUSE_CUSTOMER = """
UPDATE staged SET outcome = 'rejected', problem = :unknown,
    field = CASE WHEN customer IS NULL THEN 'document' ELSE 'customer' END
WHERE outcome IS NULL AND customer_id IS NULL
"""
REFUSE_MISMATCH = """
UPDATE staged SET outcome = 'rejected', problem = :mismatch, field = 'document'
FROM billing.customers
WHERE outcome IS NULL AND customers.id = customer_id AND (
    customers.document <> staged.document OR customers.external_id <> staged.customer
)
"""
FIND = """
UPDATE staged SET invoice_id = invoices.id,
    outcome = CASE WHEN invoices.customer_id <> staged.customer_id THEN 'rejected' END,
    problem = CASE WHEN invoices.customer_id <> staged.customer_id THEN :other END,
    field = CASE WHEN invoices.customer_id <> staged.customer_id THEN 'external_id' END
FROM billing.invoices
WHERE outcome IS NULL AND invoices.external_id = staged.external_id
"""
DIFFERS = """
(
    coalesce(staged.contract, invoices.contract), staged.description,
    coalesce(staged.origin, invoices.origin), staged.due, staged.amount,
    greatest(staged.paid_amount, invoices.paid_amount)
) IS DISTINCT FROM (
    invoices.contract, invoices.description, invoices.origin, invoices.due, invoices.amount,
    invoices.paid_amount
)
"""
# Whoever negotiates with one of these customers meanwhile waits, or is waited for.
LOCK = f"""
SELECT 1 FROM billing.customers WHERE id IN (
    SELECT staged.customer_id FROM staged JOIN billing.invoices ON invoices.id = staged.invoice_id
    WHERE outcome IS NULL AND {DIFFERS}
) ORDER BY id FOR UPDATE
"""
JUDGE = f"""
UPDATE staged SET
    (outcome, problem, field) = (
        SELECT verdict, reason, place FROM (VALUES
            (1, NOT {DIFFERS}, 'same', NULL, NULL),
            (2, invoices.status = 'in_agreement', 'kept', :in_agreement, 'external_id'),
            (3, invoices.status <> 'open', 'kept', :not_open, 'external_id'),
            (4, invoices.juros_from IS NOT NULL, 'kept', :paid_here, 'external_id'),
            (5, staged.amount < invoices.paid_amount, 'rejected', :below_paid, 'amount'),
            (6, true, 'changed', NULL, NULL)
        ) AS judged (rank, holds, verdict, reason, place) WHERE holds ORDER BY rank LIMIT 1
    )
FROM billing.invoices
WHERE staged.outcome IS NULL AND invoices.id = staged.invoice_id
"""
PRICED_ANEW = """
SELECT invoices.id FROM staged JOIN billing.invoices ON invoices.id = staged.invoice_id
WHERE outcome = 'changed' AND EXISTS (
    SELECT FROM billing.charge_invoices AS charged
    WHERE charged.invoice_id = invoices.id AND charged.live
) AND (staged.due, staged.amount, greatest(staged.paid_amount, invoices.paid_amount))
    IS DISTINCT FROM (invoices.due, invoices.amount, invoices.paid_amount)
"""
STATUS = "CASE WHEN {paid} = {amount} THEN 'paid' ELSE 'open' END"
CHANGE = f"""
UPDATE billing.invoices SET
    contract = coalesce(staged.contract, invoices.contract),
    description = staged.description,
    origin = coalesce(staged.origin, invoices.origin),
    due = staged.due,
    amount = staged.amount,
    paid_amount = greatest(staged.paid_amount, invoices.paid_amount),
    status = {
    STATUS.format(paid="greatest(staged.paid_amount, invoices.paid_amount)", amount="staged.amount")
}
FROM staged WHERE staged.outcome = 'changed' AND invoices.id = staged.invoice_id
"""
ADD = f"""
INSERT INTO billing.invoices (
    id, customer_id, external_id, contract, description, origin, due, amount, paid_amount, status
)
SELECT gen_random_uuid(), customer_id, external_id, coalesce(contract, ''), description,
    coalesce(origin, ''), due, amount, coalesce(paid_amount, 0),
    {STATUS.format(paid="coalesce(paid_amount, 0)", amount="amount")}
FROM staged WHERE outcome = 'new'
"""
IN_CREDIT = """
SELECT DISTINCT payments.customer_id FROM billing.payments
JOIN staged ON staged.customer_id = payments.customer_id
WHERE payments.to_refund > 0 AND staged.outcome IN ('new', 'changed')
ORDER BY payments.customer_id
"""


def merge(session: Session, context: Context, report: Report) -> None:
    """Find whose they are and which are there already, refuse, change, add."""
    refuse_repeated(session, INVOICES, "external_id", Problem.REPEATED)
    run(session, FIND_CUSTOMER.format(ours="customer", theirs="external_id"))
    run(session, FIND_CUSTOMER.format(ours="document", theirs="document"))
    run(session, REFUSE_CUSTOMER, unknown=Problem.UNKNOWN_CUSTOMER.name)
    run(session, REFUSE_MISMATCH, mismatch=Problem.CUSTOMER_MISMATCH.name)
    run(session, FIND, other=Problem.OTHER_CUSTOMER.name)
    run(session, LOCK)
    run(
        session,
        JUDGE,
        in_agreement=Problem.IN_AGREEMENT.name,
        not_open=Problem.NOT_OPEN.name,
        paid_here=Problem.PAID_HERE.name,
        below_paid=Problem.BELOW_PAID.name,
    )
    _withdraw_charges(session, context)
    run(session, CHANGE)
    run(session, "UPDATE staged SET outcome = 'new' WHERE outcome IS NULL")
    run(session, ADD)
    _place_credits(session, context)


def _withdraw_charges(session: Session, context: Context) -> None:
    """Take back what could still be paid at a price that is no longer right."""
    ids: list[UUID] = list(session.scalars(text(PRICED_ANEW)))
    for start in range(0, len(ids), BATCH):
        withdraw(session, context, live_for(session, ids[start : start + BATCH]))
        session.expunge_all()


def _place_credits(session: Session, context: Context) -> None:
    """Let money that was too much pay bills that were due before it came."""
    owners: list[UUID] = list(session.scalars(text(IN_CREDIT)))
    for customer_id in owners:
        get_customer(session, customer_id, lock=True)
        settle(session, context, customer_id)
        session.expunge_all()
