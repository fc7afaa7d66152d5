"""One language as one continuous sound: its own voice, else the floor, else silence."""

from typing import Final, NamedTuple

import msgspec
import numpy as np

from amphitheatre.media.language.voice_buffer import Samples, VoiceBuffer
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE

# How long a frame waits for a source that is connected but late, before the next best takes its place.
PATIENCE: Final = 0.4  # seconds
# One that has given no sound for so long may be a camera without a microphone: nobody waits for it.
MUTE: Final = 2.0  # seconds
# Silence is given out this long after its time, so that a source that has just come still gets in.
MARGIN: Final = 0.06  # seconds


class Frame(msgspec.Struct, frozen=True):
    """1024 samples in room time; source: ``voice``, ``floor`` or ``silence``."""

    at: int
    samples: Samples
    source: str


class Candidate(NamedTuple):
    """A source that a language may carry; name: ``voice`` or ``floor``."""

    name: str
    buffer: VoiceBuffer


class LanguageTrack:
    """Gives out frame after frame; never leaves one out. candidates: best first; start: samples."""

    def __init__(self, tag: str, candidates: list[Candidate], start: int) -> None:
        self.tag = tag
        self._candidates = candidates
        self._at = -(-start // AAC_FRAME) * AAC_FRAME
        self._source: Candidate | None = None

    def next_frame(self, now: int) -> Frame | None:
        """The next frame if it can be decided at room time `now` (samples), else None."""
        end = self._at + AAC_FRAME
        if self._must_wait(end, now):
            return None
        source = next((c for c in self._candidates if c.buffer.end >= end), None)
        samples = self._samples(source)
        if source is not self._source:
            samples = self._crossfade(self._samples(self._source), samples)
            self._source = source
        frame = Frame(self._at, samples, source.name if source else "silence")
        self._at = end
        return frame

    def _must_wait(self, end: int, now: int) -> bool:
        """A better source is connected, late, and may still come in time; or nobody is there yet."""
        for candidate in self._candidates:
            if candidate.buffer.end >= end:
                return False
            speaks = candidate.buffer.connected and end - candidate.buffer.end < MUTE * SOUND_RATE
            if speaks and now < end + PATIENCE * SOUND_RATE:
                return True
        return now < end + MARGIN * SOUND_RATE

    def _samples(self, source: Candidate | None) -> Samples:
        if source is None:
            return np.zeros((AAC_FRAME, 2), np.int16)
        return source.buffer.read(self._at, AAC_FRAME)

    @staticmethod
    def _crossfade(before: Samples, after: Samples) -> Samples:
        ramp = np.linspace(0, 1, AAC_FRAME, dtype=np.float32)[:, None]
        return (before * (1 - ramp) + after * ramp).astype(np.int16)
