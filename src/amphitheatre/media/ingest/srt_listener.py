"""SRT's door in the origin: a plain UDP socket that waits for a caller in place of a whole process.

At the first handshake packet the socket is closed and ffmpeg's binary listens on the same port in its
stead (`srt_carrier`); the caller repeats its handshake every 250 ms, so it loses no call.
"""

import asyncio
import socket
import struct
import time
from typing import Final

import structlog

from amphitheatre.media.ingest.readable import readable

log = structlog.get_logger(__name__)

# SRT (draft-sharabayko-srt-01), section 3.2.1: control bit and type 0, version 4 or 5, type "induction" (1).
_HANDSHAKE: Final = struct.Struct(">IIIIIHHIII")
_CONTROL_HANDSHAKE: Final = 0x80000000
_INDUCTION: Final = 1
_HANDSHAKE_SIZE: Final = 64  # bytes, header included
_DATAGRAM: Final = 2048  # bytes


class SrtListener:
    """Waits for callers on one UDP port, one after the other.

    A caller that gets nowhere makes the next wait longer: pauses in seconds, doubled from `pause` to `longest`.
    """

    def __init__(self, host: str, port: int, *, pause: float = 0.2, longest: float = 5.0) -> None:
        self._host = host
        self._port = port
        self._shortest = self._pause = pause
        self._longest = longest
        self._next = 0.0

    async def caller(self) -> str:
        """The address of somebody who calls; the port is free again when this returns.

        Raises OSError while the port is taken, by the process of the last caller for instance.
        """
        await asyncio.sleep(max(0.0, self._next - time.monotonic()))
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as door:
            door.setblocking(False)
            door.bind((self._host, self._port))
            self._port = door.getsockname()[1]
            while True:
                await readable(door)
                try:
                    data, address = door.recvfrom(_DATAGRAM)
                except BlockingIOError:
                    continue  # the kernel has dropped it: its checksum was wrong
                if is_handshake(data):
                    log.info("srt.caller", peer=address[0], port=self._port)
                    return str(address[0])

    def got_nowhere(self) -> None:
        """The last caller was turned away or sent nothing: wait longer before the next."""
        self._next = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, self._longest)

    def succeeded(self) -> None:
        """The last caller has sent pictures or sound."""
        self._pause = self._shortest
        self._next = 0.0


def is_handshake(data: bytes) -> bool:
    """Whether a datagram looks like the first one of an SRT caller."""
    if len(data) < _HANDSHAKE_SIZE:
        return False
    control, _info, _time, _socket, version, _encryption, _extension, _sequence, _mtu, _flow = (
        _HANDSHAKE.unpack_from(data)
    )
    (kind,) = struct.unpack_from(">I", data, 36)
    return control == _CONTROL_HANDSHAKE and version in (4, 5) and kind == _INDUCTION
