"""What a technician sees of a source, once a second as a SourceReport."""

import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from statistics import fmean, median, pstdev
from typing import Final

import av

from amphitheatre.contract.room_state import SourceReport, State
from amphitheatre.media.ingest.arrival import SoundIn
from amphitheatre.media.ingest.coded import AnyPacket, Kind
from amphitheatre.media.ingest.hints import hints
from amphitheatre.media.ingest.loudness import Loudness
from amphitheatre.media.ingest.stillness import Stillness

_RATE_OVER: Final = 3  # seconds; reports whose bytes make the bitrate
_PICTURES: Final = 150  # pictures whose distances make the frame rate
_SILENT: Final = -60.0  # LUFS
_SILENT_FOR: Final = 2.0  # seconds
_LOUDNESS_OVER: Final = 5  # seconds
_LATELY: Final = 30.0  # seconds a mended or dropped packet is worth a hint
_STALLED: Final = 2.0  # seconds without anything
_LATE_OVER: Final = 60  # pictures
_BEHIND: Final = 0.4  # seconds from which it is not the line that makes pictures late


class Meter:
    """Fed by `receive`, or by WebRTC with `described`, `picture` and `sound` alone. Any thread may ask for a report.

    source: "views/{id}" or "languages/{tag}". now: seconds, monotonic.
    """

    def __init__(self, source: str, now: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._now = now
        self._lock = threading.Lock()
        self._begin = now()
        self._protocol: str | None = None
        self._codec: str | None = None
        self._audio_codec: str | None = None
        self._sample_rate: int | None = None
        self._channels: int | None = None
        self._size: tuple[int, int] | None = None
        self._interlaced = False
        self._bytes = 0
        self._came = self._begin  # when anything came last
        self._volumes: deque[tuple[float, int]] = deque([(self._begin, 0)], maxlen=_RATE_OVER + 1)
        self._key_at: float | None = None
        self._key_distance: float | None = None
        self._last_pts: float | None = None
        self._b_frames = False
        self._times: deque[float] = deque(maxlen=_PICTURES)
        self._lateness: deque[float] = deque(maxlen=_LATE_OVER)
        self._stillness = Stillness()
        self._loudness: Loudness | None = None
        self._momentary: deque[float] = deque(maxlen=_LOUDNESS_OVER)
        self._sounded = self._begin  # when the sound was last above silence
        self._heard = self._begin  # when any sound came last
        self._dropped = 0
        self._dropped_at = -_LATELY
        self._behind = 0.0
        self._overloaded_at = -_LATELY
        self._mended = 0
        self._mended_at = -_LATELY
        self._drift: float | None = None
        self._sound_behind = 0.0

    def connected(self, protocol: str) -> None:
        """protocol: rtmp, srt, whip, rtsp, http, https, hls, file."""
        with self._lock:
            self._protocol = protocol

    def described(self, kind: Kind, codec: str) -> None:
        """codec: FFmpeg's name of it."""
        with self._lock:
            if kind == "picture":
                self._codec = codec
                self._key_at = None
            else:
                self._audio_codec = codec

    def packet(self, kind: Kind, packet: AnyPacket, waited: float = 0.0) -> None:
        """A coded packet with mended timestamps. waited: seconds from its arrival until we had time for it."""
        with self._lock:
            self._behind = waited
            self._bytes += packet.size
            self._came = self._now()
            if kind != "picture" or packet.pts is None:
                return
            stamp = float(packet.pts * packet.time_base)
            self._b_frames |= (
                self._last_pts is not None and self._last_pts - 1 < stamp < self._last_pts - 0.005
            )
            self._last_pts = stamp
            if packet.is_keyframe:
                if self._key_at is not None and stamp > self._key_at:
                    self._key_distance = stamp - self._key_at
                self._key_at = stamp

    def received(self, count: int) -> None:
        """Bytes of coded media, for sources that don't hand over packets."""
        with self._lock:
            self._bytes += count
            self._came = self._now()

    def mapping(self, mended: int, drift_ppm: float | None, sound_behind: float = 0.0) -> None:
        """The state of the source's clock. sound_behind: seconds the sound comes later than the picture."""
        with self._lock:
            if mended > self._mended:
                self._mended_at = self._now()
            self._mended, self._drift, self._sound_behind = mended, drift_ppm, sound_behind

    def picture(self, frame: av.VideoFrame, at: float, now: float, *, interlaced: bool = False) -> None:
        """A decoded yuv420p picture. at, now: room time, seconds."""
        with self._lock:
            self._size, self._interlaced = (frame.width, frame.height), interlaced
            self._came = self._now()
            self._times.append(at)
            self._lateness.append(now - at)
            self._stillness.look(frame, at)

    def sound(self, sound: SoundIn, *, sample_rate: int | None = None, channels: int | None = None) -> None:
        """Decoded sound; sample_rate and channels as they were before the conversion."""
        with self._lock:
            self._sample_rate, self._channels = sample_rate or self._sample_rate, channels or self._channels
            if self._loudness is None:
                self._loudness = Loudness()
            self._loudness.feed(sound.samples)
            self._heard = self._came = self._now()
            if (self._loudness.momentary or 0.0) > _SILENT:
                self._sounded = self._heard

    def dropped(self, count: int = 1) -> None:
        """Packets or pictures that were of no use."""
        with self._lock:
            self._dropped += count
            self._dropped_at = self._now()

    def left_out(self, slow: bool) -> None:
        """A picture that is too late to be shown. slow: this machine was to code it; else it was late when it had been
        decoded, because it came late or because this machine is slow at that.
        """
        with self._lock:
            self._dropped += 1
            if slow or self._behind > _BEHIND:
                self._overloaded_at = self._now()

    def report(self, state: State = State.LIVE) -> SourceReport:
        """Call it once a second: bitrate, peak and clipping are those since the last report."""
        with self._lock:
            return self._report(state)

    def _report(self, state: State) -> SourceReport:
        now = self._now()
        bitrate = self._bitrate(now)
        frame_rate, unsteadiness = _rate(self._times)
        peak, clipping, momentary = self._loud(now)
        expects_sound = self._loudness is not None or self._audio_codec is not None
        report = SourceReport(
            source=self._source,
            state=state,
            protocol=self._protocol,
            codec=self._codec,
            width=self._size and self._size[0],
            height=self._size and self._size[1],
            interlaced=self._interlaced,
            bitrate=bitrate,
            frame_rate=0.0 if frame_rate and now - self._came > _STALLED else frame_rate,
            keyframe_distance=self._key_distance,
            audio_codec=self._audio_codec,
            sample_rate=self._sample_rate,
            channels=self._channels,
            loudness_momentary=momentary,
            peak=peak,
            drift_ppm=self._drift,
            late=median(self._lateness) if self._lateness else None,
            dropped=self._dropped,
            mended=self._mended,
            black=self._stillness.black,
            frozen=self._stillness.frozen,
            silent=expects_sound and now - self._sounded >= _SILENT_FOR,
            clipping=clipping,
        )
        report.hints.extend(
            hints(
                report,
                loudest=max(self._momentary) if len(self._momentary) == _LOUDNESS_OVER else None,
                unsteadiness=unsteadiness,
                sound_behind=self._sound_behind,
                b_frames=self._b_frames,
                lately_mended=now - self._mended_at < _LATELY,
                overloaded=now - self._overloaded_at < _LATELY,
                lately_dropped=now - self._dropped_at < _LATELY,
                waited=now - self._begin,
                stalled=now - self._came > _STALLED,
            )
        )
        return report

    def _bitrate(self, now: float) -> float | None:
        self._volumes.append((now, self._bytes))
        (since, before), (until, after) = self._volumes[0], self._volumes[-1]
        return (after - before) * 8 / (until - since) if until > since and after else None

    def _loud(self, now: float) -> tuple[float | None, bool, float | None]:
        if self._loudness is None or now - self._heard > _SILENT_FOR:
            self._momentary.clear()
            return None, False, None
        peak, clipping = self._loudness.take_peak()
        if self._loudness.momentary is not None:
            self._momentary.append(self._loudness.momentary)
        return peak, clipping, self._loudness.momentary


def _rate(times: deque[float]) -> tuple[float | None, float]:
    """Pictures a second over the last 3 s, and how much their distances deviate (part of the mean)."""
    recent = sorted(at for at in times if at > times[-1] - _RATE_OVER)
    if len(recent) < 3 or recent[-1] <= recent[0]:
        return None, 0.0
    steps = [after - before for before, after in pairwise(recent)]
    return 1 / fmean(steps), pstdev(steps) / fmean(steps)
