"""An RTMP publisher at its source: read here, decoded in a process of its own."""

import asyncio
from collections.abc import Callable
from typing import Final

from amphitheatre.media.ingest.rtmp_memory import RtmpMemory
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.room.jobs import SourceJob
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.upkeep import Upkeep
from amphitheatre.media.unit import Lost

_FAREWELL: Final = 2.0  # seconds in which a process may decode what it still has


async def push(source: Source, publisher: RtmpPublisher, job: Callable[[], SourceJob]) -> None:
    """Until the publisher is gone, is turned out, or sends what can't be decoded. job: what a new process is told.

    What seems to have killed two processes is not given to the next one.
    """
    memory = RtmpMemory()
    upkeep = Upkeep(source, publisher, job, memory.give_to, memory.forget)
    source.hold(publisher)
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(upkeep.run())
        try:
            reason = await publisher.read(memory.take)
            if upkeep.wanted:
                source.send(Lost(reason))
                await asyncio.wait([keeping], timeout=_FAREWELL)
        finally:
            keeping.cancel()
    if upkeep.wanted:
        await source.stop(reason)
