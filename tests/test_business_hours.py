"""When people answer, by the creditor's policy."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from bot.business_hours import SAO_PAULO, Attendance, BusinessHours, say_when_people_answer

WEEKDAYS = {"days": "seg-sex", "opens": "09:00", "closes": "19:00"}
SATURDAY = {"days": "sab", "opens": "08:00", "closes": "13:30"}
HOURS = BusinessHours.model_validate([WEEKDAYS, SATURDAY])


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SAO_PAULO)


def test_the_hours_are_read_as_people_say_them() -> None:
    assert str(HOURS) == "de segunda a sexta, das 9h às 19h; sábado, das 8h às 13h30"


@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2026-11-26 09:00", "agora"),
        ("2026-11-26 18:59", "agora"),
        ("2026-11-26 19:00", "amanhã às 9h"),
        ("2026-11-26 07:10", "hoje às 9h"),
        ("2026-11-27 20:00", "amanhã às 8h"),
        ("2026-11-28 13:30", "segunda-feira, 30 de novembro, às 9h"),
        ("2026-12-24 19:30", "sábado, 26 de dezembro, às 8h"),
        ("2026-12-31 20:00", "sábado, 2 de janeiro de 2027, às 8h"),
    ],
)
def test_whoever_waits_hears_when_a_person_is_there(now: str, when: str) -> None:
    assert when in say_when_people_answer(Attendance(HOURS), at(now))


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "sex-seg", "opens": "09:00", "closes": "19:00"},
        {"days": "seg", "opens": "19:00", "closes": "09:00"},
        {"days": "monday", "opens": "09:00", "closes": "19:00"},
        {"days": "seg", "opens": "9h", "closes": "19:00"},
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        BusinessHours.model_validate([wrong])
