"""Real H.264 and AAC for tests, as small as can be."""

from collections.abc import Iterator

import av
import numpy as np

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.encode.rung import RungEncoder
from amphitheatre.media.encode.spec import RungSize
from amphitheatre.media.language.aac import AacEncoder
from amphitheatre.media.package.grid import VideoGrid
from amphitheatre.media.unit import AAC_FRAME, CodedSound, Picture, PictureFormat, SoundFormat

SIZE = RungSize("48p", 64, 48, 120_000)
GRID = VideoGrid(Profile.FAST, 25)


def frame(shade: int, width: int = SIZE.width, height: int = SIZE.height) -> av.VideoFrame:
    """One grey picture."""
    canvas = np.full((height * 3 // 2, width), 128, np.uint8)
    canvas[:height] = shade
    return av.VideoFrame.from_ndarray(canvas, format="yuv420p")


def pictures(first: int, count: int) -> tuple[PictureFormat, list[Picture]]:
    """Frames from the grid's place `first` on, each a little lighter than the one before."""
    encoder = RungEncoder(SIZE, GRID.fps, GRID.segment_frames)
    coded = [p for k in range(count) for p in encoder.encode(frame(20 + k % 200), first + k)]
    return encoder.format, coded


def sounds(tag: str, first: int, count: int) -> tuple[SoundFormat, list[CodedSound]]:
    """AAC frames of a tone; the first one is the encoder's delay, one frame before `first`."""
    encoder = AacEncoder(tag)
    return encoder.format, list(_tone(encoder, first, count))


def _tone(encoder: AacEncoder, first: int, count: int) -> Iterator[CodedSound]:
    for place in range(first, first + count):
        at = np.arange(place * AAC_FRAME, (place + 1) * AAC_FRAME)
        wave = (8000 * np.sin(at * 2 * np.pi * 440 / 48_000)).astype(np.int16)
        yield from encoder.encode(place * AAC_FRAME, np.stack([wave, wave], axis=1))
