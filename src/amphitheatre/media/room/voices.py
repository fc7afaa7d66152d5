"""Keeps the process alive that makes a room's languages."""

import asyncio
from collections.abc import Callable

import structlog

from amphitheatre.media.errors import MediaError
from amphitheatre.media.language.spec import MixSpec
from amphitheatre.media.room import forks
from amphitheatre.media.room.child import Child
from amphitheatre.media.unit import Connected, Unit

log = structlog.get_logger(__name__)

_PAUSE = 0.5  # seconds before it is started again


class Voices:
    """spec: made anew for each start. connected: the sources that are in then. on_unit: what the process says."""

    def __init__(
        self,
        spec: Callable[[], MixSpec],
        connected: Callable[[], list[Connected]],
        on_unit: Callable[[Unit], None],
    ) -> None:
        self._spec = spec
        self._connected = connected
        self._on_unit = on_unit
        self._wanted = asyncio.Event()
        self._gone = asyncio.Event()
        self.child: Child | None = None

    def begin(self) -> None:
        """Languages are needed from now on."""
        self._wanted.set()

    async def end(self) -> None:
        """Not any more."""
        self._wanted.clear()
        child, self.child = self.child, None
        if child is not None:
            await child.stop()
        self._gone.set()

    def send(self, unit: Unit) -> None:
        if self.child is not None:
            self.child.send(unit)

    async def run(self) -> None:
        """Until cancelled: start the process when it is needed, again when it dies."""
        try:
            while True:
                await self._wanted.wait()
                self._gone.clear()
                await self._start()
                await self._gone.wait()
                self.child = None
                if self._wanted.is_set():
                    log.error("sound.process_ended")
                    await asyncio.sleep(_PAUSE)
        finally:
            await self.end()

    async def _start(self) -> None:
        try:
            self.child = await Child.start(
                "sound",
                forks.SOUND,
                self._spec(),
                on_unit=self._on_unit,
                on_end=lambda _: self._gone.set(),
            )
        except MediaError as error:
            log.error("sound.not_started", error=str(error))
            self._gone.set()
            return
        for unit in self._connected():
            self.child.send(unit)
