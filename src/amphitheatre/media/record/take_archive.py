"""One take on its way to the object store: its tracks, take.json, and when its segments may leave the disk."""

import asyncio
import time
from pathlib import Path
from typing import Final

import structlog

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.record import take as takes
from amphitheatre.media.record.take import TAKE_FILE
from amphitheatre.media.record.track_archive import TrackArchive, pieces
from amphitheatre.media.store.object_store import ObjectStore
from amphitheatre.media.store.segments import STORE_FILE, key
from amphitheatre.media.store.track_folder import INDEX

log = structlog.get_logger(__name__)

KEPT_LOCALLY: Final = 3600.0  # seconds after a take's end in which its segments stay on the disk as well


class TakeArchive:
    """Everything raises StoreFailed, and FileNotFoundError once the take has been deleted."""

    def __init__(self, path: Path, store: ObjectStore, slots: asyncio.Semaphore) -> None:
        self.path = path
        self._store = store
        self._slots = slots
        self._key = key(path)
        self._take = takes.load(path)
        self._stored_info = b""  # take.json as the store has it
        self._tracks: dict[Path, TrackArchive] = {}
        self._verified = self._mended = False
        # Nothing is left to do: the take is in the store, and of its segments nothing is here.
        self.done = self._ended and not any(path.rglob("*.m4s"))

    @property
    def room(self) -> str:
        return self._key.partition("/")[0]

    @property
    def recorded(self) -> bool:
        return self._take.info.recorded

    @property
    def waiting(self) -> int:
        """Segments that are whole and not in the store."""
        return sum(track.waiting for track in self._tracks.values())

    @property
    def oldest(self) -> float | None:
        """Unix time at which the oldest of them was written."""
        return min((track.oldest for track in self._tracks.values() if track.oldest), default=None)

    def look(self) -> None:
        """See what there is to do; reads the disk only."""
        self._take = takes.load(self.path)
        for track in self._tracks.values():
            track.look(ended=self._ended)

    async def advance(self, kept: float) -> int:
        """Store what has come since, and let the segments go `kept` seconds after the end; the bytes sent."""
        await self._follow()
        info = await asyncio.to_thread((self.path / TAKE_FILE).read_bytes)
        if info != self._stored_info:
            await self._store.put(f"{self._key}/{TAKE_FILE}", info)
            self._stored_info = info
        ended = self._ended
        sent = await asyncio.gather(
            *(track.advance(self._slots, ended=ended) for track in self._tracks.values()),
            return_exceptions=True,
        )
        for result in sent:
            if isinstance(result, BaseException):
                raise result
        if ended and all(track.complete for track in self._tracks.values()):
            await self._settle(kept)
        return sum(result for result in sent if isinstance(result, int))

    @property
    def _ended(self) -> bool:
        return self._take.info.ended is not None

    def _prefix(self, track: Path) -> str:
        return f"{self._key}/{track.relative_to(self.path)}"

    async def _follow(self) -> None:
        """Take up tracks that are new here; the store says how far each has come."""
        new = [path for path in self._take.tracks() if path not in self._tracks and (path / INDEX).exists()]
        if not new:
            return
        await asyncio.to_thread((self.path / STORE_FILE).write_text, self._store.url)
        for path in new:
            prefix = self._prefix(path)
            stored = await pieces(self._store, prefix)
            self._tracks[path] = TrackArchive(path, self._store, prefix, stored)
            await asyncio.to_thread(self._tracks[path].look, ended=self._ended)

    async def _settle(self, kept: float) -> None:
        """Compare with what the store lists: at once after the end, and again before the segments go."""
        over = time.time() - (self._take.info.ended or 0.0) > kept
        if self._verified and not over:
            return
        whole = True
        for path, track in self._tracks.items():
            stored = await self._store.sizes(self._prefix(path))
            if differing := await asyncio.to_thread(track.differing, stored):
                whole = False
                await track.mend(differing)
        if not whole:  # looked at again in the next round
            if self._mended:
                raise StoreFailed("NotStored")
            self._mended = True
            return
        self._mended = False
        if not self._verified:
            log.info("archive.complete", take=self._take.id, room=self.room)
        self._verified = True
        if over:
            for track in self._tracks.values():
                await asyncio.to_thread(track.let_go)
            self.done = True
            log.info("archive.local_let_go", take=self._take.id, room=self.room)
