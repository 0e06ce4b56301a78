"""Counts what happened on a day, from what is written once and never changed.

So a day gone by can be counted again and comes to the same: agreements and promises by when they
were made, ends by their events, refunds and opt-outs by the audit.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.billing.context import Context
from bot.billing.figures.shapes import AgeingBucket, DayFigures, Figure
from bot.billing.models import InvoiceRow, InvoiceStatus
from bot.billing.nightly import service as nightly

_MIDNIGHT = "(CAST(:day AS date) + {})::timestamp AT TIME ZONE 'America/Sao_Paulo'"
_ON = f"({{0}} >= {_MIDNIGHT.format(0)} AND {{0}} < {_MIDNIGHT.format(1)})"
"""A range, so that an index finds it."""
_COUNTED = text(
    """
WITH agreement AS (
    SELECT row.id, row.total, row.created_at, written.actor
      FROM billing.agreements AS row
      LEFT JOIN billing.audit AS written
        ON written.customer_id = row.customer_id AND written.table_name = 'agreements'
       AND written.operation = 'insert' AND written.row_id = row.id::text
), fact AS (
    SELECT DISTINCT 'customers_offered' AS name,
           replace(split_part(actor, ':', 1), 'supervisor', 'operator') AS actor,
           customer_id AS what, 0.00 AS amount
      FROM billing.offer_requests AS asked
     WHERE {asked_at} AND (standing <> '[]' OR EXISTS (
           SELECT 1 FROM billing.offers WHERE request_id = asked.id))
    UNION ALL
    SELECT 'agreements_made', actor, id, total FROM agreement WHERE {created_at}
    UNION ALL
    SELECT 'agreements_first_paid', agreement.actor, agreement.id, first.amount
      FROM agreement JOIN LATERAL (
           SELECT received_at, amount FROM billing.payments WHERE agreement_id = agreement.id
            ORDER BY received_at, id LIMIT 1) AS first ON true
     WHERE {received_at}
    UNION ALL
    SELECT replace(event.name, 'agreement.', 'agreements_'), actor, event.id, total
      FROM billing.events AS event
      JOIN agreement ON agreement.id = CAST(event.data ->> 'agreement_id' AS uuid)
     WHERE {happened_at} AND event.name IN
           ('agreement.completed', 'agreement.broken', 'agreement.cancelled')
    UNION ALL
    SELECT 'promises_made', taken_by, id, coalesce(amount, 0) FROM billing.promises
     WHERE {made_at}
    UNION ALL
    SELECT 'promises_kept', taken_by, id, paid FROM billing.promises
     WHERE status = 'kept' AND {ended_at}
    UNION ALL
    SELECT 'promises_broken', taken_by, event.id, coalesce(amount, 0)
      FROM billing.events AS event
      JOIN billing.promises AS row ON row.id = CAST(event.data ->> 'promise_id' AS uuid)
     WHERE {happened_at} AND event.name = 'promise.broken'
    UNION ALL
    SELECT 'payments_received', coalesce(agreement.actor, ''), row.id, amount
      FROM billing.payments AS row LEFT JOIN agreement ON agreement.id = row.agreement_id
     WHERE {received_at}
    UNION ALL
    SELECT 'payments_refunded', coalesce(agreement.actor, ''), row.id,
           CAST(after ->> 'refunded' AS numeric)
               - coalesce(CAST(before ->> 'refunded' AS numeric), 0)
      FROM billing.audit AS change
      JOIN billing.payments AS row ON row.id::text = change.row_id
      LEFT JOIN agreement ON agreement.id = row.agreement_id
     WHERE change.table_name = 'payments' AND {at}
       AND CAST(after ->> 'refunded' AS numeric) > 0
    UNION ALL
    SELECT 'disputes_opened', opened_by, id, 0 FROM billing.disputes WHERE {opened_at}
    UNION ALL
    SELECT 'invoices_billed', '', row_id::uuid, CAST(after ->> 'amount' AS numeric)
      FROM billing.audit
     WHERE table_name = 'invoices' AND operation = 'insert' AND {at}
    UNION ALL
    SELECT 'late_name_removals', '', event.id, 0
      FROM billing.events AS event
     WHERE name IN ('invoice.paid', 'agreement.completed')
       AND happened_at >= CAST(:day AS date) - interval '30 days'
       AND CAST(data ->> 'clear_name_by' AS date) = CAST(:day AS date) - 1
       AND EXISTS (SELECT 1 FROM billing.subscriptions
                    WHERE event.name = ANY(events) AND created_at < event.happened_at)
       AND NOT EXISTS (SELECT 1 FROM billing.deliveries
                        WHERE event_id = event.id AND delivered_at < {midnight})
    UNION ALL
    SELECT 'opt_outs', actor, customer_id, 0 FROM billing.audit
     WHERE table_name = 'customers' AND {at} AND after ->> 'opted_out_at' IS NOT NULL
)
SELECT name, CASE WHEN actor ~ '^bot(:|$)' THEN 'bot'
                  WHEN actor ~ '^(operator|supervisor)(:|$)' THEN 'people'
                  ELSE 'nobody' END AS by,
       count(*) AS count, round(sum(amount), 2) AS amount
  FROM fact GROUP BY 1, 2 ORDER BY 1, 2
""".format(
        midnight=_MIDNIGHT.format(0),
        **{
            column: _ON.format(column)
            for column in (
                *("asked_at", "created_at", "received_at", "happened_at"),
                *("made_at", "ended_at", "opened_at", "at"),
            )
        },
    )
)


def figures_of(session: Session, context: Context, day: date) -> DayFigures:
    """Return what happened on `day`."""
    rows = session.execute(_COUNTED, {"day": day}).mappings()
    return DayFigures(
        day=day,
        figures=[Figure.model_validate(dict(row)) for row in rows],
        ageing=_ageing(session, day),
        not_due=_not_due(session, day) if day == context.today() else None,
    )


def _ageing(session: Session, day: date) -> list[AgeingBucket] | None:
    if not nightly.is_worked_out(session, day):
        return None
    return [
        AgeingBucket(bucket=found.bucket, invoices=found.invoices, total=found.total)
        for found in nightly.totals(session, day)
    ]


def _not_due(session: Session, today: date) -> Decimal:
    """What is owed by open bills that are not late."""
    balance = func.sum(InvoiceRow.amount - InvoiceRow.paid_amount)
    is_open = InvoiceRow.status == InvoiceStatus.OPEN
    return session.scalar(select(balance).where(is_open, InvoiceRow.due >= today)) or Decimal(0)
