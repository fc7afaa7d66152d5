"""What becomes of a source's decoded pictures and sounds: the ladder's units and PCM, to the origin."""

import threading
from collections.abc import Callable
from typing import Final

import av

from amphitheatre.media.encode.frame_grid import grid_rate
from amphitheatre.media.encode.ladder import Ladder
from amphitheatre.media.encode.rung import ladder as rungs_for
from amphitheatre.media.encode.spec import LadderSpec
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.package.grid import segment_seconds
from amphitheatre.media.room.jobs import SourceJob
from amphitheatre.media.unit import KeyframePlease, Sound, Unit

# Frames whose times tell the frame rate of a source whose ladder is not frozen yet.
_PROBED: Final = 12
# A picture that is coded so long after its time comes too late: the packager holds the one before from 1 s on.
_TOO_LATE: Final = 0.8  # seconds
_LONGEST_PROBE: Final = 1.5  # seconds; a slower source gets the usual grid


class SourceOutput:
    """Belongs to one source's process; `hear` may be called from another thread.

    left_out: called for each picture that is not coded since it would come too late.
    """

    def __init__(self, link: BlockingLink, job: SourceJob, left_out: Callable[[], None]) -> None:
        self._link = link
        self._job = job
        self._left_out = left_out
        self._ladder: Ladder | None = None
        self._key_wanted = threading.Event()
        self._times: list[float] = []
        self._begun: float | None = None  # room time, seconds

    def hear(self, unit: Unit) -> None:
        """A word from the origin."""
        if isinstance(unit, KeyframePlease):
            self._key_wanted.set()

    def put(self, item: PictureIn | SoundIn) -> None:
        """Raises OSError when the origin is gone."""
        if self._begun is None:
            self._begun = self._job.clock.now()
        if isinstance(item, SoundIn):
            self._link.send(Sound(item.at, item.samples))
        elif self._job.pictures:
            self._picture(item.frame, item.at)

    def _picture(self, frame: av.VideoFrame, at: float) -> None:
        if self._late(at):
            return
        ladder = self._ladder or self._begin(frame, at)
        if ladder is None:
            return
        if self._key_wanted.is_set():
            self._key_wanted.clear()
            ladder.force_key()
        for picture in ladder.put(frame, at):
            self._link.send(picture)

    def _probe(self, at: float) -> float | None:
        """The source's frame rate once it can be told."""
        self._times.append(at)
        spent = self._times[-1] - self._times[0]
        if len(self._times) < _PROBED and spent < _LONGEST_PROBE:
            return None
        return (len(self._times) - 1) / spent if spent > 0 else 0.0

    def _late(self, at: float) -> bool:
        """Held by now, so that it would be coded for nothing, and on a machine that is too slow all that follows
        would come later still. The room's very first ladder waits for everybody: nothing is held yet.
        """
        if self._ladder is None and self._job.ladder is None:
            return False
        if at < (self._begun or 0.0):  # repeated for us, so that we can decode what follows
            return True
        if self._job.clock.now() - at <= _TOO_LATE:
            return False
        self._left_out()
        return True

    def _begin(self, frame: av.VideoFrame, at: float) -> Ladder | None:
        """The ladder: the frozen one, or one for this source once its frame rate can be told."""
        spec = self._job.ladder
        if spec is None:
            rate = self._probe(at)
            if rate is None:
                return None
            fps = grid_rate(rate)
            rungs = rungs_for(frame.width, frame.height, self._job.top_height, self._job.below)
            spec = LadderSpec(rungs, fps, fps * segment_seconds(self._job.profile))
        self._ladder = Ladder(spec)
        for format_ in self._ladder.formats():
            self._link.send(format_)
        return self._ladder
