"""Guests: whoever has an invitation talks to a model, and what they type comes to the inbox.

A guest speaks as a customer made for it (`policies/training.yml`) in a dialogue of their own.
Nothing goes through WhatsApp, and no operator is called.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.dialogue import Dialogue, DialogueError
from bot.conversations.reply import Reply
from bot.conversations.turns import LONGEST_TEXT, typed
from bot.desk.models import User
from bot.settings import get_settings
from bot.training import collecting
from bot.training.candidates import CandidateRefused
from bot.training.models import Invitation, Talk
from bot.training.policy import get_policy
from bot.whatsapp.content import Say

_NOBODY = Say("Não deu para responder agora. Tente de novo em um minuto.")
_PERSON = Say("(Aqui uma pessoa da equipe assumiria a conversa. No teste, o bot continua.)")


def invite(session: Session, model: str, note: str, trainer: User) -> str:
    """A token by which to talk to a model. Raises CandidateRefused."""
    guests = get_policy().guests
    if not guests.phone:
        raise CandidateRefused(
            "Falta o cliente de teste: preencha guests.phone em policies/training.yml."
        )
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        token_hash=_hash(token),
        model=model,
        note=note.strip()[:200],
        author=trainer.id,
        expires_at=datetime.now(UTC) + timedelta(days=guests.days),
    )
    session.add(invitation)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation(token: str) -> Invitation | None:
    """The invitation of a token, while it is good."""
    with db.transaction() as session:
        return session.scalar(
            select(Invitation).where(
                Invitation.token_hash == _hash(token), Invitation.expires_at > datetime.now(UTC)
            )
        )


def begin(invited: Invitation) -> UUID:
    """A new talk."""
    with db.transaction() as session:
        talk = Talk(invitation_id=invited.id, choices={})
        session.add(talk)
        session.flush()
        return talk.id


def say(invited: Invitation, talk_id: UUID, words: str, choice: str = "") -> list[Say]:
    """What the model says to words typed, or to a button tapped."""
    with db.transaction() as session:
        talk = session.get(Talk, talk_id)
        if talk is None or talk.invitation_id != invited.id:
            return [Say("Esta conversa terminou. Recarregue a página.")]
        command = talk.choices.get(choice) if choice else None
    message = command or typed(words).strip()[:LONGEST_TEXT]
    if not message:
        return []
    try:
        bubbles = _dialogue().ask(talk_id, message, _metadata(invited, words))
    except DialogueError:
        return [_NOBODY]
    reply = Reply.of(bubbles)
    with db.transaction() as session:
        session.get_one(Talk, talk_id, with_for_update=True).choices = reply.payloads
    if command is None:
        collecting.keep_of_guest(talk_id, message, reply.heard or {})
    return [*reply.says, *([_PERSON] if reply.handoff else [])]


def _dialogue() -> Dialogue:
    return Dialogue(get_settings())


def _metadata(invited: Invitation, words: str) -> dict[str, str]:
    return {
        "turn_id": str(uuid4()),
        "phone": get_policy().guests.phone,
        "model": invited.model,
        "said_at": datetime.now(UTC).isoformat(),
        "said": words[:LONGEST_TEXT],
    }
