"""Tokens that prove a document: what it is of and when it was issued, signed and not guessable.

Nothing is stored: whoever changes a token, or SECRET_KEY, has one that proves nothing.
"""

import hashlib
import hmac
import re
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from struct import Struct
from uuid import UUID

from bot.billing.documents.facts import Kind

_KINDS = tuple(Kind)
_EPOCH = date(2020, 1, 1)
_CONTENT = Struct(">?B16sHH")
_SEAL_BYTES = 14
_CODE_CHARACTERS = 12
_TOKEN = re.compile(r"[A-Za-z0-9_-]{48}")


@dataclass(frozen=True)
class Issue:
    """One document issued on a day.

    `subject`: the payment of a receipt, the agreement of terms, the agreement or the last payment
    of a clearance, the customer of a declaration, whose `year` it is (0 for the others). `opens`:
    whether the token shows the document itself, as the link sent to its holder does; the QR on
    the paper only proves it.
    """

    kind: Kind
    subject: UUID
    issued_on: date
    year: int = 0
    opens: bool = False


class Signer:
    """Writes and reads tokens with a key derived from the secret of this installation."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"combinado documents", hashlib.sha256)

    def token(self, issue: Issue) -> str:
        """Return 48 characters for an address."""
        content = _pack(issue)
        return urlsafe_b64encode(content + self._seal(b"token", content)).decode()

    def read(self, token: str) -> Issue | None:
        """Return what a token is of, or nothing if it is not one of ours."""
        if not _TOKEN.fullmatch(token):
            return None
        raw = urlsafe_b64decode(token)
        content, seal = raw[: _CONTENT.size], raw[_CONTENT.size :]
        if not hmac.compare_digest(seal, self._seal(b"token", content)):
            return None
        return _unpack(content)

    def code(self, issue: Issue) -> str:
        """Return the code people compare, like `7K2M-9QXD-4TRA`: the same for both tokens."""
        content = _pack(issue)[1:]
        code = b32encode(self._seal(b"code", content)).decode()[:_CODE_CHARACTERS]
        return "-".join(code[start : start + 4] for start in range(0, _CODE_CHARACTERS, 4))

    def _seal(self, purpose: bytes, content: bytes) -> bytes:
        return hmac.digest(self._key, purpose + content, hashlib.sha256)[:_SEAL_BYTES]


def _pack(issue: Issue) -> bytes:
    days = (issue.issued_on - _EPOCH).days
    kind = _KINDS.index(issue.kind)
    return _CONTENT.pack(issue.opens, kind, issue.subject.bytes, days, issue.year)


def _unpack(content: bytes) -> Issue:
    opens, kind, subject, days, year = _CONTENT.unpack(content)
    issued_on = _EPOCH + timedelta(days=days)
    return Issue(_KINDS[kind], UUID(bytes=subject), issued_on, year, opens)
