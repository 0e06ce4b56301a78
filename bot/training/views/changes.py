"""Reviewed pieces on their way into the files: mended, shown as a diff, applied on a branch."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, abort, render_template, request, url_for
from sqlalchemy import select

from bot import db
from bot.desk.models import User
from bot.desk.roles import May
from bot.nlu.writing import EditRefused
from bot.training import applying, diffs, examples, reviewing
from bot.training import changes as change_files
from bot.training.applying import NewIntent
from bot.training.diffs import FileDiff
from bot.training.models import Change, ExampleKind, ReviewedExample
from bot.training.project import responses, topics
from bot.training.repository import Repository, RepositoryError
from bot.training.reviewing import Preview
from bot.training.views import Refused, blueprint, me, needs
from bot.training.views.annotating import go_to, guide_with_new

SHOWN = 50
"""Changes in the list, the newest first."""


@dataclass(frozen=True)
class Made:
    """A change as the list shows it."""

    change: Change
    author: str
    title: str
    is_in_use: bool


@blueprint.get("/changes")
@needs(May.TRAIN)
def changes() -> str:
    """What waits, what it would do to the files, and the changes made so far."""
    with db.transaction() as session:
        waiting = applying.waiting(session)
        authors = {user.id: user.name for user in session.scalars(select(User))}
    return render_template(
        "training/changes.html",
        waiting=waiting,
        authors=authors,
        changes=_made(authors),
        guide=guide_with_new(),
        topics=topics(),
        responses=responses(),
        new_intents={
            each.id: NewIntent.model_validate_json(each.text)
            for each in waiting
            if each.kind is ExampleKind.INTENT
        },
        SPOKEN=reviewing.SPOKEN,
        **_preview(waiting),
    )


def _preview(waiting: Sequence[ReviewedExample]) -> dict[str, Any]:
    """The preview of those chosen: all, unless the address names them."""
    chosen = request.args.getlist("id", type=int)
    ids = {each.id for each in waiting if "choose" not in request.args or each.id in chosen}
    try:
        preview, problem = reviewing.preview([each for each in waiting if each.id in ids]), ""
    except RepositoryError as error:
        preview, problem = Preview(None), str(error)
    return {"preview": preview, "chosen": ids, "no_repository": problem}


def _made(authors: dict[UUID, str]) -> list[Made]:
    with db.transaction() as session:
        listed = session.scalars(select(Change).order_by(Change.at.desc()).limit(SHOWN)).all()
    titles: dict[str, str] = {}
    used: set[str] = set()
    try:
        repository = Repository()
        commits = [each.commit for each in listed if each.commit]
        titles = repository.subjects(commits)
        used = {
            commit
            for commit in titles
            if change_files.is_in_use(change_files.Change("", commit), repository=repository)
        }
    except RepositoryError:
        pass  # the page says so already
    return [
        Made(each, authors[each.author], titles.get(each.commit or "", ""), each.commit in used)
        for each in listed
    ]


@blueprint.post("/changes")
@needs(May.TRAIN)
def apply_changes() -> Response:
    """Make a commit of what was shown."""
    ids = request.form.getlist("id", type=int)
    if not ids:
        raise Refused("Não há nada escolhido para aplicar.")
    title = request.form.get("title", "").strip()
    if not title:
        raise Refused("Dê um nome à mudança: é o que a equipe vai ler depois.")
    change = applying.apply(ids, me(), title, base=request.form.get("base") or None)
    return go_to(url_for("training.change", change_id=change.id))


@blueprint.get("/changes/<uuid:change_id>")
@needs(May.TRAIN)
def change(change_id: UUID) -> str:
    """One change: what it did to the files."""
    with db.transaction() as session:
        found = session.get(Change, change_id) or abort(404)
        author = session.get_one(User, found.author).name
    repository = Repository()
    commit = found.commit or ""
    return render_template(
        "training/change.html",
        made=Made(
            found,
            author,
            repository.subjects([commit]).get(commit, found.branch),
            change_files.is_in_use(
                change_files.Change(found.branch, commit), repository=repository
            ),
        ),
        diff=_diff(repository, commit),
    )


def _diff(repository: Repository, commit: str) -> list[FileDiff]:
    names = repository.changed(commit)
    before = repository.git("rev-parse", f"{commit}^").strip()
    return list(diffs.between(repository.files(before, *names), repository.files(commit, *names)))


@blueprint.post("/changes/<uuid:change_id>/discard")
@needs(May.TRAIN)
def discard_change(change_id: UUID) -> Response:
    """Forget a change; its pieces wait again."""
    with db.transaction() as session:
        session.get(Change, change_id) or abort(404)
    applying.discard(change_id)
    return go_to(url_for("training.changes"))


@blueprint.post("/examples")
@needs(May.TRAIN)
def add_example() -> Response:
    """A piece made by hand."""
    reviewing.add(_piece())
    return go_to(url_for("training.changes"))


def _piece() -> ReviewedExample:
    form = {name: value.strip() for name, value in request.form.items()}
    try:
        kind = ExampleKind(form.get("kind", ""))
    except ValueError:
        raise Refused("Diga o que quer acrescentar.") from None
    intent, text = form.get("intent", ""), form.get("text", "")
    if kind is ExampleKind.INTENT:
        text = _new_intent(form).model_dump_json()
    elif kind not in reviewing.SPOKEN:
        raise Refused("Isto não se acrescenta aqui.")
    if not intent or not text:
        raise Refused("Preencha todos os campos.")
    return ReviewedExample(kind=kind, intent=intent, text=text, author=me().id)


def _new_intent(form: Mapping[str, str]) -> NewIntent:
    """An answer of several lines stays one; an empty line begins another."""
    answers = [part.strip() for part in re.split(r"\r?\n[ \t]*\r?\n", form.get("answers", ""))]
    return NewIntent(
        topic=form.get("topic", ""),
        examples=tuple(
            line.strip() for line in form.get("examples", "").splitlines() if line.strip()
        ),
        answers=tuple(part for part in answers if part),
        title=form.get("title", ""),
        for_customers="for_customers" in form,
    )


@blueprint.post("/examples/<int:piece_id>")
@needs(May.TRAIN)
def mend_example(piece_id: int) -> Response:
    """Write a piece otherwise."""
    text = request.form.get("text", "").strip()
    if request.form.get("kind") == ExampleKind.INTENT:
        text = _new_intent(request.form).model_dump_json()
    if not text:
        raise Refused("O texto está vazio. Para tirar o exemplo, use Remover.")
    reviewing.mend(piece_id, text, request.form.get("intent"))
    return go_to(url_for("training.changes"))


@blueprint.post("/examples/<int:piece_id>/remove")
@needs(May.TRAIN)
def remove_example(piece_id: int) -> Response:
    """Forget a piece."""
    reviewing.remove(piece_id)
    return go_to(url_for("training.changes"))


@blueprint.post("/lines")
@needs(May.TRAIN)
def mend_line() -> str:
    """A line of the files that is wrong: out, or to another intent."""
    place, to = request.form.get("place", ""), request.form.get("to", "")
    found = examples.at(place)
    if found is None:
        raise EditRefused("Esta linha não está mais nos arquivos. Recarregue a página.")
    intent, line = found
    reviewing.add(reviewing.line_piece(me().id, intent, line, to or None))
    guide = guide_with_new()
    what = f"vai para {guide.name(to)}" if to else f"sai de {guide.name(intent)}"
    message = f"Anotado em Exemplos: “{line}” {what}, quando a mudança for aplicada."
    return render_template("desk/_done.html", message=message)
