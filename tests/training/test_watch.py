"""Models are watched: how people fare with each, and who is taken back by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from bot import db
from bot.conversations import serving
from bot.conversations.models import Serving
from bot.desk.models import User
from bot.desk.roles import Role
from bot.training import applying, candidates, changes, promoting, rates
from bot.training.candidates import CandidateRefused
from bot.training.models import (
    Candidate,
    CandidateState,
    Change,
    ExampleKind,
    ModelMove,
    Move,
    ReviewedExample,
)
from bot.training.policy import get_policy
from bot.training.repository import Author
from tests.training.checkout import make
from tests.training.talking import hear, tap
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database

OLD, NEW = "0" * 12, "f" * 12
SURE, LOST = ("ask_debt", ("ask_debt", 0.98)), ("nlu_fallback", ("ask_debt", 0.5), ("deny", 0.4))
LONG_AGO = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture(autouse=True)
def served(clean: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A model that answers, and a watch content with four messages."""
    watch = get_policy().watch.model_copy(update={"least_turns": 4})
    policy = get_policy().model_copy(update={"watch": watch})
    monkeypatch.setattr(promoting, "get_policy", lambda: policy)
    query("DELETE FROM bot.serving")
    with db.transaction() as session:
        serving.serve(session, OLD)
    yield
    query("DELETE FROM bot.serving")


def _heard(model: str, *said: tuple[object, ...], handoff: str | None = None) -> None:
    for number, (intent, *ranking) in enumerate(said):
        phone = f"55119{model[0]}{number:07d}".replace("f", "9")
        hear("e aí", str(intent), *ranking, phone=phone, handoff=handoff, model=model)  # type: ignore[arg-type]


def _row() -> Serving:
    with db.transaction() as session:
        row = serving.now(session)
    assert row
    return row


def _on_trial() -> None:
    with db.transaction() as session:
        row = serving.now(session)
        assert row
        serving.try_out(row, NEW, 20)
    query("UPDATE bot.serving SET canary_since = :then", then=LONG_AGO)


def test_how_people_fare_is_told_by_model_and_meaning() -> None:
    """What was tapped counts as a turn, too."""
    _heard(OLD, SURE, LOST)
    _heard(NEW, LOST, handoff="not_understood")
    tap("Pix", "/ask_pix", phone="5511900000000")
    with db.transaction() as session:
        old, new = rates.of(session, OLD, LONG_AGO), rates.of(session, NEW, LONG_AGO)
        days, meanings = rates.by_day(session, LONG_AGO), rates.by_intent(session, LONG_AGO)
    assert (old.turns, old.not_understood, old.handed_over) == (2, 0.5, 0)
    assert (new.turns, new.not_understood, new.handed_over) == (1, 1, 1)
    assert {(line.model, line.rates.turns) for line in days} == {(OLD, 2), (NEW, 1), (None, 1)}
    assert meanings[0].name == "ask_debt"
    assert meanings[0].rates.turns == 3


def test_a_trial_people_are_worse_off_with_ends_by_itself() -> None:
    """With the reason in the history."""
    _on_trial()
    _heard(OLD, SURE, SURE, SURE, SURE)
    _heard(NEW, LOST, LOST, SURE, SURE)
    promoting.watch(datetime.now(UTC))
    assert _row().canary is None
    with db.transaction() as session:
        [move] = session.query(ModelMove).all()
    assert (move.what, move.model, move.who) == (Move.TRIAL_ENDED, NEW, "watch")
    assert move.reason == "não entendeu 50 % das mensagens, antes 0 %"


def test_a_trial_that_goes_well_goes_on() -> None:
    """And one with too few messages as well."""
    _on_trial()
    _heard(OLD, SURE, SURE, LOST, LOST)
    _heard(NEW, SURE, SURE, SURE)
    promoting.watch(datetime.now(UTC))
    assert _row().canary == NEW


def test_nothing_is_rolled_back_that_nobody_promoted() -> None:
    """A model that came with a deployment stays."""
    with db.transaction() as session:
        serving.serve(session, NEW)
    _heard(NEW, LOST, LOST, LOST, LOST)
    promoting.watch(datetime.now(UTC))
    assert _row().current == NEW
    with pytest.raises(CandidateRefused, match="Não há promoção a desfazer"):
        promoting.roll_back("x", Author("Ana", ""), "piorou")


def _promoted(session: Session, who: User, before: str, now: str, change: Change) -> Candidate:
    """A model of a change that answers now, as `promoting.promote` leaves it."""
    candidate = Candidate(
        change_id=change.id, author=who.id, model=now, state=CandidateState.PROMOTED
    )
    session.add(candidate)
    session.flush()
    move = ModelMove(what=Move.PROMOTED, model=now, before=before, who=who.who)
    move.candidate_id = candidate.id
    session.add(move)
    session.flush()
    serving.serve(session, now)
    return candidate


