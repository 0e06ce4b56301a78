"""What a trainer may choose from: topics of the files, and what the bot says now."""

from bot import words
from bot.settings import PROJECT

_TITLES = "title_"


def topics() -> list[str]:
    """The names of the files of `data/`, one for each topic."""
    return sorted(file.stem for file in (PROJECT / "data" / "rules").glob("*.yml"))


def responses() -> dict[str, str]:
    """By name the first words of each response; titles of buttons have one wording alone."""
    return {
        name: words.variations(name)[0] for name in words.names() if not name.startswith(_TITLES)
    }
