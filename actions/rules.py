"""The rules of `data/rules/`, one line each: which action answers an intent.

Rasa's policy follows them where no form is open; inside the form they are followed here.
"""

import inspect
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions.base import SpokenAction
from bot.settings import PROJECT


def action_for(intent: str) -> SpokenAction:
    """The action that answers `intent` by its rule. Raises KeyError when there is none."""
    return _actions()[_rules()[intent]]


def _rules() -> dict[str, str]:
    """As they are now: a promoted model may bring an intent nobody knew before."""
    files = sorted((PROJECT / "data" / "rules").glob("*.yml"))
    return _read(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _read(files: tuple[tuple[Path, int], ...]) -> dict[str, str]:
    rules = [
        rule["steps"]
        for file, _ in files
        for rule in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["rules"]
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
