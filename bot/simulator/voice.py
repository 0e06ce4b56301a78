"""A voice note to send when nobody speaks: valid Ogg Opus, silent.

Source: RFC 3533 (Ogg pages) and RFC 7845 (Opus in Ogg).
"""

import struct
from collections.abc import Iterator

MIME_TYPE = "audio/ogg; codecs=opus"

_SILENT_PACKET = b"\xf8\xff\xfe"
"""20 ms of silence, CELT fullband mono."""
_PACKET_SAMPLES, _PACKETS_PER_SECOND, _PACKETS_PER_PAGE = 960, 50, 250
_FIRST, _LAST = 2, 4
_SERIAL = 0x0C0B1AD0


def silence(seconds: float) -> bytes:
    """A voice note of this length."""
    count = max(1, round(seconds * _PACKETS_PER_SECOND))
    return b"".join(_pages(count))


def _pages(count: int) -> Iterator[bytes]:
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    vendor = b"simulador"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    yield _page(0, 0, [head], _FIRST)
    yield _page(1, 0, [tags], 0)
    for number, start in enumerate(range(0, count, _PACKETS_PER_PAGE), 2):
        end = min(start + _PACKETS_PER_PAGE, count)
        flags = _LAST if end == count else 0
        packets = [_SILENT_PACKET] * (end - start)
        yield _page(number, end * _PACKET_SAMPLES, packets, flags)


def _page(number: int, position: int, packets: list[bytes], flags: int) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    header = struct.pack("<4sBBqII", b"OggS", 0, flags, position, _SERIAL, number)
    rest = struct.pack("<B", len(sizes)) + sizes + b"".join(packets)
    checksum = _crc(header + bytes(4) + rest)
    return header + struct.pack("<I", checksum) + rest


def _crc(data: bytes) -> int:
    """Ogg's CRC-32: polynomial 0x04C11DB7, neither reflected nor inverted."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
            crc &= 0xFFFFFFFF
    return crc
