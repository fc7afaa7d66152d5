"""SRT in, the source's process's part: the transport stream that `srt_carrier` carries."""

import socket
from collections.abc import Iterator
from typing import Final

from amphitheatre.media.ingest import container
from amphitheatre.media.ingest.coded import Coded
from amphitheatre.media.ingest.timed_input import TimedInput

_SILENCE: Final = 10.0  # seconds
_PROBE: Final = {"probesize": "1500000", "analyzeduration": "1500000"}  # bytes, microseconds


class SrtSource:
    """sock: owned from now on; may begin in the middle of the stream."""

    protocol = "srt"

    def __init__(self, sock: socket.socket, *, silence: float = _SILENCE) -> None:
        self._sock = sock
        self._silence = silence

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: closed, silent, unreadable."""
        carried = TimedInput(self._sock.fileno(), self._silence)
        with container.open_container(carried, format="mpegts", options=_PROBE) as opened:
            yield from container.packets(opened, container.tracks(opened), carried.arrived)
        raise carried.end()

    def close(self) -> None:
        self._sock.close()
