"""A file played in real time, again from its start where asked."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import container
from amphitheatre.media.ingest.coded import AnyPacket, Coded
from amphitheatre.media.ingest.pacer import Pacer


class FileSource:
    """Raises SourceBroken("unreachable" or "unreadable") if it can't be opened."""

    protocol = "file"

    def __init__(self, path: Path, *, loop: bool) -> None:
        self._container: InputContainer = container.open_container(str(path))
        self._loop = loop
        self._pacer = Pacer()
        self._shift = 0.0  # seconds added to the timestamps of this round
        self._end = 0.0
        self._begin: float | None = None

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: ended, unreadable."""
        tracks = container.tracks(self._container)
        with self._container:
            while True:
                before = self._end
                yield from container.packets(self._container, tracks, self._due)
                if self._pacer.stopped or not self._loop or self._end <= before:
                    raise SourceBroken("ended")
                self._again()

    def close(self) -> None:
        self._pacer.stop()

    def _again(self) -> None:
        """Timestamps go on where the last round has ended, so nobody sees a jump."""
        self._shift = self._end - (self._begin or 0.0)
        try:
            self._container.seek(0)
        except av.FFmpegError as error:
            raise SourceBroken("unreadable", "it can't be played again") from error

    def _due(self, packet: AnyPacket) -> float:
        if self._pacer.stopped:
            raise SourceBroken("ended")
        base = Fraction(packet.time_base)
        dts = packet.dts if packet.dts is not None else packet.pts
        if dts is None:
            return self._pacer.wait(self._end)
        stamp = float(dts * base)
        self._begin = stamp if self._begin is None else self._begin
        ticks = round(self._shift / base)
        packet.dts = dts + ticks
        packet.pts = None if packet.pts is None else packet.pts + ticks
        self._end = max(self._end, stamp + self._shift + float((packet.duration or 0) * base))
        return self._pacer.wait(stamp + self._shift)
