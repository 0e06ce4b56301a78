"""Percentages of a debt."""

from decimal import Decimal

import pytest

from bot.portuguese import parse_percent


@pytest.mark.parametrize(
    ("message", "percent"),
    [
        ("30%", "30"),
        ("30 %", "30"),
        ("trinta por cento", "30"),
        ("TRINTA POR CENTO DE DESCONTO E EU PAGO AMANHA", "30"),
        ("30 porcento", "30"),
        ("uns 30 p cento", "30"),
        ("10,5%", "10.5"),
        ("27,5% sobre o saldo", "27.5"),
        ("metade", "50"),
        ("faz pela metade?", "50"),
        ("um terço", "33.33"),
        ("dois terços", "66.67"),
        ("um quarto da dívida", "25"),
        ("à vista com 15% off fecho hoje", "15"),
        ("tira vinte por cento que eu fecho", "20"),
        ("30% não, 40%", "40"),
        ("não quero 10%, quero 30%", "30"),
        ("100% de certeza que pago com 20%", "20"),
        ("cem por cento", "100"),
    ],
)
def test_percentages_and_fractions_are_read(message: str, percent: str) -> None:
    assert parse_percent(message) == Decimal(percent)


@pytest.mark.parametrize(
    "message",
    ["", "30", "R$ 30", "30x", "cento e vinte", "metade do mês", "150%", "100% de certeza", "meia"],
)
def test_other_numbers_are_no_percentage(message: str) -> None:
    assert parse_percent(message) is None
