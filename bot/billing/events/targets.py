"""Where events may be sent, and sending them: never into a private network by mistake.

An address is checked when it is registered and again before each delivery, and the connection
goes to the very address that was checked, so that a name cannot point elsewhere meanwhile.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import certifi
import urllib3

from bot.billing.errors import UnsafeUrl
from bot.settings import Settings

PORTS = {"http": 80, "https": 443}
CONNECT_SECONDS = 3.0
READ_SECONDS = 7.0


@dataclass(frozen=True)
class Target:
    """A checked URL and the address to connect to."""

    url: SplitResult
    host: str
    port: int
    address: str


def check(url: str, settings: Settings) -> Target:
    """Resolve `url`. Raises UnsafeUrl, saying why nothing is sent there.

    Outside the demo it must be https; private networks are allowed in the demo and with
    EVENTS_TO_PRIVATE_HOSTS=1.
    """
    parts, host, port = _split(url)
    if parts.scheme != "https" and not settings.demo:
        raise UnsafeUrl(f"{parts.scheme}: must be https")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnsafeUrl(f"{host}: cannot be resolved ({type(error).__name__})") from None
    addresses = [str(address[0]) for *_, address in found]
    if not (settings.demo or settings.events_to_private_hosts):
        _refuse_private(host, addresses)
    return Target(parts, host, port, addresses[0])


def post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Send `body` and return the status of the answer, which is not read.

    Raises urllib3.exceptions.HTTPError or OSError when there was none in time. A redirect is an
    answer like any other: it is not followed.
    """
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    pool: urllib3.HTTPConnectionPool
    if target.url.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            target.address,
            target.port,
            timeout=timeout,
            ca_certs=certifi.where(),
            server_hostname=target.host,
            assert_hostname=target.host,
        )
    else:
        pool = urllib3.HTTPConnectionPool(target.address, target.port, timeout=timeout)
    path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
    with pool:
        response = pool.urlopen(
            "POST",
            path,
            body=body,
            headers={"Host": target.url.netloc, **headers},
            retries=False,
            redirect=False,
            preload_content=False,
        )
        response.close()
    return response.status


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise UnsafeUrl("the address is not one like https://example.com/path") from None
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise UnsafeUrl("the address wants a host, and no user or fragment")
    return parts, parts.hostname, port


def _refuse_private(host: str, addresses: list[str]) -> None:
    for text in addresses:
        address = ipaddress.ip_address(text.split("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        if not (mapped or address).is_global or address.is_multicast:
            raise UnsafeUrl(f"{host}: {address} is in a private network")
