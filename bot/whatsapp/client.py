"""Sending through the Cloud API. A result is accepted, refused, or *we don't know*."""

from dataclasses import dataclass
from typing import Any

import requests

from bot.settings import Settings
from bot.whatsapp.errors import parse_code

CONNECT_SECONDS, READ_SECONDS = 3, 10
UPLOAD_SECONDS = 60
TRY_AGAIN = 131000
"""Meta's code for what may work the next time; ours when an upload got no answer of hers."""


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
        self._number_url = f"{self.graph_url}/{settings.whatsapp_phone_number_id}"
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

    def upload(self, name: str, data: bytes, mime_type: str) -> str | Refused:
        """Give Meta a file; its media id, good for 30 days. Never raises.

        Nobody sees an upload: one without an answer is simply made again.
        """
        form = {"messaging_product": "whatsapp", "type": mime_type}
        files = {"file": (name, data, mime_type)}
        timeout = (CONNECT_SECONDS, UPLOAD_SECONDS)
        try:
            response = self._session.post(
                f"{self._number_url}/media", data=form, files=files, timeout=timeout
            )
        except requests.RequestException as error:
            return Refused(TRY_AGAIN, f"upload: {type(error).__name__}")
        return _of_upload(response)

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
        return self._session.post(
            f"{self._number_url}/messages",
            json=message,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        )


def _of_lost_connection(error: requests.ConnectionError) -> Result:
    """Refused when no connection was made; unknown when it broke after we had written."""
    if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
        return Refused(None, "could not connect")
    return Unknown(type(error).__name__)


def _of_upload(response: requests.Response) -> str | Refused:
    answer = _json(response)
    if response.ok:
        media_id = answer.get("id") if isinstance(answer, dict) else None
        return str(media_id) if media_id else Refused(TRY_AGAIN, "upload: no media id")
    error = answer.get("error") if isinstance(answer, dict) else None
    return _refused(error if isinstance(error, dict) else {"code": TRY_AGAIN}, response)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return {}


def _of_response(response: requests.Response) -> Result:
    answer = _json(response)
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
