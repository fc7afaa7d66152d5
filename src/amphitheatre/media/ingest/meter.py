"""What a technician sees of a source, once a second as a SourceReport."""

import time
from collections.abc import Callable

import av

from amphitheatre.contract.room_state import SourceReport, State
from amphitheatre.media.ingest.arrival import SoundIn
from amphitheatre.media.ingest.coded import AnyPacket, Kind


class Meter:
    """Fed by `receive`, or with decoded frames alone (WebRTC). source: "views/{id}" or "languages/{tag}"."""

    def __init__(self, source: str, now: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._now = now
        self._protocol: str | None = None
        self._dropped = 0
        self._mended = 0
        self._drift: float | None = None

    def connected(self, protocol: str) -> None:
        self._protocol = protocol

    def described(self, kind: Kind, context: av.CodecContext) -> None: ...

    def packet(self, kind: Kind, packet: AnyPacket, arrived: float) -> None: ...

    def mapping(self, mended: int, drift_ppm: float | None) -> None:
        self._mended, self._drift = mended, drift_ppm

    def picture(self, frame: av.VideoFrame, at: float, now: float) -> None: ...

    def sound(self, sound: SoundIn) -> None: ...

    def dropped(self, count: int = 1) -> None:
        self._dropped += count

    def report(self) -> SourceReport:
        """The state of the last second; call it once a second."""
        return SourceReport(
            source=self._source,
            state=State.LIVE,
            protocol=self._protocol,
            dropped=self._dropped,
            mended=self._mended,
            drift_ppm=self._drift,
        )
