"""CPF digits and dates of birth."""

from datetime import date

import pytest

from bot.portuguese import parse_birth_date, parse_cpf_digits


@pytest.mark.parametrize(
    ("message", "digits"),
    [
        ("123", "123"),
        ("529982", "529982"),
        ("começa com 123", "123"),
        ("os 3 primeiros são 529", "529"),
        ("os treis primero numero e 085", "085"),
        ("meu cpf é 529.982.247-25", "52998224725"),
        ("CPF:52998224725", "52998224725"),
        ("529 982 247 25", "52998224725"),
        ("meu filho o cpf e 390 533 447 05", "39053344705"),
        ("5 2 9", "529"),
        ("5.2.9", "529"),
        ("um dois três", "123"),
        ("um treis cinco", "135"),
        ("zero quatro meia", "046"),
        ("é o sete, o um e o nove", "719"),
        ("cinco dois nove nove oito dois dois quatro sete dois cinco", "52998224725"),
        ("cinquenta e dois noventa e nove oitenta e dois", "529982"),
        ("quinhentos e vinte e nove", "529"),
        ("sou a Maria, 529", "529"),
        ("não é 123, é 529", "529"),
        ("errei, é 231", "231"),
        ("529, nascimento 03/05/88", "529"),
        ("cpf 52998224725 tel 11987654321", "52998224725"),
        ("MEU CPF TERMINA EM 725", "725"),
        ("111.111.111-11", "11111111111"),
        ("ôxe, é 917 mulher, tava na ponta da língua", "917"),
        ("sô, o meu é 240, tá no cartão do SUS", "240"),
        ("os três são 391, e o dia que eu vim ao mundo é 19/01/1958", "391"),
    ],
)
def test_the_digits_somebody_types_are_read(message: str, digits: str) -> None:
    assert parse_cpf_digits(message) == digits


@pytest.mark.parametrize(
    "message",
    [
        "",
        "oi",
        "12",
        "11 98765-4321",
        "11987654321",
        "+5511987654321",
        "98765-4321",
        "meu telefone é 11987654321",
        "150 reais",
        "R$ 150",
        "consigo 150",
        "mil e duzentos",
        "99,90",
        "dia 10",
        "10/12",
        "03/05/1988",
        "03051988",
        "em 10x",
        "30%",
        "34191.79001 01043.510047 91020.150008 5 84410026000",
        "12.345.678/0001-95",
        "moro na casa 302",
    ],
)
def test_other_numbers_are_no_cpf(message: str) -> None:
    assert parse_cpf_digits(message) is None


def test_fewer_digits_than_asked_are_none() -> None:
    assert parse_cpf_digits("meu cpf é 529", at_least=11) is None


@pytest.mark.parametrize(
    "message",
    [
        "03/05/88",
        "3/5/1988",
        "03.05.1988",
        "03 05 1988",
        "03051988",
        "030588",
        "1988-05-03",
        "3 de maio de 1988",
        "3 maio 88",
        "3/mai/1988",
        "nasci em 3 de maio de 88",
        "dia 3 do 5 de 1988",
        "três de maio de oitenta e oito",
        "três do cinco de mil novecentos e oitenta e oito",
        "cpf 529.982.247-25 nasc 03/05/1988",
        "não é 04/05/1988, é 03/05/1988",
    ],
)
def test_a_date_of_birth_is_read_however_it_is_typed(message: str) -> None:
    assert parse_birth_date(message) == date(1988, 5, 3)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("10 de dez de 75", date(1975, 12, 10)),
        ("primeiro de janeiro de 1970", date(1970, 1, 1)),
        ("29/02/88", date(1988, 2, 29)),
        ("01/01/05", date(2005, 1, 1)),
        ("nasci no dia 8 do 11 de 1951", date(1951, 11, 8)),
    ],
)
def test_years_of_two_digits_belong_to_the_century_of_adults(message: str, day: date) -> None:
    assert parse_birth_date(message) == day


@pytest.mark.parametrize(
    "message",
    ["", "sim", "150", "10/12", "31/02/1988", "12/31/1988", "10/12/2026", "03/05/1888", "529982"],
)
def test_what_is_no_date_of_birth_is_none(message: str) -> None:
    assert parse_birth_date(message) is None
