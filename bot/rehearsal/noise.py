"""How a correct sentence gets written on a phone. Pure; numbers are never touched.

Each function takes the words and a source of chance and gives other words of the same meaning.
"""

import re
import unicodedata
from random import Random

from bot.rehearsal.people import Manner

_ABBREVIATED = {
    "você": "vc",
    "vocês": "vcs",
    "não": "n",
    "porque": "pq",
    "por que": "pq",
    "quando": "qdo",
    "também": "tb",
    "hoje": "hj",
    "obrigada": "obg",
    "obrigado": "obg",
    "pagamento": "pgto",
    "quanto": "qto",
    "mesmo": "msm",
    "beleza": "blz",
    "comigo": "cmg",
    "está": "tá",
    "que": "q",
    "mensagem": "msg",
    "muito": "mt",
}
_EMOJI = ("🙏", "😊", "👍", "😅", "😔", "🙂", "🙏🏻", "😬", "❤️")
_NEIGHBOURS = {
    "a": "s", "e": "r", "i": "u", "o": "p", "u": "i", "s": "a", "r": "e", "n": "m",
    "m": "n", "t": "r", "d": "s", "c": "v", "p": "o", "l": "k",
}  # fmt: skip
_SHORTEST_WITH_TYPO = 6
"""Letters: a slip in a short word makes another word."""


def without_accents(text: str, chance: Random) -> str:
    """`nao` for `não`."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def abbreviated(text: str, chance: Random) -> str:
    """`vc`, `pq`, `hj`: each word that has a short form, more often than not."""

    def shorten(match: re.Match[str]) -> str:
        word = match.group()
        return _ABBREVIATED[word.lower()] if chance.random() < 0.7 else word

    words = "|".join(sorted(map(re.escape, _ABBREVIATED), key=len, reverse=True))
    return re.sub(rf"\b({words})\b", shorten, text, flags=re.IGNORECASE)


def misspelt(text: str, chance: Random) -> str:
    """One slip of the finger in one long word."""
    long_words = [m for m in re.finditer(r"[^\W\d_]+", text) if len(m[0]) >= _SHORTEST_WITH_TYPO]
    if not long_words:
        return text
    word = chance.choice(long_words)
    slip = chance.choice((_swapped, _dropped, _doubled, _neighbour))
    return text[: word.start()] + slip(word[0], chance) + text[word.end() :]


def _swapped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def _doubled(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at - 1] + word[at:]


def _neighbour(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]


def shouted(text: str, chance: Random) -> str:
    """ALL IN CAPITALS."""
    return text.upper()


def with_emoji(text: str, chance: Random) -> str:
    """One at the end, sometimes two."""
    return f"{text} {chance.choice(_EMOJI) * chance.choice((1, 1, 2))}"


def in_pieces(text: str, chance: Random) -> list[str]:
    """The same words as a burst of messages, broken where one breathes."""
    pieces = [piece.strip() for piece in re.split(r"(?<=[,.!?])\s+", text) if piece.strip()]
    return [piece.rstrip(",") for piece in pieces]


def written(text: str, manner: Manner, chance: Random) -> list[str]:
    """The messages in which somebody of this manner writes `text`."""
    for share, spoil in (
        (manner.abbreviates, abbreviated),
        (manner.typos, misspelt),
        (manner.no_accents, without_accents),
        (manner.shouts, shouted),
        (manner.emoji, with_emoji),
    ):
        if chance.randrange(100) < share and re.search(r"[^\W\d_]{3}", text):
            text = spoil(text, chance)
    return in_pieces(text, chance) if chance.randrange(100) < manner.bursts else [text]
