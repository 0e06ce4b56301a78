"""Personal data is out of a message before anybody reads it, and the message still reads."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.examples import read_examples
from bot.nlu.personal_data import personal_data
from bot.training import masking
from bot.training.masking import mask
from bot.training.masking_rules import Kind
from tests.training.measuring import TABLES, measure


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_personal_data_is_found_and_little_else(table: Path) -> None:
    """At least 98 of 100 pieces; `python -m bench.masking` tells by kind."""
    measured = measure(table)
    assert measured.recall >= 0.98, measured.missed
    assert measured.precision >= 0.97


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_what_stands_in_is_no_personal_data(table: Path) -> None:
    """Neither for the check of the examples, nor masked a second time into something else."""
    for example in read_examples([table]):
        masked = mask(example.text)
        assert list(personal_data(masked.text)) == []
        assert mask(masked.text).text == masked.text
        for span in masked.spans:
            assert masked.text[span.start : span.end].strip()


def test_a_masked_message_reads_as_before() -> None:
    """The same kinds in the same places, written the same way."""
    masked = mask("sou o WELLINGTON, cpf 52998224725, nasci 3/5/88, zap 11 98888-7766")
    assert masked.text == "sou o PEDRO, cpf 12345678909, nasci 01/01/1980, zap (11) 98765-4321"
    kinds = [span.kind for span in masked.spans]
    assert kinds == [Kind.NAME, Kind.CPF, Kind.BIRTH_DATE, Kind.PHONE]


def test_the_three_digits_the_bot_asks_for_stay() -> None:
    """They find nobody, and are what the message is about."""
    assert mask("529").text == "529"
    assert mask("meu cpf começa com 529").spans == ()


def test_the_persons_own_name_is_hidden_however_rare() -> None:
    """Known from the profile or from billing."""
    assert "xyloh" not in mask("aqui é xyloh mesmo", ["Xyloh Brandt"]).text.lower()
    assert mask("quero pagar").text == mask("quero pagar", ["Deus é fiel"]).text == "quero pagar"


def test_a_name_nobody_listed_is_told_by_what_stands_before() -> None:
    """When no example has that word; a verb there is none."""
    assert "xilomena" not in mask("aqui é a xilomena do salão").text
    assert mask("minha mãe infartou").text == "minha mãe infartou"
    assert mask("aqui é o marido dela").text == "aqui é o marido dela"


def test_an_ordinary_message_takes_less_than_a_millisecond() -> None:
    """The job masks whatever was typed, each minute."""
    texts = [example.text for table in TABLES for example in read_examples([table])]
    mask(texts[0])
    started = time.process_time()
    for text in texts:
        mask(text)
    assert (time.process_time() - started) / len(texts) < 0.001


@pytest.mark.parametrize("words", ["rua " + "a" * 2000, "1" * 2000, "a.b-c" * 400, "ap-" * 600])
def test_a_long_message_takes_no_long_time(words: str) -> None:
    """Whatever somebody sends to keep the job busy."""
    started = time.process_time()
    mask(words[:2000])
    assert time.process_time() - started < 2


@given(st.text(max_size=200))
def test_no_message_breaks_it(text: str) -> None:
    """Spans are where they say, in order, and the rest is untouched."""
    masked = mask(text)
    assert len(masking.find(text)) == len(masked.spans)
    assert not any(a.end > b.start for a, b in zip(masked.spans, masked.spans[1:], strict=False))
