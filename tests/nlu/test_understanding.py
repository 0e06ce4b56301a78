"""The trained model understands messages it has not seen, and asks rather than act wrongly."""

from dataclasses import asdict

import pytest

from bot.nlu.evaluation import Heard, understand, unseen_files
from bot.nlu.measures import measure
from bot.settings import PROJECT

LEAST_ACCURACY = 0.90
MOST_WRONG_AND_ACTING = 0.03
FILES = [str(file.relative_to(PROJECT)) for file in unseen_files()]


@pytest.fixture(scope="module")
def heard() -> Heard:
    """What the model hears in every test set, asked once."""
    return understand([PROJECT / file for file in FILES])


def test_there_is_a_test_set() -> None:
    """No messages would pass every threshold."""
    assert "tests/nlu/unseen.yml" in FILES


@pytest.mark.parametrize("number", range(len(FILES)), ids=FILES)
def test_unseen_messages_are_understood(heard: Heard, number: int) -> None:
    """Nine in ten or more are right, and few are wrong without a question."""
    measures = measure(list(heard.values())[number])
    assert measures.messages >= 500
    assert measures.accuracy >= LEAST_ACCURACY, asdict(measures)
    assert measures.wrong_and_acting <= MOST_WRONG_AND_ACTING, asdict(measures)
