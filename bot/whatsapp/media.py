"""Fetching what people sent: its address lives five minutes and asks for our token."""

from dataclasses import dataclass

import requests

from bot.whatsapp.client import WhatsApp

LARGEST = 25 * 1024 * 1024


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
