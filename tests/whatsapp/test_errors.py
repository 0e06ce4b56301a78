"""Every row of Meta's error table asks for its own remedy."""

import pytest

from bot.simulator.errors import KNOWN_CODES
from bot.whatsapp.errors import Remedy, parse_code, remedy

TABLE = {
    "token or permission": (Remedy.PAUSE_ALL, [0, 190, 3, 10, *range(200, 300), 131005]),
    "account locked, country, payment": (Remedy.PAUSE_ALL, [368, 131031, 130497, 131042]),
    "Meta's own trouble": (Remedy.RETRY, [1, 2, 131000, 131016, 133004, 131057]),
    "our throughput": (Remedy.BACK_OFF, [4, 80007, 130429]),
    "this recipient's throughput": (Remedy.DELAY_RECIPIENT, [131056]),
    "window closed": (Remedy.PARK, [131047]),
    "not deliverable here": (Remedy.GIVE_UP, [131026]),
    "spam limits": (Remedy.GIVE_UP, [131048, 131064]),
    "not within 24 hours": (Remedy.GIVE_UP, [131049]),
    "opted out": (Remedy.GIVE_UP, [131050]),
    "experiment": (Remedy.GIVE_UP, [130472]),
    "our bug": (Remedy.OUR_FAULT, [100, 131008, 131009, 131021, 131051]),
    "media": (Remedy.SEND_LINK, [131052, 131053]),
    "template": (
        Remedy.OUR_FAULT,
        [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016],
    ),
    "identity key changed": (Remedy.VERIFY_PERSON, [137000]),
}
ROWS = [(row, code, wanted) for row, (wanted, codes) in TABLE.items() for code in codes]


@pytest.mark.parametrize(("row", "code", "wanted"), ROWS)
def test_each_code_of_the_table_has_its_remedy(row: str, code: int, wanted: Remedy) -> None:
    """In a response and by webhook alike, whatever HTTP says beside it."""
    given = {remedy(code, http_status) for http_status in (None, 200, 400, 401, 429, 500)}
    assert given == {wanted}, row


def test_when_meta_cannot_be_reached_everything_waits() -> None:
    """No network is nobody's fault: nothing is given up for it."""
    assert remedy(None, None) is Remedy.BACK_OFF


@pytest.mark.parametrize("code", [33, 132018, 999999, -1])
@pytest.mark.parametrize(
    ("http_status", "wanted"),
    [
        (None, Remedy.RETRY),
        (400, Remedy.OUR_FAULT),
        (404, Remedy.OUR_FAULT),
        (401, Remedy.PAUSE_ALL),
        (403, Remedy.PAUSE_ALL),
        (429, Remedy.BACK_OFF),
        (500, Remedy.RETRY),
        (503, Remedy.RETRY),
    ],
)
def test_an_unknown_code_is_judged_by_its_http_class(
    code: int | None, http_status: int | None, wanted: Remedy
) -> None:
    """Too fast, not allowed, our fault, or Meta's trouble; the last is retried, with an end."""
    assert remedy(code, http_status) is wanted


def test_what_meta_calls_transient_is_tried_again() -> None:
    """An unknown code with HTTP 400 is our fault, unless Meta says that it will pass."""
    assert remedy(999999, 400, is_transient=True) is Remedy.RETRY
    assert remedy(100, 400, is_transient=True) is Remedy.OUR_FAULT


def test_every_code_the_simulator_can_give_is_decided() -> None:
    """None that can be tried out there is left to its HTTP class, but 33."""
    undecided = {code for code in KNOWN_CODES if remedy(code, 400) is not remedy(code, 500)}
    assert undecided == {33}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": 131026}, 131026),
        ({"code": 0}, 0),
        ({"code": "131026"}, None),
        ({"code": True}, None),
        ({"code": 1.0}, None),
        ({"code": 2**31}, None),
        ({}, None),
    ],
)
def test_a_code_is_a_number_the_database_can_keep(
    error: dict[str, object], code: int | None
) -> None:
    """Anything else is no code."""
    assert parse_code(error) == code
