"""Noise makes messages messy and leaves their numbers alone."""

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.noise import written
from bot.rehearsal.people import Manner, load

SAYINGS = [way for saying in load().sayings.values() for way in (*saying.ways, *saying.stories)]
MESSY = Manner(sem_acento=50, abrevia=50, erros=50, gritado=20, emoji=30, rajada=50)


@given(st.sampled_from(SAYINGS), st.integers(0, 10_000))
def test_numbers_are_never_touched(text: str, seed: int) -> None:
    """Whoever says 150 is not made to say 105."""
    said = " ".join(written(text.replace("{valor}", "1.250,90"), MESSY, Random(seed)))
    assert re.findall(r"\d+", said) == re.findall(r"\d+", text.replace("{valor}", "1.250,90"))


def test_noise_is_the_same_for_the_same_seed() -> None:
    """A run can be repeated."""
    text = "não consigo pagar agora, pode ser semana que vem?"
    assert written(text, MESSY, Random(7)) == written(text, MESSY, Random(7))


def test_somebody_tidy_writes_what_they_mean() -> None:
    """No noise without a manner."""
    assert written("Não, obrigado.", Manner(), Random(1)) == ["Não, obrigado."]


def test_a_burst_is_the_same_words_in_several_messages() -> None:
    """Broken where one breathes."""
    assert written("oi, tudo bem? quero pagar", Manner(rajada=100), Random(1)) == [
        "oi",
        "tudo bem?",
        "quero pagar",
    ]
