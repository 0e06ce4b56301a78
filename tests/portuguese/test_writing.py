"""How values are written back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.portuguese import (
    first_name,
    format_amount,
    format_date,
    format_installments,
    format_long_date,
    greeting_by_hour,
    join_words,
    normalise,
)

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("1234.56", "R$ 1.234,56"),
        ("0", "R$ 0,00"),
        ("99.9", "R$ 99,90"),
        ("0.005", "R$ 0,01"),
        ("-10", "-R$ 10,00"),
    ],
)
def test_amounts_are_written_with_a_normal_space(amount: str, written: str) -> None:
    assert format_amount(Decimal(amount)) == written


def test_a_date_is_written_with_two_digits_for_day_and_month() -> None:
    assert format_date(date(2026, 12, 1)) == "01/12/2026"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 12, 10), "quinta-feira, 10 de dezembro"),
        (date(2026, 12, 1), "terça-feira, 1º de dezembro"),
        (date(2027, 3, 6), "sábado, 6 de março de 2027"),
    ],
)
def test_a_long_date_names_the_year_only_when_it_is_another(day: date, written: str) -> None:
    assert format_long_date(day, TODAY) == written


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        (["99.90"] * 3, "3x de R$ 99,90"),
        (["33.33", "33.33", "33.34"], "2x de R$ 33,33 e 1x de R$ 33,34"),
        (["100"], "1x de R$ 100,00"),
        (["100", "50", "50", "49.99"], "1x de R$ 100,00, 2x de R$ 50,00 e 1x de R$ 49,99"),
    ],
)
def test_equal_parts_are_counted_together(parts: list[str], written: str) -> None:
    assert format_installments([Decimal(part) for part in parts]) == written


def test_no_parts_are_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        format_installments([])


@pytest.mark.parametrize(
    ("words", "written"),
    [([], ""), (["a"], "a"), (["a", "b"], "a e b"), (["a", "b", "c"], "a, b e c")],
)
def test_words_are_joined_as_in_a_sentence(words: list[str], written: str) -> None:
    assert join_words(words) == written


@pytest.mark.parametrize(
    ("full_name", "name"),
    [
        ("Maria Souza", "Maria"),
        ("MARIA DAS DORES", "Maria"),
        ("maria das dores", "Maria"),
        ("JOÃO", "João"),
        ("Joa\u0303o Pedro", "João"),
        ("🌹Maria🌹", "Maria"),
        ("dona Cida", "Cida"),
        ("Dr. Álvaro Lima", "Álvaro"),
        ("J. Carlos", "Carlos"),
        ("ana-clara", "Ana-Clara"),
        ("D'AVILA", "D'Avila"),
        ("McDonald", "McDonald"),
        ("", ""),
        ("123", ""),
    ],
)
def test_the_first_name_is_what_one_would_call_somebody(full_name: str, name: str) -> None:
    assert first_name(full_name) == name


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (0, "Boa noite"),
        (5, "Bom dia"),
        (11, "Bom dia"),
        (12, "Boa tarde"),
        (17, "Boa tarde"),
        (18, "Boa noite"),
        (23, "Boa noite"),
    ],
)
def test_the_greeting_follows_the_hour(hour: int, greeting: str) -> None:
    assert greeting_by_hour(datetime(2026, 11, 18, hour, 30)) == greeting  # noqa: DTZ001


def test_the_greeting_is_that_of_sao_paulo() -> None:
    assert greeting_by_hour(datetime(2026, 11, 18, 14, 0, tzinfo=UTC)) == "Bom dia"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Não CONSIGO", "nao consigo"),
        ("  oi\n\ttudo   bem ", "oi tudo bem"),
        ("siiiiim", "sim"),
        ("vc n pode pq?", "voce nao pode porque?"),
        ("qdo cai o pgto hj obg", "quando cai o pagamento hoje obrigado"),
        ("p/ dia 10 c/ juros", "para dia 10 com juros"),
        ("pago 2 kkkkk", "pago 2"),
        ("150 rs rsrsrs", "150 rs"),
        ("1000000", "1000000"),
        ("5º ２️⃣ ok👍🏽", "5o 2 ok"),
        ("passo mais carro", "passo mais carro"),
    ],
)
def test_messages_are_brought_to_one_spelling(text: str, plain: str) -> None:
    assert normalise(text) == plain
