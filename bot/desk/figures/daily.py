"""Counts a day: conversations by SQL, money by asking billing.

What happened is counted on the day it happened, by times that are written once. So a day can be
counted again and comes to the same; containment is final when its 24 hours are over. How late
bills stood is kept when billing has forgotten that night.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, insert, select, text

from bot import db
from bot.billing.client import BillingClient, BillingRefused, DayFigures
from bot.business_hours import SAO_PAULO
from bot.conversations.models import Conversation
from bot.desk.figures.models import DailyFigure

STANDINGS = ("ageing", "ageing_amount", "not_due")
"""How it stood, not what happened: the last of a period counts, not the sum."""
MOST_DAYS_BACK = 90
_UNSETTLED_DAYS = 2

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('desk figures'))")
_COUNT = text(
    """
WITH ours AS (
    SELECT id, conversation_id, wamid, state,
           CASE WHEN sent_by IS NULL THEN 'bot' ELSE 'people' END AS by
      FROM bot.outbox
     WHERE coalesce(sent_at, created_at) >= :start AND coalesce(sent_at, created_at) < :end
), said AS (
    SELECT row.id, CASE WHEN sent_by IS NULL THEN 'bot' ELSE 'people' END AS by,
           status.status, row.content ->> 'type' AS type, status.body -> 'pricing' AS pricing
      FROM bot.statuses AS status JOIN bot.outbox AS row ON row.wamid = status.wamid
     WHERE status.at >= :start AND status.at < :end
), session AS (
    SELECT conversation_id, max(received_at) AS last FROM bot.messages
     WHERE answerable AND received_at >= :start AND received_at < :end
     GROUP BY conversation_id
), known AS (
    SELECT conversation_id FROM bot.turns
     WHERE answered_at >= :start AND answered_at < :end AND heard ->> 'customer_id' IS NOT NULL
    UNION
    SELECT conversation_id FROM bot.audit
     WHERE at >= :start AND at < :end AND what = 'identity confirmed'
), answer AS (
    SELECT 'bot' AS by, extract(epoch FROM answered_at - created_at) AS seconds FROM bot.turns
     WHERE answered_at >= :start AND answered_at < :end AND state = 'answered'
    UNION ALL
    SELECT 'people', extract(epoch FROM first.at - handed.at)
      FROM bot.audit AS handed JOIN LATERAL (
           SELECT min(created_at) AS at FROM bot.outbox
            WHERE conversation_id = handed.conversation_id AND sent_by IS NOT NULL
              AND created_at > handed.at) AS first ON true
     WHERE handed.what = 'handed over' AND first.at >= :start AND first.at < :end
       AND NOT EXISTS (
           SELECT 1 FROM bot.audit AS again
            WHERE again.conversation_id = handed.conversation_id AND again.what = 'handed over'
              AND again.at > handed.at AND again.at < first.at)
), figure (name, dimension, value) AS (
    SELECT 'contacted', '', count(DISTINCT conversation_id) FROM ours
     WHERE wamid IS NOT NULL
    UNION ALL SELECT 'identified', '', count(*) FROM known
    UNION ALL SELECT 'sessions', '', count(*) FROM session
    UNION ALL
    SELECT 'sessions_contained', '', count(*) FROM session
     WHERE NOT EXISTS (SELECT 1 FROM bot.audit
                        WHERE conversation_id = session.conversation_id
                          AND what IN ('handed over', 'taken over')
                          AND at >= :start AND at < :end)
       AND NOT EXISTS (SELECT 1 FROM bot.messages
                        WHERE conversation_id = session.conversation_id AND answerable
                          AND received_at >= :end
                          AND received_at <= session.last + interval '24 hours')
    UNION ALL
    SELECT 'handed_over', coalesce(details ->> 'reason', ''), count(*) FROM bot.audit
     WHERE what = 'handed over' AND at >= :start AND at < :end GROUP BY 2
    UNION ALL
    SELECT 'messages_sent', by, count(*) FROM ours
     WHERE wamid IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'conversations_attended', by, count(DISTINCT conversation_id) FROM ours
     WHERE wamid IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'messages_delivered', by, count(DISTINCT id) FROM said
     WHERE status = 'delivered' GROUP BY 2
    UNION ALL
    SELECT 'messages_read', by, count(DISTINCT id) FROM said
     WHERE status IN ('read', 'played') GROUP BY 2
    UNION ALL
    SELECT 'messages_failed', by, count(DISTINCT id) FROM (
        SELECT id, by FROM said WHERE status = 'failed'
        UNION
        SELECT id, by FROM ours
         WHERE state IN ('failed', 'parked')
           AND NOT EXISTS (SELECT 1 FROM bot.statuses
                            WHERE wamid = ours.wamid AND status = 'failed')) AS failed
     GROUP BY 2
    UNION ALL
    SELECT 'messages_priced',
           CASE WHEN pricing ->> 'billable' = 'false' THEN 'free'
                ELSE coalesce(pricing ->> 'category',
                              CASE type WHEN 'template' THEN 'utility' ELSE 'service' END) END,
           count(DISTINCT id)
      FROM said WHERE status = 'delivered' GROUP BY 2
    UNION ALL SELECT 'answers', by, count(*) FROM answer GROUP BY 2
    UNION ALL SELECT 'answer_seconds', by, round(sum(seconds), 1) FROM answer GROUP BY 2
)
INSERT INTO desk.daily_figures (day, name, dimension, value)
SELECT :day, name, dimension, value FROM figure
"""
)


def count(client: BillingClient, day: date) -> None:
    """Count a day in place of what was there for it. Raises BillingUnavailable."""
    money = _money(client, day)
    rows = list(_rows(money)) if money else []
    standing = {row["name"] for row in rows} & {*STANDINGS}
    kept = [name for name in STANDINGS if name not in standing]
    with db.transaction() as session:
        session.execute(_LOCK)
        of_day = DailyFigure.day == day
        session.execute(delete(DailyFigure).where(of_day, DailyFigure.name.not_in(kept)))
        session.execute(_COUNT, {"day": day, **_bounds(day)})
        if rows:
            session.execute(insert(DailyFigure), [{"day": day, **row} for row in rows])


def _money(client: BillingClient, day: date) -> DayFigures | None:
    """Billing's figures; none of a backend that has none."""
    try:
        return client.figures(day)
    except BillingRefused:
        return None


