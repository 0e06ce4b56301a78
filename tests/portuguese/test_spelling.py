"""Amounts spelled out on receipts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.portuguese import amount_in_words, parse_amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zero reais"),
        ("0.01", "um centavo"),
        ("1.00", "um real"),
        ("1.01", "um real e um centavo"),
        ("16.99", "dezesseis reais e noventa e nove centavos"),
        ("100.00", "cem reais"),
        ("101.00", "cento e um reais"),
        ("389.90", "trezentos e oitenta e nove reais e noventa centavos"),
        ("1000.00", "mil reais"),
        ("1001.00", "mil e um reais"),
        ("1200.50", "mil e duzentos reais e cinquenta centavos"),
        ("1234.56", "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"),
        ("2014.00", "dois mil e quatorze reais"),
        ("21000.00", "vinte e um mil reais"),
        ("100100.00", "cem mil e cem reais"),
        ("1000000.00", "um milhão de reais"),
        ("2000001.00", "dois milhões e um reais"),
        ("1001000.00", "um milhão e mil reais"),
        ("2500000.00", "dois milhões e quinhentos mil reais"),
        (
            "1234567.00",
            "um milhão duzentos e trinta e quatro mil quinhentos e sessenta e sete reais",
        ),
    ],
)
def test_an_amount_is_spelled_as_on_a_receipt(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


@given(st.decimals("1.00", "999999.99", places=2))
def test_what_is_spelled_is_read_back_as_the_same_amount(amount: Decimal) -> None:
    assert parse_amount(amount_in_words(amount)) == amount


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000.00", "NaN"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="whole cents"):
        amount_in_words(Decimal(amount))
