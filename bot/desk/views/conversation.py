"""One conversation: reading it, taking it, passing it on, giving it back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Response, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import giving_back, handoff, speaking
from bot.conversations.dialogue import Dialogue
from bot.conversations.models import Conversation, Owner
from bot.conversations.speaking import window_until
from bot.creditor import get_creditor
from bot.desk import rows
from bot.desk.models import (
    AuthorityRequest,
    CannedText,
    Draft,
    Note,
    Person,
    Resolution,
    Team,
    User,
)
from bot.desk.offered_templates import offered
from bot.desk.policy import get_policy
from bot.desk.roles import MATRIX, May
from bot.desk.transcript import transcript
from bot.desk.views import Refused, blueprint, me, my_team, needs, refuse
from bot.settings import get_settings

LONGEST_NOTE = 2000
SNOOZES = {"30": "30 minutos", "60": "1 hora", "180": "3 horas", "1080": "até amanhã cedo"}


@blueprint.get("/c/<uuid:conversation_id>")
@needs(May.READ)
def conversation(conversation_id: UUID) -> str:
    """The page; asked for by a click in the queue only its middle. Looking is noted."""
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "viewed")
    shown = _shown(conversation_id)
    if request.headers.get("HX-Request"):
        return render_template("desk/_conversation.html", **shown)
    return render_template("desk/desk.html", rows=rows.open_rows(my_team()), **shown)


def _shown(conversation_id: UUID) -> dict[str, Any]:
    with db.transaction() as session:
        entries = transcript(session, conversation_id)
    return {**bar_of(conversation_id), "entries": entries, **composer_of(conversation_id)}


def bar_of(conversation_id: UUID) -> dict[str, Any]:
    """Who holds it, how long the window is open, what may be done now."""
    with db.transaction() as session:
        shown = session.get_one(Conversation, conversation_id)
        people = session.scalars(
            select(User).where(User.active, User.team == shown.team, User.id != me().id)
        ).all()
        asked = session.scalars(
            select(AuthorityRequest.status)
            .where(AuthorityRequest.conversation_id == conversation_id)
            .order_by(AuthorityRequest.asked_at)
        ).all()
        teams = session.scalars(select(Team).where(Team.id != shown.team)).all()
    return {
        "conversation": shown,
        "row": rows.row_of(conversation_id),
        "window": window_until(shown),
        "mode": mode_of(shown),
        "colleagues": [user for user in people if May.ACT in MATRIX[user.role]],
        "asked": "-".join(asked),
        "teams": teams,
        "snoozes": SNOOZES,
    }


def mode_of(shown: Conversation) -> str:
    """What the composer can do: `open`, `closed` (templates only), `free`, `other`, `read`."""
    if not me().may(May.ACT):
        return "read"
    if shown.owner is not Owner.OPERATOR:
        return "free"
    if shown.operator_id != me().id:
        return "other"
    return "open" if window_until(shown) else "closed"


def composer_of(conversation_id: UUID) -> dict[str, Any]:
    """The draft, and a new id for the message it will become."""
    with db.transaction() as session:
        draft = session.get(Draft, (conversation_id, me().id))
        texts = session.scalars(select(CannedText).order_by(CannedText.shortcut)).all()
        templates = offered(session, called(conversation_id), get_creditor().name)
    return {
        "draft": draft.text if draft else "",
        "message_id": uuid4(),
        "texts": texts,
        "templates": templates,
    }


@blueprint.get("/c/<uuid:conversation_id>/thread")
@needs(May.READ)
def thread(conversation_id: UUID) -> str:
    """The messages alone, after one came."""
    with db.transaction() as session:
        entries = transcript(session, conversation_id)
    shown: Conversation = g.conversation
    return render_template(
        "desk/_entries.html", entries=entries, conversation=shown, mode=mode_of(shown)
    )


@blueprint.get("/c/<uuid:conversation_id>/bar")
@needs(May.READ)
def bar(conversation_id: UUID) -> str:
    """The line above the messages, after the conversation changed hands."""
    return render_template("desk/_bar.html", **bar_of(conversation_id))


@blueprint.get("/c/<uuid:conversation_id>/composer")
@needs(May.READ)
def composer(conversation_id: UUID) -> str:
    """Where an answer is written, as it is now."""
    return render_template(
        "desk/_composer.html", **bar_of(conversation_id), **composer_of(conversation_id)
    )


@blueprint.post("/c/<uuid:conversation_id>/take")
@needs(May.ACT)
def take(conversation_id: UUID) -> Any:
    """Take over; whoever comes second is told who was first."""
    with db.transaction() as session:
        if not handoff.take_over(session, conversation_id, me().id, me().who):
            row = rows.row_of(conversation_id)
            who = row.holder if row and row.holder else "outra pessoa"
            return refuse(f"{who} assumiu esta conversa antes.", 409)
    return changed(conversation_id)


def changed(conversation_id: UUID) -> str:
    """Bar and composer as they are now."""
    return render_template(
        "desk/_changed.html", **bar_of(conversation_id), **composer_of(conversation_id)
    )


@blueprint.post("/c/<uuid:conversation_id>/put-back")
@needs(May.ACT)
def put_back(conversation_id: UUID) -> str:
    """Leave it to whoever is free."""
    with db.transaction() as session:
        held = handoff.held(session, conversation_id, me().id)
        handoff.put_back(session, held, me().who, "transferred")
    return changed(conversation_id)


@blueprint.post("/c/<uuid:conversation_id>/give-back")
@needs(May.ACT)
def give_back(conversation_id: UUID) -> str:
    """To the bot, which tells the person that it is there again."""
    _hand_back(conversation_id, "utter_back_with_bot")
    return changed(conversation_id)


def _hand_back(
    conversation_id: UUID,
    response: str | None,
    also: Callable[[Session, Conversation], None] = lambda _session, _conversation: None,
) -> None:
    dialogue, name = Dialogue(get_settings()), confirmed_name(conversation_id)
    giving_back.hand_back(dialogue, conversation_id, me().id, me().who, name, response, also)


def called(conversation_id: UUID) -> str:
    """How a template greets: a profile name proves nothing and is not repeated to the person."""
    return confirmed_name(conversation_id) or "tudo bem"


def confirmed_name(conversation_id: UUID) -> str | None:
    with db.transaction() as session:
        person = session.get(Person, conversation_id)
    is_same = person is not None and person.customer_id == g.conversation.customer_id
    return person.name.split()[0] if person and is_same else None


@blueprint.post("/c/<uuid:conversation_id>/resolve")
@needs(May.ACT)
def resolve(conversation_id: UUID) -> str:
    """Close it with a disposition; who writes again meets the bot."""
    disposition = request.form.get("disposition", "")
    if disposition not in get_policy().dispositions:
        raise Refused("Escolha como a conversa terminou.")

    def note_how(session: Session, held: Conversation) -> None:
        resolution = Resolution(
            conversation_id=conversation_id,
            operator=me().id,
            disposition=disposition,
            reason=held.handoff_reason,
            taken_at=held.taken_at,
        )
        session.add(resolution)
        handoff.record(session, conversation_id, me().who, "resolved", disposition=disposition)

    _hand_back(conversation_id, None, note_how)
    return changed(conversation_id)


@blueprint.post("/c/<uuid:conversation_id>/transfer")
@needs(May.ACT)
def transfer(conversation_id: UUID) -> str:
    """To a colleague, or to another team's queue, with a word about why."""
    kind, _, to = request.form.get("to", "").partition(":")
    with db.transaction() as session:
        held = handoff.held(session, conversation_id, me().id)
        if words := request.form.get("note", "").strip():
            note = Note(conversation_id=conversation_id, author=me().id, text=words[:LONGEST_NOTE])
            session.add(note)
        other_team = session.get(Team, to) if kind == "team" else None
        if other_team:
            handoff.put_back(session, held, me().who, "transferred")
            held.team = to
        elif to_whom := colleague(session, to, held.team):
            handoff.pass_on(session, conversation_id, to_whom.id, me().who)
        else:
            raise Refused("Escolha para quem vai a conversa.")
    return render_template("desk/_gone.html") if kind == "team" else changed(conversation_id)


