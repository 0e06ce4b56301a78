"""What supervisors do: the wall, reassigning, approving, quality, texts and hours."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import db, opening
from bot.billing.client import Offer, Reason, Wish
from bot.business_hours import LONGEST_PAUSE_DAYS, SAO_PAULO, BusinessHours, NeverOpen
from bot.conversations import handoff, routing, templates
from bot.conversations.models import Conversation, Owner
from bot.conversations.templates import Template
from bot.desk import rows
from bot.desk.filters import say_offer
from bot.desk.hours import BadHours, week_of
from bot.desk.hours import read as read_week
from bot.desk.models import (
    Absence,
    AuthorityRequest,
    CannedText,
    RequestStatus,
    Resolution,
    Review,
    User,
)
from bot.desk.offered_templates import offered
from bot.desk.roles import MATRIX, May, Role
from bot.desk.views import Refused, blueprint, me, my_team, needs
from bot.desk.views.conversation import changed, colleague
from bot.desk.views.money import billing
from bot.opening import ClosedDay, OpeningHours
from bot.settings import get_settings

SAMPLE, SAMPLED_DAYS = 10, timedelta(days=7)
NOBODY_THERE = f"Assim ninguém atenderia por {LONGEST_PAUSE_DAYS} dias. Deixe algum dia aberto."
ACTING = tuple(role for role in Role if May.ACT in MATRIX[role])


@blueprint.get("/wall")
@needs(May.LEAD)
def wall() -> str:
    """Queue, waits, and who is on what, as it changes."""
    template = "desk/_wall.html" if request.headers.get("HX-Request") else "desk/wall.html"
    return render_template(template, **_wall())


def _wall() -> dict[str, Any]:
    shown, now = rows.open_rows(my_team()), datetime.now(UTC)
    queued = [row for row in shown if row.owner == Owner.QUEUE]
    with db.transaction() as session:
        people = session.scalars(
            select(User)
            .where(User.active, User.team == me().team, User.role.in_(ACTING))
            .order_by(User.name)
        ).all()
        requests = _open_requests(session)
        routed = routing.by_team(session).get(me().team, [])
    return {
        "queued": queued,
        "late": [row for row in queued if row.due and row.due < now],
        "undelivered": [row for row in shown if row.is_undelivered],
        "by_person": {user: [r for r in shown if r.operator_id == user.id] for user in people},
        "requests": requests,
        "routed": routed,
        "oldest": min((row.since for row in queued if row.since), default=None),
    }


def _open_requests(session: Session) -> list[Any]:
    query = (
        select(AuthorityRequest, User.name)
        .join(User, User.id == AuthorityRequest.asked_by)
        .join(Conversation, Conversation.id == AuthorityRequest.conversation_id)
        .where(AuthorityRequest.status == RequestStatus.OPEN, Conversation.team == me().team)
        .order_by(AuthorityRequest.asked_at)
    )
    return list(session.execute(query))


@blueprint.post("/c/<uuid:conversation_id>/assign")
@needs(May.LEAD)
def assign(conversation_id: UUID) -> str:
    """Give a conversation to somebody of the team, whoever has it."""
    with db.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id, with_for_update=True)
        to = colleague(session, request.form.get("to", ""), conversation.team)
        if to is None:
            raise Refused("Escolha alguém da equipe.")
        if conversation.owner is Owner.BOT:
            raise Refused("O bot está com esta conversa. Assuma antes.")
        handoff.pass_on(session, conversation_id, to.id, me().who, whoever=True)
    return changed(conversation_id)


@blueprint.get("/c/<uuid:conversation_id>/requests/<uuid:request_id>")
@needs(May.LEAD)
def look_at_request(conversation_id: UUID, request_id: UUID) -> str:
    """What billing grants a supervisor for what was asked."""
    asked, offers = _asked(conversation_id, request_id)
    return render_template("desk/_request.html", asked=asked, offers=offers)


def _asked(conversation_id: UUID, request_id: UUID) -> tuple[AuthorityRequest, list[Offer]]:
    with db.transaction() as session:
        asked = session.get(AuthorityRequest, request_id)
        conversation = session.get_one(Conversation, conversation_id)
    if asked is None or asked.conversation_id != conversation_id:
        abort(404)
    if conversation.customer_id is None:
        raise Refused("A identidade da pessoa não está mais confirmada.")
    wish = Wish.model_validate(asked.wish)
    return asked, billing().offers(conversation.customer_id, Reason(asked.reason), wish).offers


@blueprint.post("/c/<uuid:conversation_id>/requests/<uuid:request_id>")
@needs(May.LEAD)
def decide(conversation_id: UUID, request_id: UUID) -> str:
    """Approve one of the offers, or refuse; the operator sees it where they asked."""
    chosen, answer = request.form.get("offer_id", ""), request.form.get("answer", "").strip()
    offer: Offer | None = None
    if chosen:
        _, offers = _asked(conversation_id, request_id)
        offer = next((each for each in offers if each.id == chosen), None)
        if offer is None:
            raise Refused("Esta proposta venceu. Abra o pedido de novo.")
    with db.transaction() as session:
        asked = session.get(AuthorityRequest, request_id, with_for_update=True)
        if asked is None or asked.conversation_id != conversation_id:
            abort(404)
        if asked.status is not RequestStatus.OPEN:
            raise Refused("Este pedido já foi respondido.")
        asked.status = RequestStatus.APPROVED if offer else RequestStatus.REFUSED
        asked.offer = {"id": offer.id, "line": say_offer(offer)} if offer else None
        asked.answer, asked.decided_by = answer[:1000] or None, me().id
        asked.decided_at = datetime.now(UTC)
        what = f"request {asked.status}"
        handoff.record(session, conversation_id, me().who, what, request=str(request_id))
    return render_template("desk/_wall.html", **_wall())


@blueprint.get("/quality")
@needs(May.LEAD)
def quality() -> str:
    """A sample of what was resolved lately and nobody has looked at, and what was looked at."""
    resolved = (
        select(Resolution, User.name)
        .join(User, User.id == Resolution.operator)
        .join(Conversation, Conversation.id == Resolution.conversation_id)
        .where(Conversation.team == me().team)
    )
    since = datetime.now(UTC) - SAMPLED_DAYS
    unseen = (
        resolved.outerjoin(Review, Review.resolution_id == Resolution.id)
        .where(Review.resolution_id.is_(None), Resolution.at > since)
        .order_by(func.random())
        .limit(SAMPLE)
    )
    seen = (
        resolved.join(Review, Review.resolution_id == Resolution.id)
        .add_columns(Review)
        .order_by(Review.at.desc())
        .limit(30)
    )
    with db.transaction() as session:
        sample, reviewed = session.execute(unseen).all(), session.execute(seen).all()
    return render_template("desk/quality.html", sample=sample, reviewed=reviewed)


@blueprint.post("/c/<uuid:conversation_id>/review/<uuid:resolution_id>")
@needs(May.LEAD)
def review(conversation_id: UUID, resolution_id: UUID) -> Any:
    """Keep what a supervisor thinks of how a conversation went."""
    score = request.form.get("score", "")
    if score not in "12345" or not score:
        raise Refused("Dê uma nota de 1 a 5.")
    with db.transaction() as session:
        found = session.get(Resolution, resolution_id)
        if found is None or found.conversation_id != conversation_id:
            abort(404)
        note = request.form.get("note", "").strip()[:2000]
        fields = {"resolution_id": resolution_id, "reviewer": me().id, "score": int(score)}
        session.merge(Review(**fields, note=note, at=datetime.now(UTC)))
        handoff.record(session, conversation_id, me().who, "reviewed", score=score)
    return redirect(url_for("desk.quality"))


@blueprint.get("/texts")
@needs(May.LEAD)
def texts() -> str:
    """The quick replies of everybody."""
    with db.transaction() as session:
        found = session.scalars(select(CannedText).order_by(CannedText.shortcut)).all()
        read_at = session.scalar(select(func.max(Template.listed_at)))
        offers = offered(session, "", "")
    return render_template(
        "desk/texts.html",
        texts=found,
        templates=offers,
        read_at=read_at,
        asks_meta=bool(get_settings().whatsapp_business_account_id),
    )


@blueprint.post("/templates")
@needs(May.LEAD)
def read_templates() -> Any:
    """Ask Meta now, not in ten minutes, which templates there are."""
    if not templates.refresh(get_settings()):
        raise Refused("A Meta não respondeu. Os modelos ficam como estavam.")
    with db.transaction() as session:
        handoff.record(session, None, me().who, "templates read")
    return redirect(url_for("desk.texts"))


@blueprint.post("/texts")
@needs(May.LEAD)
def save_text() -> Any:
    """Add a quick reply, or give one other words."""
    shortcut = request.form.get("shortcut", "").strip()[:40]
    words = request.form.get("text", "").strip()[:4096]
    if not shortcut or not words:
        raise Refused("Escreva o atalho e o texto.")
    with db.transaction() as session:
        row = session.scalar(select(CannedText).where(CannedText.shortcut == shortcut))
        if row:
            row.text = words
        else:
            session.add(CannedText(shortcut=shortcut, text=words))
        handoff.record(session, None, me().who, "text saved", shortcut=shortcut)
    return redirect(url_for("desk.texts"))


@blueprint.post("/texts/<uuid:text_id>/delete")
@needs(May.LEAD)
def delete_text(text_id: UUID) -> Any:
    """Take a quick reply away."""
    with db.transaction() as session:
        session.execute(delete(CannedText).where(CannedText.id == text_id))
        handoff.record(session, None, me().who, "text deleted", text=str(text_id))
    return redirect(url_for("desk.texts"))


@blueprint.get("/hours")
@needs(May.LEAD)
def hours() -> str:
    """When people answer, the days they do not, and what is said then."""
    today = datetime.now(SAO_PAULO).date()
    with db.transaction() as session:
        coming = select(ClosedDay).where(ClosedDay.day >= today).order_by(ClosedDay.day)
        closed = session.scalars(coming).all()
        absence = session.get(Absence, 1)
        kept, is_own = opening.read(session), session.get(OpeningHours, 1) is not None
    return render_template(
        "desk/hours.html",
        hours=kept.hours,
        week=week_of(kept.hours),
        is_own=is_own,
        closed=closed,
        absence=absence.text if absence else "",
    )


@blueprint.post("/hours")
@needs(May.LEAD)
def save_hours() -> Response | Any:
    """Other hours, a day closed or opened again, another absence message."""
    form = request.form
    with db.transaction() as session:
        changed = _change_hours(session, form)
        session.flush()
        try:
            opening.read(session).open_next(datetime.now(UTC))
        except NeverOpen:
            raise Refused(NOBODY_THERE) from None
        handoff.record(session, None, me().who, "hours changed", **changed)
    opening.forget()
    return redirect(url_for("desk.hours"))


def _change_hours(session: Session, form: Mapping[str, str]) -> dict[str, str]:
    """Do what a form of the page asks for; what it was."""
    if "absence" in form:
        session.merge(Absence(id=1, text=form["absence"].strip()[:1000]))
        return {"absence": form["absence"].strip()[:1000]}
    if "open" in form:
        session.execute(delete(ClosedDay).where(ClosedDay.day == _day(form["open"])))
        return {"opened": form["open"]}
    if "standard" in form:
        session.execute(delete(OpeningHours))
        return {"week": "policies/creditor.yml"}
    if "week" in form:
        week = _week(form)
        session.merge(OpeningHours(id=1, week={"hours": week.model_dump()}))
        return {"week": str(week)}
    day, why = _day(form.get("day", "")), form.get("why", "").strip()[:200] or "Fechado"
    if day < datetime.now(SAO_PAULO).date():
        raise Refused("Este dia já passou.")
    session.merge(ClosedDay(day=day, why=why))
    return {"closed": day.isoformat(), "why": why}


def _week(form: Mapping[str, str]) -> BusinessHours:
    try:
        return read_week(form)
    except BadHours as error:
        raise Refused(str(error)) from None


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Refused("Escolha um dia.") from None
