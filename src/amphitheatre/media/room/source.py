"""One source of a room as the origin sees it: its process, whether a publisher is in, its newest report."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, Protocol

import msgspec
import structlog

from amphitheatre.contract.room_state import SourceReport, State
from amphitheatre.media.errors import MediaError, Refused
from amphitheatre.media.room import forks
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.jobs import SourceJob
from amphitheatre.media.unit import Connected, Lost, Report, Unit, WhipAnswer, WhipRefused

log = structlog.get_logger(__name__)

_ANSWER_WITHIN: Final = 8.0  # seconds
TAKEN_OVER: Final = "taken-over"


class Connection(Protocol):
    """What a process decodes and the origin keeps: a process that dies leaves it as it is."""

    @property
    def gone(self) -> bool: ...

    def hang_up(self) -> None: ...


class Source:
    """on_unit(source, unit) gets everything that comes, Connected and Lost included, with `source` set."""

    def __init__(self, room: str, name: str, on_unit: Callable[["Source", Unit], None]) -> None:
        self.room = room
        self.name = name
        self._on_unit = on_unit
        self._child: Child | None = None
        self._job: SourceJob | None = None
        self._ended = asyncio.Event()
        self._ended.set()
        self._in_order = False  # the process has said why it ends
        self._claimed_until = 0.0
        self.last_end = ""  # why the process before this one ended
        self._answer: asyncio.Future[str] | None = None
        self.connection: Connection | None = None
        self.connected = False
        self.ever = False
        self.last_unit = 0.0
        self.restarts = 0
        self.report = SourceReport(source=name, state=State.WAITING)

    @property
    def busy(self) -> bool:
        """A publisher is in or being let in, so a second one is turned away unless it takes over.

        One that has hung up holds up nobody, while its process still decodes what it has.
        """
        if self.connection is not None:
            return not self.connection.gone
        claimed = time.monotonic() < self._claimed_until
        return self.connected or claimed or (self._child is not None and self.pushed)

    @property
    def pushed(self) -> bool:
        """Whether what comes, or came last, was let in by RTMP or WHIP."""
        return self._job is not None and self._job.way.protocol in ("rtmp", "whip")

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def child(self) -> Child | None:
        """The process of now, to tell it from a later one."""
        return self._child

    async def claim(self, takeover: bool) -> None:
        """Make way for a new publisher. Raises Refused(``already-live``)."""
        busy = self.busy
        if busy:
            if not takeover:
                raise Refused("already-live")
            log.warning("source.taken_over", room=self.room, source=self.name)
        # Until its process is there, nobody slips in; whoever never starts one holds up nobody for long.
        self._claimed_until = time.monotonic() + _ANSWER_WITHIN
        await self.stop(TAKEN_OVER if busy else "closed")

    def hold(self, connection: Connection) -> None:
        """Whoever claimed the place is here."""
        self.connection = connection
        self._claimed_until = 0.0

    async def start(self, job: SourceJob) -> Child:
        """Fork the source's process. Raises MediaError when none can be had, or when it is not wanted any more."""
        self._job = job
        self._ended = asyncio.Event()
        self._in_order = False
        try:
            child = await Child.start(
                f"source {self.room}/{self.name}", forks.SOURCE, job, on_unit=self._take, on_end=self._gone
            )
        except BaseException:  # cancelled, too
            self._ended.set()
            raise
        finally:
            self._claimed_until = 0.0
        if self._job is not job:
            await child.stop()
            raise MediaError("stopped while it started")
        self._child = child
        if child.ended:
            self._gone(child)
        return child

    async def answer(self, job: SourceJob) -> str:
        """Start a WHIP source; its SDP answer. Raises Refused or MediaError."""
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answer = mine
        try:
            await self.start(job)
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await mine
        except (TimeoutError, Refused) as error:
            # A better offer, sent at once, finds nobody in its way; whoever has taken over meanwhile is left alone.
            if self._job is job:
                await self.stop("no-answer")
            if isinstance(error, Refused):
                raise
            raise Refused("unavailable") from error
        finally:
            if self._answer is mine:
                self._answer = None

    async def ended(self) -> bool:
        """Return when the process is gone: whether in order, having said why."""
        await self._ended.wait()
        return self._in_order

    def send(self, unit: Unit) -> None:
        if self._child is not None:
            self._child.send(unit)

    async def stop(self, reason: str) -> None:
        """End the process and the connection, if there are any."""
        child, self._child, self._job = self._child, None, None
        connection, self.connection = self.connection, None
        ended = self._ended  # the next process may be started while this one is waited for
        if connection is not None:
            connection.hang_up()
        if child is not None:
            self.last_end = reason
            self._lost(reason)
            await child.stop()
        ended.set()

    def _take(self, unit: Unit) -> None:
        match unit:
            case Connected(protocol=protocol):
                self.connected = self.ever = True
                self.last_unit = time.monotonic()
                self._report(msgspec.structs.replace(self.report, protocol=protocol))
                log.info("source.live", room=self.room, source=self.name, protocol=protocol)
                self._on_unit(self, Connected(protocol, self.name))
            case Lost(reason=reason):
                self._in_order = True
                self.last_end = reason
                self._lost(reason)
            case Report(report=report):
                self._report(report)
            case WhipAnswer(sdp=sdp):
                if self._answer is not None and not self._answer.done():
                    self._answer.set_result(sdp)
            case WhipRefused(code=code):
                self._refuse(code)
            case _:
                self.last_unit = time.monotonic()
                self._on_unit(self, unit)

    def _report(self, report: SourceReport) -> None:
        state = State.LIVE if self.connected else State.LOST
        self.report = msgspec.structs.replace(report, source=self.name, state=state, restarts=self.restarts)

    def _refuse(self, code: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Refused(code))

    def _gone(self, child: Child) -> None:
        """The process has ended by itself, or was killed."""
        if child is self._child:
            self._child = None
            if self.connected:
                self.restarts += 1
            self._refuse("unavailable")
            if not self._in_order:
                self.last_end = "process-ended"
            self._lost(self.last_end)
            self._ended.set()

    def _lost(self, reason: str) -> None:
        self.report = msgspec.structs.replace(
            self.report, state=State.LOST if self.ever else State.WAITING, bitrate=None, frame_rate=None
        )
        if self.connected:
            self.connected = False
            log.warning("source.lost", room=self.room, source=self.name, reason=reason)
            self._on_unit(self, Lost(reason, self.name))