def colleague(session: Session, user_id: str, team: str) -> User | None:
    try:
        user = session.get(User, UUID(user_id))
    except ValueError:
        return None
    if user and user.active and user.team == team and user.may(May.ACT):
        return user
    return None


@blueprint.post("/c/<uuid:conversation_id>/note")
@needs(May.ACT)
def note(conversation_id: UUID) -> Response:
    """Write something for colleagues; the person never sees it."""
    words = request.form.get("text", "").strip()
    if not words:
        raise Refused("Escreva a nota.")
    with db.transaction() as session:
        row = Note(conversation_id=conversation_id, author=me().id, text=words[:LONGEST_NOTE])
        session.add(row)
        handoff.record(session, conversation_id, me().who, "noted")
    return Response(status=204)


@blueprint.post("/c/<uuid:conversation_id>/snooze")
@needs(May.ACT)
def snooze(conversation_id: UUID) -> str:
    """Put it aside for a while; a message of the person brings it back at once."""
    minutes = request.form.get("minutes", "")
    if minutes not in SNOOZES:
        raise Refused("Escolha até quando.")
    with db.transaction() as session:
        held = handoff.held(session, conversation_id, me().id)
        held.snoozed_until = datetime.now(UTC) + timedelta(minutes=int(minutes))
        handoff.record(session, conversation_id, me().who, "snoozed", minutes=minutes)
    return changed(conversation_id)


@blueprint.post("/c/<uuid:conversation_id>/draft")
@needs(May.ACT)
def draft(conversation_id: UUID) -> Response:
    """Keep what was begun; what comes in after it was sent is begun no more."""
    words = request.form.get("text", "")[:4096]
    with db.transaction() as session:
        session.get_one(Conversation, conversation_id, with_for_update=True)  # as who sends does
        key = {"conversation_id": conversation_id, "author": me().id}
        if not speaking.is_written(session, request.form.get("message_id", "")):
            session.merge(Draft(**key, text=words))
    return Response(status=204)
