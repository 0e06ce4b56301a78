"""Where a list goes on: the order's values of the last row seen, opaque to whoever holds it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from bot.billing.customers.errors import BadCursor

Key = TypeVar("Key")


def write(key: str, row_id: UUID) -> str:
    """Return the cursor that goes on after the row with this order key and id."""
    return urlsafe_b64encode(json.dumps([key, str(row_id)]).encode()).decode()


def read(cursor: str, to_key: Callable[[str], Key]) -> tuple[Key, UUID]:
    """Return the key and id in a cursor. Raises BadCursor."""
    try:
        key, row_id = json.loads(urlsafe_b64decode(cursor))
        if "\x00" in key:
            raise ValueError("NUL in a cursor")
        return to_key(key), UUID(row_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor(f"{cursor!r} is no cursor of this list") from error
