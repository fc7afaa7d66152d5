"""An RTMP publisher at its source: the connection stays with the origin, a process that dies is replaced."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from amphitheatre.media.errors import MediaError
from amphitheatre.media.ingest.rtmp_memory import RtmpMemory
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.room.jobs import SourceJob
from amphitheatre.media.room.source import Source
from amphitheatre.media.unit import Lost

log = structlog.get_logger(__name__)

_SHORT_LIVED: Final = 5.0  # seconds; what has killed a process that soon is not given to the next
_FIRST_PAUSE: Final = 0.2  # seconds before another process after a short-lived one, doubled each time
_LONGEST_PAUSE: Final = 5.0
_FAREWELL: Final = 2.0  # seconds in which a process may decode what it still has


class Push:
    """job: what a new process is told."""

    def __init__(self, source: Source, publisher: RtmpPublisher, job: Callable[[], SourceJob]) -> None:
        self._source = source
        self._publisher = publisher
        self._job = job
        self._memory = RtmpMemory()

    async def run(self) -> None:
        """Until the publisher is gone, is turned out, or sends what can't be decoded."""
        self._source.publisher = self._publisher
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self._keep())
            try:
                reason = await self._publisher.read(self._memory.take)
            except asyncio.CancelledError:
                keeping.cancel()
                raise
            if self._mine:
                self._source.send(Lost(reason))
                await asyncio.wait([keeping], timeout=_FAREWELL)
            keeping.cancel()
        if self._mine:
            await self._source.stop(reason)

    @property
    def _mine(self) -> bool:
        """Nobody has taken the source over."""
        return self._source.publisher is self._publisher

    async def _keep(self) -> None:
        """A process for the publisher, again when it dies."""
        pause = 0.0
        while self._mine and not self._publisher.gone:
            began = time.monotonic()
            if await self._one():
                break
            if time.monotonic() - began < _SHORT_LIVED:
                self._memory.forget()
                pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            else:
                pause = 0.0
            await asyncio.sleep(pause)
        self._publisher.hang_up()

    async def _one(self) -> bool:
        """One process from its start to its end; whether it has ended in order."""
        try:
            child = await self._source.start(self._job())
        except MediaError as error:
            log.error(
                "source.not_started", room=self._source.room, source=self._source.name, error=str(error)
            )
            return False
        try:
            self._memory.give_to(child)
            return await self._source.ended()
        finally:
            self._memory.give_to(None)
