"""Cuts one track's frames into parts and segments on its grid. No clock and no I/O of its own."""

from collections.abc import Iterator

from amphitheatre.media.errors import RuleBroken
from amphitheatre.media.package.cmaf import Sample
from amphitheatre.media.package.grid import Grid, VideoGrid
from amphitheatre.media.package.held import Held
from amphitheatre.media.package.part import Part


class Segmenter:
    """Frames come in the grid's order without a hole; parts come out closed with their last frame,
    not with the first of the next part: that saves each viewer one frame of waiting.
    """

    def __init__(self, grid: Grid, first_frame: int) -> None:
        self.grid = grid
        self.next_frame = first_frame
        self._samples: list[Sample] = []
        self._start = first_frame
        self._held = False

    def push(self, frame: int, data: bytes, *, key: bool) -> Part | None:
        """Take the next frame; the part that it completes, if it does."""
        if frame != self.next_frame:
            raise RuleBroken(f"frame {frame} where {self.next_frame} was due")
        return self._take(Sample(data, self.grid.ticks, key), 1, held=False)

    def hold(self, until: int, held: Held) -> Iterator[Part]:
        """Fill up to (without) the frame `until`.

        A held picture stands for the rest of its part in one sample; sound repeats frame by frame.
        """
        while self.next_frame < until:
            frames = self._left_in_part(until) if isinstance(self.grid, VideoGrid) else 1
            begins = self.next_frame == self.grid.first_of_segment(self.grid.place(self.next_frame).segment)
            sample = held.sample(frames * self.grid.ticks, begins_segment=begins)
            part = self._take(sample, frames, held=True)
            if part is not None:
                yield part

    def _left_in_part(self, until: int) -> int:
        frames = 1
        while (
            self.next_frame + frames < until and not self.grid.place(self.next_frame + frames - 1).ends_part
        ):
            frames += 1
        return frames

    def _take(self, sample: Sample, frames: int, *, held: bool) -> Part | None:
        if not self._samples:
            self._start = self.next_frame
            self._held = False
        self._samples.append(sample)
        self._held |= held
        self.next_frame += frames
        place = self.grid.place(self.next_frame - 1)
        if not place.ends_part:
            return None
        part = Part(
            segment=place.segment,
            number=place.part,
            start=self._start * self.grid.ticks,
            ticks=(self.next_frame - self._start) * self.grid.ticks,
            samples=tuple(self._samples),
            last=place.ends_segment,
            held=self._held,
        )
        self._samples = []
        return part
