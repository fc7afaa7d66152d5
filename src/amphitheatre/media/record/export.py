"""One MP4 of a take: every view's best rung and every language as named tracks, copied without coding anew."""

import heapq
import io
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import av
import structlog
from av.stream import Stream

from amphitheatre.media.errors import MediaError
from amphitheatre.media.playlist.languages import iso_639_2
from amphitheatre.media.record.replay import begin
from amphitheatre.media.record.take import EXPORT_FILE, Take
from amphitheatre.media.store.segments import parts
from amphitheatre.media.store.track_folder import PartLine, lines
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

if TYPE_CHECKING:
    AnyPacket: TypeAlias = av.Packet[Any]
else:
    AnyPacket = av.Packet  # generic for type checkers only

log = structlog.get_logger(__name__)

_TELL_EVERY: Final = 0.01  # of the whole


class NothingKept(MediaError):
    """No track of the take has anything to export."""


class _Track(NamedTuple):
    """lines: of its index, from the export's first segment on."""

    path: Path
    lines: list[PartLine]
    rate: int
    name: str
    language: str

    @property
    def begins(self) -> float:
        return self.lines[0].start / self.rate

    @property
    def ends(self) -> float:
        return (self.lines[-1].start + self.lines[-1].ticks) / self.rate

    @property
    def several_inits(self) -> bool:
        """Whether its parameter sets have changed in the take."""
        return any(line.map_uri != self.lines[0].map_uri for line in self.lines)


class _Packets(NamedTuple):
    """Of one track; merged by `at`, seconds since the export's beginning."""

    at: float
    order: int
    packet: AnyPacket


class _Bytes(io.RawIOBase):
    """Pieces, one behind the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # narrower than Buffer
        if not self._left:
            self._left = memoryview(next(self._pieces, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def export(take: Take, on_progress: Callable[[float], None]) -> Path:
    """Write ``export.mp4`` into the take's folder and return its path. on_progress: share done, 0 to 1.

    The file appears under its name when it is whole; its comment names the tracks of which nothing was kept.
    Raises NothingKept, or OSError as the disk does.
    """
    tracks = _tracks(take, begin(take))
    empty = [track.name for track in tracks if not track.lines]
    tracks = [track for track in tracks if track.lines]
    if not tracks:
        raise NothingKept
    begins = min(track.begins for track in tracks)
    seconds = max(track.ends for track in tracks) - begins
    partial = take.path / f".{EXPORT_FILE}"
    with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        if empty:
            log.warning("export.without", take=take.id, tracks=empty)
            out.metadata["comment"] = f"Nothing was kept of: {', '.join(empty)}"
        merged = heapq.merge(*_inputs(out, tracks, begins))
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


def _tracks(take: Take, first: int) -> list[_Track]:
    info = take.info

    def track(path: Path, rate: int, name: str, language: str) -> _Track:
        return _Track(path, [line for line in lines(path) if line.segment >= first], rate, name, language)

    views = [
        track(
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
        track(take.sound_folder(tag), SOUND_RATE, info.languages.get(tag, tag), iso_639_2(tag))
        for tag in tags
    ]


def _inputs(
    out: av.container.OutputContainer, tracks: list[_Track], begins: float
) -> list[Iterator[_Packets]]:
    """All streams are added before the first packet is written, as a muxer needs it."""
    sources = []
    for order, track in enumerate(tracks):
        runs = _runs(track)
        first = next(runs)
        stream = out.add_stream_from_template(first.streams[0])
        if isinstance(stream, av.VideoStream) and track.several_inits:
            stream.codec_context.codec_tag = (
                "avc3"  # ISO/IEC 14496-15, 5.3.3: parameter sets are in the samples
            )
        stream.metadata["language"] = track.language
        stream.metadata["handler_name"] = track.name
        stream.metadata["title"] = track.name
        sources.append((order, track, chain([first], runs), stream))
    return [_packets(order, track, runs, stream, begins) for order, track, runs, stream in sources]


def _runs(track: _Track) -> Iterator[av.container.InputContainer]:
    """The track as it is kept: a file for each run of parts with the same initialisation segment."""
    kept = zip(track.lines, parts(track.path, track.lines[0].segment), strict=False)  # it may still grow
    for uri, run in groupby(kept, key=lambda pair: pair[0].map_uri):
        pieces = chain([(track.path / uri).read_bytes()], (data for _, data in run))
        yield av.open(io.BufferedReader(_Bytes(pieces)), "r", format="mp4")


def _packets(
    order: int,
    track: _Track,
    runs: Iterable[av.container.InputContainer],
    stream: Stream,
    begins: float,
) -> Iterator[_Packets]:
    for source in runs:
        with source:
            sets = b""
            if isinstance(stream, av.VideoStream) and track.several_inits:
                sets = _parameter_sets(source.streams[0].codec_context.extradata or b"")
            for packet in source.demux(source.streams[0]):
                if packet.dts is None or packet.pts is None:
                    continue
                base = packet.time_base or Fraction(1, VIDEO_RATE)
                moved = _with_sets(packet, sets) if sets and packet.is_keyframe else packet
                offset = round(begins / base)
                moved.dts = packet.dts - offset
                moved.pts = packet.pts - offset
                moved.stream = stream
                yield _Packets(float(moved.dts * base), order, moved)


def _with_sets(packet: AnyPacket, sets: bytes) -> AnyPacket:
    whole = av.Packet(sets + bytes(packet))
    whole.time_base, whole.duration, whole.is_keyframe = packet.time_base, packet.duration, True
    return whole


def _parameter_sets(avcc: bytes) -> bytes:
    """Those of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), each behind a 4-byte length."""
    sets, at = b"", 5
    for mask in (0x1F, 0xFF):  # sequence parameter sets, then picture parameter sets
        count, at = avcc[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(avcc[at : at + 2], "big")
            sets += size.to_bytes(4, "big") + avcc[at + 2 : at + 2 + size]
            at += 2 + size
    return sets
