"""Sending through the Cloud API. A result is accepted, refused, or *we don't know*."""

from dataclasses import dataclass
from typing import Any

import requests

from bot.settings import Settings
from bot.whatsapp.errors import parse_code

CONNECT_SECONDS, READ_SECONDS = 3, 10


@dataclass(frozen=True)
class Accepted:
    """Meta took the message; delivery is told later by its statuses."""

    wamid: str


@dataclass(frozen=True)
class Refused:
    """Meta did not take it. `code` is None when nothing of Meta's was reached at all."""

    code: int | None
    detail: str
    http_status: int | None = None
    retry_after: float | None = None
    is_transient: bool = False
    """Meta says that it will pass."""


@dataclass(frozen=True)
class Unknown:
    """The request left and no answer came: it may or may not have been taken.

    Never send again on this; the status webhook with our callback data tells.
    """

    detail: str


Result = Accepted | Refused | Unknown


class WhatsApp:
    """A connection to one business number."""

    def __init__(self, settings: Settings) -> None:
        self.graph_url = f"{settings.whatsapp_api_url}/{settings.whatsapp_api_version}"
        self._url = f"{self.graph_url}/{settings.whatsapp_phone_number_id}/messages"
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=32))
        token = settings.whatsapp_access_token.get_secret_value()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def send(self, to: dict[str, str], content: dict[str, Any], callback: str) -> Result:
        """Send one message. Never raises.

        `to` is `{"to": phone}` or `{"recipient": bsuid}`, `content` the typed part of the
        request (`bot.whatsapp.content`), `callback` comes back in every status.
        """
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "biz_opaque_callback_data": callback,
            **to,
            **content,
        }
        try:
            response = self._post(message)
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as error:
            return Refused(None, type(error).__name__)
        except requests.ConnectionError as error:
            return _of_lost_connection(error)
        except requests.RequestException as error:
            return Unknown(type(error).__name__)
        return _of_response(response)

    def mark_read(self, wamid: str, is_typing: bool) -> None:
        """Blue ticks, and *digitando…* for the person. A courtesy: failures are ignored."""
        message = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        typing = {"typing_indicator": {"type": "text"}} if is_typing else {}
        try:
            self._post({**message, **typing})
        except requests.RequestException:
            return

    def get(self, url: str) -> requests.Response:
        """Read something of Meta's. Raises requests.RequestException."""
        response = self._session.get(url, timeout=(CONNECT_SECONDS, READ_SECONDS))
        response.raise_for_status()
        return response

    def _post(self, message: dict[str, Any]) -> requests.Response:
        return self._session.post(self._url, json=message, timeout=(CONNECT_SECONDS, READ_SECONDS))


def _of_lost_connection(error: requests.ConnectionError) -> Result:
    """Refused when no connection was made; unknown when it broke after we had written."""
    if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
        return Refused(None, "could not connect")
    return Unknown(type(error).__name__)


def _of_response(response: requests.Response) -> Result:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        answer = {}
    if response.ok:
        wamid = _wamid(answer)
        return Accepted(wamid) if wamid else Unknown(f"HTTP {response.status_code}, no message id")
    if response.status_code in (502, 504):
        return Unknown(f"HTTP {response.status_code} from a gateway")
    error = answer.get("error") if isinstance(answer, dict) else None
    return _refused(error if isinstance(error, dict) else {}, response)


def _wamid(answer: Any) -> str | None:
    try:
        wamid = answer["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        return None
    return wamid if isinstance(wamid, str) else None


def _refused(error: dict[str, Any], response: requests.Response) -> Refused:
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    return Refused(
        code=parse_code(error),
        detail=str(details or error.get("message") or f"HTTP {response.status_code}"),
        http_status=response.status_code,
        retry_after=_seconds(response.headers.get("Retry-After")),
        is_transient=error.get("is_transient") is True,
    )


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdecimal() else None
