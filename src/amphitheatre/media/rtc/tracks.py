"""What one WHEP peer is sent: coded pictures and Opus frames, as they come, from bounded lines.

Neither track waits for a clock: the units were paced by the room already. Timestamps are room time.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from amphitheatre.media.rtc.line import Line
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

if TYPE_CHECKING:
    CodedPacket = av.Packet[Any]
else:  # generic to the type checker only
    CodedPacket = av.Packet

VIDEO_LINE: Final = 15  # pictures: half a second, then the peer starts again at a key frame
SOUND_LINE: Final = 25  # frames of 20 ms
VIDEO_BASE: Final = Fraction(1, VIDEO_RATE)
SOUND_BASE: Final = Fraction(1, SOUND_RATE)
VOICE_FRESH: Final = 0.3  # seconds without the interpreter's sound, then the floor is heard


class LineTrack(MediaStreamTrack):
    """A bounded line of packets. `begin` is called when the peer is ready: at the first recv()."""

    def __init__(self, begin: Callable[[], None], limit: int) -> None:
        super().__init__()
        self._begin: Callable[[], None] | None = begin
        self._limit = limit
        self._line: deque[CodedPacket] = deque()
        self._more = asyncio.Event()
        self.dropped = 0
        self.sent: float | None = None  # room time in seconds of the packet handed out last

    async def recv(self) -> CodedPacket:
        """The next packet. Raises MediaStreamError once stopped, also while it waits."""
        if self._begin is not None:
            begin, self._begin = self._begin, None
            begin()
        while not self._line:
            if self.readyState != "live":
                raise MediaStreamError
            self._more.clear()
            await self._more.wait()
        packet = self._line.popleft()
        if packet.pts is not None:
            self.sent = float(packet.pts * packet.time_base)
        return packet

    def stop(self) -> None:
        super().stop()
        self._line.clear()
        self._more.set()

    def _put(self, packet: CodedPacket) -> None:
        self._line.append(packet)
        self._more.set()

    def _overflow(self) -> bool:
        """Empty a full line; True if it was."""
        if len(self._line) < self._limit:
            return False
        self.dropped += len(self._line)
        self._line.clear()
        return True


class PictureTrack(LineTrack):
    """H.264 as it is, of the rung that the line carries.

    Starts, and goes on after an overflow or on another rung, with an IDR picture: every rung has its own at the same
    places of the grid. refresh: asks the view for an IDR picture.
    """

    kind = "video"

    def __init__(self, begin: Callable[[], None], refresh: Callable[[], None]) -> None:
        super().__init__(begin, VIDEO_LINE)
        self.line = Line()
        self.rung = 0
        self._refresh = refresh
        self._needs_key = True
        self._newest = -1

    async def recv(self) -> CodedPacket:
        packet = await super().recv()
        self.line.sent(packet.size, time.monotonic())
        return packet

    def put(self, packet: CodedPacket, key: bool, rung: int = 0) -> None:
        """Offer the next access unit (Annex B, key frames with their parameter sets) of a rung, 0 for the best."""
        if self.readyState != "live" or packet.pts is None:
            return
        if key and self.rung != self.line.level and packet.pts > self._newest:
            self.rung, self._needs_key = self.line.level, True
        if rung != self.rung:
            return
        if self._overflow():
            self._needs_key = True
            self._refresh()
        if self._needs_key and not key:
            self.dropped += 1
            return
        self._needs_key = False
        self._newest = packet.pts
        self._put(packet)


class SoundTrack(LineTrack):
    """Opus frames of the voice, and of the floor while there is no voice; never backwards in time."""

    kind = "audio"

    def __init__(self, begin: Callable[[], None]) -> None:
        super().__init__(begin, SOUND_LINE)
        self._newest = -1
        self._voice_at = float("-inf")

    def put(self, packet: CodedPacket, voice: bool, now: float) -> None:
        """Offer the next frame. voice: it is of the language asked for. now: monotonic seconds."""
        if self.readyState != "live":
            return
        if voice:
            self._voice_at = now
        elif now - self._voice_at < VOICE_FRESH:
            return
        if packet.pts is None or packet.pts <= self._newest:
            return
        self._newest = packet.pts
        self._overflow()
        self._put(packet)
