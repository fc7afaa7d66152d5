"""The take that a room is in: its tracks, its recorder and its end."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.record import take as takes
from amphitheatre.media.record.recorder import Recorder
from amphitheatre.media.room.tracks import Tracks

log = structlog.get_logger(__name__)

RESUME_WITHIN: Final = 60.0  # seconds; a take that was cut off longer ago has ended
STALLED_AFTER: Final = 1.0  # seconds; a sound that is late for longer is filled with silence
KEPT_WITHOUT_RECORDING: Final = 60  # segments

Failed = Callable[[OSError], None]


class LiveTake:
    """Begun, or resumed after a restart. failed: the disk refuses the recording."""

    def __init__(self, take: takes.Take, clock: RoomClock, failed: Failed, *, recording: bool) -> None:
        self.take = take
        self._clock = clock
        self.recorder = Recorder(failed, keep_segments=None if recording else KEPT_WITHOUT_RECORDING)
        self.tracks = Tracks(take, clock, self.recorder, self.save)
        self._saved = True

    @classmethod
    def begin(cls, folder: Path, plan: RoomPlan, clock: RoomClock, failed: Failed) -> "LiveTake":
        """A new take of the room whose folder that is."""
        take = takes.begin(folder, plan, clock.epoch, time.time())
        live = cls(take, clock, failed, recording=plan.recording.enabled)
        live.save()
        log.info("room.began", room=plan.id, take=take.id)
        return live

    @classmethod
    def resume(
        cls, folder: Path, plan: RoomPlan, clock: RoomClock, failed: Failed, closed: Callable[[str], None]
    ) -> "LiveTake | None":
        """The take that was cut off a moment ago, if any; older ones are closed, `closed` is told their ids."""
        found = None
        for take in takes.all_takes(folder):
            if take.info.ended is not None:
                continue
            live = cls(take, clock, failed, recording=take.info.recorded)
            live.tracks.restore()
            last = live.tracks.last_moment()
            if time.time() - last > RESUME_WITHIN:
                take.info.ended = last or take.info.began
                live.save()
                closed(take.id)
                continue
            log.warning("room.resumed", room=plan.id, take=take.id)
            found = live
        return found

    @property
    def ended(self) -> bool:
        return self.take.info.ended is not None

    def save(self) -> None:
        """Write take.json; a disk that refuses is the recorder's business."""
        self._saved = self.recorder.attempt(self.take.save)

    def hold(self, patience: Callable[[str], float]) -> None:
        """Fill what is overdue. patience: of a view, seconds that its pictures may be late."""
        now = self._clock.now()
        for view, rungs in self.tracks.pictures.items():
            until = now - patience(view)
            for rendition in rungs.values():
                rendition.hold(rendition.grid.frame_at(until))
        for rendition in self.tracks.sounds.values():
            rendition.hold(rendition.grid.frame_at(now - STALLED_AFTER))

    def end(self) -> None:
        """Playlists get their end, the recording is finished."""
        self.take.info.ended = time.time()
        for rendition in self.tracks.all():
            rendition.end()
        self.save()
        self.recorder.close()
        log.info("room.ended", take=self.take.id)

    def finish(self) -> bool:
        """Write what a full disk has refused at the end; whether it is written, or has been deleted."""
        if not self._saved and self.take.path.exists():
            self.save()
            return self._saved
        return True
