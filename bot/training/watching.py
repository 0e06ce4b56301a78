"""What the bot could do and nobody asks for."""

from collections.abc import Iterable

import yaml

from bot.words import DOMAIN


def unused_intents(heard: Iterable[object]) -> list[str]:
    """Intents of `domain.yml` that were not heard."""
    domain = yaml.load(DOMAIN.read_text(encoding="utf-8"), yaml.CSafeLoader)
    names = (next(iter(each)) if isinstance(each, dict) else each for each in domain["intents"])
    return sorted(set(names) - set(heard))
