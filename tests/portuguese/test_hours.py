"""Hours at which somebody likes to be written to."""

import pytest

from bot.portuguese import parse_hours


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("me chama amanhã depois das 18h", "18:00-22:00"),
        ("chama dps das 6 da tarde", "18:00-22:00"),
        ("depois das seis e meia", "18:30-22:00"),
        ("às cinco da tarde", "17:00-18:00"),
        ("la pelas sete da noite", "19:00-20:00"),
        ("18:30 tu me chama", "18:30-19:30"),
        ("19h30", "19:30-20:30"),
        ("entre 9h e 11h", "09:00-11:00"),
        ("das 9 às 11", "09:00-11:00"),
        ("antes das 10", "08:00-10:00"),
        ("até as 9 da manhã", "08:00-09:00"),
        ("saio às 7 da manhã", "07:00-08:00"),
        ("depois do meio-dia", "12:00-22:00"),
        ("só de manhã", "08:00-12:00"),
        ("pode ser depois do almoço", "13:00-18:00"),
        ("na hora do almoço", "12:00-14:00"),
        ("só à tarde", "13:00-18:00"),
        ("di noiti não, à noite sim", "18:00-22:00"),
        ("só consigo falar à noite", "18:00-22:00"),
    ],
)
def test_hours_are_read_as_people_say_them(said: str, hours: str) -> None:
    found = parse_hours(said)
    assert found is not None
    assert "-".join(f"{end:%H:%M}" for end in found) == hours


@pytest.mark.parametrize(
    "said",
    ["mais tarde", "boa noite", "dia 10", "amanhã", "outra hora", "", "em 3x", "depois", "99h"],
)
def test_no_hour_is_read_where_none_is_meant(said: str) -> None:
    assert parse_hours(said) is None
