"""The rules of `data/rules/`, one line each: which action answers an intent.

Rasa's policy follows them where no form is open; inside the form they are followed here.
"""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

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
    rules = [
        rule["steps"]
        for file in files
        for rule in yaml.load(file.read_text(), yaml.CSafeLoader)["rules"]
    ]
    return {intent["intent"]: action["action"] for intent, action in rules}


@cache
def _actions() -> dict[str, SpokenAction]:
    kinds = [kind for kind in _kinds_of(SpokenAction) if not inspect.isabstract(kind)]
    return {kind().name(): kind() for kind in kinds}


def _kinds_of(parent: Any) -> Iterator[Any]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds_of(kind)