def _bounds(day: date) -> dict[str, datetime]:
    midnights = (datetime.combine(each, time(), SAO_PAULO) for each in (day, day + timedelta(1)))
    return dict(zip(("start", "end"), midnights, strict=True))


def _rows(money: DayFigures) -> Iterator[dict[str, object]]:
    for one in money.figures:
        yield _row(one.name, one.by, one.count)
        if one.amount:
            yield _row(f"{one.name}_amount", one.by, one.amount)
    for bucket in money.ageing or ():
        yield _row("ageing", bucket.bucket, bucket.invoices)
        yield _row("ageing_amount", bucket.bucket, bucket.total)
    if money.not_due is not None:
        yield _row("not_due", "", money.not_due)


def _row(name: str, dimension: str, value: Decimal | int) -> dict[str, object]:
    return {"name": name, "dimension": dimension, "value": value}


def due_days(today: date) -> list[date]:
    """Days to be counted by `today`: those never counted, the last ones again, and today."""
    with db.transaction() as session:
        counted = session.scalar(select(func.max(DailyFigure.day)))
        began = session.scalar(select(func.min(Conversation.created_at)))
    earliest = began.astimezone(SAO_PAULO).date() if began else today
    first = counted - timedelta(_UNSETTLED_DAYS) if counted else earliest
    first = max(first, today - timedelta(MOST_DAYS_BACK))
    return days_between(first, today)


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]
