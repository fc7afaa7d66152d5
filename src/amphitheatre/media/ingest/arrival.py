"""What every way in hands on inside a source's process, already on the room's clock."""

from typing import NamedTuple

import av


class PictureIn(NamedTuple):
    """A decoded frame. at: room time in seconds, mended and mapped by the source's clock."""

    frame: av.VideoFrame
    at: float


class SoundIn(NamedTuple):
    """Interleaved s16 stereo at 48 kHz, any length. at: room time of its first sample, in samples."""

    at: int
    samples: bytes
