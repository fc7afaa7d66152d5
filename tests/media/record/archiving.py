"""An archiver for tests, stepped by hand, and takes that it has put into a real object store."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from amphitheatre.contract.event import EventKind
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.record.take import Take
from amphitheatre.media.store.object_store import opened
from tests.media.record.growing import EPOCH, Growing, segments
from tests.media.store.s3 import S3

Told = list[tuple[EventKind, str, dict[str, str | int | float]]]


def new(rooms: Path, s3: S3, told: Told | None = None, kept: float = 3600.0) -> Archiver:
    def tell(kind: EventKind, room: str, source: str | None, detail: dict[str, str | int | float]) -> None:
        if told is not None:
            told.append((kind, room, detail))

    return Archiver(rooms, opened(s3.url), tell, kept=kept, pause=0.01)


async def rounds(archiver: Archiver, count: int = 4) -> None:
    """Enough for whatever these takes have left to do."""
    for _ in range(count):
        await archiver.round()


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def stored_segments(s3: S3) -> dict[str, bytes]:
    return {key: data for key, data in s3.objects().items() if key.endswith(".m4s")}


async def archived(rooms: Path, s3: S3, **info: object) -> tuple[Take, dict[str, bytes]]:
    """A take whose segments are only in the store, and what they were."""
    growing = Growing(rooms, **info)
    growing.grow(7, 8)
    growing.end(EPOCH + 9)
    before = segments(growing.take)
    await rounds(new(rooms, s3, kept=0.0))
    assert segments(growing.take) == {}
    return growing.take, before
