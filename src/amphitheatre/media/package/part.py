"""A part: a run of frames inside one segment, ready to become one chunk."""

from typing import NamedTuple

from amphitheatre.media.package.cmaf import Sample


class Part(NamedTuple):
    """start, ticks: in the track's timescale; last: it completes its segment; held: it repeats a frame."""

    segment: int
    number: int
    start: int
    ticks: int
    samples: tuple[Sample, ...]
    last: bool
    held: bool

    @property
    def independent(self) -> bool:
        return self.samples[0].key
