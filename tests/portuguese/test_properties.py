"""What holds for every message: written and read back, never past, never an error, never slow."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.portuguese import (
    first_name,
    format_amount,
    format_date,
    format_installments,
    format_long_date,
    normalise,
    parse_amount,
    parse_birth_date,
    parse_cpf_digits,
    parse_date,
    parse_installments,
    parse_option,
    parse_percent,
)
from bot.portuguese.numbers import with_digits

TODAY = date(2026, 11, 18)
READERS: dict[str, Callable[[str], object]] = {
    "amount": parse_amount,
    "date": lambda text: parse_date(text, TODAY, asked=True),
    "installments": parse_installments,
    "percent": parse_percent,
    "option": lambda text: parse_option(text, 3),
    "cpf": parse_cpf_digits,
    "birth": parse_birth_date,
    "normalise": normalise,
    "name": first_name,
}

amounts = st.decimals(min_value=0, max_value=10**9, places=2)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 12, 31))
WORDS = """
    não dia 10 15 150 reais R$ de em e a o x vezes parcelas mil cem dois por cento % mês que vem
    sexta segunda fim do amanhã depois daqui dias úteis 10/12 31/02 99,90 , . / consigo opção ou
    primeira última entre até pago venceu cpf 529 um meia dezembro hoje 1.234,56
""".split()  # noqa: SIM905
messages = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
)


@given(amounts)
def test_an_amount_we_write_is_read_back(amount: Decimal) -> None:
    assert parse_amount(format_amount(amount)) == amount


@given(amounts, st.sampled_from(["consigo {} por mês", "{} à vista", "pode ser {}?", "não, {}"]))
def test_an_amount_is_read_back_from_a_sentence(amount: Decimal, sentence: str) -> None:
    assert parse_amount(sentence.format(format_amount(amount))) == amount


@given(days, st.integers(0, 20_000))
def test_a_date_we_write_is_read_back(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert parse_date(format_date(day), today) == day


@given(days, st.integers(0, 1500))
def test_a_long_date_we_write_is_read_back(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert parse_date(format_long_date(day, today), today) == day


@given(st.integers(1, 60), st.decimals(min_value=10, max_value=10**5, places=2))
def test_installments_we_write_are_read_back(count: int, part: Decimal) -> None:
    written = format_installments([part] * count)
    assert (parse_installments(written), parse_amount(written)) == (count, part)


@given(st.integers(1, 3), st.integers(3, 9))
def test_a_picked_ordinal_is_read_back(option: int, count: int) -> None:
    ordinal = ["primeira", "segunda", "terceira"][option - 1]
    assert parse_option(f"quero a {ordinal}", count) == option


@given(st.integers(10, 999_999))
def test_a_number_in_words_is_read(number: int) -> None:
    assert with_digits(_in_words(number)) == str(number)


@given(st.integers(2, 99), st.sampled_from(["em {} vezes", "{} parcelas", "parcela em {} x"]))
def test_a_count_in_words_is_read(count: int, sentence: str) -> None:
    assert parse_installments(sentence.format(_in_words(count))) == count


@given(messages, days)
def test_a_date_is_never_in_the_past(text: str, today: date) -> None:
    day = parse_date(text, today, asked=True)
    assert day is None or day >= today


@given(messages)
def test_an_option_is_never_out_of_range(text: str) -> None:
    assert parse_option(text, 3) in (None, 1, 2, 3)


@given(messages)
def test_no_message_raises(text: str) -> None:
    for read in READERS.values():
        read(text)


@given(messages)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "pattern",
    [
        "a", "9", " ", "é", "ﷺ", "1 ", "1.", "9.9,", "10/", "um ", "mil e ", "cem, ", "dia 10 ",
        "R$ ", "150 reais ", "10x ", "em ", "3 de ", "não ", "consigo 150 ", "entre 1 e ",
        "mês que vem ", "no la pro ate ", "depois de ", "segunda ", "a 1 ", "+55 ", "(", "5 2 9 ",
        "dezembro ", "99 e 90 ", "kkk", "\u0301", "\n", "\ud800",
    ],
)  # fmt: skip
def test_time_grows_only_with_the_length(reader: str, pattern: str) -> None:
    assert _seconds(reader, pattern, 20_000) < 2


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("pattern", ["9", "1 ", "um ", "cem, ", "dia 10 ", "não consigo 150 "])
def test_a_hundred_thousand_characters_are_read_in_seconds(reader: str, pattern: str) -> None:
    assert _seconds(reader, pattern, 100_000) < 10


def _seconds(reader: str, pattern: str, length: int) -> float:
    started = time.process_time()
    READERS[reader](pattern * (length // len(pattern)))
    return time.process_time() - started


_UNITS = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"
    " dezesseis dezessete dezoito dezenove"
)
_TENS = "- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"
_HUNDREDS = (
    "- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)


def _in_words(number: int) -> str:
    """Spell a number below a million as a Brazilian would say it."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_a_thousand(rest)
    head = "mil" if thousands == 1 else f"{_below_a_thousand(thousands)} mil"
    joint = " e " if rest < 100 or rest % 100 == 0 else " "
    return head + (joint + _below_a_thousand(rest) if rest else "")


def _below_a_thousand(number: int) -> str:
    if number == 100:
        return "cem"
    parts = [_HUNDREDS.split()[number // 100]] if number >= 100 else []
    rest = number % 100
    if rest >= 20:
        parts += [_TENS.split()[rest // 10]] + ([_UNITS.split()[rest % 10]] if rest % 10 else [])
    elif rest or not parts:
        parts.append(_UNITS.split()[rest])
    return " e ".join(parts)
