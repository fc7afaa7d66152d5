"""One MP4 of a take: every view's best rung and every language as named tracks, copied without coding anew."""

import heapq
import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

import av
from av.stream import Stream

from amphitheatre.media.playlist.languages import iso_639_2
from amphitheatre.media.record.replay import first_common
from amphitheatre.media.record.take import EXPORT_FILE, Take
from amphitheatre.media.store.segments import parts
from amphitheatre.media.store.track_folder import lines
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

_TELL_EVERY: Final = 0.01  # of the whole


class _Track(NamedTuple):
    path: Path
    rate: int
    name: str
    language: str


class _Packets(NamedTuple):
    """Of one track; merged by `at`, seconds since the export's beginning."""

    at: float
    order: int
    packet: av.Packet  # type: ignore[type-arg]  # of whichever stream


class _Parts(io.RawIOBase):
    """The whole parts of a track, one behind the other, behind its initialisation segment."""

    def __init__(self, track: _Track, first: int) -> None:
        self._track = track
        self._parts = parts(track.path, first)
        self._left = memoryview((track.path / "init.mp4").read_bytes())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # narrower than Buffer
        if not self._left:
            self._left = memoryview(next(self._parts, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def export(take: Take, on_progress: Callable[[float], None]) -> Path:
    """Write ``export.mp4`` into the take's folder and return its path. on_progress: share done, 0 to 1.

    The file appears under its name when it is whole. Raises OSError as the disk does.
    """
    first = first_common(take)
    tracks = _tracks(take)
    begins = min(_start(track, first) for track in tracks)
    seconds = max(_end(track, first) for track in tracks) - begins
    partial = take.path / f".{EXPORT_FILE}"
    with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        merged = heapq.merge(*_inputs(out, tracks, first, begins))
        told = 0.0
        for at, _, packet in merged:
            out.mux(packet)
            share = min(at / seconds, 1.0) if seconds > 0 else 1.0
            if share - told >= _TELL_EVERY:
                told = share
                on_progress(share)
    final = partial.replace(take.path / EXPORT_FILE)
    on_progress(1.0)
    return final


def _tracks(take: Take) -> list[_Track]:
    info = take.info
    views = [
        _Track(
            take.picture_folder(view, rungs[0].rung),
            VIDEO_RATE,
            info.labels.get(view, {}).get("en", view),
            "und",
        )
        for view, rungs in info.pictures.items()
    ]
    # The floor first: players choose the first sound.
    tags = sorted(info.sounds, key=lambda tag: tag != info.floor)
    return views + [
        _Track(take.sound_folder(tag), SOUND_RATE, info.languages.get(tag, tag), iso_639_2(tag))
        for tag in tags
    ]


def _start(track: _Track, first: int) -> float:
    line = next(line for line in lines(track.path) if line.segment >= first)
    return line.start / track.rate


def _end(track: _Track, first: int) -> float:
    ends = (line.start + line.ticks for line in lines(track.path) if line.segment >= first)
    return max(ends, default=0) / track.rate


def _inputs(
    out: av.container.OutputContainer, tracks: list[_Track], first: int, begins: float
) -> list[Iterator[_Packets]]:
    """All streams are added before the first packet is written, as a muxer needs it."""
    sources = []
    for order, track in enumerate(tracks):
        source = av.open(io.BufferedReader(_Parts(track, first)), "r", format="mp4")
        stream = out.add_stream_from_template(source.streams[0])
        stream.metadata["language"] = track.language
        stream.metadata["handler_name"] = track.name
        stream.metadata["title"] = track.name
        sources.append((order, source, stream))
    return [_packets(order, source, stream, begins) for order, source, stream in sources]


def _packets(
    order: int, source: av.container.InputContainer, stream: Stream, begins: float
) -> Iterator[_Packets]:
    with source:
        for packet in source.demux(source.streams[0]):
            if packet.dts is None or packet.pts is None:
                continue
            base = packet.time_base or Fraction(1, VIDEO_RATE)
            offset = round(begins / base)
            packet.dts -= offset
            packet.pts -= offset
            packet.stream = stream
            yield _Packets(float(packet.dts * base), order, packet)
