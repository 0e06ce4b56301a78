"""Which model answers, and what becomes of it: promoted, on trial, taken back.

Promoting merges the change into the checkout, so that the sources on the disk are always those of
the model that answers, and then says so in `bot.serving`. Nothing is restarted.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db, model
from bot.conversations import serving
from bot.conversations.dialogue import Dialogue, DialogueError
from bot.conversations.handoff import record
from bot.conversations.models import Serving
from bot.desk.models import User
from bot.desk.roles import May
from bot.settings import get_settings
from bot.training import applying, changes, rates
from bot.training.candidates import CandidateRefused
from bot.training.comparing import Comparison
from bot.training.models import Candidate, CandidateState, Change, ModelMove, Move
from bot.training.policy import Watch, get_policy
from bot.training.rates import Rates
from bot.training.repository import Author, RepositoryError

log = structlog.get_logger()

WATCH = "watch"
SHORTEST_REASON = 10
"""Letters."""


def promote(candidate_id: UUID, who: User, reason: str = "") -> None:
    """Let a candidate answer everybody from the next message on.

    `reason`: why, although it got worse; it takes somebody who may override.
    Raises CandidateRefused, RepositoryError; then nothing has changed.
    """
    author = Author(who.name, who.email)
    with db.transaction() as session:
        before = _serving(session).current  # locked: one promotion at a time
        candidate, change = _ready(session, candidate_id)
        _pass_the_gate(candidate, who, reason)
        _refuse_stale(candidate, change, author)
        _load(candidate.model or "")
        changes.merge(change, author)
        candidate.state = CandidateState.PROMOTED
        serving.serve(session, candidate.model or "")
        _keep(session, Move.PROMOTED, candidate, before, who.who, reason)


def try_out(candidate_id: UUID, percent: int, who: User, reason: str = "") -> None:
    """Let a candidate answer a share of the conversations. Raises CandidateRefused."""
    with db.transaction() as session:
        row = _serving(session)
        candidate, change = _ready(session, candidate_id)
        _pass_the_gate(candidate, who, reason)
        _refuse_what_is_for_all(change)
        _load(candidate.model or "")
        try:
            serving.try_out(row, candidate.model or "", percent)
        except ValueError:
            raise CandidateRefused("Escolha de 1 a 99 % das conversas.") from None
        why = f"{percent} %. {reason}".strip()
        _keep(session, Move.TRIED, candidate, row.current, who.who, why)


def end_trial(who: str, reason: str = "") -> None:
    """Let the model that answers answer everybody again. Raises CandidateRefused."""
    with db.transaction() as session:
        row = serving.now(session)
        if row is None or row.canary is None:
            raise CandidateRefused("Não há teste em andamento.")
        tried = row.canary
        serving.end_trial(row)
        move = ModelMove(what=Move.TRIAL_ENDED, model=tried, before=row.current, who=who)
        move.reason = reason
        session.add(move)
        record(session, None, who, "trial ended", model=tried, reason=reason)


def roll_back(who: str, author: Author, reason: str) -> str:
    """Let the model before answer everybody again, and take the change out of the checkout; its
    pieces wait again, to be mended.

    Returns the model that answers then. Raises CandidateRefused, RepositoryError; then nothing
    has changed.
    """
    with db.transaction() as session:
        promoted = _promotion_of(session, _serving(session).current)
        if promoted is None or promoted.before is None:
            raise CandidateRefused("Não há promoção a desfazer.")
        candidate = session.get_one(Candidate, promoted.candidate_id)
        change = session.get_one(Change, candidate.change_id)
        _load(promoted.before)
        changes.revert(changes.Change(change.branch, change.commit or ""), author)
        candidate.state = CandidateState.ROLLED_BACK
        applying.undo(session, change)
        serving.serve(session, promoted.before)
        _keep(session, Move.ROLLED_BACK, candidate, promoted.before, who, reason)
    log.warning("model taken back", model=promoted.model, reason=reason)
    return promoted.before


def way_back(session: Session) -> str | None:
    """The model that answered before the one that does, if that came by a promotion."""
    row = session.scalar(select(Serving))
    promoted = _promotion_of(session, row.current) if row else None
    return promoted.before if promoted else None


def watch(now: datetime) -> None:
    """Take back what people are worse off with: a trial, or what was promoted lately."""
    with db.transaction() as session:
        row = session.scalar(select(Serving))
        promoted = _promotion_of(session, row.current) if row else None
        if row is None:
            return
        trial = _judge_trial(session, row) if row.canary else None
        lately = _judge_promotion(session, promoted, now) if promoted else None
    if trial:
        end_trial(WATCH, trial)
    if lately:
        _unless_refused(lambda: roll_back(WATCH, Author("Combinado", ""), lately))


def _unless_refused(act: Callable[[], object]) -> None:
    try:
        act()
    except (CandidateRefused, RepositoryError) as error:
        log.error("model not taken back", error=str(error))


def _judge_trial(session: Session, row: Serving) -> str | None:
    since = row.canary_since or row.since
    tried = rates.of(session, row.canary or "", since)
    return worse(tried, rates.of(session, row.current, since), get_policy().watch)


def _judge_promotion(session: Session, promoted: ModelMove, now: datetime) -> str | None:
    policy = get_policy().watch
    if promoted.before is None or now - promoted.at > timedelta(hours=policy.hours):
        return None
    from_then = promoted.at - timedelta(days=policy.before_days)
    before = rates.of(session, promoted.before, from_then, promoted.at)
    return worse(rates.of(session, promoted.model, promoted.at), before, policy)


def worse(new: Rates, old: Rates, policy: Watch) -> str | None:
    """Why a model is to be taken back; nothing while too few people met either of them."""
    if min(new.turns, old.turns) < policy.least_turns:
        return None
    judged = (
        ("não entendeu", new.not_understood, old.not_understood, policy.not_understood_rise),
        ("passou para pessoas", new.handed_over, old.handed_over, policy.handover_rise),
    )
    for words, now, before, rise in judged:
        if now - before > rise:
            return f"{words} {now * 100:.0f} % das mensagens, antes {before * 100:.0f} %"
    return None


def _serving(session: Session) -> Serving:
    row = serving.now(session)
    if row is None:
        raise CandidateRefused("O Rasa ainda não começou a responder.")
    return row


def _ready(session: Session, candidate_id: UUID) -> tuple[Candidate, changes.Change]:
    candidate = session.get(Candidate, candidate_id, with_for_update=True)
    if candidate is None or candidate.state is not CandidateState.READY:
        raise CandidateRefused("Este modelo não está pronto, ou já está em uso.")
    change = session.get_one(Change, candidate.change_id)
    return candidate, changes.Change(change.branch, change.commit or "")


def _refuse_stale(candidate: Candidate, change: changes.Change, author: Author) -> None:
    is_behind = changes.bring_up(change, author)
    if is_behind or model.fingerprint(changes.files_of(change)) != candidate.model:
        raise CandidateRefused(
            "O projeto mudou desde o treino, e este modelo não conhece a mudança. Treine de novo."
        )


def _refuse_what_is_for_all(change: changes.Change) -> None:
    if not changes.understanding_alone(changes.changed_files(change)):
        raise CandidateRefused(
            "Esta mudança traz intenções ou respostas novas, que valem para todos de uma vez:"
            " promova em vez de testar com uma parte."
        )


def _pass_the_gate(candidate: Candidate, who: User, reason: str) -> None:
    against = Comparison.model_validate(candidate.comparison).against
    if not against:
        return
    if not who.may(May.OVERRIDE):
        raise CandidateRefused(
            f"Este modelo piorou: {' '.join(against)} Só a coordenação de treinamento pode"
            " decidir o contrário."
        )
    if len(reason.strip()) < SHORTEST_REASON:
        raise CandidateRefused("Escreva por que este modelo deve valer mesmo tendo piorado.")


def _load(name: str) -> None:
    """Have Rasa ready with a model, before anything is changed."""
    try:
        Dialogue(get_settings()).load(name)
    except DialogueError:
        where = model.file_of(name).name
        raise CandidateRefused(f"O Rasa não abriu o modelo {where}. Nada mudou.") from None


def _promotion_of(session: Session, current: str) -> ModelMove | None:
    """How the model that answers came to it, when that was the last thing that happened to it."""
    of_it = select(ModelMove).where(
        ModelMove.model == current, ModelMove.what.in_((Move.PROMOTED, Move.ROLLED_BACK))
    )
    last = session.scalars(of_it.order_by(ModelMove.id.desc()).limit(1)).first()
    return last if last and last.what is Move.PROMOTED else None


def _keep(
    session: Session, what: Move, candidate: Candidate, before: str | None, who: str, reason: str
) -> None:
    move = ModelMove(
        what=what,
        model=candidate.model,
        before=before,
        who=who,
        reason=reason.strip(),
        candidate_id=candidate.id,
        at=datetime.now(UTC),
    )
    session.add(move)
    record(session, None, who, f"model {what}", model=candidate.model, reason=reason)
