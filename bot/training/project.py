"""What a trainer may choose from: topics of the files, and what the bot says now."""

from functools import lru_cache
from pathlib import Path

from bot.settings import PROJECT
from bot.wording.texts import responses_in

_DOMAIN = PROJECT / "domain.yml"
_TITLES = "title_"


def topics() -> list[str]:
    """The names of the files of `data/`, one for each topic."""
    return sorted(file.stem for file in (PROJECT / "data" / "rules").glob("*.yml"))


def responses() -> dict[str, str]:
    """By name the first words of each response; titles of buttons have one wording alone."""
    return _responses(_DOMAIN, _DOMAIN.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _responses(path: Path, _changed: int) -> dict[str, str]:
    found = responses_in(path.read_text(encoding="utf-8"), path)
    return {
        each.name: each.variations[0].words
        for each in found
        if each.variations and not each.name.startswith(_TITLES)
    }
