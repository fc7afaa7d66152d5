"""Keeps the parts of one take on disk, and goes on without when the disk fails."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from amphitheatre.media.store.track_folder import PartLine, TrackFolder

log = structlog.get_logger(__name__)

# After a failure writing is tried again this often: somebody may have made room.
RETRY_AFTER: Final = 10.0  # seconds
# So long every write has to succeed before recording counts as resumed: on a full disk a small one may still fit.
PROVEN_AFTER: Final = 2.0  # seconds


class Recorder:
    """Owns the take's folders. on_failure is called once for each time that recording stops."""

    def __init__(self, on_failure: Callable[[OSError], None], *, keep_segments: int | None) -> None:
        self._on_failure = on_failure
        self._keep = keep_segments
        self._failed_at: float | None = None
        self._succeeds_since: float | None = None
        self._folders: list[TrackFolder] = []

    @property
    def stopped(self) -> bool:
        return self._failed_at is not None

    def track(self, path: Path) -> "TrackRecorder":
        return TrackRecorder(self, path)

    def attempt(self, write: Callable[[], None]) -> bool:
        """Run one write; False if it failed or is not tried because the disk failed just now."""
        if self._failed_at is not None and time.monotonic() - self._failed_at < RETRY_AFTER:
            return False
        try:
            write()
        except OSError as error:
            first = self._failed_at is None
            self._failed_at = time.monotonic()
            self._succeeds_since = None
            if first:
                log.critical("recording.stopped", error=error.strerror, errno=error.errno)
                self._on_failure(error)
            return False
        if self._failed_at is not None:
            self._prove()
        return True

    def _prove(self) -> None:
        now = time.monotonic()
        if self._succeeds_since is None:
            self._succeeds_since = now
        if now - self._succeeds_since >= PROVEN_AFTER:
            log.warning("recording.resumed")
            self._failed_at = self._succeeds_since = None

    def opened(self, folder: TrackFolder) -> None:
        self._folders.append(folder)

    def close(self) -> None:
        for folder in self._folders:
            folder.close()

    @property
    def keep_segments(self) -> int | None:
        """How many segments stay on disk when nothing is to be recorded; None keeps all."""
        return self._keep


class TrackRecorder:
    """One track's sink. After a failed write the rest of that segment is left out, so what is kept is whole."""

    def __init__(self, recorder: Recorder, path: Path) -> None:
        self._recorder = recorder
        self._path = path
        self._folder: TrackFolder | None = None
        self._inits: dict[str, bytes] = {}
        self._written: set[str] = set()
        self._skipped_segment: int | None = None

    def init(self, name: str, data: bytes) -> None:
        """An initialisation segment, to be written before the first part that needs it."""
        self._inits[name] = data

    def append(self, line: PartLine, data: bytes) -> None:
        """Keep one part; never raises for the disk's sake."""
        if line.segment == self._skipped_segment:
            return
        if not self._recorder.attempt(lambda: self._write(line, data)):
            self._skipped_segment = line.segment

    def _write(self, line: PartLine, data: bytes) -> None:
        if self._folder is None:
            self._folder = TrackFolder(self._path)
            self._recorder.opened(self._folder)
        if line.map_uri not in self._written:
            self._folder.write_init(line.map_uri, self._inits[line.map_uri])
            self._written.add(line.map_uri)
        self._folder.append(line.segment, data, line)
        keep = self._recorder.keep_segments
        if keep is not None and line.last:
            self._folder.remove_segment(line.segment - keep)
