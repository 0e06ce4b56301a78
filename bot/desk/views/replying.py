"""Answering: text, templates, sending again, and the files of the person."""

from uuid import UUID

from flask import Response, abort, render_template, request
from sqlalchemy import delete, select

from bot import db
from bot.conversations import handoff, speaking
from bot.conversations.models import Message
from bot.creditor import get_creditor
from bot.desk.models import Draft
from bot.desk.policy import get_policy
from bot.desk.roles import May
from bot.desk.views import Refused, blueprint, me, needs
from bot.desk.views.conversation import bar_of, called, composer_of
from bot.settings import get_settings
from bot.whatsapp.client import WhatsApp
from bot.whatsapp.content import Say, fit, template
from bot.whatsapp.media import MediaGone, fetch

LONGEST_TEXT = 4096
SHOWN_INLINE = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/webp"), "image"),
    **dict.fromkeys(("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"), "audio"),
    "video/mp4": "video",
}
"""Everything else is only ever downloaded."""


@blueprint.post("/c/<uuid:conversation_id>/reply")
@needs(May.ACT)
def reply(conversation_id: UUID) -> str:
    """Send what was written; the same form sent twice is one message."""
    words = request.form.get("text", "").strip()
    if not words:
        raise Refused("Escreva a mensagem.")
    if len(words) > LONGEST_TEXT:
        raise Refused(f"A mensagem tem {len(words)} letras; o WhatsApp aceita {LONGEST_TEXT}.")
    with db.transaction() as session:
        speaking.say(session, conversation_id, me().id, fit(Say(words)), _message_id())
        handoff.record(session, conversation_id, me().who, "replied")
        mine = Draft.conversation_id == conversation_id, Draft.author == me().id
        session.execute(delete(Draft).where(*mine))
    return _fresh(conversation_id)


def _message_id() -> UUID:
    try:
        return UUID(request.form.get("message_id", ""))
    except ValueError:
        raise Refused("Recarregue a página e tente de novo.") from None


def _fresh(conversation_id: UUID) -> str:
    return render_template(
        "desk/_composer.html", **bar_of(conversation_id), **composer_of(conversation_id)
    )


@blueprint.post("/c/<uuid:conversation_id>/template")
@needs(May.ACT)
def send_template(conversation_id: UUID) -> str:
    """Send an approved template: all that arrives once the window is closed."""
    name = request.form.get("template", "")
    known = get_policy().templates.get(name)
    if known is None:
        raise Refused("Escolha um modelo.")
    content = template(name, known.language, [called(conversation_id), get_creditor().name])
    with db.transaction() as session:
        speaking.say(session, conversation_id, me().id, [content], _message_id())
        handoff.record(session, conversation_id, me().who, "replied", template=name)
    return _fresh(conversation_id)


@blueprint.post("/c/<uuid:conversation_id>/again/<uuid:row_id>")
@needs(May.ACT)
def again(conversation_id: UUID, row_id: UUID) -> Response:
    """Send once more what did not arrive."""
    with db.transaction() as session:
        if speaking.conversation_of(session, row_id) != conversation_id:
            abort(404)
        speaking.send_again(session, row_id, me().id)
        handoff.record(session, conversation_id, me().who, "sent again", message=str(row_id))
    return Response(status=204)


@blueprint.get("/c/<uuid:conversation_id>/media/<uuid:message_id>")
@needs(May.READ)
def media(conversation_id: UUID, message_id: UUID) -> Response:
    """A file the person sent, fetched from Meta: shown if harmless, else only downloaded."""
    query = select(Message).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    with db.transaction() as session:
        message = session.scalar(query)
    node = message.body.get(message.type) if message else None
    if not isinstance(node, dict) or not node.get("id"):
        abort(404)
    try:
        found = fetch(WhatsApp(get_settings()), str(node["id"]))
    except MediaGone:
        abort(404)
    kind = found.mime_type.partition(";")[0].strip()
    is_shown = kind in SHOWN_INLINE
    return Response(
        found.data,
        mimetype=kind if is_shown else "application/octet-stream",
        headers={
            "Content-Disposition": "inline" if is_shown else 'attachment; filename="arquivo"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
