"""One source of a room as the origin sees it: its process, whether a publisher is in, its newest report."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
import structlog

from amphitheatre.contract.room_state import SourceReport, State
from amphitheatre.media.errors import MediaError, Refused
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.jobs import PullWay, SourceJob, SrtWay
from amphitheatre.media.room.source_process import run
from amphitheatre.media.unit import Connected, Lost, Report, Unit

log = structlog.get_logger(__name__)

# Sources that we start ourselves are started again after this long, longer each time it fails at once.
_FIRST_PAUSE: Final = 0.5  # seconds
_LONGEST_PAUSE: Final = 10.0


class Source:
    """on_unit(source, unit) gets everything that comes, Connected and Lost included, with `source` set."""

    def __init__(self, room: str, name: str, on_unit: Callable[["Source", Unit], None]) -> None:
        self.room = room
        self.name = name
        self._on_unit = on_unit
        self._child: Child | None = None
        self._protocol: str | None = None
        self._ended = asyncio.Event()
        self._ended.set()
        self.connected = False
        self.ever = False
        self.last_unit = 0.0
        self.restarts = 0
        self.report = SourceReport(source=name, state=State.WAITING)

    @property
    def busy(self) -> bool:
        """A publisher is in, so a second one is turned away unless it takes over."""
        return self.connected

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def claim(self, takeover: bool) -> None:
        """Make way for a new publisher. Raises Refused(``already-live``)."""
        if self.busy:
            if not takeover:
                raise Refused("already-live")
            log.warning("source.taken_over", room=self.room, source=self.name)
        await self.stop("taken-over")

    async def start(self, job: SourceJob) -> None:
        """Fork the source's process. Raises MediaError when none can be had."""
        self._protocol = job.way.protocol
        self._ended.clear()
        try:
            self._child = await Child.start(
                f"source {self.room}/{self.name}", run, job, on_unit=self._take, on_end=self._gone
            )
        except MediaError:
            self._ended.set()
            raise

    async def keep_running(
        self, job: Callable[[], SourceJob], may_start: Callable[[], Awaitable[None]]
    ) -> None:
        """For sources that we start ourselves (pull, file, SRT): start again and again until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            await may_start()
            began = time.monotonic()
            try:
                await self.start(job())
                await self._ended.wait()
            except MediaError as error:
                log.error("source.not_started", room=self.room, source=self.name, error=str(error))
            pause = (
                _FIRST_PAUSE if time.monotonic() - began > _LONGEST_PAUSE else min(pause * 2, _LONGEST_PAUSE)
            )
            if not isinstance(job().way, SrtWay | PullWay):
                return
            await asyncio.sleep(pause)

    def send(self, unit: Unit) -> None:
        if self._child is not None:
            self._child.send(unit)

    async def stop(self, reason: str) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            await child.stop()
            self._lost(reason)
        self._ended.set()

    def _take(self, unit: Unit) -> None:
        self.last_unit = time.monotonic()
        match unit:
            case Connected(protocol=protocol):
                self.connected = self.ever = True
                self._on_unit(self, Connected(protocol, self.name))
            case Lost(reason=reason):
                self._lost(reason)
            case Report(report=report):
                state = State.LIVE if self.connected else State.LOST
                self.report = msgspec.structs.replace(
                    report, source=self.name, state=state, restarts=self.restarts, protocol=self._protocol
                )
            case _:
                self._on_unit(self, unit)

    def _gone(self, child: Child) -> None:
        """The process has ended by itself, or was killed."""
        if child is self._child:
            self._child = None
            if self.connected:
                self.restarts += 1
            self._lost("process-ended")
            self._ended.set()

    def _lost(self, reason: str) -> None:
        self.report = msgspec.structs.replace(
            self.report, state=State.LOST if self.ever else State.WAITING, bitrate=None, frame_rate=None
        )
        if self.connected:
            self.connected = False
            log.warning("source.lost", room=self.room, source=self.name, reason=reason)
            self._on_unit(self, Lost(reason, self.name))
