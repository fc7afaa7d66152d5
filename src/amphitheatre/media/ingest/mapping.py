"""A source's timestamps on the room's clock.

Packets can be late but never early, so the smallest (arrival − timestamp) of the last seconds, the lower
envelope, is where the source's clock stands against the room's. It moves with the drift of the two clocks and
is followed at a rate that nobody sees or hears. Pure: arrivals are handed in, nothing reads a clock.

All times are seconds. One mapping serves all streams of a source, so they stay in step.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

_WINDOW: Final = 20.0  # the envelope looks back this far
_SHORT: Final = 3.0  # … and this far for a delay that has come to stay
_SETTLE: Final = 3.0  # at the start the mapping is moved at once: nobody watches yet
_SLEW: Final = 1000e-6
_FAST_SLEW: Final = 5000e-6  # downwards only, while the error is above _FAST_ABOVE
_FAST_ABOVE: Final = 0.1
_TOO_LATE: Final = 0.4
_TOO_EARLY: Final = 1.0
_BACKWARDS: Final = 0.1  # steps back by less are jitter of the encoder's rounding
_APART: Final = 0.7  # a stream further behind the other is moved up to it
_IDLE: Final = 5.0  # a stream that was silent for longer has no say
_SAME_JUMP: Final = 0.5
# Where timestamps wrap: RTMP's 32 bits, encoders that keep 24 or 31 of them, MPEG's 33 bits at 90 kHz.
_WRAPS: Final = (2**32 / 1000, 2**24 / 1000, 2**31 / 1000, 2**33 / 90_000)
_WRAP_SLACK: Final = 10.0


@dataclass(slots=True)
class _Stream:
    correction: float
    stamp: float
    arrival: float
    step: float = 0.0
    minima: deque[tuple[int, float]] = field(
        default_factory=deque
    )  # (whole second of arrival, minimum in it)

    def observe(self, arrival: float, behind: float) -> None:
        second = int(arrival)
        if self.minima and self.minima[-1][0] == second:
            if behind < self.minima[-1][1]:
                self.minima[-1] = (second, behind)
            return
        self.minima.append((second, behind))
        while self.minima[0][0] < second - _WINDOW:
            self.minima.popleft()

    def envelope(self, since: float) -> float:
        return min((behind for second, behind in self.minima if second >= since), default=self.minima[-1][1])


class SourceClock:
    """Maps a source's timestamps to room time and mends them.

    mended: how often timestamps had to be moved because they jumped, wrapped or ran away.
    """

    def __init__(self) -> None:
        self.mended = 0
        self._streams: dict[str, _Stream] = {}
        self._offset: float | None = None
        self._begin = 0.0
        self._updated = 0.0
        self._jumps: deque[tuple[float, float, str]] = deque(maxlen=4)  # (arrival, delta, stream)
        self._drift = Drift()

    @property
    def drift_ppm(self) -> float | None:
        """By how much the source's clock runs faster than the room's; None before a minute has passed."""
        return self._drift.ppm

    def arrive(self, stream: str, stamp: float, arrival: float, lead: float = 0.0) -> float:
        """Note a packet; returns what to add to its timestamps (0 unless they had to be mended).

        stamp: decoding time. lead: from there to the moment at which a camera can have it, its presentation or, of a
        sound, its end: else a camera with sound would be a frame of it later than one without. arrival: room time.
        """
        known = self._streams.get(stream)
        if known is None:
            known = self._streams[stream] = self._join(stamp, arrival, lead)
        else:
            self._mend(stream, known, stamp, arrival)
        known.observe(arrival, arrival - (stamp + lead + known.correction))
        self._follow(arrival)
        return known.correction

    def at(self, mended: float) -> float:
        """Room time of a timestamp to which the correction of its packet has been added."""
        return mended + (self._offset or 0.0)

    def behind(self, stream: str, other: str) -> float:
        """By how much `stream` comes later than `other` with the same timestamps; 0 while one is unknown."""
        one, two = self._streams.get(stream), self._streams.get(other)
        if one is None or two is None or not one.minima or not two.minima:
            return 0.0
        return one.minima[-1][1] - two.minima[-1][1]

    def _join(self, stamp: float, arrival: float, lead: float) -> _Stream:
        if self._offset is None:
            self._offset = arrival - (stamp + lead)
            self._begin = self._updated = arrival
            return _Stream(0.0, stamp, arrival)
        correction = max(self._streams.values(), key=lambda other: other.arrival).correction
        behind = arrival - (stamp + correction + self._offset)
        if not -_TOO_EARLY <= behind <= _IDLE:  # another origin of time than the stream that came first
            correction += behind
            self.mended += 1
        return _Stream(correction, stamp, arrival)

    def _mend(self, name: str, stream: _Stream, stamp: float, arrival: float) -> None:
        step, passed = stamp - stream.stamp, arrival - stream.arrival
        early = self.at(stamp + stream.correction) - arrival
        if step < -_BACKWARDS or (step > passed + _TOO_EARLY and early > _TOO_EARLY):
            stream.correction += self._jump(name, step, max(passed, stream.step), arrival)
            stream.minima.clear()
        elif step > 0:
            stream.step = min(step, 0.2)
        stream.stamp, stream.arrival = stamp, arrival

    def _jump(self, name: str, step: float, wanted: float, arrival: float) -> float:
        """What to add so that the step becomes what it should be; the same for all streams that jump together."""
        for wrap in _WRAPS:
            if abs(step + wrap) < _WRAP_SLACK:
                self.mended += 1
                return wrap
        delta = wanted - step
        for when, other, by in self._jumps:
            if by != name and arrival - when < _IDLE and abs(other - delta) < _SAME_JUMP:
                return other
        self._jumps.append((arrival, delta, name))
        self.mended += 1
        return delta

    def _follow(self, arrival: float) -> None:
        offset = self._offset
        if offset is None:
            return
        active = [stream for stream in self._streams.values() if arrival - stream.arrival < _IDLE]
        envelopes = [stream.envelope(arrival - _WINDOW) for stream in active]
        target = min(max(envelopes), min(envelopes) + _APART)
        passed, self._updated = min(max(arrival - self._updated, 0.0), 1.0), arrival
        if arrival - self._begin < _SETTLE:
            self._offset = target
            return
        error = target - offset
        if error < -_TOO_EARLY:
            self._offset = target
            self.mended += 1
            return
        if error > _TOO_LATE / 2 or len(envelopes) > 1:
            offset = self._catch_up(arrival, active, offset)
            error = target - offset
        rate = _FAST_SLEW if error < -_FAST_ABOVE else _SLEW
        self._offset = offset + max(-rate * passed, min(rate * passed, error))
        self._drift.note(arrival, target)

    def _catch_up(self, arrival: float, active: list[_Stream], offset: float) -> float:
        """Give way at once to a delay that has come to stay, of all streams or of one against the other."""
        if any(stream.minima[0][0] > arrival - _SHORT for stream in active):
            return offset
        recent = [stream.envelope(arrival - _SHORT) for stream in active]
        if min(recent) > offset + _TOO_LATE:
            offset = min(max(recent), min(recent) + _APART)
            self.mended += 1
            for stream in active:
                # One that is silent just now keeps what was last known of it.
                while len(stream.minima) > 1 and stream.minima[0][0] < arrival - _SHORT:
                    stream.minima.popleft()
        for stream, behind in zip(active, recent, strict=True):
            if (excess := behind - min(recent) - _APART) > 0.01:
                stream.correction += excess
                stream.minima = deque((second, value - excess) for second, value in stream.minima)
                self.mended += 1
        return offset


class Drift:
    """Slope of the envelope over the last ten minutes: a least-squares line through one point every 10 s."""

    _EVERY: Final = 10.0
    _POINTS: Final = 60
    _LEAST: Final = 6

    def __init__(self) -> None:
        self.ppm: float | None = None
        self._points: deque[tuple[float, float]] = deque(maxlen=self._POINTS)

    def note(self, arrival: float, envelope: float) -> None:
        if self._points and arrival - self._points[-1][0] < self._EVERY:
            return
        if self._points and abs(envelope - self._points[-1][1]) > 0.1:  # a new anchor is no drift
            self._points.clear()
        self._points.append((arrival, envelope))
        if len(self._points) >= self._LEAST:
            self.ppm = -_slope(self._points) * 1e6


def _slope(points: deque[tuple[float, float]]) -> float:
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
