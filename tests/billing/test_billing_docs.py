"""The page about the billing API says what is so."""

import re
from datetime import timedelta

import requests

from bot.billing.events import delivery, targets
from bot.billing.events.shapes import EventName
from bot.settings import PROJECT
from tests.billing.support import Api

PAGE = (PROJECT / "docs" / "billing-api.md").read_text()
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}


def test_every_event_is_described() -> None:
    table = PAGE.split("## Events")[1]
    assert set(re.findall(r"`(\w+\.\w+)`", table)) >= set(EventName)


def test_the_endpoints_named_are_those_there_are(api: Api) -> None:
    spec = requests.get(f"{api.url}/openapi.json", timeout=5).json()
    there = {f"{name.upper()} {path}" for path, of in spec["paths"].items() for name in of}
    named = re.findall(r"`((?:GET|POST|PATCH|DELETE) /[^`?]*)", PAGE)
    assert {_anonymous(one) for one in named} == {_anonymous(one) for one in there}


def _anonymous(endpoint: str) -> str:
    return re.sub(r"{\w+}", "{}", endpoint)


def test_the_figures_of_delivery_are_those_of_the_code() -> None:
    [said] = re.findall(
        r"sent again after ([^,]+(?:, [^,]+)*?),\s+then it is", PAGE.replace("\n", " ")
    )
    pauses = re.findall(r"(\d+) (s|min|h)", said)
    assert tuple(timedelta(**{UNITS[unit]: int(n)}) for n, unit in pauses) == delivery.PAUSES
    assert f"After {delivery.DISABLED_AFTER} failures in a row" in PAGE
    assert f"within {targets.READ_SECONDS:.0f} seconds" in PAGE
