"""Models are watched: how people fare with each, and who is taken back by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import db
from bot.conversations import serving
from bot.conversations.models import Serving
from bot.training import promoting, rates
from bot.training.candidates import CandidateRefused
from bot.training.models import ModelMove, Move
from bot.training.policy import TrainingPolicy, get_policy
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
    assert isinstance(policy, TrainingPolicy)
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
        promoting.roll_back("x", promoting.Author("Ana", ""), "piorou")
