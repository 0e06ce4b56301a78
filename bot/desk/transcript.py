"""A conversation as people read it: every message in order, and what happened between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.conversations.models import Audit, File, Message, OutboxRow, OutboxState, Turn
from bot.desk.models import Note, User
from bot.desk.offered_templates import all_texts
from bot.desk.offered_templates import words_of as template_words
from bot.desk.policy import get_policy

LONGEST = 300
MEDIA = frozenset({"image", "audio", "video", "document", "sticker"})
SHOWN_EVENTS = {
    "handed over": "Foi para a fila",
    "taken over": "Assumiu a conversa",
    "transferred": "Transferiu a conversa",
    "reassigned": "Mudou quem atende",
    "put back": "Voltou para a fila",
    "given back": "Devolveu ao bot",
    "resolved": "Encerrou",
    "people told": "O bot avisou a equipe",
    "identity confirmed": "Confirmou a identidade",
    "escalated": "A supervisão foi chamada",
}
"""What of the audit is part of the story."""


@dataclass(frozen=True)
class Entry:
    """One thing in a transcript. `side`: theirs, ours, note or event."""

    side: str
    at: datetime
    text: str
    id: UUID | None = None
    who: str = ""
    choices: tuple[str, ...] = ()
    link: str = ""
    media: str = ""
    """`image`, `audio`, `video` or `document`, fetched from `media/<id>` or `sent/<id>`; `gone`
    when a file of ours is no longer kept."""
    state: str = ""
    problem: str = ""
    code: int | None = None
    is_retried: bool = False
    by_bot: bool = False
    heard: dict[str, Any] = field(default_factory=dict)

    @property
    def may_be_retried(self) -> bool:
        """Whether it did not arrive and was not sent again yet."""
        return self.state in ("failed", "parked") and not self.is_retried


def transcript(session: Session, conversation_id: UUID) -> list[Entry]:
    """The last messages, notes and events, the oldest first."""
    people = session.execute(select(User.id, User.email, User.name)).all()
    names = {person.id: person.name for person in people}
    by_email = {person.email: person.name for person in people}
    entries = [
        *_theirs(session, conversation_id),
        *_ours(session, conversation_id, names),
        *_notes(session, conversation_id, names),
        *_events(session, conversation_id, by_email),
    ]
    return sorted(entries, key=lambda entry: entry.at)[-LONGEST:]


def _theirs(session: Session, conversation_id: UUID) -> Iterable[Entry]:
    query = (
        select(Message, Turn.heard)
        .outerjoin(Turn, Turn.id == Message.turn_id)
        .where(Message.conversation_id == conversation_id, Message.type != "system")
        .order_by(Message.received_at.desc())
        .limit(LONGEST)
    )
    for message, heard in session.execute(query):
        is_media = message.type in MEDIA and bool(_node(message).get("id"))
        yield Entry(
            side="theirs",
            at=message.received_at,
            text=message.text or _say_kind(message),
            id=message.id,
            media=message.type if is_media else "",
            heard=heard or {},
        )


def _node(message: Message) -> dict[str, Any]:
    node = message.body.get(message.type)
    return node if isinstance(node, dict) else {}


def _say_kind(message: Message) -> str:
    kinds = {
        "reaction": f"Reagiu {_node(message).get('emoji') or ''}",
        "revoke": "Apagou uma mensagem",
        "location": "Mandou um lugar",
        "contacts": "Mandou um contato",
    }
    if message.type in MEDIA:
        return str(_node(message).get("filename") or "")
    return kinds.get(message.type, "Mensagem que o WhatsApp não mostra aqui")


def _ours(session: Session, conversation_id: UUID, names: dict[UUID, str]) -> Iterable[Entry]:
    query = (
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id)
        .order_by(OutboxRow.position.desc())
        .limit(LONGEST)
    )
    rows = session.scalars(query).all()
    retried = {row.retry_of for row in rows if row.retry_of}
    texts = all_texts(session)
    kept = {str(each) for each in session.scalars(_kept_files(conversation_id))}
    for row in rows:
        text, choices, link = words_of(row.content, texts)
        yield Entry(
            side="ours",
            at=row.created_at,
            text=text,
            id=row.id,
            who=names.get(row.sent_by, "Equipe") if row.sent_by else "Bot",
            by_bot=row.sent_by is None,
            choices=choices,
            link=link,
            media=_media(row.content, kept),
            state=row.state.value,
            problem=_problem(row),
            code=row.error_code,
            is_retried=row.id in retried,
        )


def _kept_files(conversation_id: UUID) -> Select[UUID]:
    return select(File.id).where(File.conversation_id == conversation_id, File.data.is_not(None))


def _media(content: dict[str, Any], kept: set[str]) -> str:
    if "file" not in content:
        return ""
    return str(content["type"]) if content["file"] in kept else "gone"


def _problem(row: OutboxRow) -> str:
    """In words why a message did not arrive."""
    if row.state not in (OutboxState.FAILED, OutboxState.PARKED):
        return ""
    if row.error_code is None:
        return get_policy().no_answer
    return get_policy().error(row.error_code)


def words_of(content: dict[str, Any], texts: dict[str, str]) -> tuple[str, tuple[str, ...], str]:
    """Of a message of ours: its words, the titles to tap, its link. `texts`: what templates say."""
    match content["type"]:
        case "text":
            return content["text"]["body"], (), ""
        case "interactive":
            return _interactive(content["interactive"])
        case "document":
            document = content["document"]
            caption = "\n".join(filter(None, (document.get("caption"), document["filename"])))
            return caption, (), document.get("link", "")
        case "image":
            return content["image"].get("caption", ""), (), ""
        case "template":
            return template_words(texts, content["template"]), (), ""
    return "", (), ""


def _interactive(node: dict[str, Any]) -> tuple[str, tuple[str, ...], str]:
    body, action = node["body"]["text"], node["action"]
    if node["type"] == "cta_url":
        parameters = action["parameters"]
        return f"{body}\n{parameters['display_text']}", (), parameters["url"]
    rows = [row["title"] for part in action.get("sections", []) for row in part["rows"]]
    buttons = [button["reply"]["title"] for button in action.get("buttons", [])]
    return body, (*buttons, *rows), ""


def _notes(session: Session, conversation_id: UUID, names: dict[UUID, str]) -> Iterable[Entry]:
    for note in session.scalars(select(Note).where(Note.conversation_id == conversation_id)):
        who = names.get(note.author, "Equipe")
        yield Entry(side="note", at=note.at, text=note.text, id=note.id, who=who)


def _events(session: Session, conversation_id: UUID, names: dict[str, str]) -> Iterable[Entry]:
    query = select(Audit).where(
        Audit.conversation_id == conversation_id, Audit.what.in_(SHOWN_EVENTS)
    )
    for line in session.scalars(query):
        _, _, email = line.who.partition(":")
        who = names.get(email) or ("Bot" if line.who == "bot" else "Sistema")
        yield Entry(side="event", at=line.at, text=_say_event(line), who=who)


def _say_event(line: Audit) -> str:
    policy, details = get_policy(), line.details
    told = SHOWN_EVENTS[line.what]
    if disposition := details.get("disposition"):
        return f"{told}: {policy.dispositions.get(disposition, disposition)}"
    if reason := details.get("reason"):
        return f"{told}: {policy.waiting(reason).label}"
    return told
