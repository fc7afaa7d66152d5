"""Joins WHIP to the one way that sources are decoded: its frames as packets of `ingest`."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

import av

from amphitheatre.media.ingest.coded import Coded, Kind, Track
from amphitheatre.media.rtc.whip_source import WhipSource
from amphitheatre.media.unit import SOUND_RATE

_TIME_BASE: Final = Fraction(1, 90_000)


class WhipCoded:
    """A `CodedSource` over a WhipSource; a change of codec is a new track. on_dropped: how many more were lost."""

    protocol = "whip"

    def __init__(self, publisher: WhipSource, on_dropped: Callable[[int], None]) -> None:
        self._publisher = publisher
        self._on_dropped = on_dropped
        self._dropped = 0
        self._tracks: dict[str, Track] = {}

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`."""
        for frame in self._publisher.frames():
            if lost := self._publisher.dropped - self._dropped:
                self._dropped += lost
                self._on_dropped(lost)
            packet = av.Packet(frame.data)
            packet.time_base = _TIME_BASE
            packet.pts = packet.dts = round(frame.timestamp / _TIME_BASE)
            packet.is_keyframe = frame.key
            yield Coded(self._track(frame.codec), packet, frame.arrival)

    def close(self) -> None:
        self._publisher.close()

    def _track(self, codec: str) -> Track:
        track = self._tracks.get(codec)
        if track is None:
            kind: Kind = "sound" if codec == "opus" else "picture"
            self._tracks = {name: t for name, t in self._tracks.items() if t.kind != kind}
            track = self._tracks[codec] = Track(kind, _decoder(codec), _TIME_BASE)
        return track


def _decoder(codec: str) -> av.CodecContext:
    context = av.CodecContext.create("libopus" if codec == "opus" else codec, "r")
    if isinstance(context, av.AudioCodecContext):
        context.sample_rate, context.layout, context.format = SOUND_RATE, "stereo", "s16"
    return context
