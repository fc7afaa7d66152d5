"""How loud a sound is: EBU R 128's momentary loudness (EBU Tech 3341: 400 ms, K-weighted) and the sample peak."""

import math
from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.filter import Graph

from amphitheatre.media.unit import SOUND_RATE

FLOOR: Final = -100.0  # LUFS and dBFS; stands for digital silence
_CLIPPED: Final = 32_767
_CLIPPED_SAMPLES: Final = 10  # in a row of one report; a lone full sample is a loud note


class Loudness:
    """Fed with interleaved s16 stereo at 48 kHz."""

    def __init__(self) -> None:
        self._graph = Graph()
        source = self._graph.add_abuffer(
            sample_rate=SOUND_RATE, format="s16", layout="stereo", time_base=Fraction(1, SOUND_RATE)
        )
        meter = self._graph.add("ebur128", "metadata=1:framelog=quiet")
        self._graph.link_nodes(source, meter, self._graph.add("abuffersink")).configure()
        self._at = 0
        self._peak = 0
        self._clipped = 0
        self.momentary: float | None = None  # LUFS, None before the first 100 ms

    def feed(self, samples: bytes) -> None:
        values = np.frombuffer(samples, np.int16)
        if not values.size:
            return
        high, low = int(values.max()), int(values.min())
        peak = max(high, -low)
        self._peak = max(self._peak, peak)
        if peak >= _CLIPPED:
            self._clipped += int(np.count_nonzero((values >= _CLIPPED) | (values <= -_CLIPPED)))
        frame = av.AudioFrame(format="s16", layout="stereo", samples=values.size // 2)
        frame.planes[0].update(samples)
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._at, Fraction(1, SOUND_RATE)
        self._at += frame.samples
        self._graph.push(frame)
        while True:
            try:
                measured = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            momentary = float(measured.metadata.get("lavfi.r128.M", FLOOR))
            self.momentary = max(momentary, FLOOR) if math.isfinite(momentary) else FLOOR

    def take_peak(self) -> tuple[float, bool]:
        """Sample peak in dBFS since the last call, and whether the sound was clipped."""
        peak = max(20 * math.log10(self._peak / 32_768), FLOOR) if self._peak else FLOOR
        clipped = self._clipped >= _CLIPPED_SAMPLES
        self._peak = self._clipped = 0
        return peak, clipped
