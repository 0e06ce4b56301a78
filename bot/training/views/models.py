"""Models: made of a change, compared, tried out, promoted, taken back; and how people fare."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, send_from_directory, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.models import Serving
from bot.desk.models import User
from bot.desk.roles import May
from bot.training import candidates, inbox, promoting, rates
from bot.training.comparing import Comparison
from bot.training.guide import get_guide
from bot.training.models import AT_WORK, Candidate, Change, ModelMove
from bot.training.repository import Author
from bot.training.signals import Signal
from bot.training.views import blueprint, me, needs

WATCHED = timedelta(days=30)
SHOWN = 30
MOVES = {
    "promoted": "passou a responder",
    "tried": "em teste com uma parte",
    "trial_ended": "teste encerrado",
    "rolled_back": "foi retirado",
}


@blueprint.get("/models")
@needs(May.TRAIN)
def models() -> str:
    """What answers, what may, and what did."""
    with db.transaction() as session:
        serving = session.scalar(select(Serving))
        shown = {
            "serving": serving,
            "rates": _rates(session, serving) if serving else {},
            "candidates": _candidates(session),
            "moves": session.scalars(
                select(ModelMove).order_by(ModelMove.id.desc()).limit(SHOWN)
            ).all(),
            "way_back": promoting.way_back(session),
        }
    return render_template("training/models.html", words=MOVES, at_work=AT_WORK, **shown)


def _rates(session: Session, serving: Serving) -> dict[str, rates.Rates]:
    found = {serving.current: rates.of(session, serving.current, serving.since)}
    if serving.canary and serving.canary_since:
        found[serving.canary] = rates.of(session, serving.canary, serving.canary_since)
    return found


def _candidates(session: Session) -> Sequence[Any]:
    query = (
        select(Candidate, Change, User.name)
        .join(Change, Change.id == Candidate.change_id)
        .join(User, User.id == Candidate.author)
        .order_by(Candidate.at.desc())
        .limit(SHOWN)
    )
    return session.execute(query).all()


@blueprint.post("/changes/<uuid:change_id>/train")
@needs(May.TRAIN)
def train(change_id: UUID) -> Any:
    """Make a model of a change."""
    with db.transaction() as session:
        candidate = candidates.begin(session, change_id, me())
    return redirect(url_for("training.candidate", candidate_id=candidate.id))


@blueprint.get("/models/<uuid:candidate_id>")
@needs(May.TRAIN)
def candidate(candidate_id: UUID) -> str | Response:
    """A candidate at work, or beside the model it was compared with."""
    with db.transaction() as session:
        found = session.get(Candidate, candidate_id) or abort(404)
        change = session.get_one(Change, found.change_id)
        serving = session.scalar(select(Serving))
    at_work = found.state in AT_WORK
    if request.headers.get("HX-Request"):
        if not at_work:
            return Response(status=204, headers={"HX-Refresh": "true"})
        return render_template("training/_progress.html", candidate=found)
    return render_template(
        "training/candidate.html",
        candidate=found,
        change=change,
        serving=serving,
        at_work=at_work,
        comparison=Comparison.model_validate(found.comparison) if found.comparison else None,
        guide=get_guide(),
    )


@blueprint.get(
    "/models/<uuid:candidate_id>/<any('confusions','reliability'):name>-<any('current','candidate'):whose>.svg"
)
@needs(May.TRAIN)
def picture(candidate_id: UUID, name: str, whose: str) -> Response:
    """A picture of the comparison."""
    folder = candidates.folder_of(candidate_id).absolute()
    return send_from_directory(folder, f"{whose}-{name}.svg", mimetype="image/svg+xml")


@blueprint.post("/models/<uuid:candidate_id>/promote")
@needs(May.TRAIN)
def promote(candidate_id: UUID) -> Any:
    """Let it answer everybody."""
    promoting.promote(candidate_id, me(), request.form.get("reason", ""))
    return redirect(url_for("training.models"))


@blueprint.post("/models/<uuid:candidate_id>/try")
@needs(May.TRAIN)
def try_out(candidate_id: UUID) -> Any:
    """Let it answer a share of the conversations."""
    percent = request.form.get("percent", 0, type=int)
    promoting.try_out(candidate_id, percent, me(), request.form.get("reason", ""))
    return redirect(url_for("training.models"))


@blueprint.post("/models/end-trial")
@needs(May.TRAIN)
def end_trial() -> Any:
    """Let the model that answers answer everybody again."""
    promoting.end_trial(me().who, request.form.get("reason", ""))
    return redirect(url_for("training.models"))


@blueprint.post("/models/roll-back")
@needs(May.TRAIN)
def roll_back() -> Any:
    """Let the model before answer again."""
    author = Author(me().name, me().email)
    promoting.roll_back(me().who, author, request.form.get("reason", "").strip())
    return redirect(url_for("training.models"))


@blueprint.get("/watch")
@needs(May.TRAIN)
def watch() -> str:
    """Understanding over time, by model and by meaning; what nobody could answer."""
    since = datetime.now(UTC) - WATCHED
    with db.transaction() as session:
        by_day, by_intent = rates.by_day(session, since), rates.by_intent(session, since)
    asked = inbox.page(inbox.Filters(viewer=me().id, signal=Signal.ASKED, since=since))
    return render_template(
        "training/watch.html",
        by_day=by_day,
        by_intent=by_intent,
        unanswered=asked.groups[:15],
        unused=get_guide().unused(line.name for line in by_intent),
        days=WATCHED.days,
        guide=get_guide(),
    )
