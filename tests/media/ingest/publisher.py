"""Publishers for tests: what real encoders make, sent as RTMP by ffmpeg or by ourselves."""

import functools
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg

from amphitheatre.contract.room_state import SourceReport
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.ingest.coded import Coded, CodedSource
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.rtmp_chunks import AUDIO, VIDEO, ChunkReader
from amphitheatre.media.ingest.rtmp_publisher import Talk
from amphitheatre.media.ingest.rtmp_source import RtmpSource
from amphitheatre.media.unit import FlvTag

KEY = "a-key-of-the-tests-0001"
BARS = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30")
TONE = ("-f", "lavfi", "-i", "sine=1000:sample_rate=48000")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30")
AAC = ("-c:a", "aac", "-b:a", "96k")
PLAIN = (*BARS, *TONE, *H264, "-tune", "zerolatency", *AAC)


def ffmpeg(*arguments: str) -> subprocess.Popen[bytes]:
    """ffmpeg at work; its complaints are read by nobody."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-nostdin", "-loglevel", "error", *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@dataclass(frozen=True)
class SentTag:
    """An FLV tag. stamp: milliseconds. arrival: seconds, when the tests pretend that it came."""

    kind: int
    stamp: int
    body: bytes
    arrival: float

    @property
    def describes(self) -> bool:
        """Whether it says how to decode what follows, and holds no media."""
        if self.kind == VIDEO:
            return (self.body[0] & 15 == 0) if self.body[0] & 0x80 else self.body[1] == 0
        return self.body[0] >> 4 == 10 and self.body[1] == 0


SOUND_LENGTH = 1024 / 48_000
"""Seconds of an AAC frame."""


@functools.cache
def recorded(seconds: float, *arguments: str) -> tuple[SentTag, ...]:
    """The tags an encoder with these ffmpeg arguments sends, each arriving when it is due: a sound at its end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.flv")
        made = ffmpeg(*arguments, "-t", str(seconds), "-f", "flv", str(path))
        assert made.wait(60) == 0
        return tuple(_tags(path.read_bytes()))


def _tags(flv: bytes) -> Iterator[SentTag]:
    at = 13
    while at + 11 <= len(flv):
        kind, size = flv[at], int.from_bytes(flv[at + 1 : at + 4], "big")
        stamp = int.from_bytes(flv[at + 4 : at + 7], "big") | flv[at + 7] << 24
        if kind in (AUDIO, VIDEO) and size > 5:
            heard = SOUND_LENGTH if kind == AUDIO else 0.0
            yield SentTag(kind, stamp, flv[at + 11 : at + 11 + size], 100 + stamp / 1000 + heard)
        at += 11 + size + 4


def chunked(kind: int, stamp: int, body: bytes, *, channel: int = 4, size: int = 128) -> bytes:
    """A message as a type 0 chunk and as many of type 3 as it takes, as OBS sends it."""
    stamp &= 0xFFFFFFFF
    extended = struct.pack(">I", stamp) if stamp >= 0xFFFFFF else b""
    head = struct.pack(">B", channel) + min(stamp, 0xFFFFFF).to_bytes(3, "big") + len(body).to_bytes(3, "big")
    pieces = [head + bytes((kind,)) + struct.pack("<I", 1) + extended + body[:size]]
    for start in range(size, len(body), size):
        pieces.append(bytes((0xC0 | channel,)) + extended + body[start : start + size])
    return b"".join(pieces)


class Played:
    """A source that gets `tags` over the wire, with the tags' own arrivals in place of the test machine's."""

    protocol = "rtmp"

    def __init__(self, tags: Iterable[SentTag]) -> None:
        tags = list(tags)
        self._arrivals = {
            kind: [tag.arrival for tag in tags if tag.kind == number and not tag.describes]
            for kind, number in (("picture", VIDEO), ("sound", AUDIO))
        }
        self._wire = b"".join(chunked(tag.kind, tag.stamp, tag.body, channel=4 + tag.kind) for tag in tags)

    def packets(self) -> Iterator[Coded]:
        for coded in wired(self._wire).packets():
            yield coded._replace(arrived=self._arrivals[coded.track.kind].pop(0))

    def close(self) -> None: ...


def wired(data: bytes, piece: int = 65_536) -> RtmpSource:
    """A source whose publisher sends `data`, which the origin reads in pieces, and then hangs up."""

    def tags() -> Iterator[FlvTag]:
        talk = Talk(ChunkReader())
        for start in range(0, len(data), piece):
            yield from talk.take(data[start : start + piece])
        raise SourceBroken("closed")

    return RtmpSource(tags())


@dataclass
class Received:
    """What came out of a source."""

    pictures: list[tuple[float, int, int]] = field(default_factory=list)  # (room time, width, height)
    formats: set[str] = field(default_factory=set)
    sounds: list[SoundIn] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # seconds by which pictures came after their room time
    end: str = ""
    report: SourceReport | None = None

    @property
    def seconds_of_sound(self) -> float:
        return sum(len(sound.samples) for sound in self.sounds) / 4 / 48_000

    @property
    def gaps(self) -> list[int]:
        """Samples missing (or, below 0, overlapping) between sounds that follow each other."""
        pairs = zip(self.sounds, self.sounds[1:], strict=False)
        steps = [after.at - before.at - len(before.samples) // 4 for before, after in pairs]
        return [step for step in steps if step]


PRETENDED = RoomClock(epoch=100.0, wall_minus_monotonic=0.0)
"""Room time 0 is the arrival of a recorded tag with timestamp 0."""


def taken(source: CodedSource, clock: RoomClock = PRETENDED) -> Received:
    """Everything the source gives until it ends."""
    received, meter = Received(), Meter("views/main")
    try:
        for item in receive(source, clock, meter):
            if isinstance(item, PictureIn):
                received.pictures.append((item.at, item.frame.width, item.frame.height))
                received.formats.add(item.frame.format.name)
                received.late.append(clock.now() - item.at)
            else:
                received.sounds.append(item)
    except SourceBroken as broken:
        received.end = broken.code
    received.report = meter.report()
    return received
