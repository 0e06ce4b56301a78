"""A door before billing: passes every call on, and tells somebody what was answered."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

Heard = Callable[[str, str, bytes, requests.Response], None]
"""Called with method, path, what was asked and the answer."""

_OF_THIS_CONNECTION = {"host", "connection", "content-length", "accept-encoding"}
DEADLINE = 30
"""Seconds billing may take."""


class Relay:
    """Billing's address for the rest of the house, on a port of its own."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._billing = ""
        self._local = threading.local()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stand_before(self, billing_url: str) -> None:
        """Begin to pass calls on to the real billing."""
        self._billing = billing_url

    def stop(self) -> None:
        """Let nobody through any more."""
        self._server.shutdown()
        self._server.server_close()

    def pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> requests.Response:
        """Ask billing, and tell what it answered. Raises requests.RequestException."""
        answer = self._session().request(
            method, self._billing + path, headers=headers, data=body, timeout=DEADLINE
        )
        self._heard(method, path, body, answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together
        disable_nagle_algorithm = True

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in _OF_THIS_CONNECTION
            }
            try:
                answer = relay.pass_on(self.command, self.path, headers, body)
            except requests.RequestException:
                self.close_connection = True  # as if billing had not been there
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
