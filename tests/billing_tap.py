"""Stands between the house and billing and remembers what billing answered.

So a test can see whether what was said to a person came from there.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_OF_THIS_CONNECTION = {"host", "connection", "content-length", "accept-encoding"}


class BillingTap:
    """A door to billing, on a port of its own."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.target = ""
        """Where billing really is."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Let nobody through any more."""
        self._server.shutdown()
        self._server.server_close()


def _handler(tap: BillingTap) -> type[BaseHTTPRequestHandler]:
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
                answer = requests.request(
                    self.command, tap.target + self.path, headers=headers, data=body, timeout=15
                )
            except requests.RequestException:
                self.close_connection = True  # as if billing had not been there
                return
            tap.answers.append(answer.text)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
