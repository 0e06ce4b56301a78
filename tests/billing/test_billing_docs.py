"""The page about the billing API says what is so."""

import re
from datetime import timedelta

from bot.billing.events import delivery, targets
from bot.billing.events.shapes import EventName
from bot.settings import PROJECT
from tests.billing.support import Api

PAGE = (PROJECT / "docs" / "billing-api.md").read_text()
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}


def test_every_event_is_described() -> None:
    table = PAGE.split("## Events")[1]
    assert set(re.findall(r"`(\w+\.\w+)`", table)) >= set(EventName)


def test_the_endpoints_named_exist(api: Api) -> None:
    rules = [re.sub(r"<(?:\w+:)?(\w+)>", "{}", str(rule)) for rule in api.app.url_map.iter_rules()]
    for path in re.findall(r"`(?:GET|POST) (/[^`?]*)", PAGE):
        assert re.sub(r"{\w+}", "{}", path) in rules, path


def test_the_figures_of_delivery_are_those_of_the_code() -> None:
    [said] = re.findall(
        r"sent again after ([^,]+(?:, [^,]+)*?),\s+then it is", PAGE.replace("\n", " ")
    )
    pauses = re.findall(r"(\d+) (s|min|h)", said)
    assert tuple(timedelta(**{UNITS[unit]: int(n)}) for n, unit in pauses) == delivery.PAUSES
    assert f"After {delivery.DISABLED_AFTER} failures in a row" in PAGE
    assert f"within {targets.READ_SECONDS:.0f} seconds" in PAGE
