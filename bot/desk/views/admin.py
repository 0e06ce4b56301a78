"""Accounts and teams, and the audit."""

import re
import secrets
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from sqlalchemy import select

from bot import db
from bot.conversations import routing
from bot.conversations.handoff import record
from bot.desk import auditing
from bot.desk import people as accounts
from bot.desk.models import Team, User
from bot.desk.roles import May, Role
from bot.desk.views import Refused, blueprint, me, needs


@blueprint.get("/people")
@needs(May.PEOPLE)
def people() -> str:
    """Every account and team."""
    return _people()


def _people(password: str = "", of: str = "") -> str:
    with db.transaction() as session:
        users = session.scalars(select(User).order_by(User.name)).all()
        teams = session.scalars(select(Team).order_by(Team.name)).all()
        routed = routing.by_team(session)
    shown = {"users": users, "teams": teams, "routed": routed, "routes": routing.routes()}
    return render_template("desk/people.html", **shown, roles=[*Role], password=password, of=of)


@blueprint.post("/people")
@needs(May.PEOPLE)
def add_person() -> str:
    """Make an account; its first password is shown once and has to be changed."""
    form, password = request.form, secrets.token_urlsafe(12)
    with db.transaction() as session:
        user = accounts.create(
            session,
            form.get("email", ""),
            form.get("name", ""),
            _role(),
            password,
            form.get("team", ""),
        )
        user.has_to_change_password = True
        record(session, None, me().who, "account made", email=user.email, role=user.role)
    return _people(password, user.email)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise Refused("Escolha um perfil.") from None


@blueprint.post("/people/<uuid:user_id>/reset")
@needs(May.PEOPLE)
def reset_password(user_id: UUID) -> str:
    """A new password, shown once; every session of the person ends."""
    with db.transaction() as session:
        user = accounts.by_id(session, user_id) or abort(404)
        password = accounts.reset(session, user)
        record(session, None, me().who, "password reset", email=user.email)
    return _people(password, user.email)


@blueprint.post("/people/<uuid:user_id>")
@needs(May.PEOPLE)
def change_person(user_id: UUID) -> Any:
    """Another role, another team, or no access any more; all of it holds at once."""
    if user_id == me().id:
        raise Refused("A própria conta quem muda é outra pessoa da administração.")
    role, team = _role(), request.form.get("team", "")
    with db.transaction() as session:
        user = accounts.by_id(session, user_id) or abort(404)
        if session.get(Team, team) is None:
            raise Refused("Escolha uma equipe.")
        user.role, user.team, user.active = role, team, "active" in request.form
        accounts.end_sessions(user)
        news = {"role": role, "team": team, "active": user.active}
        record(session, None, me().who, "account changed", email=user.email, **news)
    return redirect(url_for("desk.people"))


@blueprint.post("/teams")
@needs(May.PEOPLE)
def add_team() -> Any:
    """A team that sees its own conversations."""
    name = request.form.get("name", "").strip()[:60]
    id_ = re.sub(r"\W+", "-", name.lower()).strip("-")
    if not id_:
        raise Refused("Escreva o nome da equipe.")
    with db.transaction() as session:
        session.merge(Team(id=id_, name=name))
        record(session, None, me().who, "team made", team=id_)
    return redirect(url_for("desk.people"))


@blueprint.get("/audit")
@needs(May.AUDIT)
def audit() -> str:
    """Who saw and did what."""
    search = auditing.Search.of(request.args)
    found = auditing.lines(search, request.args.get("before", type=int))
    return render_template(
        "desk/audit.html", lines=found, search=search, page=auditing.PAGE, words=auditing.WORDS
    )


@blueprint.get("/audit.csv")
@needs(May.AUDIT)
def audit_csv() -> Response:
    """All of it, as a file; taking it away is noted too."""
    search = auditing.Search.of(request.args)
    with db.transaction() as session:
        record(session, None, me().who, "audit exported")
    headers = {"Content-Disposition": "attachment; filename=auditoria.csv"}
    return Response(auditing.as_csv(search), mimetype="text/csv", headers=headers)
