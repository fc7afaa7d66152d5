"""What becomes of a source's decoded pictures and sounds: the ladder's units and PCM, to the origin."""

import contextlib
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

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
# Pictures that may wait to be coded: as many as come in _TOO_LATE at 30 frames/s, some 75 MB at 1080p.
_WAITING: Final = 24
_STEP: Final = 0.1  # seconds between two looks whether the coder still takes anything


class SourceOutput:
    """Belongs to one source's process; `hear` may be called from another thread.

        with output:
            output.put(item)

    Pictures are coded in a thread of their own: on a machine that is too slow for them, the sound, which costs little,
    must not wait behind them, else the languages would be silent before the pictures suffer.

    left_out(slow): called for each picture that is not coded since it would come too late; slow: because of the coding.
    """

    def __init__(self, link: BlockingLink, job: SourceJob, left_out: Callable[[bool], None]) -> None:
        self._link = link
        self._job = job
        self._left_out = left_out
        self._ladder: Ladder | None = None
        self._key_wanted = threading.Event()
        self._times: list[float] = []
        self._begun: float | None = None  # room time, seconds
        self._waiting: queue.Queue[PictureIn | None] = queue.Queue(_WAITING)
        self._coder = threading.Thread(target=self._code, name="coder", daemon=True)
        self._failure: Exception | None = None

    def __enter__(self) -> Self:
        self._coder.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Codes what waits. Raises what the coding has raised, unless something else is being raised."""
        while self._coder.is_alive():
            with contextlib.suppress(queue.Full):
                self._waiting.put(None, timeout=_STEP)
                self._coder.join()
        if kind is None:
            self._raise_failure()

    def hear(self, unit: Unit) -> None:
        """A word from the origin."""
        if isinstance(unit, KeyframePlease):
            self._key_wanted.set()

    def put(self, item: PictureIn | SoundIn) -> None:
        """Raises OSError when the origin is gone, and what the coding of pictures has raised."""
        self._raise_failure()
        if self._begun is None:
            self._begun = self._job.clock.now()
        if isinstance(item, SoundIn):
            self._link.send(Sound(item.at, item.samples))
        elif self._job.pictures and not self._late(item.at, slow=False):
            try:
                self._waiting.put_nowait(item)
            except queue.Full:
                self._left_out(True)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _code(self) -> None:
        try:
            while (item := self._waiting.get()) is not None:
                if not self._late(item.at, slow=True):
                    self._picture(item.frame, item.at)
        except Exception as error:
            self._failure = error

    def _picture(self, frame: av.VideoFrame, at: float) -> None:
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

    def _late(self, at: float, *, slow: bool) -> bool:
        """Held by now, so that it would be coded for nothing, and on a machine that is too slow all that follows
        would come later still. The room's very first ladder waits for everybody: nothing is held yet.
        """
        if self._ladder is None and self._job.ladder is None:
            return False
        if at < (self._begun or 0.0):  # repeated for us, so that we can decode what follows
            return True
        if self._job.clock.now() - at <= _TOO_LATE:
            return False
        self._left_out(slow)
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
