"""What the bot says, read from the responses of `domain.yml`: the one place for its words.

Nobody else renders them, Rasa neither: a word changed there is said from then on, without
training and without a restart.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import PROJECT

DOMAIN = PROJECT / "domain.yml"


def _responses() -> dict[str, list[dict[str, Any]]]:
    return _read(DOMAIN.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(_changed_at: int) -> dict[str, list[dict[str, Any]]]:
    domain = yaml.load(DOMAIN.read_text(encoding="utf-8"), yaml.CSafeLoader)
    responses: dict[str, list[dict[str, Any]]] = domain["responses"]
    return responses


def variations(name: str) -> list[str]:
    """The ways to say response `name`, their `{variables}` still to be filled in.

    Raises KeyError when `domain.yml` has no such response.
    """
    return [variation["text"] for variation in _responses()[name]]


def names() -> list[str]:
    """Every response of `domain.yml`."""
    return [*_responses()]


def exists(name: str) -> bool:
    """Whether `domain.yml` has response `name`."""
    return name in _responses()


def fill(text: str, values: Mapping[str, object]) -> str:
    """`text` with its `{variables}` filled in. Raises KeyError when one is not given."""
    return text.format(**values).strip()


def say(name: str, *, after: str = "", **values: object) -> str:
    """Response `name`, its `{variables}` filled in: its first variation that is not in `after`,
    what was said before it.

    Raises KeyError when `domain.yml` has no such response or a variable is not given.
    """
    said = [fill(text, values) for text in variations(name)]
    return next((words for words in said if words not in after), said[0])
