"""From what trainers reviewed, in the database, to a change in git; each piece goes in once."""

import json
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.models import Serving
from bot.desk.models import User
from bot.nlu.writing import (
    AddExample,
    AddIntent,
    AddSynonym,
    AddVariation,
    Edit,
    EditRefused,
    MoveExample,
    RemoveExample,
)
from bot.training import changes
from bot.training.models import (
    AT_WORK,
    Candidate,
    Change,
    ChangeState,
    ExampleKind,
    ModelMove,
    ReviewedExample,
)
from bot.training.repository import Author, Repository


class NewIntent(BaseModel):
    """What the text of a reviewed piece of kind `intent` holds, as JSON; see `AddIntent`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    examples: tuple[str, ...]
    answers: tuple[str, ...]
    title: str = ""
    for_customers: bool = False


def waiting(session: Session) -> list[ReviewedExample]:
    """What no change has taken in yet, the oldest first."""
    rows = select(ReviewedExample).where(ReviewedExample.change_id.is_(None))
    return list(session.scalars(rows.order_by(ReviewedExample.id)))


def edits_of(reviewed: Iterable[ReviewedExample]) -> list[Edit]:
    """The edits they ask for, new intents before the messages that may be theirs.

    Raises EditRefused.
    """
    edits = [_edit(each) for each in reviewed if each.kind is not ExampleKind.STORY]
    return sorted(edits, key=lambda edit: not isinstance(edit, AddIntent))


def stories_of(reviewed: Iterable[ReviewedExample]) -> dict[str, str]:
    """The test stories among them, by their paths."""
    return {each.intent: each.text for each in reviewed if each.kind is ExampleKind.STORY}


def _edit(reviewed: ReviewedExample) -> Edit:
    match reviewed.kind:
        case ExampleKind.REMOVAL:
            return RemoveExample(reviewed.intent, reviewed.text)
        case ExampleKind.MOVE:
            before, _, line = reviewed.text.partition(" ")
            return MoveExample(before, line, reviewed.intent)
        case ExampleKind.EXAMPLE:
            return AddExample(reviewed.intent, reviewed.text)
        case ExampleKind.RESPONSE:
            return AddVariation(reviewed.intent, reviewed.text)
        case ExampleKind.SYNONYM:
            return AddSynonym(reviewed.text, reviewed.intent)
        case ExampleKind.INTENT:
            try:
                new = NewIntent.model_validate(json.loads(reviewed.text))
            except (ValueError, ValidationError):
                raise EditRefused(f"A intenção {reviewed.intent} está incompleta.") from None
            return AddIntent(reviewed.intent, **new.model_dump())
    raise ValueError(reviewed.kind)


def apply(
    ids: Collection[int],
    trainer: User,
    summary: str,
    *,
    base: str | None = None,
    repository: Repository | None = None,
) -> Change:
    """Make a change of these pieces; they are of it from then on.

    `base`: the commit they were shown on. Raises ChangeRefused, also when another trainer has
    applied one of them meanwhile; EditRefused; RepositoryError.
    """
    repository = repository or Repository()
    with db.transaction() as session:
        reviewed = _locked(session, ids)
        edits, stories = edits_of(reviewed), stories_of(reviewed)
        proposal = changes.propose(edits, stories, base=base, repository=repository)
        author = Author(trainer.name, trainer.email)
        made = changes.apply(proposal, author, summary, repository=repository)
        try:
            return _keep(session, made, trainer, reviewed)
        except BaseException:
            changes.discard(made, repository=repository)
            raise


def discard(change_id: UUID, *, repository: Repository | None = None) -> None:
    """Forget a change that never came into use; its pieces wait again.

    Raises ChangeRefused when the checkout has it, which is for `changes.revert`, and while a
    model of it is being made or tried out.
    """
    repository = repository or Repository()
    with db.transaction() as session:
        change = session.get_one(Change, change_id, with_for_update=True)
        made = changes.Change(change.branch, change.commit or "")
        if repository.holds(made.commit):
            raise changes.ChangeRefused(f"{change.branch} já esteve em uso: desfaça em vez disso.")
        _forget_candidates(session, change_id)
        _release(session, change_id)
        session.delete(change)
        session.flush()
        changes.discard(made, repository=repository)


def undo(session: Session, change: Change) -> None:
    """Note that a change is out of use again."""
    change.state = ChangeState.UNDONE
    _release(session, change.id)


def _release(session: Session, change_id: UUID) -> None:
    mine = update(ReviewedExample).where(ReviewedExample.change_id == change_id)
    session.execute(mine.values(change_id=None))


def _forget_candidates(session: Session, change_id: UUID) -> None:
    made = session.scalars(select(Candidate).where(Candidate.change_id == change_id)).all()
    on_trial = session.scalar(select(Serving.canary))
    if any(each.state in AT_WORK for each in made):
        raise changes.ChangeRefused("Um modelo desta mudança está sendo treinado: espere.")
    if on_trial and any(each.model == on_trial for each in made):
        raise changes.ChangeRefused("Um modelo desta mudança está em teste: encerre o teste antes.")
    for each in made:
        of_it = update(ModelMove).where(ModelMove.candidate_id == each.id)
        session.execute(of_it.values(candidate_id=None))
        session.delete(each)
    session.flush()


def _locked(session: Session, ids: Collection[int]) -> Sequence[ReviewedExample]:
    rows = select(ReviewedExample).where(
        ReviewedExample.id.in_(ids), ReviewedExample.change_id.is_(None)
    )
    reviewed = session.scalars(rows.order_by(ReviewedExample.id).with_for_update()).all()
    if len(reviewed) != len(set(ids)):
        raise changes.ChangeRefused(
            "Alguém já aplicou ou mudou um destes exemplos. Recarregue para ver o que falta."
        )
    return reviewed


def _keep(
    session: Session, made: changes.Change, trainer: User, reviewed: Iterable[ReviewedExample]
) -> Change:
    change = Change(
        branch=made.branch, commit=made.commit, author=trainer.id, state=ChangeState.APPLIED
    )
    session.add(change)
    session.flush()
    for each in reviewed:
        each.change_id = change.id
    session.flush()
    return change
