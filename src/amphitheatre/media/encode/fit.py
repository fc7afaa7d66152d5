"""Scales a picture into a rung without bending it: black bars where the shapes differ."""

import av
import numpy as np
from av.video.reformatter import Interpolation

# A difference of shape that nobody sees, such as 853.3 lines rounded to 854.
_TOLERATED = 0.01


def fit(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """The frame as yuv420p of exactly that size (even numbers)."""
    if (frame.width, frame.height, frame.format.name) == (width, height, "yuv420p"):
        return frame
    bend = frame.width * height / (frame.height * width)
    if abs(bend - 1) <= _TOLERATED:
        return _scaled(frame, width, height)
    inner_width = width if bend > 1 else round(width * bend / 2) * 2
    inner_height = round(height / bend / 2) * 2 if bend > 1 else height
    inner = _scaled(frame, inner_width, inner_height).to_ndarray()
    left, top = (width - inner_width) // 4 * 2, (height - inner_height) // 4 * 2
    canvas = np.full((height * 3 // 2, width), 128, np.uint8)
    canvas[:height] = 16
    canvas[top : top + inner_height, left : left + inner_width] = inner[:inner_height]
    _chroma(canvas, width, height)[
        :, top // 2 : (top + inner_height) // 2, left // 2 : (left + inner_width) // 2
    ] = _chroma(inner, inner_width, inner_height)
    return av.VideoFrame.from_ndarray(canvas, format="yuv420p")


def _chroma(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Both chroma planes as a view of shape (2, height / 2, width / 2)."""
    return picture[height:].reshape(2, height // 2, width // 2)


def _scaled(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    return frame.reformat(width, height, "yuv420p", interpolation=Interpolation.FAST_BILINEAR)
