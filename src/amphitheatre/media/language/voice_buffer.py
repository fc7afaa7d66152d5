"""The last seconds of one sound source in room time."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from amphitheatre.media.unit import SOUND_RATE

Samples = NDArray[np.int16]  # shape (samples, 2)

_CAPACITY: Final = 8 * SOUND_RATE


class VoiceBuffer:
    """A ring of 8 s, s16 stereo. `end` is the index of the first sample that has not come yet."""

    def __init__(self) -> None:
        self._ring: Samples = np.zeros((_CAPACITY, 2), np.int16)
        self.end = 0
        self.connected = False

    def write(self, at: int, data: bytes) -> None:
        """Put interleaved samples at room time `at`. A hole before them is silence; an overlap is overwritten.
        What is older than the ring is left out.
        """
        samples = np.frombuffer(data, np.int16).reshape(-1, 2)
        late = max(self.end - at, len(samples)) - _CAPACITY
        if late > 0:
            samples, at = samples[late:], at + late
        if at > self.end:
            self._put(max(self.end, at - _CAPACITY), np.zeros((min(at - self.end, _CAPACITY), 2), np.int16))
        self._put(at, samples)
        self.end = max(self.end, at + len(samples))

    def read(self, at: int, count: int) -> Samples:
        """Samples [at, at + count); silence where there is none, or none any more."""
        out: Samples = np.zeros((count, 2), np.int16)
        first = max(at, self.end - _CAPACITY, 0)
        last = min(at + count, self.end)
        if last > first:
            out[first - at : last - at] = self._ring[np.arange(first, last) % _CAPACITY]
        return out

    def _put(self, at: int, samples: Samples) -> None:
        self._ring[np.arange(at, at + len(samples)) % _CAPACITY] = samples
