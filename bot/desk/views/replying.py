"""Answering: text, files, templates, sending again, and the files of the person."""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

from flask import Response, abort, render_template, request, send_file
from flask_security import current_user
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import files, handoff, speaking
from bot.conversations.models import File, Message, OutboxRow
from bot.creditor import get_creditor
from bot.desk.models import Draft
from bot.desk.offered_templates import BadValues, offered
from bot.desk.roles import May
from bot.desk.views import Refused, blueprint, me, needs, refuse
from bot.desk.views.conversation import bar_of, called, composer_of
from bot.settings import get_settings
from bot.whatsapp.client import WhatsApp
from bot.whatsapp.content import Say, attached, fit
from bot.whatsapp.media import KINDS, MEGABYTE, Kind, MediaGone, fetch, kind_of

Json = dict[str, Any]

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
    """Send what was written and attached; the same form sent twice is sent once."""
    words, file = request.form.get("text", "").strip(), _attached_file()
    if not words and not file:
        raise Refused("Escreva a mensagem, ou escolha um arquivo.")
    if len(words) > LONGEST_TEXT:
        raise Refused(f"A mensagem tem {len(words)} letras; o WhatsApp aceita {LONGEST_TEXT}.")
    with db.transaction() as session:
        contents = _keep(session, conversation_id, file, words) if file else fit(Say(words))
        speaking.say(session, conversation_id, me().id, contents, _message_id())
        handoff.record(session, conversation_id, me().who, "replied")
        mine = Draft.conversation_id == conversation_id, Draft.author == me().id
        session.execute(delete(Draft).where(*mine))
    return _fresh(conversation_id)


@dataclass(frozen=True)
class Attached:
    """A file somebody chose, known by its content."""

    name: str
    kind: Kind
    data: bytes


def _attached_file() -> Attached | None:
    given = request.files.get("file")
    if given is None or not given.filename:
        return None
    data = given.read()
    kind = kind_of(data)
    if kind is None:
        raise Refused("Só PDF, JPEG e PNG podem ir, e este arquivo não é nenhum deles por dentro.")
    if len(data) > kind.most:
        raise Refused(_too_big(f"O arquivo tem {len(data) / MEGABYTE:.1f} MB".replace(".", ",")))
    return Attached(_file_name(given.filename, kind), kind, data)


def _too_big(what: str) -> str:
    limits = {kind.message_type: kind.most // MEGABYTE for kind in KINDS.values()}
    return f"{what}; pode ter até {limits['image']} MB se for imagem, {limits['document']} se PDF."


def _file_name(given: str, kind: Kind) -> str:
    """The name without folders and oddities, its ending what the file really is."""
    name = re.sub(r"[^\w .()-]", "_", re.split(r"[/\\]", given)[-1])
    return (name.rpartition(".")[0] or name).strip(". ")[:100] + kind.ending


def _keep(session: Session, conversation_id: UUID, file: Attached, words: str) -> list[Json]:
    id_ = uuid5(_message_id(), "file")
    files.keep(session, id_, conversation_id, file.name, file.kind.mime_type, file.data)
    digest = hashlib.sha256(file.data).hexdigest()
    details = {"name": file.name, "bytes": len(file.data), "sha256": digest}
    handoff.record(session, conversation_id, me().who, "file sent", **details)
    return attached(file.kind.message_type, str(id_), file.name, words)


@blueprint.url_value_preprocessor
def _let_files_in(endpoint: str | None, _: object) -> None:
    """Where files are sent a request may be larger than anywhere else, before it is read."""
    if endpoint == "desk.reply" and current_user.is_authenticated:
        request.max_content_length = max(kind.most for kind in KINDS.values()) + MEGABYTE


@blueprint.errorhandler(413)
def _far_too_big(_: Exception) -> tuple[str, int]:
    return refuse(_too_big("O arquivo é grande demais"), 413)


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
    with db.transaction() as session:
        known = offered(session, called(conversation_id), get_creditor().name)
    chosen = next((each for each in known if each.key == request.form.get("template")), None)
    if chosen is None:
        raise Refused("Escolha um modelo.")
    given = {field: request.form.get(f"value-{field}", "") for field in chosen.values}
    try:
        content = chosen.content(given)
    except BadValues as error:
        raise Refused(str(error)) from None
    with db.transaction() as session:
        speaking.say(session, conversation_id, me().id, [content], _message_id())
        handoff.record(session, conversation_id, me().who, "replied", template=chosen.name)
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
    return _serve(found.data, found.mime_type.partition(";")[0].strip(), "arquivo")


@blueprint.get("/c/<uuid:conversation_id>/sent/<uuid:row_id>")
@needs(May.READ)
def sent(conversation_id: UUID, row_id: UUID) -> Response:
    """A file of ours."""
    with db.transaction() as session:
        row = session.get(OutboxRow, row_id)
        if row is None or row.conversation_id != conversation_id or "file" not in row.content:
            abort(404)
        file = session.get_one(File, UUID(row.content["file"]))
    if file.data is None:
        abort(404)
    return _serve(file.data, file.mime_type, file.name)


def _serve(data: bytes, kind: str, name: str) -> Response:
    """Shown if harmless, else only downloaded; either way it runs nothing."""
    is_shown = kind in SHOWN_INLINE
    answer = send_file(
        BytesIO(data),
        mimetype=kind if is_shown else "application/octet-stream",
        as_attachment=not is_shown,
        download_name=name,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
