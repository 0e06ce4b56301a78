"""What trainers reviewed goes from the database into git, each piece once."""

import json
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest

from bot import db
from bot.desk.models import User
from bot.desk.roles import Role
from bot.nlu.writing import EditRefused
from bot.training import applying, changes
from bot.training.changes import ChangeRefused
from bot.training.models import Change, ChangeState, ExampleKind, ReviewedExample
from bot.training.repository import Author, Repository
from tests.training.test_changes import TALK
from tests.training.test_changes import repository as repository
from tests.training.test_changes import root as root
from tests.whatsapp.edge import query

EXAMPLE, INTENT = ExampleKind.EXAMPLE, ExampleKind.INTENT
HOURS = {
    "topic": "talk",
    "examples": ["que horas abrem?"],
    "answers": ["Às 8.", "Das 8 em diante."],
}


@pytest.fixture
def trainer(database: None) -> User:
    """Somebody with an account, and nothing reviewed yet."""
    query("TRUNCATE training.examples, training.changes, desk.users CASCADE")
    with db.transaction() as session:
        user = User(
            email="ana@exemplo.com", name="Ana", role=Role.TRAINER, team="geral", password=""
        )
        session.add(user)
    return user


def _reviewed(trainer: User, *pieces: tuple[ExampleKind, str, str]) -> list[int]:
    with db.transaction() as session:
        rows = [
            ReviewedExample(kind=kind, intent=intent, text=text, author=trainer.id)
            for kind, intent, text in pieces
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def _waiting() -> list[int]:
    with db.transaction() as session:
        return [row.id for row in applying.waiting(session)]


def test_reviewed_pieces_are_a_change_and_wait_no_more(
    trainer: User, root: Path, repository: Repository
) -> None:
    """A new intent comes before its messages, whichever was written first."""
    ids = _reviewed(
        trainer,
        (EXAMPLE, "ask_hours", "abre [150](amount) horas?"),
        (INTENT, "ask_hours", json.dumps(HOURS)),
        (ExampleKind.RESPONSE, "utter_greet", "Opa!"),
        (ExampleKind.SYNONYM, "boleto", "bolero"),
    )
    [later] = _reviewed(trainer, (EXAMPLE, "greet", "opa"))
    change = applying.apply(ids, trainer, "Horários", repository=repository)
    assert change.state is ChangeState.APPLIED
    assert _waiting() == [later]
    made = changes.Change(change.branch, change.commit or "")
    assert changes.changed_files(made, repository=repository) == [
        "data/nlu/synonyms.yml", TALK, "data/rules/talk.yml", "domain.yml"]  # fmt: skip


def test_two_trainers_never_apply_the_same_piece(
    trainer: User, root: Path, repository: Repository
) -> None:
    ids = _reviewed(trainer, (EXAMPLE, "greet", "opa"))
    made: list[UUID] = []
    refused: list[str] = []

    def work() -> None:
        try:
            made.append(applying.apply(ids, trainer, "x", repository=repository).id)
        except ChangeRefused as error:
            refused.append(str(error))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert "já aplicou" in refused[0]


def test_what_is_refused_goes_on_waiting(trainer: User, root: Path, repository: Repository) -> None:
    """Nothing of it is left in git or in the database."""
    ids = _reviewed(trainer, (EXAMPLE, "greet", "tchau"), (INTENT, "ask_hours", "{}"))
    with pytest.raises(ChangeRefused, match="duas intenções"):
        applying.apply(ids[:1], trainer, "x", repository=repository)
    with pytest.raises(EditRefused, match="incompleta"):
        applying.apply(ids[1:], trainer, "x", repository=repository)
    assert _waiting() == ids
    with db.transaction() as session:
        assert session.query(Change).count() == 0
    assert "training/" not in repository.git("branch")


def test_pieces_of_a_discarded_change_wait_again(
    trainer: User, root: Path, repository: Repository
) -> None:
    """Not those of one that was in use."""
    ids = _reviewed(trainer, (EXAMPLE, "greet", "opa"))
    change = applying.apply(ids, trainer, "x", repository=repository)
    applying.discard(change.id, repository=repository)
    assert _waiting() == ids
    assert "training/" not in repository.git("branch")
    again = applying.apply(ids, trainer, "x", repository=repository)
    author = Author("Ana", "ana@exemplo.com")
    changes.merge(changes.Change(again.branch, again.commit or ""), author, repository=repository)
    with pytest.raises(ChangeRefused, match="desfaça em vez disso"):
        applying.discard(again.id, repository=repository)
    assert _waiting() == []
