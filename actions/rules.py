"""The rules of `data/rules/`, one line each: which action answers an intent.

Rasa's policy follows them where no form is open; inside the form they are followed here.
"""

from collections.abc import Iterator
from functools import cache

import yaml

from actions.base import SpokenAction
from bot.settings import PROJECT


@cache
def action_for(intent: str) -> SpokenAction:
    """The action that answers `intent` by its rule. Raises KeyError when there is none."""
    return _actions()[_rules()[intent]]


@cache
def _rules() -> dict[str, str]:
    files = sorted((PROJECT / "data" / "rules").glob("*.yml"))
    rules = [rule["steps"] for file in files for rule in yaml.safe_load(file.read_text())["rules"]]
    return {intent["intent"]: action["action"] for intent, action in rules}


@cache
def _actions() -> dict[str, SpokenAction]:
    return {action().name(): action() for action in _concrete(SpokenAction)}


def _concrete(kind: type[SpokenAction]) -> Iterator[type[SpokenAction]]:
    for each in kind.__subclasses__():
        yield from [] if each.__abstractmethods__ else [each]
        yield from _concrete(each)
