"""A model comes and goes while people talk."""

import shutil
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from bot import db, model
from bot.conversations import serving
from bot.conversations.dialogue import Dialogue, NoAnswer
from bot.settings import PROJECT, Settings
from tests.house import House

OTHER = "0123456789ab"


@pytest.fixture
def dialogue(house: House) -> Iterator[Dialogue]:
    """A line to the house's Rasa; in the end the model it began with answers again."""
    yield Dialogue(Settings(rasa_url=house.url("rasa"), demo=True))
    with db.transaction() as session:
        serving.serve(session, model.name(model.path()))


@pytest.fixture
def other() -> Iterator[str]:
    """A second model on the disk: the same under another name."""
    trained = model.path()
    copy = trained.with_name(f"combinado-{OTHER}.tar.gz")
    shutil.copy(PROJECT / "var" / "models" / trained.name, copy)
    yield OTHER
    copy.unlink()


def _heard_by(house: House) -> list[str]:
    rows = house.query("SELECT heard->>'model' FROM bot.turns ORDER BY created_at")
    return [name for (name,) in rows]


def test_every_turn_says_which_model_understood_it(house: House) -> None:
    """Also when none was chosen."""
    house.phone().says("oi")
    assert _heard_by(house) == [model.name(model.path())]


def test_another_model_answers_from_the_next_message_on(
    house: House, dialogue: Dialogue, other: str
) -> None:
    """In the same dialogue, and back again; nobody is asked who they are twice."""
    first, phone = model.name(model.path()), house.phone()
    phone.says("oi")
    phone.says("529")
    dialogue.load(other)
    with db.transaction() as session:
        serving.serve(session, other)
    assert "529" not in phone.says("quanto eu devo?")
    with db.transaction() as session:
        serving.serve(session, first)
    phone.says("quero parcelar")
    assert _heard_by(house) == [first, first, other, first]


def test_a_model_that_is_not_there_leaves_nobody_without_an_answer(
    house: House, dialogue: Dialogue
) -> None:
    """Who promotes it is told; who writes is answered by the one Rasa was started with."""
    with pytest.raises(NoAnswer):
        dialogue.load("ffffffffffff")
    with db.transaction() as session:
        serving.serve(session, "../../etc/passwd")
    assert house.phone().says("oi")


def test_a_trial_takes_its_share_of_the_conversations_and_keeps_them() -> None:
    """Each conversation is always with one of the two."""

    class Row:
        current, canary, canary_percent = "a", "b", 20

    people = [uuid4() for _ in range(2000)]
    chosen = {who: serving.model_for(who, Row) for who in people}
    assert 300 < list(chosen.values()).count("b") < 500
    assert all(serving.model_for(who, Row) == name for who, name in chosen.items())
    assert serving.model_for(UUID(int=0), Row) == "b"
