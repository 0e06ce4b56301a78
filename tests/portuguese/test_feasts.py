"""Feasts by name."""

from datetime import date

import pytest

from bot.portuguese import parse_date


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("no natal eu pago", "2026-12-25"),
        ("até o ano novo", "2027-01-01"),
        ("véspera de natal", "2026-12-24"),
        ("no carnaval", "2027-02-09"),
        ("quarta-feira de cinzas", "2027-02-10"),
        ("sexta-feira santa", "2027-03-26"),
        ("na páscoa", "2027-03-28"),
        ("dia das mães", "2027-05-09"),
        ("no são joão", "2027-06-24"),
        ("no dia dos pais", "2027-08-08"),
        ("dia das crianças", "2027-10-12"),
        ("na black friday", "2026-11-27"),
        ("depois do natal", "2026-12-26"),
        ("antes do natal eu quito", "2026-12-24"),
    ],
)
def test_a_feast_is_the_next_one(message: str, day: str) -> None:
    assert parse_date(message, date(2026, 11, 18)) == date.fromisoformat(day)


@pytest.mark.parametrize("message", ["moro em natal", "perdi o emprego no natal"])
def test_a_city_and_a_feast_gone_by_are_no_day(message: str) -> None:
    assert parse_date(message, date(2026, 11, 18)) is None


def test_after_the_last_feast_of_the_calendar_there_is_none() -> None:
    assert parse_date("no natal", date(9999, 12, 26)) is None
