"""Whether a picture is black or stands still, from a coarse grid of its luma, three times a second."""

from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

_EVERY: Final = 1 / 3  # seconds
_STEP: Final = 16  # every 16th line and column
_BLACK: Final = 32  # luma; video black is 16
_BLACK_PART: Final = 0.98  # of the grid
_SAME: Final = 2  # luma; what an encoder may change in a still picture
_BLACK_FOR: Final = 1.0  # seconds
_FROZEN_FOR: Final = 3.0  # seconds


class Stillness:
    """black, frozen: for at least 1 s and 3 s."""

    def __init__(self) -> None:
        self._last: NDArray[np.uint8] | None = None
        self._looked: float | None = None
        self._moved = 0.0
        self._lit = 0.0
        self.black = False
        self.frozen = False

    def look(self, frame: av.VideoFrame, at: float) -> None:
        """frame: yuv420p. at: room time, seconds."""
        if self._looked is not None and 0 <= at - self._looked < _EVERY:
            return
        plane = frame.planes[0]
        luma = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
        grid = luma[: frame.height : _STEP, : frame.width : _STEP]
        if np.count_nonzero(grid < _BLACK) < _BLACK_PART * grid.size or self._looked is None:
            self._lit = at
        if self._last is None or grid.shape != self._last.shape or _differ(grid, self._last):
            self._moved = at
            self._last = grid  # a slow drift must show against the first of a row, too
        self._looked = at
        self.black = at - self._lit >= _BLACK_FOR
        self.frozen = at - self._moved >= _FROZEN_FOR


def _differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return bool(np.any(np.abs(one.astype(np.int16) - other) > _SAME))
