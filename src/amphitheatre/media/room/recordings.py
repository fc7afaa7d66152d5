"""What a room has kept: its takes, their exports, their deletion when their time is over."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from amphitheatre.media.record import deletion, take
from amphitheatre.media.record.take import Take
from amphitheatre.media.room.exports import Exports

log = structlog.get_logger(__name__)

_DAY: Final = 86_400.0  # seconds
_LOOK_EVERY: Final = 600.0  # seconds


class Recordings:
    """folder: the room's. days: how long a take is kept after its end, None for ever. deleted: told its id."""

    def __init__(self, folder: Path, days: Callable[[], int | None], deleted: Callable[[str], None]) -> None:
        self._folder = folder
        self._days = days
        self._deleted = deleted
        self._sizes: dict[str, int] = {}
        self.exports = Exports()

    def all(self) -> list[Take]:
        """Every take that is kept, oldest first; reads the disk."""
        return take.all_takes(self._folder)

    def size(self, kept: Take) -> int:
        """Bytes of its segments; counts the files of a take that has ended only once."""
        if kept.id in self._sizes:
            return self._sizes[kept.id]
        size = kept.size()
        if kept.info.ended is not None:
            self._sizes[kept.id] = size
        return size

    async def delete(self, old: Take) -> None:
        """Remove a take that has ended, for good, also while it is exported. Raises OSError as the disk does."""
        await self.exports.forget(old)
        await asyncio.to_thread(deletion.delete, old)
        self._sizes.pop(old.id, None)
        log.warning("recording.deleted", take=old.id)
        self._deleted(old.id)

    async def run(self) -> None:
        """Delete what is not to be kept any longer, until cancelled."""
        try:
            await asyncio.to_thread(deletion.finish, self._folder)
            while True:
                for old in await asyncio.to_thread(self._overdue):
                    try:
                        await self.delete(old)
                    except OSError as error:
                        log.error("recording.not_deleted", take=old.id, error=error.strerror)
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            await self.exports.stop()

    def _overdue(self) -> list[Take]:
        days = self._days()
        if days is None:
            return []
        limit = time.time() - days * _DAY
        return [old for old in self.all() if old.info.ended is not None and old.info.ended < limit]
