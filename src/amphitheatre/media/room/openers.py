"""Sources that the origin opens itself: an SRT door a source, and what a plan says is to be pulled."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Final, TypeGuard

import structlog

from amphitheatre.contract.room_plan import PullSource, RoomPlan
from amphitheatre.media.errors import MediaError, Refused
from amphitheatre.media.ingest.srt_carrier import SrtCarrier
from amphitheatre.media.ingest.srt_listener import SrtListener
from amphitheatre.media.room import keys
from amphitheatre.media.room.jobs import PullWay, SourceJob, SrtWay, Way
from amphitheatre.media.room.shown import Shown
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.upkeep import Upkeep

log = structlog.get_logger(__name__)

_FIRST_PAUSE: Final = 0.5  # seconds before a source that could not be opened is opened again
_LONGEST_PAUSE: Final = 10.0
_TAKEN_PAUSE: Final = (
    0.1  # seconds before an SRT port that is taken is tried again: its last process may be ending
)

Job = Callable[[str, Way], SourceJob]


class Openers:
    """Keeps one task a source; `follow` a plan, again when it changes. port: of a source, UDP."""

    def __init__(
        self, group: asyncio.TaskGroup, host: str, port: Callable[[str], int], job: Job, shown: Shown
    ) -> None:
        self._group = group
        self._host = host
        self._port = port
        self._job = job
        self._shown = shown
        self._tasks: dict[tuple[str, str, str], asyncio.Task[None]] = {}

    def follow(self, plan: RoomPlan, sources: dict[str, Source]) -> None:
        """Open what the plan names, stop what it no longer names; a rotated key is a new door."""
        wanted: dict[tuple[str, str, str], Callable[[], Coroutine[None, None, None]]] = {}
        for name, key in keys.sources(plan).items():
            wanted["srt", name, key] = partial(self._srt, sources[name], key)
        for view in plan.views:
            if view.pull is not None:
                name = f"views/{view.id}"
                wanted["pull", name, repr(view.pull)] = partial(self._pull, sources[name], view.pull)
        self._shown.follow({f"views/{view.id}": view.pull.url for view in plan.views if _once(view.pull)})
        for gone in self._tasks.keys() - wanted.keys():
            self._tasks.pop(gone).cancel()
        for new in [name for name in wanted if name not in self._tasks]:
            self._tasks[new] = self._group.create_task(wanted[new](), name="/".join(new[:2]))

    async def _srt(self, source: Source, key: str) -> None:
        port = self._port(source.name)
        listener = SrtListener(self._host, port)
        taken = False
        while True:
            try:
                peer = await listener.caller()
            except OSError as error:
                if not taken:
                    log.warning("srt.port_taken", port=port, error=error.strerror)
                taken = True
                await asyncio.sleep(_TAKEN_PAUSE)
                continue
            taken = False
            if source.busy:
                log.warning(
                    "srt.refused", room=source.room, source=source.name, reason="already-live", peer=peer
                )
                listener.got_nowhere()
                continue
            try:
                carried = await self._carry(source, port, key)
            except OSError as error:  # no descriptor or no process is left: the other sources go on
                log.error("srt.not_carried", room=source.room, source=source.name, error=error.strerror)
                carried = False
                await asyncio.sleep(_FIRST_PAUSE)
            if carried:
                listener.succeeded()
            else:
                listener.got_nowhere()

    async def _carry(self, source: Source, port: int, key: str) -> bool:
        """One caller from its call to its end; whether it has sent anything."""
        async with SrtCarrier.listening(self._host, port, key) as carrier:
            if not await carrier.answered():
                return False
            try:
                await source.claim(takeover=False)
            except Refused:
                return False
            source.hold(carrier)
            upkeep = Upkeep(source, carrier, partial(self._job, source.name, SrtWay(carrier.sock)))
            try:
                await upkeep.run()
            finally:
                if upkeep.wanted:
                    await source.stop("closed")
            return source.report.protocol == "srt" and source.ever

    async def _pull(self, source: Source, pull: PullSource) -> None:
        pause = _FIRST_PAUSE
        while not (_once(pull) and self._shown.has(source.name, pull.url)):
            began = time.monotonic()
            if await self._run(source, PullWay(pull.url, pull.loop)) and _once(pull):
                self._shown.add(source.name, pull.url)
                return
            if time.monotonic() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _run(self, source: Source, way: Way) -> bool:
        """Whether it has been played to its end, or its session has been ended."""
        try:
            await source.claim(takeover=False)
            await source.start(self._job(source.name, way))
            await source.ended()
            return source.last_end in ("ended", "room-ended")
        except Refused:
            return False
        except MediaError as error:
            log.error("source.not_started", room=source.room, source=source.name, error=str(error))
            return False
        except asyncio.CancelledError:
            await source.stop("closed")
            raise


def _once(pull: PullSource | None) -> TypeGuard[PullSource]:
    """Whether it is a film that is not shown over and over."""
    return pull is not None and pull.is_file and not pull.loop