@pytest.fixture
def trainer() -> User:
    """Somebody who changes examples."""
    with db.transaction() as session:
        user = User(email=f"{uuid4().hex[:8]}@example.com", name="Ana", role=Role.TRAINER)
        user.team, user.password = "geral", ""
        session.add(user)
    return user


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is promoted goes into it; no Rasa is there to load a model."""
    root = make(tmp_path / "project", each_intent=3)
    monkeypatch.setenv("TRAINING_REPOSITORY", str(root))
    monkeypatch.setattr(promoting, "_load", lambda name: None)
    return root


def _applied(trainer: User, words: str) -> Change:
    with db.transaction() as session:
        piece = ReviewedExample(
            kind=ExampleKind.EXAMPLE, intent="ask_discount", text=words, author=trainer.id
        )
        session.add(piece)
    return applying.apply([piece.id], trainer, "Mais um jeito")


def test_a_promotion_people_are_worse_off_with_is_taken_back_by_itself(
    checkout: Path, trainer: User
) -> None:
    """The model before answers, the file is as it was, and the piece waits again."""
    before = (checkout / "data/nlu/negotiation.yml").read_text()
    _heard(OLD, SURE, SURE, SURE, SURE)
    change = _applied(trainer, "faz um esquema camarada aí")
    changes.merge(changes.Change(change.branch, change.commit or ""), Author("Ana", ""))
    assert (checkout / "data/nlu/negotiation.yml").read_text() != before
    with db.transaction() as session:
        _promoted(session, trainer, OLD, NEW, change)
    _heard(NEW, LOST, LOST, LOST, SURE)
    promoting.watch(datetime.now(UTC))
    assert _row().current == OLD
    assert (checkout / "data/nlu/negotiation.yml").read_text() == before
    with db.transaction() as session:
        assert [each.text for each in applying.waiting(session)] == ["faz um esquema camarada aí"]
        with pytest.raises(CandidateRefused, match="foi desfeita"):
            candidates.begin(session, change.id, trainer)
    promoting.watch(datetime.now(UTC))
    assert _row().current == OLD


def test_after_going_back_the_way_back_is_not_to_what_was_taken_back(
    checkout: Path, trainer: User
) -> None:
    """But to what answered before the one that answers now."""
    middle, pieces = "a" * 12, ("um esquema camarada", "esquema amigo, por favor")
    for words, old, new in zip(pieces, (OLD, middle), (middle, NEW), strict=True):
        change = _applied(trainer, words)
        changes.merge(changes.Change(change.branch, change.commit or ""), Author("Ana", ""))
        with db.transaction() as session:
            _promoted(session, trainer, old, new, change)
    assert promoting.roll_back(trainer.who, Author("Ana", ""), "piorou") == middle
    with db.transaction() as session:
        assert promoting.way_back(session) == OLD
    assert promoting.roll_back(trainer.who, Author("Ana", ""), "também") == OLD
    with db.transaction() as session:
        assert promoting.way_back(session) is None


def test_a_change_with_a_model_is_discarded_whole_but_not_under_a_trial(
    checkout: Path, trainer: User
) -> None:
    """What was measured goes with it; the piece waits again."""
    change = _applied(trainer, "faz um esquema camarada aí")
    with db.transaction() as session:
        candidate = Candidate(change_id=change.id, author=trainer.id, model=NEW)
        candidate.state = CandidateState.READY
        session.add(candidate)
    _on_trial()
    with pytest.raises(changes.ChangeRefused, match="em teste"):
        applying.discard(change.id)
    promoting.end_trial(trainer.who)
    applying.discard(change.id)
    with db.transaction() as session:
        assert session.get(Candidate, candidate.id) is None
        assert len(applying.waiting(session)) == 1


def test_what_a_change_teaches_is_its_messages_and_those_of_its_new_intents(
    checkout: Path, trainer: User
) -> None:
    """Without marks, as a model hears them."""
    hours = applying.NewIntent(
        topic="conversation", examples=("abre que horas",), answers=("Às 9h",)
    )
    change = _applied(trainer, "só consigo [80](amount) à vista")
    with db.transaction() as session:
        for kind, intent, words in (
            (ExampleKind.INTENT, "ask_hours", hours.model_dump_json()),
            (ExampleKind.SYNONYM, "boleto", "bolero"),
        ):
            piece = ReviewedExample(kind=kind, intent=intent, text=words, author=trainer.id)
            piece.change_id = change.id
            session.add(piece)
    with db.transaction() as session:
        taught = candidates.taught_by(session, change.id)
    assert sorted(taught) == [
        ("abre que horas", "ask_hours"),
        ("só consigo 80 à vista", "ask_discount"),
    ]
