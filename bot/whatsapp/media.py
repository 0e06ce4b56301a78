"""Files: what people sent, and what we may send.

The address of what people sent lives five minutes and asks for our token.
"""

from dataclasses import dataclass

import requests

from bot.whatsapp.client import WhatsApp

LARGEST = 25 * 1024 * 1024


MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A type of file we send: its message type, its ending, the bytes WhatsApp takes of it."""

    message_type: str
    mime_type: str
    ending: str
    most: int


KINDS = {
    b"%PDF-": Kind("document", "application/pdf", ".pdf", 16 * MEGABYTE),
    b"\xff\xd8\xff": Kind("image", "image/jpeg", ".jpg", 5 * MEGABYTE),
    b"\x89PNG\r\n\x1a\n": Kind("image", "image/png", ".png", 5 * MEGABYTE),
}
"""By how the bytes begin: a name proves nothing. WhatsApp takes documents of 100 MB, which
nobody opens on a phone."""


def kind_of(data: bytes) -> Kind | None:
    """What a file is by its content; None when we do not send such files."""
    return next((kind for begin, kind in KINDS.items() if data.startswith(begin)), None)


class MediaGone(Exception):
    """Meta does not have it (any more), or it is too large to be shown."""


@dataclass(frozen=True)
class Media:
    """A file as Meta gives it."""

    data: bytes
    mime_type: str


def fetch(whatsapp: WhatsApp, media_id: str) -> Media:
    """The file behind a media id. Raises MediaGone."""
    if not media_id.isalnum():
        raise MediaGone(media_id)
    try:
        about = whatsapp.get(f"{whatsapp.graph_url}/{media_id}").json()
        if int(about.get("file_size") or 0) > LARGEST:
            raise MediaGone(f"{media_id} has {about['file_size']} bytes")
        response = whatsapp.get(about["url"])
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise MediaGone(f"{media_id}: {type(error).__name__}") from error
    return Media(response.content, str(about.get("mime_type") or ""))
