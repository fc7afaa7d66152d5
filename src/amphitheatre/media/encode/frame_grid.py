"""Puts a source's frames on the view's frame grid, so that parts are whole numbers of frames."""

from typing import Final

import msgspec

# A frame keeps the place after its predecessor's while it is within this many places of it: at a source of the
# grid's own rate rounding then never flips to and fro.
_STEADY: Final = 0.75
# A longer hole is not filled with repeats: the packager has held the picture meanwhile.
_LONGEST_REPEAT: Final = 1.0  # seconds
GRIDS: Final = (25, 30)


def grid_rate(frame_rate: float | None) -> int:
    """The grid for a source's rate in frames/s: 24, 25, 50 → 25; 10, 15, 30, 60 and what is unknown → 30."""
    if not frame_rate:
        return 30
    for rate in GRIDS:
        ratio = max(frame_rate / rate, rate / frame_rate)
        if abs(ratio - round(ratio)) < 0.01:
            return rate
    return 25 if abs(frame_rate - 25) < abs(frame_rate - 30) else 30


class Placed(msgspec.Struct, frozen=True):
    """repeats: places before `place` that show the frame before again."""

    place: int
    repeats: range


class FrameGrid:
    """fps: frames/s of the grid."""

    def __init__(self, fps: int) -> None:
        self.fps = fps
        self._last: int | None = None
        self.dropped = 0
        self.repeated = 0

    def put(self, at: float) -> Placed | None:
        """Where a frame of room time `at` (seconds) goes; None drops it, since its place is taken."""
        exact = at * self.fps
        last = self._last
        if last is None:
            place = round(exact)
        elif abs(exact - (last + 1)) <= _STEADY:
            place = last + 1
        else:
            place = round(exact)
        if last is not None and place <= last:
            self.dropped += 1
            return None
        missing = 0 if last is None else place - last - 1
        if missing > _LONGEST_REPEAT * self.fps:
            missing = 0
        self.repeated += missing
        self._last = place
        return Placed(place, range(place - missing, place))
