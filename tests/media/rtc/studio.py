"""A return process with its origin's link in one event loop, and a room whose camera runs in real time."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from itertools import count

from amphitheatre.media.rtc import return_feed
from amphitheatre.media.rtc.return_link import ReturnLink
from tests.media.rtc.camera import Camera, tone

ROOM, VIEW, FLOOR = "operation", "main", "en"


class Studio:
    """link: the origin's. asked: when a key frame was asked for. ended: (room, reason) of peers that have gone."""

    def __init__(self, camera: Camera | None = None) -> None:
        self.camera = camera or Camera()
        self.asked: list[float] = []
        self.ended: list[tuple[str, str]] = []
        self.sent: dict[int, float] = {}
        self.link = ReturnLink(self._keyframe, lambda room, reason: self.ended.append((room, reason)))
        self.ours, self.theirs = socket.socketpair()
        self.rolling = asyncio.Event()
        self.rolling.set()

    def _keyframe(self, room: str, view: str) -> None:
        self.asked.append(time.monotonic())
        self.camera.wants_key = True

    async def roll(self) -> None:
        """30 pictures and their sound each second, as a source's process sends them, until cancelled."""
        self.link.feed(ROOM, VIEW, self.camera.format())
        began = time.monotonic()
        for n in count():
            await asyncio.sleep(max(0.0, began + n / 30 - time.monotonic()))
            await self.rolling.wait()
            # What a busy machine held up goes on from now: no encoder sends what it has missed all at once.
            began = max(began, time.monotonic() - n / 30)
            number = self.camera.number
            picture = self.camera.shoot()
            self.sent[number] = time.monotonic()
            self.link.feed(ROOM, VIEW, picture)
            self.link.feed(ROOM, FLOOR, tone(n * 1600, 1600))


@contextlib.asynccontextmanager
async def studio(camera: Camera | None = None, roll: bool = True) -> AsyncIterator[Studio]:
    made = Studio(camera)
    async with asyncio.TaskGroup() as group:
        process = group.create_task(return_feed.serve(made.theirs))
        link = group.create_task(made.link.run(made.ours))
        camera_task = group.create_task(made.roll()) if roll else None
        while made.link._link is None:
            await asyncio.sleep(0)
        yield made
        if camera_task is not None:
            camera_task.cancel()
        link.cancel()
        await process
