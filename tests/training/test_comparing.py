"""A candidate is let through when nothing got worse, and told in words when something did."""

from typing import Any

import pytest

from bot.nlu.measures import Understood
from bot.training.comparing import Comparison, StoryScores, compare
from bot.training.policy import Gate, get_policy
from bot.training.promoting import worse
from bot.training.rates import Rates

GATE = Gate(
    accuracy_drop=0.005,
    wrong_and_acting_rise=0.003,
    intent_f1_drop=0.1,
    intent_messages=8,
    parse_p50_times=3,
)
INTENTS = ("ask_boleto", "ask_pix", "greet", "thank")


def _heard(right: float = 1.0, asked: bool = False, ms: float = 2) -> list[Understood]:
    """Two hundred messages, of which this share is understood."""
    return [
        Understood(
            text=f"mensagem {number}",
            meant=(meant := INTENTS[number % 4]),
            heard=meant if number < 200 * right else INTENTS[(number + 1) % 4],
            confidence=0.95,
            asked=asked and number >= 200 * right,
            milliseconds=ms,
        )
        for number in range(200)
    ]


def _compared(
    old: list[Understood], new: list[Understood], stories: tuple[StoryScores, ...] = ()
) -> Comparison:
    return compare(("a", "b"), {"unseen": (old, new)}, ((), ()), stories, (1, 1), GATE)


def test_a_better_one_passes_and_its_gains_are_listed() -> None:
    """Message by message."""
    comparison = _compared(_heard(0.9), _heard(0.95))
    assert comparison.against == ()
    assert len(comparison.better) == 10
    assert not comparison.worse
    assert comparison.better[0].meant == comparison.better[0].candidate.intent


def test_an_equal_one_passes() -> None:
    """A new intent alone need not raise the figures."""
    assert _compared(_heard(), _heard()).against == ()


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (_heard(0.97), "unseen: acerta 97,0 %, antes 100,0 %."),
        (_heard(0.99), "unseen: age com certeza e erra em 1,0 %, antes 0,0 %."),
        (_heard(0.7), "F1"),
        (_heard(ms=7), "Demora 7 ms para entender, antes 2 ms."),
    ],
)
def test_what_got_worse_is_told(new: list[Understood], words: str) -> None:
    """With both figures."""
    assert any(words in each for each in _compared(_heard(), new).against)


def test_asking_is_not_as_bad_as_acting_wrongly() -> None:
    """But worse than acting rightly."""
    wrong, asking = _heard(0.9), _heard(0.9, asked=True)
    assert len(_compared(wrong, asking).better) == 20
    assert len(_compared(_heard(), asking).worse) == 20


def test_a_saved_conversation_that_went_well_must_go_well() -> None:
    """One that did not before need not."""
    good = StoryScores(story="Paga à vista", current=True, candidate=False, failure="em “oi” …")
    known = StoryScores(story="Outra", current=False, candidate=False)
    against = _compared(_heard(), _heard(), (good, known)).against
    assert against == ("A conversa “Paga à vista” deixa de dar certo: em “oi” …",)


def test_a_comparison_is_kept_whole() -> None:
    """As the database keeps it."""
    comparison = _compared(_heard(0.9), _heard(0.95))
    kept: Any = comparison.model_dump(mode="json")
    assert Comparison.model_validate(kept) == comparison


def test_people_worse_off_take_a_model_back_but_never_a_handful() -> None:
    """More not understood, or more handed over, than the policy allows."""
    watch = get_policy().watch
    fine = Rates(turns=500, not_understood=0.05, handed_over=0.04, corrected=0)
    lost = Rates(turns=500, not_understood=0.2, handed_over=0.04, corrected=0)
    called = Rates(turns=500, not_understood=0.05, handed_over=0.2, corrected=0)
    few = Rates(turns=watch.least_turns - 1, not_understood=0.9, handed_over=0.9, corrected=0)
    assert worse(lost, fine, watch) == "não entendeu 20 % das mensagens, antes 5 %"
    assert worse(called, fine, watch) == "passou para pessoas 20 % das mensagens, antes 4 %"
    assert worse(fine, lost, watch) is None
    assert worse(few, fine, watch) is None
