"""All rungs of one view: frames in, coded pictures out."""

from collections.abc import Iterator

import av

from amphitheatre.media.encode.frame_grid import FrameGrid
from amphitheatre.media.encode.rung import RungEncoder
from amphitheatre.media.encode.spec import LadderSpec
from amphitheatre.media.unit import Picture, PictureFormat


class Ladder:
    """Owns the view's frame grid. Rungs are scaled one from the other, from the top one down."""

    def __init__(self, spec: LadderSpec) -> None:
        self.grid = FrameGrid(spec.fps)
        self._rungs = [RungEncoder(rung, spec.fps, spec.segment_frames) for rung in spec.rungs]
        self._before: list[av.VideoFrame] = []

    def formats(self) -> list[PictureFormat]:
        return [rung.format for rung in self._rungs]

    def force_key(self) -> None:
        """Make the next frame of every rung an IDR frame."""
        for rung in self._rungs:
            rung.force_key()

    def put(self, frame: av.VideoFrame, at: float) -> Iterator[Picture]:
        """at: room time in seconds. Repeats the frame before where the grid has a hole."""
        placed = self.grid.put(at)
        if placed is None:
            return
        for place in placed.repeats:
            yield from self._encode(self._before, place)
        scaled = []
        for rung in self._rungs:
            frame = rung.scale(frame)
            scaled.append(frame)
        yield from self._encode(scaled, placed.place)
        self._before = scaled

    def _encode(self, frames: list[av.VideoFrame], place: int) -> Iterator[Picture]:
        for rung, frame in zip(self._rungs, frames, strict=True):
            yield from rung.encode(frame, place)
