"""Copies recordings to the object store while they grow, and deletes there what is deleted here.

Disk first: parts are written and announced without the store. This looks at the disk again and again, does what is
left to do, and when the store is away it waits and goes on; nothing it knows is lost with the process.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import structlog

from amphitheatre.contract.event import EventKind
from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.record import catalogue, deletion
from amphitheatre.media.record.take import TAKE_FILE
from amphitheatre.media.record.take_archive import KEPT_LOCALLY, TakeArchive
from amphitheatre.media.store import object_store, segments
from amphitheatre.media.store.object_store import ObjectStore

log = structlog.get_logger(__name__)

_PAUSE: Final = 1.0  # seconds between two rounds
_LONGEST_PAUSE: Final = 60.0
_AT_ONCE: Final = 4  # uploads: a store that is slow must not take the room's line

Tell = Callable[[EventKind, str, str | None, dict[str, str | int | float]], None]


class Backlog(NamedTuple):
    """segments: not in the store yet; oldest: seconds that the first of them has waited; deletions: takes."""

    segments: int
    oldest: float
    deletions: int


class Archiver:
    """rooms: the folder of all rooms. tell: see `Room`. kept, pause: seconds, see `KEPT_LOCALLY`, `_PAUSE`."""

    def __init__(
        self,
        rooms: Path,
        store: ObjectStore,
        tell: Tell,
        *,
        kept: float = KEPT_LOCALLY,
        pause: float = _PAUSE,
    ) -> None:
        self._rooms = rooms
        self._store = store
        self._tell = tell
        self._kept = kept
        self._pause = pause
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._takes: dict[Path, TakeArchive] = {}
        self._done: set[Path] = set()
        self._deletions = 0
        self._catalogued = False
        self.away = ""  # why, while it is
        self.failures = 0
        self.sent = 0

    @property
    def backlog(self) -> Backlog:
        oldest = min((take.oldest for take in self._takes.values() if take.oldest), default=None)
        return Backlog(
            sum(take.waiting for take in self._takes.values()),
            max(time.time() - oldest, 0.0) if oldest is not None else 0.0,
            self._deletions,
        )

    async def run(self) -> None:
        """Until cancelled."""
        log.info("archive.started", store=self._store.url)
        pause = self._pause
        while True:
            try:
                await self.round()
            except (StoreFailed, OSError) as error:
                self._failed(error)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._worked()
                pause = self._pause
            await asyncio.sleep(pause)

    async def round(self) -> None:
        """Everything that can be done now. Raises StoreFailed, or OSError as the disk does."""
        refusals = []
        for path in await asyncio.to_thread(self._look):
            try:
                await self._each(path)
            except OSError as error:  # this take's own; the others go on
                log.error("archive.disk_refuses", take=path.name, error=error.strerror)
                refusals.append(error)
        for doomed in await asyncio.to_thread(deletion.pending, self._rooms):
            await self._delete(doomed)
        if not self._catalogued:
            await catalogue.bring_back(self._rooms, self._store)
            self._catalogued = True
        if refusals:
            raise refusals[0]

    def _look(self) -> list[Path]:
        """What there is to do, on the disk."""
        self._deletions = len(deletion.pending(self._rooms))
        for path in {file.parent for file in self._rooms.glob(f"*/takes/[!.]*/{TAKE_FILE}")} - self._done:
            try:
                take = self._takes.get(path) or self._new(path)
                if take is not None:
                    take.look()
            except (FileNotFoundError, msgspec.DecodeError):  # deleted just now, or damaged: no take
                self._takes.pop(path, None)
        return sorted(self._takes, key=lambda path: path.name, reverse=True)  # the newest are on air

    def _new(self, path: Path) -> TakeArchive | None:
        take = TakeArchive(path, self._store, self._slots)
        if take.done or not take.recorded:
            self._done.add(path)
            return None
        self._takes[path] = take
        return take

    async def _each(self, path: Path) -> None:
        take = self._takes[path]
        try:
            self.sent += await take.advance(self._kept)
            done = take.done
        except FileNotFoundError:
            if await asyncio.to_thread(path.exists):
                raise
            done = True  # deleted meanwhile
        if done:
            del self._takes[path]
            self._done.add(path)

    async def _delete(self, doomed: Path) -> None:
        """doomed: see `deletion`."""
        url = await asyncio.to_thread((doomed / segments.STORE_FILE).read_text)
        room = doomed.parents[2].name
        await object_store.opened(url).clear(f"{room}/takes/{doomed.name}")
        await asyncio.to_thread(deletion.forget, doomed)
        log.warning("archive.deleted", take=doomed.name, room=room)

    def _failed(self, error: StoreFailed | OSError) -> None:
        self.failures += 1
        code = error.code if isinstance(error, StoreFailed) else error.strerror or "unknown"
        if self.away:
            log.info("archive.still_stalled", reason=code, waiting=self.backlog.segments)
        else:
            advice = str(error) if isinstance(error, StoreFailed) else "the disk refuses"
            log.error("archive.stalled", reason=code, advice=advice, store=self._store.url)
            self._tell_rooms(EventKind.ARCHIVE_STALLED, {"reason": code})
        self.away = code

    def _worked(self) -> None:
        if self.away:
            log.warning("archive.resumed", store=self._store.url)
            self._tell_rooms(EventKind.ARCHIVE_RESUMED, {})
        self.away = ""

    def _tell_rooms(self, kind: EventKind, detail: dict[str, str | int | float]) -> None:
        for room in sorted({take.room for take in self._takes.values()}):
            self._tell(kind, room, None, detail)
