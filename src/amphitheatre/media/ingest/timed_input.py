"""A byte stream for libavformat that remembers when each byte came.

Probing reads seconds ahead before it gives out the first packet; by its position a packet still gets its true arrival.
"""

import os
import select
import time
from bisect import bisect_right
from typing import Final

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.coded import AnyPacket

_REMEMBER: Final = 8192  # reads, at least half of them


class TimedInput:
    """Readable, not seekable. fd: borrowed, a pipe or socket. silence: seconds until it counts as lost."""

    def __init__(self, fd: int, silence: float) -> None:
        self._fd = fd
        self.silence = silence
        self.total = 0  # bytes
        self.silent = False
        self._starts: list[int] = []
        self._times: list[float] = []

    def read(self, size: int) -> bytes:
        """At most `size` bytes, as soon as there are any; none at the end or after `silence`."""
        ready, _, _ = select.select([self._fd], [], [], self.silence)
        if not ready:
            self.silent = True
            return b""
        data = os.read(self._fd, size)
        if len(self._starts) >= _REMEMBER:
            del self._starts[: _REMEMBER // 2], self._times[: _REMEMBER // 2]
        self._starts.append(self.total)
        self._times.append(time.monotonic())
        self.total += len(data)
        return data

    def arrived(self, packet: AnyPacket) -> float:
        """time.monotonic() at the arrival of the packet's first byte."""
        if packet.pos is None or packet.pos < 0:
            return self._times[-1]
        return self._times[max(bisect_right(self._starts, packet.pos) - 1, 0)]

    def end(self) -> SourceBroken:
        """Why nothing more comes."""
        return SourceBroken("silent" if self.silent else "closed")
