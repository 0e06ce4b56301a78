"""WhatsApp without Meta: a `send` that keeps the contract of the real one, told what to answer."""

import itertools
from collections.abc import Callable
from typing import Any

from bot.whatsapp.client import Accepted, Refused, Result, WhatsApp

_count = itertools.count(1)


class FakeWhatsApp(WhatsApp):
    """Accepts everything, after the answers in `answers`; keeps what was sent."""

    def __init__(self, *answers: Result) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[dict[str, str], dict[str, Any], str]] = []
        self.uploads: list[str | Refused] = []
        self.uploaded: list[tuple[str, bytes, str]] = []
        self.meanwhile: Callable[[str, str], None] = lambda _callback, _wamid: None
        """Called with callback and wamid while the answer is on its way."""

    def send(self, to: dict[str, str], content: dict[str, Any], callback: str) -> Result:
        """Keep the message and give the next answer."""
        self.sent.append((to, content, callback))
        answer = self.answers.pop(0) if self.answers else Accepted(f"wamid.fake.{next(_count)}")
        self.meanwhile(callback, answer.wamid if isinstance(answer, Accepted) else "")
        return answer

    def upload(self, name: str, data: bytes, mime_type: str) -> str | Refused:
        """Keep the file and give the next id."""
        self.uploaded.append((name, data, mime_type))
        return self.uploads.pop(0) if self.uploads else f"media{next(_count)}"

    def mark_read(self, wamid: str, is_typing: bool) -> None:
        """Nobody sees it."""

    @property
    def bubbles(self) -> list[str]:
        """The words of what was sent, in order."""
        return [str(content["text"]["body"]) for _, content, _ in self.sent]
