"""The jobs of a conversation: one wakes it, one sees that none is forgotten.

`advance` runs under the conversation's lock, so everything about one person happens in
order, while other people's conversations go on beside it.
"""

import asyncio
from collections.abc import Coroutine
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from bot import db, jobs
from bot.conversations import answers, asking, files, outbox, templates, turns
from bot.conversations.asking import Answered, OpenTurn
from bot.conversations.dialogue import Dialogue, DialogueError
from bot.conversations.outbox import Claimed
from bot.conversations.turns import Burst
from bot.settings import get_settings
from bot.whatsapp.client import WhatsApp

log = structlog.get_logger()


@cache
def _whatsapp() -> WhatsApp:
    return WhatsApp(get_settings())


@cache
def _dialogue() -> Dialogue:
    return Dialogue(get_settings())


def wake(session: Session, conversation_id: UUID) -> None:
    """Enqueue `advance` for a conversation in the transaction of `session`."""
    jobs.defer_in(session, advance, lock=str(conversation_id), conversation_id=str(conversation_id))


@jobs.app.task(name="advance_conversation")
async def advance(conversation_id: str) -> None:
    """Answer what waits in a conversation, then send what is written."""
    conversation, marked, is_sent = UUID(conversation_id), None, False
    while taken := await asyncio.to_thread(turns.take, conversation, get_settings().burst_seconds):
        is_new, marked = taken.wamid != marked, taken.wamid
        if isinstance(taken, Burst):
            _show_read(is_new, taken.wamid, is_typing=True)
            await asyncio.sleep(taken.pause)
            continue
        answering = asyncio.create_task(_answer(taken))
        _show_read(is_new, taken.wamid, is_typing=False)
        await asyncio.to_thread(outbox.deliver, _whatsapp(), conversation, await answering)
        is_sent = True
    if not is_sent:
        await asyncio.to_thread(outbox.deliver, _whatsapp(), conversation)


def _show_read(is_new: bool, wamid: str, *, is_typing: bool) -> None:
    """Show the person that a message was read, beside whatever else is done."""
    if is_new:
        _in_background(asyncio.to_thread(_whatsapp().mark_read, wamid, is_typing))


_background: set[asyncio.Task[None]] = set()


def _in_background(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


async def _answer(turn: OpenTurn) -> Claimed | None:
    """Ask Rasa until it answers; after `PATIENCE` apologise and leave it to people.

    Returns the first bubble to send, where there is one already.
    Any other error fails this job and the turn is woken again, but not for ever.
    """
    try:
        answered = await _ask_patiently(turn)
        return await asyncio.to_thread(answers.answer, turn, answered)
    except Exception as error:
        log.exception("turn not answered", turn=str(turn.id))
        if not isinstance(error, DialogueError) and not asking.is_out_of_patience(turn):
            raise
        await asyncio.to_thread(answers.give_up, turn)
        return None


async def _ask_patiently(turn: OpenTurn) -> Answered:
    asked = turn
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(DialogueError),
        wait=wait_exponential(multiplier=0.25, max=5),
        stop=lambda _: asking.is_out_of_patience(turn),
        reraise=True,
    ):
        if attempt.retry_state.attempt_number > 1:
            asked = await asyncio.to_thread(asking.reopen, turn)
        with attempt:
            return await asyncio.to_thread(asking.ask, _dialogue(), asked)
    raise AssertionError("unreachable")


@jobs.app.periodic(cron="* * * * * */5")
@jobs.app.task(queueing_lock="wake_forgotten")
async def wake_forgotten(timestamp: int) -> None:
    """Wake every conversation with something due and no job: a lost wake-up loses nothing."""
    await asyncio.to_thread(_wake_forgotten)


@jobs.app.periodic(cron="40 3 * * *")
@jobs.app.task(queueing_lock="forget_files")
async def forget_files(timestamp: int) -> None:
    """Keep the bytes of files that were sent no longer than needed."""
    await asyncio.to_thread(files.forget_old)


@jobs.app.periodic(cron="*/10 * * * *")
@jobs.app.task(queueing_lock="read_templates")
async def read_templates(timestamp: int) -> None:
    """Ask Meta which templates there are."""
    await asyncio.to_thread(templates.refresh, get_settings())


_FORGOTTEN = text("""
    SELECT DISTINCT conversation_id FROM (
        SELECT conversation_id FROM bot.outbox
         WHERE state IN ('pending', 'sending') AND next_attempt_at <= now()
        UNION ALL
        SELECT conversation_id FROM bot.turns WHERE state = 'open'
        UNION ALL
        SELECT conversation_id FROM bot.messages WHERE turn_id IS NULL AND answerable
    ) AS due
    WHERE NOT EXISTS (
        SELECT 1 FROM procrastinate.procrastinate_jobs
         WHERE lock = due.conversation_id::text AND status IN ('todo', 'doing')
    )
""")


def _wake_forgotten() -> None:
    with db.transaction() as session:
        outbox.give_up_on_unknown(session)
        for conversation_id in session.scalars(_FORGOTTEN):
            wake(session, conversation_id)
