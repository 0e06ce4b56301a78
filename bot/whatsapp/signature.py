"""Who sent this webhook: HMAC-SHA256 over the raw bytes, as Meta signs them."""

import hashlib
import hmac

HEADER = "X-Hub-Signature-256"


def sign(body: bytes, secret: str) -> str:
    """The value of the header for `body`: `sha256=` and 64 hex digits."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_valid(body: bytes, header: str | None, secret: str) -> bool:
    """Whether `header` signs exactly these bytes, compared in constant time."""
    return hmac.compare_digest((header or "").encode(), sign(body, secret).encode())
