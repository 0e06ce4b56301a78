"""Templates as Meta lists them. Source: `GET /{WABA-ID}/message_templates`, v26.0."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from bot.whatsapp.client import WhatsApp

APPROVED = "APPROVED"
PAGE = 100
MOST_PAGES = 20
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")

Json = dict[str, Any]


class TemplatesUnread(Exception):
    """Meta did not tell which templates there are."""


@dataclass(frozen=True)
class Listed:
    """A template. `text` is its body, with `{{1}}` or `{{name}}` where a value goes."""

    name: str
    language: str
    status: str
    """`APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` and others."""
    reason: str
    text: str
    is_plain: bool
    """Whether the values of its body are all it asks for: no picture, no link of its own."""

    @property
    def parameters(self) -> list[str]:
        """The values it asks for, in the order they are first met."""
        return fields_of(self.text)


def fields_of(text: str) -> list[str]:
    """Names or numbers in double braces, each once; numbers in their order."""
    found = list(dict.fromkeys(_FIELD.findall(text)))
    return sorted(found, key=int) if all(name.isdigit() for name in found) else found


def fill(text: str, values: dict[str, str]) -> str:
    """`text` with what is known of its values; the others stay in their braces."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def read(whatsapp: WhatsApp, account_id: str) -> list[Listed]:
    """Every template of a WhatsApp Business Account. Raises TemplatesUnread."""
    try:
        return [_listed(node) for node in _nodes(whatsapp, account_id)]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise TemplatesUnread(f"{type(error).__name__}: {error}"[:300]) from error


def _nodes(whatsapp: WhatsApp, account_id: str) -> Iterator[Json]:
    url = f"{whatsapp.graph_url}/{account_id}/message_templates?limit={PAGE}"
    after = ""
    for _ in range(MOST_PAGES):
        answer = whatsapp.get(url + (f"&after={after}" if after else "")).json()
        yield from answer["data"]
        paging = answer.get("paging") or {}
        after = str((paging.get("cursors") or {}).get("after") or "")
        if not paging.get("next") or not after:
            return


def _listed(node: Json) -> Listed:
    components = {str(part.get("type")).upper(): part for part in node.get("components") or ()}
    reason = str(node.get("rejected_reason") or "")
    return Listed(
        name=str(node["name"]),
        language=str(node["language"]),
        status=str(node["status"]).upper(),
        reason="" if reason == "NONE" else reason,
        text=str(components.get("BODY", {}).get("text") or ""),
        is_plain=_is_plain(components),
    )


def _is_plain(components: dict[str, Json]) -> bool:
    """Whether header and buttons need no values, and nothing is there that we cannot fill in."""
    if components.keys() - {"HEADER", "BODY", "FOOTER", "BUTTONS"}:
        return False
    header = components.get("HEADER", {"format": "TEXT"})
    buttons = components.get("BUTTONS", {}).get("buttons") or ()
    has_fields = any(_FIELD.search(str(button.get("url") or "")) for button in buttons)
    is_known = all(
        button.get("type") in ("QUICK_REPLY", "URL", "PHONE_NUMBER") for button in buttons
    )
    is_text = header.get("format") == "TEXT" and not _FIELD.search(str(header.get("text") or ""))
    return is_text and is_known and not has_fields
