"""Days to come, read on a Wednesday in November."""

from datetime import date

import pytest

from bot.portuguese import parse_date

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("2026-12-10", "2026-12-10"),
        ("10/12", "2026-12-10"),
        ("10/12/26", "2026-12-10"),
        ("10-12-2026", "2026-12-10"),
        ("dia 10.12", "2026-12-10"),
        ("PAGO 200 REAIS DIA 5/12", "2026-12-05"),
        ("10 de dezembro", "2026-12-10"),
        ("10 de dez", "2026-12-10"),
        ("10/dez", "2026-12-10"),
        ("dia dez de dezembro", "2026-12-10"),
        ("dia 10 do 12", "2026-12-10"),
        ("1º de dezembro", "2026-12-01"),
        ("primeiro de dezembro", "2026-12-01"),
        ("10 de novembro", "2027-11-10"),
        ("quinta-feira, 10 de dezembro", "2026-12-10"),
        ("em 04/12/2026.", "2026-12-04"),
        ("29/02", "2028-02-29"),
        ("29/02/2028", "2028-02-29"),
    ],
)
def test_written_out_dates_are_read(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("dia 10", "2026-12-10"),
        ("Dia 20", "2026-11-20"),
        ("dia 18", "2026-11-18"),
        ("dia10", "2026-12-10"),
        ("dia dez", "2026-12-10"),
        ("pago dia deis", "2026-12-10"),
        ("dia vinte e cinco", "2026-11-25"),
        ("dia primeiro", "2026-12-01"),
        ("dia 1º", "2026-12-01"),
        ("dia 31", "2026-12-31"),
        ("até dia 20", "2026-11-20"),
        ("todo dia 25 pode ser?", "2026-11-25"),
        ("bom dia, dia 10 eu pago", "2026-12-10"),
        ("a partir do dia 10", "2026-12-10"),
        ("depois do dia 5", "2026-12-06"),
        ("antes do dia 10", "2026-12-09"),
        ("não antes do dia 10", "2026-12-10"),
        ("dia 10 do mês que vem", "2026-12-10"),
        ("mês q vem dia 5", "2026-12-05"),
        ("vixe só dia 10 do mês que entra", "2026-12-10"),
        ("até o dia 15 do próximo mês", "2026-12-15"),
        ("dia 30 desse mês", "2026-11-30"),
        ("dia 31 de dezembro", "2026-12-31"),
    ],
)
def test_a_day_of_the_month_is_the_next_one(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("hoje", "2026-11-18"),
        ("pago hj ainda", "2026-11-18"),
        ("amanhã", "2026-11-19"),
        ("AMNHAAA certeza kkkkk", "2026-11-19"),
        ("amanhã cedo", "2026-11-19"),
        ("depois de amanhã", "2026-11-20"),
        ("daqui 15 dias", "2026-12-03"),
        ("daqui a duas semanas", "2026-12-02"),
        ("daqui a vinte dias mais ou menos eu consigo", "2026-12-08"),
        ("daqui um mês", "2026-12-18"),
        ("daqui 3 meses", "2027-02-18"),
        ("em 30 dias eu quito", "2026-12-18"),
        ("ME DA 10 DIAS", "2026-11-28"),
        ("15 dias", "2026-12-03"),
        ("em 3 dias úteis", "2026-11-24"),
    ],
)
def test_days_are_counted_from_today(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("sexta", "2026-11-20"),
        ("sexta-feira", "2026-11-20"),
        ("na sexta", "2026-11-20"),
        ("sexta que vem", "2026-11-27"),
        ("sexta da semana que vem", "2026-11-27"),
        ("semana que vem na sexta", "2026-11-27"),
        ("próxima segunda", "2026-11-23"),
        ("segunda", "2026-11-23"),
        ("segunda fera eu acerto", "2026-11-23"),
        ("2a feira", "2026-11-23"),
        ("até segunda", "2026-11-23"),
        ("quarta", "2026-11-25"),
        ("essa quarta", "2026-11-18"),
        ("sábado", "2026-11-21"),
        ("domingo meu filho paga pra mim", "2026-11-22"),
        ("semana que vem", "2026-11-23"),
        ("fim de semana", "2026-11-21"),
        ("até o fim da semana", "2026-11-20"),
    ],
)
def test_days_of_the_week_and_weeks_are_read(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("mês que vem", "2026-12-01"),
        ("mes ki vem eu pago", "2026-12-01"),
        ("começo do mês", "2026-12-01"),
        ("meio do mês que vem", "2026-12-15"),
        ("fim do mês", "2026-11-30"),
        ("até o final do corrente mês", "2026-11-30"),
        ("fim do mês que vem", "2026-12-30"),
        ("último dia do mês", "2026-11-30"),
        ("último dia útil do mês", "2026-11-30"),
        ("5º dia útil", "2026-12-07"),
        ("quinto dia util do mes que vem", "2026-12-07"),
        ("no quinto dia útil eu pago", "2026-12-07"),
        ("só depois do quinto dia útil", "2026-12-08"),
        ("em janeiro eu pago", "2027-01-01"),
        ("consigo lá pro fim de janeiro", "2027-01-29"),
        ("só ano que vem", "2027-01-01"),
    ],
)
def test_months_and_business_days_are_read(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("não, dia 15", "2026-12-15"),
        ("não dia 15", "2026-12-15"),
        ("dia 10 não, dia 15", "2026-12-15"),
        ("não é dia 10 é dia 15", "2026-12-15"),
        ("comprei em 10/05 e pago em 10/12", "2026-12-10"),
        ("dia 10 não dá, só dia 15", "2026-12-15"),
        ("num posso dia 20 não, bote pra dia 30", "2026-11-30"),
        ("hoje não consigo, só sexta", "2026-11-20"),
        ("do dia 10 pro dia 15", "2026-12-15"),
        ("dia 10 ou 15", "2026-12-15"),
        ("entre dia 5 e 10", "2026-12-10"),
        ("sexta ou segunda", "2026-11-23"),
        ("venceu dia 10, pago dia 20", "2026-11-20"),
        ("recebo dia 5 e pago dia 10", "2026-12-10"),
        ("só recebo dia 5", "2026-12-05"),
        ("consigo 150 por mês em 6x a partir do dia 10", "2026-12-10"),
        ("semana que vem, dia 27", "2026-11-27"),
        ("ele falou que quarta que vem cai, então nesse dia eu pago", "2026-11-25"),
        ("dia 15 não tem problema", "2026-12-15"),
    ],
)
def test_of_several_days_the_one_meant_is_taken(message: str, day: str) -> None:
    assert parse_date(message, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "sim",
        "bom dia",
        "dia do pagamento",
        "quando eu receber",
        "ontem",
        "hoje não",
        "31/11",
        "30 de fevereiro",
        "10/12/2025",
        "dia 5 desse mês",
        "29/02/2027",
        "22/11/90",
        "nasci em 2 de fevereiro de 54",
        "segunda via",
        "quero a segunda via do boleto",
        "a segunda",
        "a segunda opção",
        "gostei da segunda",
        "10x",
        "em dez vezes",
        "150",
        "10",
        "R$ 10",
        "10%",
        "às 15h",
        "em 2024",
        "parcela 3/12",
        "11 98765-4321",
        "529.982.247-25",
        "3 de 99,90",
        "faz 15 dias que to desempregado",
        "atrasei 3 dias",
        "10 dias de atraso",
        "fui mandado embora em março",
        "paguei dia 8",
        "o boleto foi compensado no dia 3",
        "de 15 em 15 dias",
        "meu filho ficou 40 dias na UTI",
        "não devolveu até hj",
        "não consigo pagar hoje",
    ],
)
def test_past_unknown_and_impossible_days_are_none(message: str) -> None:
    assert parse_date(message, WEDNESDAY) is None


