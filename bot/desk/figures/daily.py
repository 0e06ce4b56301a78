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
from bot.business_hours import SAO_PAULO, Attendance
from bot.conversations.models import Conversation
from bot.desk.figures.counted import STANDINGS
from bot.desk.figures.models import DailyFigure
from bot.desk.policy import get_policy

MOST_DAYS_BACK = 90
_UNSETTLED_DAYS = 2

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('desk figures'))")
_COUNT = text(
    """
WITH ours AS (
    SELECT id, conversation_id, wamid, state, coalesce(sent_at, created_at) AS at,
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
      FROM (SELECT DISTINCT conversation_id, created_at AS at FROM bot.outbox
             WHERE sent_by IS NOT NULL AND created_at >= :start AND created_at < :end) AS first
      JOIN LATERAL (
           SELECT max(at) AS at FROM bot.audit
            WHERE conversation_id = first.conversation_id AND what = 'handed over'
              AND at < first.at) AS handed ON handed.at IS NOT NULL
     WHERE NOT EXISTS (
           SELECT 1 FROM bot.outbox
            WHERE conversation_id = first.conversation_id AND sent_by IS NOT NULL
              AND created_at > handed.at AND created_at < first.at)
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
    UNION ALL
    SELECT 'messages_out_of_hours', by, count(*) FROM ours
     WHERE wamid IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:opens AS timestamptz[]),
                                            CAST(:closes AS timestamptz[])) AS open (since, until)
                        WHERE at >= since AND at < until)
       AND NOT EXISTS (SELECT 1 FROM bot.messages
                        WHERE conversation_id = ours.conversation_id AND answerable
                          AND sent_at > at - interval '24 hours' AND sent_at < at)
     GROUP BY 2
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
        session.execute(_COUNT, {"day": day, **_bounds(day), **_contact_hours(day)})
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


def _contact_hours(day: date) -> dict[str, list[datetime]]:
    """When we may write first: from each of `opens` until its `closes`."""
    spans = Attendance(get_policy().contact_hours).on(day)
    return {"opens": [since for since, _ in spans], "closes": [until for _, until in spans]}


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


def began() -> date | None:
    """The first day there was anything to count; None when there was nothing yet."""
    with db.transaction() as session:
        first = session.scalar(select(func.min(Conversation.created_at)))
        counted = session.scalar(select(func.min(DailyFigure.day)))
    days = [first.astimezone(SAO_PAULO).date()] if first else []
    return min([*days, *([counted] if counted else [])], default=None)


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]
