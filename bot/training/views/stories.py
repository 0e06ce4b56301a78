"""Conversations saved as tests: what should be heard in each turn, and the stories there are."""

from uuid import UUID

from flask import Response, g, render_template, request, url_for

from bot import db
from bot.desk.roles import May
from bot.training import applying, changes, reviewing
from bot.training.models import ExampleKind, ReviewedExample
from bot.training.repository import Repository
from bot.training.stories import Recorded, as_story, path_of, recorded, rules_in
from bot.training.views import Refused, blueprint, me, needs
from bot.training.views.annotating import go_to, guide_with_new

STORIES = changes.STORIES


@blueprint.get("/stories")
@needs(May.TRAIN)
def stories() -> str:
    """The stories in the files, and those that wait for a change."""
    repository = Repository()
    with db.transaction() as session:
        waiting = applying.stories_of(applying.waiting(session))
    saved = repository.files(repository.head(), STORIES)
    return render_template("training/stories.html", saved=saved, waiting=waiting)


@blueprint.get("/conversations/<uuid:conversation_id>/story")
@needs(May.TRAIN)
def story(conversation_id: UUID) -> str:
    """A conversation as the test it would be; asked for by the form, only the test."""
    found = _recorded(conversation_id)
    if request.headers.get("HX-Request"):
        title = request.args.get("title", "").strip() or "Sem nome"
        written = as_story(title, found, _rules(), _meant(found))
        return render_template("training/_story.html", written=written)
    written = as_story("Sem nome", found, _rules(), {})
    return render_template(
        "training/story.html", found=found, written=written, guide=guide_with_new()
    )


@blueprint.post("/conversations/<uuid:conversation_id>/story")
@needs(May.TRAIN)
def save_story(conversation_id: UUID) -> Response:
    """Keep it among the pieces that wait for a change."""
    found, title = _recorded(conversation_id), request.form.get("title", "").strip()
    path, meant = path_of(title), _meant(found)
    if missing := [turn for turn in found.unsure if turn.turn_id not in meant]:
        raise Refused(f"Diga o que deveria ser entendido em “{missing[0].text}”.")
    _refuse_taken(path)
    text = as_story(title, found, _rules(), meant)
    piece = ReviewedExample(kind=ExampleKind.STORY, intent=path, text=text, author=me().id)
    reviewing.add(piece)
    return go_to(url_for("training.stories"))


def _recorded(conversation_id: UUID) -> Recorded:
    with db.transaction() as session:
        return recorded(session, g.conversation.id)


def _meant(found: Recorded) -> dict[str, str]:
    """By turn what somebody chose. Raises Refused for an intent there is not."""
    known = guide_with_new().intents
    chosen = {
        turn.turn_id: request.values[f"turn-{turn.turn_id}"]
        for turn in found.turns
        if turn.turn_id and request.values.get(f"turn-{turn.turn_id}")
    }
    if unknown := [intent for intent in chosen.values() if intent not in known]:
        raise Refused(f"Não existe a intenção “{unknown[0]}”.")
    return chosen


def _refuse_taken(path: str) -> None:
    repository = Repository()
    with db.transaction() as session:
        waiting = applying.stories_of(applying.waiting(session))
    if path in waiting or path in repository.files(repository.head(), STORIES):
        raise Refused("Já existe um teste com este nome. Dê outro.")


def _rules() -> dict[str, str]:
    repository = Repository()
    return rules_in(repository.files(repository.head(), "data/rules"))
