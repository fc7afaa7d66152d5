"""One view's pictures and one language's sound in the return process, made ready once for all its peers."""

import time
from collections.abc import Callable
from typing import Final

import av
import structlog
from av.audio.codeccontext import AudioCodecContext

from amphitheatre.media.errors import ConfigurationError, SourceBroken
from amphitheatre.media.rtc.h264 import annex_b, parameter_sets
from amphitheatre.media.rtc.tracks import SOUND_BASE, VIDEO_BASE, CodedPacket, PictureTrack, SoundTrack
from amphitheatre.media.unit import SOUND_RATE, Picture, PictureFormat, Sound

_log = structlog.get_logger(__name__)

KEYFRAME_EVERY: Final = 0.5  # seconds: no view is asked for IDR pictures more often
HELD_AFTER: Final = 1.0  # seconds without a picture: the source is lost, and its last IDR is what there is
OPUS_FRAME: Final = 960  # samples: 20 ms
OPUS_BITRATE: Final = 64_000  # bits/s
SAMPLE: Final = 4  # bytes: two channels of 16 bits


class Rung:
    """One rung of a view. last_key: its newest IDR picture, with its parameter sets."""

    def __init__(self, unit: PictureFormat) -> None:
        self.name = unit.rung
        self.parameter_sets = parameter_sets(unit.avcc)
        self.last_key: CodedPacket | None = None


class PictureFeed:
    """A view's ladder, the best rung first. ask: sends KeyframePlease towards its source."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._asked = float("-inf")
        self._came = float("-inf")
        self._rungs: list[Rung] = []
        self._tracks: set[PictureTrack] = set()
        self.broken = 0

    def join(self, track: PictureTrack) -> None:
        """From now on the track gets every picture; a picture held for long is shown to it at once."""
        self._tracks.add(track)
        track.line.carries(len(self._rungs))
        last = self._rungs[0].last_key if self._rungs else None
        if last is not None and time.monotonic() - self._came > HELD_AFTER:
            track.put(last, key=True)
        self.refresh()

    def leave(self, track: PictureTrack) -> None:
        self._tracks.discard(track)

    def refresh(self) -> None:
        """Somebody can't go on without an IDR picture."""
        now = time.monotonic()
        if now - self._asked >= KEYFRAME_EVERY:
            self._asked = now
            self._ask()

    def ladder(self, formats: list[PictureFormat]) -> None:
        """The rungs from now on, the best one first."""
        try:
            self._rungs = [Rung(unit) for unit in formats]
        except SourceBroken as error:
            self._broken(error)
        for track in self._tracks:
            track.line.carries(len(self._rungs))

    def take(self, unit: Picture, held: bool = False) -> None:
        """Hand a picture to all peers; one that lies about its lengths is counted and left out.

        held: it was coded long ago, and its source is lost.
        """
        if not held:
            self._came = time.monotonic()
        try:
            self._picture(unit)
        except SourceBroken as error:
            self._broken(error)

    def _broken(self, error: SourceBroken) -> None:
        self.broken += 1
        _log.warning("return_unit_broken", code=error.code)

    def _picture(self, unit: Picture) -> None:
        place = next((n for n, rung in enumerate(self._rungs) if rung.name == unit.rung), None)
        if place is None or not (unit.key or any(track.rung == place for track in self._tracks)):
            return
        rung = self._rungs[place]
        data = annex_b(unit.data)
        packet = av.Packet(rung.parameter_sets + data if unit.key else data)
        packet.pts = packet.dts = unit.dts
        packet.time_base = VIDEO_BASE
        if unit.key:
            rung.last_key = packet
        for track in self._tracks:
            track.put(packet, unit.key, place)


class SoundFeed:
    """A language's sound (or the floor's) as Opus; encoded only while somebody listens."""

    def __init__(self) -> None:
        self._listeners: dict[SoundTrack, bool] = {}
        self._encoder: AudioCodecContext | None = None
        self._pending = bytearray()
        self._at = 0  # room time of the first pending sample

    def join(self, track: SoundTrack, voice: bool) -> None:
        """voice: this is the language that the track asked for, not the floor in its place."""
        self._listeners[track] = voice

    def leave(self, track: SoundTrack) -> None:
        self._listeners.pop(track, None)
        if not self._listeners:
            self._encoder = None
            self._pending.clear()

    def take(self, unit: Sound) -> None:
        """Encode what has come; a gap or a step back starts anew at its own time."""
        if not self._listeners:
            return
        if unit.at != self._at + len(self._pending) // SAMPLE:
            self._pending.clear()
        if not self._pending:
            self._at = unit.at
        self._pending += unit.data
        now = time.monotonic()
        while len(self._pending) >= OPUS_FRAME * SAMPLE:
            self._encode(bytes(self._pending[: OPUS_FRAME * SAMPLE]), now)
            del self._pending[: OPUS_FRAME * SAMPLE]
            self._at += OPUS_FRAME

    def _encode(self, samples: bytes, now: float) -> None:
        if self._encoder is None:
            self._encoder = _opus_encoder()
        frame = av.AudioFrame(format="s16", layout="stereo", samples=OPUS_FRAME)
        frame.sample_rate = SOUND_RATE
        frame.planes[0].update(samples)
        for coded in self._encoder.encode(frame):
            packet = av.Packet(bytes(coded))
            packet.pts = packet.dts = self._at
            packet.time_base = SOUND_BASE
            for track, voice in self._listeners.items():
                track.put(packet, voice, now)


def _opus_encoder() -> AudioCodecContext:
    encoder = av.CodecContext.create("libopus", "w")
    if not isinstance(encoder, AudioCodecContext):
        raise ConfigurationError("this build of FFmpeg has no Opus encoder; install PyAV's own wheel")
    encoder.format, encoder.layout, encoder.sample_rate = "s16", "stereo", SOUND_RATE
    encoder.bit_rate = OPUS_BITRATE
    encoder.time_base = SOUND_BASE
    # lowdelay: 2.5 ms of look-ahead in place of 6.5.
    encoder.options = {"application": "lowdelay", "frame_duration": "20", "compression_level": "5"}
    return encoder
