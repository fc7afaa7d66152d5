"""Sound of one track: decoded, s16 stereo at 48 kHz, contiguous on the room's clock.

Timestamps of sound are rough (FLV rounds to 1 ms) and drift; samples must neither overlap nor leave holes. So a
smoothed line runs through the timestamps, and swresample stretches by fractions of a percent to stay on it.
Only a real gap or jump (> 100 ms) shows as one.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
from av.filter import Graph

from amphitheatre.media.ingest.arrival import SoundIn
from amphitheatre.media.ingest.coded import AnyPacket
from amphitheatre.media.unit import SOUND_RATE

_GAP: Final = 0.1  # seconds
_SMOOTHING: Final = 0.02  # of each frame's error the line takes on: a time constant of about a second
_SAMPLE: Final = Fraction(1, SOUND_RATE)
_BYTES: Final = 4  # of a sample of both channels
# Error up to 0.5 ms is left alone, above it the stretch is error per second, at most 1 %.
_STRETCH: Final = "async=480:min_comp=0.0005:comp_duration=0.5:min_hard_comp=1:flags=res"


class SoundStretcher:
    """Decoded frames with their room time in, contiguous SoundIn out. WebRTC's sound uses it too."""

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._shape: tuple[int, str, str] | None = None
        self._line = 0.0  # room time at which the next frame should begin, seconds
        self._end = 0  # first sample that has not been given out

    def take(self, frame: av.AudioFrame, at: float) -> Iterator[SoundIn]:
        """at: room time of the frame's first sample, seconds."""
        shape = (frame.sample_rate, frame.format.name, frame.layout.name)
        error = at - self._line
        if self._graph is None or shape != self._shape or abs(error) > _GAP:
            yield from self.drain()
            self._graph, self._shape = _stretcher(frame), shape
            self._line = at
        else:
            self._line += _SMOOTHING * error
        frame.pts, frame.time_base = round(self._line * SOUND_RATE), _SAMPLE
        self._line += frame.samples / frame.sample_rate
        self._graph.push(frame)
        yield from self._pull(self._graph)

    def drain(self) -> Iterator[SoundIn]:
        """What the stretcher still holds."""
        if self._graph is not None:
            graph, self._graph = self._graph, None
            graph.push(None)
            yield from self._pull(graph)

    def _pull(self, graph: Graph) -> Iterator[SoundIn]:
        while True:
            try:
                frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if not isinstance(frame, av.AudioFrame) or frame.pts is None:
                continue
            begin, samples = frame.pts, bytes(frame.planes[0])[: frame.samples * _BYTES]
            if begin < self._end:  # a jump backwards: what has been heard isn't said twice
                samples, begin = samples[(self._end - begin) * _BYTES :], self._end
            if samples:
                self._end = begin + len(samples) // _BYTES
                yield SoundIn(begin, samples)


class SoundLine:
    """Decodes one track's packets."""

    def __init__(self, context: av.AudioCodecContext, time_base: Fraction) -> None:
        self._context = context
        self._time_base = time_base

    def decode(self, packet: AnyPacket | None) -> Iterator[tuple[av.AudioFrame, float]]:
        """Frames with their (mended) timestamps in seconds; None drains. Raises av.FFmpegError."""
        for frame in self._context.decode(packet):
            if frame.pts is not None:
                yield frame, float(frame.pts * (frame.time_base or self._time_base))


def _stretcher(frame: av.AudioFrame) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name, time_base=_SAMPLE
    )
    stretch = graph.add("aresample", f"{SOUND_RATE}:{_STRETCH}")
    plain = graph.add("aformat", f"sample_fmts=s16:sample_rates={SOUND_RATE}:channel_layouts=stereo")
    graph.link_nodes(source, stretch, plain, graph.add("abuffersink")).configure()
    return graph
