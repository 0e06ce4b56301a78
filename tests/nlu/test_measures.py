"""The figures of `combinado nlu evaluate`, worked out by hand for a few messages."""

import pytest

from bot.nlu.measures import (
    Understood,
    by_intent,
    confusions,
    measure,
    reliability,
    wrong_when_asking,
)
from bot.nlu.report import markdown


def _heard(meant: str, heard: str, confidence: float, asked: bool = False) -> Understood:
    return Understood(f"{meant}?", meant, heard, confidence, asked, milliseconds=1.5)


FOUR = (
    _heard("greet", "greet", 0.95),
    _heard("greet", "goodbye", 0.91),
    _heard("goodbye", "goodbye", 0.75),
    _heard("goodbye", "greet", 0.35, asked=True),
)


def test_shares_are_of_all_messages() -> None:
    measures = measure(FOUR)
    assert (measures.messages, measures.accuracy) == (4, 0.5)
    assert (measures.wrong_and_acting, measures.asked) == (0.25, 0.25)
    assert measures.parse_p50 == measures.parse_p95 == 1.5


def test_calibration_is_how_far_confidence_is_from_accuracy() -> None:
    """Bins of (0.95, 0.91), 0.75 and 0.35, of which a half, all and none are right."""
    assert [each.messages for each in reliability(FOUR)] == [1, 1, 2]
    expected = (2 * (0.93 - 0.5) + (1 - 0.75) + 0.35) / 4
    assert measure(FOUR).calibration_error == pytest.approx(expected)


def test_models_are_compared_at_the_same_share_of_questions() -> None:
    assert wrong_when_asking(0, FOUR) == 0.5
    assert wrong_when_asking(0.25, FOUR) == 0.25


def test_precision_is_of_what_was_heard_and_recall_of_what_was_meant() -> None:
    three = (*FOUR[:2], _heard("deny", "deny", 0.9))
    worst, *_ = by_intent(three)
    assert (worst.intent, worst.precision, worst.recall) == ("greet", 1.0, 0.5)
    assert worst.f1 == pytest.approx(2 / 3)


def test_confusions_show_their_messages() -> None:
    assert [(each.meant, each.heard, len(each.messages)) for each in confusions(FOUR)] == [
        ("goodbye", "greet", 1),
        ("greet", "goodbye", 1),
    ]
    assert "“goodbye?” (0.35?)" in markdown("quatro", FOUR)
