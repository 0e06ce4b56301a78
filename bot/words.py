"""What the bot says, read from the responses of `domain.yml`: the one place for its words.

Rasa says most of them itself. This is for lines inside a bubble, such as one bill of many,
and for what must be said when Rasa is down.
"""

import random
from functools import cache
from typing import Any

import yaml

from bot.settings import PROJECT


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text())
    responses: dict[str, list[dict[str, Any]]] = domain["responses"]
    return responses


def say(name: str, **values: object) -> str:
    """One of the variations of response `name`, its `{variables}` filled in.

    Raises KeyError when `domain.yml` has no such response or a variable is not given.
    """
    text: str = random.choice(_responses()[name])["text"]
    return text.format(**values).strip()
