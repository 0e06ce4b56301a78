"""What the desk does by the clock: nothing anybody holds is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import db, jobs
from bot.conversations import handoff, speaking
from bot.conversations.models import Conversation
from bot.desk import customers
from bot.desk.models import Absence
from bot.desk.policy import get_policy
from bot.opening import read

# Of a conversation somebody holds: since when the person waits for an answer. Put aside, only
# what they wrote after that counts.
_SILENT = text("""
    SELECT c.id FROM bot.conversations AS c
     WHERE c.owner = 'operator' AND (c.snoozed_until IS NULL OR c.snoozed_until < now())
       AND greatest(c.touched_at, c.snoozed_until) < :since
       AND EXISTS (SELECT 1 FROM bot.messages AS message
                    WHERE message.conversation_id = c.id AND message.answerable
                      AND message.received_at < :since
                      AND message.received_at > coalesce(
                        (SELECT max(created_at) FROM bot.outbox
                          WHERE conversation_id = c.id AND sent_by IS NOT NULL), c.queued_at,
                        '-infinity'))
       FOR UPDATE SKIP LOCKED
""")
_WOKEN = text("""
    UPDATE bot.conversations AS c SET snoozed_until = NULL, touched_at = now()
     WHERE c.owner = 'operator' AND c.snoozed_until IS NOT NULL
       AND (c.snoozed_until < now() OR c.last_inbound_at > c.touched_at)
""")
_NOT_TOLD = text("""
    SELECT c.id FROM bot.conversations AS c
     WHERE c.owner = 'queue' AND c.handoff_reason <> 'crisis' AND NOT EXISTS (
        SELECT 1 FROM bot.audit
         WHERE conversation_id = c.id AND what = 'absence told' AND at >= c.queued_at)
       FOR UPDATE SKIP LOCKED
""")
_WAITING = text("""
    SELECT id FROM bot.conversations
     WHERE owner = 'queue' AND escalated_at IS NULL FOR UPDATE SKIP LOCKED
""")


@jobs.app.periodic(cron="* * * * * */5")
@jobs.app.task(queueing_lock="watch_desk")
async def watch_desk(timestamp: int) -> None:
    """Return, escalate and wake what is due; look up who was confirmed."""
    await asyncio.to_thread(watch, datetime.now(UTC))
    await asyncio.to_thread(customers.get_to_know)


def watch(now: datetime) -> None:
    """Everything that is due at `now`."""
    with db.transaction() as session:
        session.execute(_WOKEN)
        _return_silent(session, now)
        _escalate(session, now)
        _tell_of_absence(session, now)


def _return_silent(session: Session, now: datetime) -> None:
    """Take a conversation from whoever leaves a person waiting, and tell the person."""
    since = now - timedelta(minutes=get_policy().silence_minutes)
    for conversation_id in session.scalars(_SILENT, {"since": since}).all():
        conversation = session.get_one(Conversation, conversation_id)
        handoff.put_back(session, conversation, "system", "silent_operator")
        conversation.handoff_reason = "silent_operator"
        speaking.tell(session, conversation, "utter_back_in_queue")


def _escalate(session: Session, now: datetime) -> None:
    """Call the supervisor to what waits far longer than it should."""
    policy = get_policy()
    for conversation_id in session.scalars(_WAITING).all():
        conversation = session.get_one(Conversation, conversation_id)
        minutes = policy.waiting(conversation.handoff_reason).minutes * policy.escalate_after
        queued_at = conversation.queued_at or now
        if now - queued_at > timedelta(minutes=minutes):
            conversation.escalated_at = now
            handoff.record(session, conversation_id, "system", "escalated", minutes=minutes)


def _tell_of_absence(session: Session, now: datetime) -> None:
    """Once, to whoever comes to the queue while nobody is there; not to somebody in despair."""
    absence = session.get(Absence, 1)
    if absence is None or not absence.text or read(session).are_open(now):
        return
    for conversation_id in session.scalars(_NOT_TOLD).all():
        conversation = session.get_one(Conversation, conversation_id)
        speaking.tell_words(session, conversation, absence.text)
        handoff.record(session, conversation_id, "system", "absence told")
