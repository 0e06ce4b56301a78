"""How many webhooks one web process takes for good in a second; nothing answers them yet."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.meta import Person, signed

CONNECTIONS = 8
SECONDS = 5.0
MOST_PER_CONNECTION = 2000


@dataclass
class Accepts:
    """Seconds of each accept, and how long all of them took together."""

    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Webhooks accepted in a second."""
        return len(self.seconds) / self.lasted


def measure(web_url: str) -> Accepts:
    """Post as fast as the process answers, each message from somebody new."""
    accepts = Accepts()
    bodies = [_bodies(connection) for connection in range(CONNECTIONS)]
    threads = [threading.Thread(target=_send, args=(web_url, mine, accepts)) for mine in bodies]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepts.lasted = time.perf_counter() - started
    return accepts


def _bodies(connection: int) -> list[tuple[bytes, dict[str, str]]]:
    """Signed webhooks, made before the clock runs."""
    phones = (f"55119{connection:02d}{n:06d}" for n in range(MOST_PER_CONNECTION))
    bodies = [Person.with_phone(phone).text("oi") for phone in phones]
    return [(body, signed(body)) for body in bodies]


def _send(web_url: str, bodies: list[tuple[bytes, dict[str, str]]], accepts: Accepts) -> None:
    address = urlsplit(web_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    until = time.perf_counter() + SECONDS
    for body, headers in bodies:
        started = time.perf_counter()
        if started > until:
            break
        connection.request("POST", "/webhooks/whatsapp", body, headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        accepts.seconds.append(time.perf_counter() - started)
    connection.close()
