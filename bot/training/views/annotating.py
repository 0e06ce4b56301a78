"""One message: what it is, what others like it are, and what a trainer says of it."""

from flask import Response, abort, make_response, render_template, request, url_for
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot import db
from bot.conversations.models import Conversation
from bot.desk.roles import May
from bot.training import annotating, applying, context, examples, inbox
from bot.training.annotating import Entity, Judgement
from bot.training.guide import UNSURE, Guide, Intent, get_guide
from bot.training.inbox import Message
from bot.training.models import ExampleKind, Verdict
from bot.training.views import Refused, blueprint, listing, me, needs

SUGGESTED = 9
LONGEST_NOTE = 1000


class Mark(BaseModel):
    """A value as the page marks it: from letter to letter, as Python counts them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int
    end: int
    entity: str
    role: str | None = None


_MARKS = TypeAdapter(list[Mark])


@blueprint.get("/messages/<int:item_id>")
@needs(May.TRAIN)
def message(item_id: int) -> str:
    """Everything that helps to say what a message is."""
    shown = _message(item_id)
    last = request.args.get("last", type=int)
    return render_template(
        "training/message.html",
        asked=listing.asked(),
        message=shown,
        suggested=_suggested(shown),
        group=inbox.messages(shown.group_id),
        revision=annotating.revision_of(shown.group_id),
        said=context.around(shown),
        history=inbox.history(item_id),
        guide=guide_with_new(),
        may_save=_may_save(shown),
        last=inbox.message(last) if last else None,
        longest_note=LONGEST_NOTE,
    )


def _message(item_id: int) -> Message:
    return inbox.message(item_id) or abort(404)


def _suggested(shown: Message) -> list[tuple[str, float]]:
    return [each for each in shown.ranking if each[0] != UNSURE][:SUGGESTED]


def _may_save(shown: Message) -> bool:
    """Whether it was said in a conversation, of a team of theirs."""
    if shown.conversation_id is None:
        return False
    with db.transaction() as session:
        found = session.get_one(Conversation, shown.conversation_id)
        return me().sees(found.team)


def guide_with_new() -> Guide:
    """The guide, with the intents trainers have made and not applied yet."""
    with db.transaction() as session:
        new = [each.intent for each in applying.waiting(session) if each.kind is ExampleKind.INTENT]
    return get_guide().with_new(Intent(name, name) for name in new)


@blueprint.get("/messages/<int:item_id>/neighbours")
@needs(May.TRAIN)
def neighbours(item_id: int) -> str:
    """Examples that are like it; asked for by the page, as the first time takes seconds."""
    found = examples.neighbours(_message(item_id).text)
    return render_template("training/_neighbours.html", neighbours=found, guide=guide_with_new())


@blueprint.post("/messages/<int:item_id>")
@needs(May.TRAIN)
def annotate(item_id: int) -> Response:
    """Keep a verdict and go on to the next message."""
    shown, asked = _message(item_id), listing.asked()
    following = asked.following(shown.group_id)
    revision = request.form.get("revision", 0, type=int)
    annotating.annotate(me().id, item_id, revision, _judgement(shown))
    if following is None or following == item_id:
        return go_to(url_for("training.home", **asked.address(), last=item_id))
    kept = asked.address(after=asked.after)
    return go_to(url_for("training.message", item_id=following, last=item_id, **kept))


def go_to(address: str) -> Response:
    """Another page: for htmx by its header, so that a refusal leaves this one as it is."""
    answer = make_response("", 204 if request.headers.get("HX-Request") else 303)
    answer.headers["HX-Redirect" if answer.status_code == 204 else "Location"] = address
    return answer


def _judgement(shown: Message) -> Judgement:
    try:
        verdict = Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Refused("Diga o que a mensagem é.") from None
    intent = request.form.get("intent") or None
    if verdict is Verdict.RELABEL and intent == shown.intent:
        verdict, intent = Verdict.ACCEPT, None
    if intent and intent not in guide_with_new().intents:
        raise Refused(f"Não existe a intenção “{intent}”. Recarregue a página.")
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    return Judgement(verdict, intent, _entities(shown.text), note)


def _entities(text: str) -> list[Entity]:
    try:
        marks = _MARKS.validate_json(request.form.get("entities") or "[]")
    except ValidationError:
        raise Refused("As marcações não chegaram inteiras. Recarregue a página.") from None
    known = {(value.entity, value.role) for value in get_guide().values}
    for mark in marks:
        if (mark.entity, mark.role) not in known:
            raise Refused(f"Não existe o valor “{mark.entity}”. Recarregue a página.")
        if not 0 <= mark.start < mark.end <= len(text):
            raise Refused("Uma marcação está fora da mensagem. Recarregue a página.")
    return [Entity(**mark.model_dump()) for mark in marks]
