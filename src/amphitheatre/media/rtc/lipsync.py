"""RTP timestamps of a publisher's picture and sound on one timeline (lip sync).

Each RTP stream counts from a random start (RFC 3550, 5.1). At first both are placed by when they arrived;
once both have had an RTCP sender report, which ties RTP time to the sender's wall clock (6.4.1), the picture
is moved to the sound: a step of the picture holds or drops one frame, a step of the sound would click.
"""

from typing import Final

_WRAP: Final = 1 << 32
_NTP: Final = float(1 << 32)
# Arrival is off by jitter at most; reports that disagree more than this are not of one clock.
_BELIEVABLE: Final = 2.0  # seconds


class RtpClock:
    """One stream's timestamps as seconds that neither wrap nor depend on its SSRC. rate: hertz."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.offset: float | None = None  # seconds to add to RTP seconds
        self.wall: float | None = None  # the sender's wall clock at RTP second 0
        self._last: int | None = None
        self._ssrc: int | None = None

    def seconds(self, timestamp: int, ssrc: int, arrival: float) -> float:
        """Source time in seconds. arrival: monotonic seconds; places the first timestamp of a stream."""
        if ssrc != self._ssrc:
            self._ssrc, self._last, self.offset, self.wall = ssrc, None, None, None
        unwrapped = self._unwrap(timestamp)
        self._last = unwrapped
        if self.offset is None:
            self.offset = arrival - unwrapped / self.rate
        return unwrapped / self.rate + self.offset

    def report(self, timestamp: int, ssrc: int, ntp: int) -> None:
        """A sender report. ntp: 64-bit NTP timestamp, seconds in the upper half; 0 means it has no clock."""
        if ssrc == self._ssrc and self._last is not None and ntp:
            self.wall = ntp / _NTP - self._unwrap(timestamp) / self.rate

    def _unwrap(self, timestamp: int) -> int:
        if self._last is None:
            return timestamp
        step = (timestamp - self._last) % _WRAP
        return self._last + (step if step < _WRAP // 2 else step - _WRAP)


class LipSync:
    """The clocks of one publisher's two streams."""

    def __init__(self) -> None:
        self.video = RtpClock(90_000)
        self.audio = RtpClock(48_000)
        self.disagreements = 0

    def align(self) -> None:
        """Move the picture to the sound, if both have reported; call after each report."""
        video, audio = self.video, self.audio
        if video.offset is None or video.wall is None or audio.offset is None or audio.wall is None:
            return
        aligned = audio.offset + video.wall - audio.wall
        if abs(aligned - video.offset) > _BELIEVABLE:
            self.disagreements += 1
        else:
            video.offset = aligned
