"""Keeps a process at a source whose connection belongs to the origin: one that dies is replaced."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from amphitheatre.media.errors import MediaError
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.jobs import SourceJob
from amphitheatre.media.room.source import Connection, Source

log = structlog.get_logger(__name__)

_SHORT_LIVED: Final = 5.0  # seconds
_FIRST_PAUSE: Final = 0.2  # seconds before another process after a short-lived one, doubled each time
_LONGEST_PAUSE: Final = 5.0


class Upkeep:
    """job: what a new process is told. on_child: told each process and, as None, its end; on_repeated: that two
    in a row have died soon after their start, so that it may be what they were given that kills them.
    """

    def __init__(
        self,
        source: Source,
        connection: Connection,
        job: Callable[[], SourceJob],
        on_child: Callable[[Child | None], None] = lambda _: None,
        on_repeated: Callable[[], None] = lambda: None,
    ) -> None:
        self._source = source
        self._connection = connection
        self._job = job
        self._on_child = on_child
        self._on_repeated = on_repeated

    @property
    def wanted(self) -> bool:
        """Nobody has stopped the source or taken it over."""
        return self._source.connection is self._connection

    async def run(self) -> None:
        """Until the source has ended in order, is stopped, or its connection is gone; then that is hung up."""
        pause = 0.0
        while self.wanted and not self._connection.gone:
            began = time.monotonic()
            if await self._one():
                break
            if time.monotonic() - began < _SHORT_LIVED:
                if pause:
                    self._on_repeated()
                pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            else:
                pause = 0.0
            await asyncio.sleep(pause)
        self._connection.hang_up()

    async def _one(self) -> bool:
        """One process from its start to its end; whether it has ended in order."""
        try:
            child = await self._source.start(self._job())
        except MediaError as error:
            if self.wanted:
                log.error(
                    "source.not_started", room=self._source.room, source=self._source.name, error=str(error)
                )
            return False
        try:
            self._on_child(child)
            return await self._source.ended()
        finally:
            self._on_child(None)
