"""Pictures of one track: decoded at once, deinterlaced where needed, always yuv420p."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
from av.filter import Graph

from amphitheatre.media.ingest.coded import AnyPacket

_PLAIN: Final = "yuv420p"


class PictureLine:
    """Decodes with one thread: frame threads would hold pictures back."""

    def __init__(self, context: av.VideoCodecContext, time_base: Fraction) -> None:
        self._context = context
        self._time_base = time_base
        self._deinterlacer: Graph | None = None
        self._shape: tuple[int, int, str] | None = None
        if not context.is_open:
            context.thread_count = 1

    @property
    def interlaced(self) -> bool:
        """Whether the source has sent interlaced pictures."""
        return self._deinterlacer is not None

    def decode(self, packet: AnyPacket | None) -> Iterator[tuple[av.VideoFrame, float]]:
        """Frames with their (mended) timestamps in seconds; None drains. Raises av.FFmpegError."""
        for frame in self._context.decode(packet):
            frame.time_base = frame.time_base or self._time_base  # a drained frame has lost it
            for plain in self._plain(frame):
                if plain.pts is not None:
                    yield plain, float(plain.pts * (plain.time_base or self._time_base))

    def _plain(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        if frame.interlaced_frame or self._deinterlacer is not None:  # once begun, the order is its own
            yield from self._deinterlaced(frame)
        elif frame.format.name == _PLAIN:
            yield frame
        else:
            yield _reformatted(frame)

    def _deinterlaced(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        shape = (frame.width, frame.height, frame.format.name)
        if self._deinterlacer is None or shape != self._shape:
            self._deinterlacer, self._shape = _deinterlacer(frame, self._time_base), shape
        self._deinterlacer.vpush(frame)
        while True:
            try:
                yield self._deinterlacer.vpull()
            except (av.BlockingIOError, av.EOFError):
                return


def _reformatted(frame: av.VideoFrame) -> av.VideoFrame:
    plain = frame.reformat(format=_PLAIN)
    plain.pts, plain.time_base = frame.pts, frame.time_base
    return plain


def _deinterlacer(frame: av.VideoFrame, time_base: Fraction) -> Graph:
    """bwdif, one frame out for one frame in; it holds one frame back to look ahead."""
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or time_base
    )
    filtered = graph.add("bwdif", "mode=send_frame:deint=interlaced")
    plain = graph.add("format", _PLAIN)
    graph.link_nodes(source, filtered, plain, graph.add("buffersink")).configure()
    return graph
