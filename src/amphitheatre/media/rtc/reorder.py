"""RTP packets in, whole frames out, as early as they can be had.

aiortc's own jitter buffer knows that a frame is whole only when the next one begins (33 ms later at 30
frames/s) and holds back four packets of sound (80 ms). This one goes by the marker bit (RFC 3550, 5.1) and
holds back nothing unless a packet is missing.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

_HALF: Final = 1 << 15
_JUMP: Final = 3000  # packets; a larger step in sequence numbers is a new stream, not a loss


class Packet(Protocol):
    """What is read of aiortc's RtpPacket."""

    sequence_number: int
    timestamp: int
    marker: int
    ssrc: int
    payload_type: int


class Whole(NamedTuple):
    """One frame. arrival: monotonic seconds of the packet that completed it. clean: no loss before it."""

    data: bytes
    timestamp: int
    ssrc: int
    payload_type: int
    arrival: float
    clean: bool


class Reorder:
    """hold: seconds to wait for a missing packet; capacity: packets kept meanwhile."""

    def __init__(
        self, emit: Callable[[Whole], None], *, hold: float, capacity: int, by_marker: bool = True
    ) -> None:
        self._emit = emit
        self._hold = hold
        self._capacity = capacity
        self._by_marker = by_marker
        self._next = 0
        self._ssrc: int | None = None
        self._held: dict[int, tuple[Packet, bytes]] = {}
        self._waiting_since: float | None = None
        self._parts: list[bytes] = []
        self._building: Packet | None = None
        self._clean = False
        self.lost = 0
        self.late = 0

    def add(self, packet: Packet, data: bytes, now: float) -> bool:
        """Take one packet's depayloaded data; True if something was given up for lost just now."""
        if packet.ssrc != self._ssrc:
            self._restart(packet)
        ahead = (packet.sequence_number - self._next) & 0xFFFF
        if ahead >= _HALF:
            if 0x10000 - ahead < _JUMP:
                self.late += 1
                return False
            self._restart(packet)
        elif ahead > _JUMP:
            self._restart(packet)
        self._held[packet.sequence_number] = (packet, data)
        self._drain(now)
        if len(self._held) > self._capacity:
            self._skip(now)
            return True
        return False

    def expire(self, now: float) -> bool:
        """Stop waiting for packets that are overdue; True if something was given up for lost."""
        if self._waiting_since is None or now - self._waiting_since < self._hold:
            return False
        self._skip(now)
        return True

    def missing(self) -> list[int]:
        """Sequence numbers to ask for again; at most as many as one feedback packet is good for."""
        if not self._held:
            return []
        newest = max((n - self._next) & 0xFFFF for n in self._held)
        wanted = ((self._next + step) & 0xFFFF for step in range(min(newest, 128)))
        return [number for number in wanted if number not in self._held]

    def _restart(self, packet: Packet) -> None:
        self._held.clear()
        self._break()
        self._next, self._ssrc = packet.sequence_number, packet.ssrc
        self._waiting_since = None

    def _break(self) -> None:
        self._parts.clear()
        self._building = None
        self._clean = False

    def _drain(self, now: float) -> None:
        while (held := self._held.pop(self._next, None)) is not None:
            self._next = (self._next + 1) & 0xFFFF
            self._waiting_since = None
            self._append(*held, now)
        if self._held and self._waiting_since is None:
            self._waiting_since = now

    def _skip(self, now: float) -> None:
        ahead = min((n - self._next) & 0xFFFF for n in self._held)
        self.lost += ahead
        self._break()
        self._next = (self._next + ahead) & 0xFFFF
        self._waiting_since = None
        self._drain(now)

    def _append(self, packet: Packet, data: bytes, now: float) -> None:
        if self._building is not None and self._building.timestamp != packet.timestamp:
            self._finish(self._building, now)
        self._building = packet
        self._parts.append(data)
        if packet.marker or not self._by_marker:
            self._finish(packet, now)

    def _finish(self, packet: Packet, now: float) -> None:
        data = b"".join(self._parts)
        clean = self._clean
        self._parts.clear()
        self._building = None
        self._clean = True
        if data:
            self._emit(Whole(data, packet.timestamp, packet.ssrc, packet.payload_type, now, clean))