@pytest.mark.parametrize("message", ["10", "no 10", "pode ser 10?", "dez", "todo dia 10"])
def test_a_number_alone_is_a_day_where_the_bot_asked_for_one(message: str) -> None:
    assert parse_date(message, WEDNESDAY, asked=True) == date(2026, 12, 10)


@pytest.mark.parametrize("message", ["32", "150", "0"])
def test_a_number_alone_that_is_no_day_is_none_even_then(message: str) -> None:
    assert parse_date(message, WEDNESDAY, asked=True) is None


@pytest.mark.parametrize(
    ("today", "message", "day"),
    [
        ("2026-01-31", "mês que vem", "2026-02-01"),
        ("2026-01-31", "daqui um mês", "2026-02-28"),
        ("2028-01-31", "daqui um mês", "2028-02-29"),
        ("2026-02-10", "dia 30", "2026-03-30"),
        ("2026-02-10", "dia 31", "2026-03-31"),
        ("2028-02-28", "amanhã", "2028-02-29"),
        ("2026-12-31", "amanhã", "2027-01-01"),
        ("2026-12-20", "fim do mês", "2026-12-30"),
        ("2026-12-31", "fim do mês", "2027-01-29"),
        ("2026-02-13", "em 1 dia útil", "2026-02-18"),
        ("2026-11-19", "em 2 dias úteis", "2026-11-24"),
        ("2026-03-31", "5º dia útil", "2026-04-08"),
        ("2026-11-20", "sexta", "2026-11-27"),
        ("2026-11-20", "sexta agora", "2026-11-20"),
        ("2026-11-21", "sexta que vem", "2026-11-27"),
        ("2026-11-22", "segunda que vem", "2026-11-23"),
        ("2026-11-22", "semana que vem", "2026-11-23"),
        ("2026-11-22", "fim de semana", "2026-11-22"),
    ],
)
def test_the_calendar_has_short_months_holidays_and_year_ends(
    today: str, message: str, day: str
) -> None:
    assert parse_date(message, date.fromisoformat(today)) == date.fromisoformat(day)
