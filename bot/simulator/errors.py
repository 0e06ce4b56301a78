"""Errors as the Graph API words them, keyed by Meta's code.

Source: Cloud API error codes, November 2026. HTTP statuses follow Meta's table; where it
gives none, the class of the error decides.
"""

import secrets
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

_MESSAGES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131031: (403, "Account has been locked"),
    131042: (400, "Business eligibility payment issue"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
    ),
    131050: (400, "User has stopped marketing messages from this business"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131064: (400, "Message limit reached for this account"),
    132000: (400, "Template Param Count Mismatch"),
    132001: (404, "Template does not exist"),
    132005: (400, "Template Hydrated Text Too Long"),
    132007: (400, "Template Format Character Policy Violated"),
    132008: (400, "Template Parameter Format Mismatch"),
    132012: (400, "Template Parameter Format Mismatch"),
    132015: (400, "Template is Paused"),
    132016: (400, "Template is Disabled"),
    133004: (503, "Server Temporarily Unavailable"),
    137000: (400, "Recipient identity key hash mismatch"),
}

KNOWN_CODES = tuple(_MESSAGES)
TRANSIENT_CODES = {1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004}


def title(code: int) -> str:
    """Meta's title of `code`."""
    return _MESSAGES.get(code, (400, "Unknown error"))[1]


@dataclass(eq=False)
class GraphError(Exception):
    """A refusal by the Cloud API. `http` is None for the status Meta gives with this code."""

    code: int
    details: str
    http: int | None = None
    retry_after: int | None = None

    @property
    def http_status(self) -> int:
        return self.http or _MESSAGES.get(self.code, (400, ""))[0]

    def as_response(self) -> Json:
        """The body of the HTTP response."""
        return {
            "error": {
                "message": f"(#{self.code}) {title(self.code)}",
                "type": "OAuthException",
                "code": self.code,
                "is_transient": self.code in TRANSIENT_CODES,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "A" + secrets.token_urlsafe(16),
            }
        }

    def as_status(self) -> Json:
        """One of `statuses[].errors` in a webhook."""
        return {
            "code": self.code,
            "title": title(self.code),
            "message": title(self.code),
            "error_data": {"details": self.details},
            "href": _HREF,
        }
