"""The trained model understands messages it has not seen, and asks rather than act wrongly."""

import pytest

from bot.nlu.evaluation import Heard, understand, unseen_files
from bot.nlu.measures import measure

LEAST_ACCURACY = 0.90
MOST_WRONG_AND_ACTING = 0.03


@pytest.fixture(scope="module")
def heard() -> Heard:
    """What the model hears in every test set, asked once."""
    return understand(unseen_files())


def test_unseen_messages_are_understood(heard: Heard) -> None:
    """In each test set nine in ten are right, and few are wrong without a question."""
    by_file = {file: measure(messages) for file, messages in heard.items()}
    assert sum(measures.messages for measures in by_file.values()) >= 1600
    for measures in by_file.values():
        assert measures.accuracy >= LEAST_ACCURACY, by_file
        assert measures.wrong_and_acting <= MOST_WRONG_AND_ACTING, by_file
