"""The page of a guest: a phone in the browser, for who has the link. No account needed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from bot import db
from bot.conversations.handoff import record
from bot.desk.roles import May
from bot.settings import get_settings
from bot.training import guests
from bot.training.models import Candidate, Invitation
from bot.training.policy import get_policy
from bot.training.views import blueprint, me, needs

open_pages = Blueprint(
    "guests", __name__, url_prefix="/training/convite", template_folder="../templates"
)


@blueprint.post("/models/<uuid:candidate_id>/invite")
@needs(May.TRAIN)
def invite(candidate_id: UUID) -> Any:
    """A link for somebody to try a candidate."""
    with db.transaction() as session:
        candidate = session.get(Candidate, candidate_id)
        if candidate is None or not candidate.model:
            abort(404)
        note = request.form.get("note", "")
        token = guests.invite(session, candidate.model, note, me())
        record(session, None, me().who, "guest invited", model=candidate.model, note=note[:200])
    link = get_settings().public_url + url_for("guests.page", token=token)
    return render_template("training/_invited.html", link=link, days=get_policy().guests.days)


def _invited(token: str) -> Invitation:
    return guests.invitation(token) or abort(404)


@open_pages.get("/<token>")
def page(token: str) -> Any:
    """The phone; a new talk at each visit."""
    invited = guests.invitation(token)
    if invited is None:
        return make_response(render_template("training/guest_over.html"), 404)
    return render_template(
        "training/guest.html",
        token=token,
        talk=guests.begin(invited),
        hint=get_policy().guests.hint,
    )


@open_pages.post("/<token>/<uuid:talk_id>")
def say(token: str, talk_id: UUID) -> Any:
    """What the bot says to it, as bubbles below the guest's own."""
    invited = _invited(token)
    words, choice = request.form.get("text", ""), request.form.get("choice", "")
    said = guests.say(invited, talk_id, words, choice)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("guests.page", token=token))
    return render_template(
        "training/_bubbles.html", words=words, said=said, token=token, talk=talk_id
    )
