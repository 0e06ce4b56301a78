"""Files that travel: uploaded by either side, fetched by id for five minutes at a time.

Source: Cloud API media reference: types and sizes per kind; a media URL lives five minutes.
"""

import hashlib
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

from bot.simulator.errors import GraphError

URL_SECONDS = 5 * 60
MEGABYTE = 1024 * 1024
_FETCH_TIMEOUT = (3, 15)

LIMITS = {
    "image": (5 * MEGABYTE, ("image/jpeg", "image/png")),
    "audio": (
        16 * MEGABYTE,
        ("audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"),
    ),
    "video": (16 * MEGABYTE, ("video/mp4", "video/3gpp")),
    "sticker": (MEGABYTE // 2, ("image/webp",)),
    "document": (100 * MEGABYTE, ()),
}
"""Most bytes and allowed MIME types (none given: any) per kind."""


@dataclass(frozen=True)
class Media:
    """A stored file."""

    id: str
    mime_type: str
    filename: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        """What a bubble with it holds."""
        return {"id": self.id, "mime_type": self.mime_type, "file_size": len(self.data)}

    def as_json(self, base_url: str) -> dict[str, Any]:
        """The answer to `GET /{media_id}`; its URL expires."""
        expires = int(time.time()) + URL_SECONDS
        return {
            "messaging_product": "whatsapp",
            "url": f"{base_url}lookaside/{self.id}?expires={expires}",
            "mime_type": self.mime_type,
            "sha256": self.sha256,
            "file_size": len(self.data),
            "id": self.id,
        }


class MediaStore:
    """Every file, by id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, Media] = {}

    def add(self, data: bytes, mime_type: str, filename: str = "") -> Media:
        """Keep a file."""
        media = Media(str(random.randrange(10**14, 10**15)), mime_type, filename, data)
        with self._lock:
            self._files[media.id] = media
        return media

    def get(self, media_id: str) -> Media:
        """The file with this id. Raises GraphError 100 as Meta does for an id it does not know."""
        with self._lock:
            media = self._files.get(media_id)
        if media is None:
            raise GraphError(100, f"Object with ID '{media_id}' does not exist")
        return media

    def remove(self, media_id: str) -> None:
        """Forget a file."""
        self.get(media_id)
        with self._lock:
            self._files.pop(media_id, None)

    def clear(self) -> None:
        """Forget every file."""
        with self._lock:
            self._files.clear()

    def fetch(self, link: str, filename: str = "") -> Media:
        """Download `link`, as Meta does for media sent by link. Raises GraphError 131053."""
        try:
            response = requests.get(link, timeout=_FETCH_TIMEOUT)
        except requests.RequestException as error:
            raise GraphError(131053, f"Downloading media from weblink failed: {error}") from None
        if not response.ok:
            raise GraphError(
                131053,
                "Downloading media from weblink failed with http code "
                f"{response.status_code}, status message {response.reason}",
            )
        mime_type = response.headers.get("Content-Type", "application/octet-stream")
        return self.add(response.content, mime_type.partition(";")[0], filename)


def kind_of(mime_type: str) -> str:
    """Which kind of message a file of this type is sent as."""
    bare = mime_type.partition(";")[0]
    kinds = (kind for kind, (_, types) in LIMITS.items() if bare in types)
    return next(kinds, "document")


def check_upload(size: int, mime_type: str) -> None:
    """Raises GraphError when a file is too big for its kind."""
    kind = kind_of(mime_type)
    most = LIMITS[kind][0]
    if size > most:
        raise GraphError(131053, f"File size {size} is too big for {kind}: at most {most} bytes")
    if size == 0:
        raise GraphError(131053, "The file is empty")


def check_kind(media: Media, kind: str) -> None:
    """Raises GraphError when `media` cannot be sent as `kind`."""
    types = LIMITS[kind][1]
    if types and media.mime_type.partition(";")[0] not in types:
        raise GraphError(131053, f"{media.mime_type} is not supported for {kind}: {types}")
