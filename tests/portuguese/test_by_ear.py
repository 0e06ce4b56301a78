"""Words spelled as they sound, and words of their own that sound alike."""

import pytest

from bot.portuguese.by_ear import spelled_right


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sinquenta", "cinquenta"),
        ("kuarenta", "quarenta"),
        ("dizesseis", "dezesseis"),
        ("trezentus", "trezentos"),
        ("quinhetos", "quinhentos"),
        ("setessentos", "setecentos"),
        ("premeira", "primeira"),
        ("tersera", "terceira"),
        ("primeirinha", "primeira"),
        ("terssa", "terca"),
        ("sesta", "sexta"),
        ("janero", "janeiro"),
        ("marsso", "marco"),
        ("otubro", "outubro"),
        ("prestassao", "prestacao"),
    ],
)
def test_a_word_of_a_closed_list_is_spelled_right(typed: str, meant: str) -> None:
    assert spelled_right(f"pago {typed} agora") == f"pago {meant} agora"


@pytest.mark.parametrize(
    "word",
    ["cesta", "carta", "sinto", "desisti", "otimo", "senao", "vizinha", "diz", "site", "dissesse"],
)
def test_words_that_only_sound_alike_stay(word: str) -> None:
    assert spelled_right(word) == word
