"""Turns as the conversation package writes them, with what a dialogue would have heard."""

from typing import Any
from uuid import UUID

from bot.conversations import answers, turns
from bot.conversations.asking import Answered, OpenTurn
from tests.whatsapp.edge import arrive, change, contact, message, query, says

MARIA = "5511987654321"


def hear(
    words: str,
    intent: str,
    *ranking: tuple[str, float],
    phone: str = MARIA,
    name: str = "Maria",
    handoff: str | None = None,
    **more: Any,
) -> UUID:
    """Somebody types; the bot hears this intent and answers. Returns the turn's id."""
    arrive(change(messages=[says(words, **{"from": phone})], contacts=[contact(phone, name=name)]))
    heard = {"intent": intent, "confidence": ranking[0][1] if ranking else 1.0, **more}
    if ranking:
        heard["ranking"] = [[likely, confidence] for likely, confidence in ranking]
    return answer(phone, heard, handoff)


def tap(title: str, payload: str, phone: str = MARIA) -> UUID:
    """Somebody taps a button of ours."""
    [(conversation,)] = query(_CONVERSATION, phone=phone)
    query(
        "INSERT INTO bot.issued_choices VALUES (:title, :conversation, :payload, now() + '1 h')",
        title=title,
        conversation=conversation,
        payload=payload,
    )
    reply = {"type": "button_reply", "button_reply": {"id": title, "title": title}}
    tapped = message("interactive", reply, sender=phone)
    arrive(change(messages=[tapped], contacts=[contact(phone)]))
    return answer(phone, {"intent": payload.strip("/")}, None)


def picture(phone: str = MARIA) -> UUID:
    """Somebody sends a receipt."""
    node = {"id": "1", "mime_type": "image/jpeg", "caption": "segue o comprovante"}
    arrive(change(messages=[message("image", node, sender=phone)], contacts=[contact(phone)]))
    return answer(phone, {"intent": "already_paid"}, None)


def answer(phone: str, heard: dict[str, Any], handoff: str | None) -> UUID:
    """Let the turn that waits be answered."""
    turn = _waiting(phone)
    effects = [{"custom": {"type": "handoff", "reason": handoff}}] if handoff else []
    done = {"custom": {"type": "done", "heard": heard}}
    answers.answer(turn, Answered(turn.dialogue_id, [{"text": "Certo."}, *effects, done]))
    return turn.id


def fail(words: str, phone: str = MARIA) -> UUID:
    """Somebody types, and the bot is down."""
    arrive(change(messages=[says(words, **{"from": phone})], contacts=[contact(phone)]))
    turn = _waiting(phone)
    answers.give_up(turn)
    return turn.id


_CONVERSATION = """
    SELECT c.id FROM bot.conversations AS c JOIN bot.contact_aliases AS alias USING (contact_id)
     WHERE alias.kind = 'phone' AND alias.value = :phone
"""


def _waiting(phone: str) -> OpenTurn:
    [(conversation,)] = query(_CONVERSATION, phone=phone)
    turn = turns.take(conversation, 0)
    assert isinstance(turn, OpenTurn)
    return turn
