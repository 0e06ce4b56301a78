"""From Rasa's bubbles to what is sent: as few messages as the content allows, and effects.

Actions speak to this module through `custom` bubbles: `{"type": "choices" | "link" |
"document" | "copyable" | "handoff" | "tell_people" | "close_choices" | "stop_contact" |
"done", …}`.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.whatsapp.content import Choice, Say

Bubble = dict[str, Any]


@dataclass
class Reply:
    """What a turn answers: bubbles, the commands behind its choices, and what else happens."""

    says: list[Say] = field(default_factory=list)
    payloads: dict[str, str] = field(default_factory=dict)
    """Choice id → the command Rasa gets when it is tapped."""
    handoff: str | None = None
    """Why a person has to take over."""
    tells_people: str | None = None
    """Why a person should look, while the bot goes on."""
    stop_contact: str | None = None
    """Why we never write first to this person again."""
    heard: dict[str, Any] | None = None
    """What the bot understood and knows by now, for the people who look on."""
    closes_choices: bool = False
    """Earlier buttons may not be tapped any more."""

    @classmethod
    def of(cls, bubbles: list[Bubble]) -> "Reply":
        """Read the bubbles of one turn; texts that follow one another become one bubble."""
        reply = cls()
        texts: list[str] = []
        for bubble in bubbles:
            if text := (bubble.get("text") or "").strip():
                texts.append(text)
            custom = bubble.get("custom") or {}
            if buttons := bubble.get("buttons"):
                custom = {"type": "choices", "choices": buttons}
            if custom:
                reply._add(custom, texts)
        reply._close(texts)
        return reply

    def _add(self, custom: Bubble, texts: list[str]) -> None:
        match custom["type"]:
            case "handoff":
                self.handoff = custom["reason"]
            case "tell_people":
                self.tells_people = custom["reason"]
            case "stop_contact":
                self.stop_contact = custom["reason"]
            case "done":
                self.heard = custom.get("heard")
            case "close_choices":
                self.closes_choices = True
            case "choices":
                self._close(texts, choices=self._issue(custom["choices"]))
            case "link":
                self._close(texts, link=(custom["title"], custom["url"]))
            case "document":
                self._close(texts, document=(custom["filename"], custom["url"]))
            case "copyable":
                self._close(texts)
                self.says.append(Say(custom["text"]))

    def _close(self, texts: list[str], **extra: Any) -> None:
        if texts or extra:
            self.says.append(Say("\n\n".join(texts), **extra))
            texts.clear()

    def _issue(self, choices: list[dict[str, str]]) -> tuple[Choice, ...]:
        issued = []
        for choice in choices:
            token = secrets.token_urlsafe(12)
            self.payloads[token] = choice["payload"]
            issued.append(Choice(token, choice["title"], choice.get("description", "")))
        return tuple(issued)
