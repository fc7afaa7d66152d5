"""AAC-LC frames of one language. The encoder's delay is one frame; its timestamps already say so."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
import numpy as np

from amphitheatre.media.language.spec import BITRATE
from amphitheatre.media.language.voice_buffer import Samples
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE, CodedSound, SoundFormat

_SETTLED: Final = 4  # frames after which an encoder fed with zeros gives pure silence


class AacEncoder:
    """Frames in, in order and without a hole; frames out on the same grid."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._codec = _codec()

    @property
    def format(self) -> SoundFormat:
        """What the packager needs to know before the first frame."""
        extradata = self._codec.extradata
        if not extradata:
            raise av.error.InvalidDataError(0, "the AAC encoder gave no AudioSpecificConfig")
        return SoundFormat(tag=self._tag, asc=extradata, bitrate=BITRATE, silence=_silence())

    def encode(self, at: int, samples: Samples) -> Iterator[CodedSound]:
        """at: room time of the first of 1024 samples."""
        planes = np.ascontiguousarray(samples.T, dtype=np.float32) / 32768.0
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = SOUND_RATE
        frame.time_base = Fraction(1, SOUND_RATE)
        frame.pts = at
        for packet in self._codec.encode(frame):
            if packet.pts is not None:
                yield CodedSound(tag=self._tag, dts=packet.pts, data=bytes(packet))


def _codec() -> av.AudioCodecContext:
    codec = av.AudioCodecContext.create("aac", "w")
    codec.sample_rate = SOUND_RATE
    codec.layout = "stereo"
    codec.format = "fltp"
    codec.bit_rate = BITRATE
    codec.time_base = Fraction(1, SOUND_RATE)
    codec.flags |= av.codec.context.Flags.global_header
    codec.open()
    return codec


def _silence() -> bytes:
    codec = _codec()
    last = b""
    for place in range(_SETTLED):
        frame = av.AudioFrame.from_ndarray(
            np.zeros((2, AAC_FRAME), np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate = SOUND_RATE
        frame.time_base = Fraction(1, SOUND_RATE)
        frame.pts = place * AAC_FRAME
        for packet in codec.encode(frame):
            last = bytes(packet)
    return last
