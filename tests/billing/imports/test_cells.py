"""Cells as people write them: read one way or refused."""

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.billing.imports import cells
from bot.billing.imports.errors import CellError
from bot.billing.imports.words import Problem
from bot.billing.money import format_brl
from bot.billing.names import format_document


@pytest.mark.parametrize(
    ("written", "reais"),
    [
        ("1.234,56", "1234.56"),
        ("R$ 1.234,56", "1234.56"),
        ("1234,5", "1234.50"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234", "1234.00"),
        ("389", "389.00"),
        ("0", "0.00"),
        ("9.999.999.999,99", "9999999999.99"),
    ],
)
def test_an_amount_is_read_the_brazilian_way(written: str, reais: str) -> None:
    assert str(cells.amount(written)) == reais


@pytest.mark.parametrize(
    "written",
    ["", "abc", "1,234", "1.23.4", "12,345", "-5", "1e3", "10.000.000.000,00", "١٢", "NaN", "1 2"],
)
def test_an_amount_that_could_mean_two_things_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cells.amount(written)


@given(st.decimals(0, Decimal("9999999999.99"), places=2))
def test_an_amount_we_print_is_read_back(reais: Decimal) -> None:
    assert cells.amount(format_brl(reais)) == reais
    assert cells.amount(cells.text_of(float(reais))) == reais


@pytest.mark.parametrize(
    "written", ["31/12/2026", "31-12-2026", "31.12.2026", "2026-12-31", "2026-12-31 00:00:00"]
)
def test_a_date_is_read_day_first_or_iso(written: str) -> None:
    assert cells.day(written) == date(2026, 12, 31)


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_a_spreadsheets_own_dates_are_read(day: date) -> None:
    assert cells.day(cells.text_of(datetime.combine(day, time()))) == day
    assert cells.day(cells.text_of((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize("written", ["31/02/2026", "12/31/2026", "31/12/26", "amanhã", "2026"])
def test_a_date_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cells.day(written)


def test_a_due_date_out_of_reach_is_refused() -> None:
    for written in ("01/01/1990", "01/01/2150"):
        with pytest.raises(CellError):
            cells.due(written)


@pytest.mark.parametrize(
    ("written", "document"),
    [
        ("529.982.247-25", "52998224725"),
        ("52998224725", "52998224725"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("11.222.333/0001-81", "11222333000181"),
    ],
)
def test_a_cpf_or_cnpj_is_read_with_letters_too(written: str, document: str) -> None:
    assert cells.document(written) == document
    assert cells.document(format_document(document)) == document


def test_a_zero_that_a_spreadsheet_dropped_comes_back() -> None:
    assert cells.document(cells.text_of(1234567890)) == "01234567890"


@pytest.mark.parametrize(
    "written",
    ["529.982.247-26", "111.111.111-11", "12ABC34501DE36", "12ABC34501DEAB", "5", "É" * 14],
)
def test_a_document_whose_digits_do_not_check_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cells.document(written)


def test_digits_lost_to_scientific_notation_are_told() -> None:
    for read in (cells.document, cells.phones):
        with pytest.raises(CellError) as error:
            read("5,29982E+10")
        assert error.value.problem is Problem.SCIENTIFIC


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("(11) 98765-4321", ["5511987654321"]),
        ("11 8765-4321", ["5511987654321"]),
        ("+55 11 98765 4321", ["5511987654321"]),
        ("011987654321", ["5511987654321"]),
        ("(11) 3333-4444 / (11) 98765-4321", ["551133334444", "5511987654321"]),
        ("11987654321; 11 98765-4321", ["5511987654321"]),
        ("+351 912 345 678", ["351912345678"]),
    ],
)
def test_phones_are_stored_one_way(written: str, phones: list[str]) -> None:
    assert cells.phones(written) == phones


@pytest.mark.parametrize(
    "written", ["98765-4321", "(20) 98765-4321", "0800 700 1000", "ligar", "+1"]
)
def test_a_phone_without_an_area_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cells.phones(written)


def test_hours_and_answers() -> None:
    assert [cells.hour(text) for text in ("9", "9h", "9h30", "09:30", "09:30:00")] == [
        time(9), time(9), time(9, 30), time(9, 30), time(9, 30)
    ]  # fmt: skip
    assert [cells.yes_or_no(text) for text in ("Sim", "NÃO", "x")] == [True, False, True]
    assert cells.channel("E-mail") == "email"
    for read, text in ((cells.hour, "25:00"), (cells.hour, "cedo"), (cells.yes_or_no, "talvez")):
        with pytest.raises(CellError):
            read(text)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("=cmd|' /C calc'!A0", Problem.FORMULA),
        ("@SUM(A1)", Problem.FORMULA),
        ("+cmd()", Problem.FORMULA),
        (object(), Problem.FORMULA),
        ("a\x00b", Problem.CHARACTER),
        ("\ud800", Problem.CHARACTER),
        ("JoÃ£o", Problem.ENCODING),
        ("Jo\ufffdo", Problem.ENCODING),
        ("#REF!", Problem.ERROR_VALUE),
    ],
)
def test_what_is_no_plain_text_is_refused(value: Any, problem: Problem) -> None:
    with pytest.raises(CellError) as error:
        cells.text_of(value)
    assert error.value.problem is problem


@pytest.mark.parametrize("text", ["JOÃO", "MÃE", "São João", "-12", "+55 11", "Ü"])
def test_good_words_are_not_taken_for_bad_ones(text: str) -> None:
    assert cells.text_of(text) == text


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    readers = (cells.amount, cells.due, cells.document, cells.phones, cells.email, cells.hour)
    for read in readers:
        with suppress(CellError):
            read(cells.text_of(text))
