"""One room: wires its sources to its tracks, and decides when it is live, lost and over."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec
import structlog

from amphitheatre.contract.event import EventKind
from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.contract.room_state import State
from amphitheatre.media import clock as clocks
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.record.take import Take
from amphitheatre.media.room import keys
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.jobs import SourceJob, Way
from amphitheatre.media.room.languages import Languages
from amphitheatre.media.room.live_take import LiveTake
from amphitheatre.media.room.openers import Openers
from amphitheatre.media.room.recordings import Recordings
from amphitheatre.media.room.shown import Shown
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.tracks import Tracks
from amphitheatre.media.store.whole_file import write_whole
from amphitheatre.media.unit import (
    Connected,
    KeyframePlease,
    Lost,
    Picture,
    PictureFormat,
    Sound,
    Unit,
)

log = structlog.get_logger(__name__)

TICK: Final = 0.05  # seconds between looks at what is overdue
STALLED_AFTER: Final = 1.0  # a connected source that is late for longer is held
ENDED_AFTER: Final = 300.0  # seconds without any source: the take is over

Tell = Callable[[EventKind, str, str | None, dict[str, str | int | float]], None]
OnUnit = Callable[[str, str, Picture | PictureFormat | Sound], None]


class Room:
    """folder: the room's own. tell: (kind, room, source, detail) for web. on_unit: (room, track, unit) for
    peers at low delay; track is a view's id or a language's tag. host, port: of a source's SRT door.
    """

    def __init__(
        self, plan: RoomPlan, folder: Path, tell: Tell, on_unit: OnUnit, host: str, port: Callable[[str], int]
    ) -> None:
        self.plan = plan
        self._revoked: set[str] = set()
        self.folder = folder
        self._tell = tell
        self._on_unit = on_unit
        self.recordings = Recordings(folder, lambda: self.plan.recording.retention_days, self._deleted)
        self.clock = clocks.start(self._epoch())
        self.sources: dict[str, Source] = {}
        self._current: LiveTake | None = None
        self._former: list[LiveTake] = []  # ended, perhaps not written yet
        self.live = False
        self.languages = Languages(
            lambda: self.plan,
            self.clock,
            self.sources,
            lambda: self.tracks,
            lambda tag, sound: self._on_unit(self.plan.id, tag, sound),
        )
        self._openers: Openers | None = None
        self._door = (host, port)
        self._last_connected = time.monotonic()
        self.audience: dict[str, float] = {}
        self.change(plan)

    # Plan

    def change(self, plan: RoomPlan) -> None:
        """Take a newer plan. Who has lost the right to send is stopped by `prune`."""
        former, self.plan = keys.sources(self.plan), plan
        wanted = keys.sources(plan)
        self._revoked |= {name for name in former if former[name] != wanted.get(name)}
        for name in wanted:
            if name not in self.sources:
                self.sources[name] = Source(plan.id, name, self._take)
        if self._openers is not None:
            self._openers.follow(plan, self.sources)

    async def prune(self) -> None:
        """Stop sources that the plan no longer has, and publishers whose key it has replaced."""
        wanted = keys.sources(self.plan)
        revoked, self._revoked = self._revoked, set()
        for name in revoked:
            if name not in wanted:
                await self.sources.pop(name).stop("removed")
            elif self.sources[name].pushed:
                await self.sources[name].stop("key-replaced")

    @property
    def tracks(self) -> Tracks | None:
        """What is served live, or was until the take ended; None before the first one."""
        return self._current.tracks if self._current else None

    def ended_at(self, take: Take) -> float | None:
        """Unix time in seconds, None while it is on air. A full disk may have kept the end out of take.json."""
        if self._current is not None and self._current.take.id == take.id:
            return self._current.take.info.ended
        return take.info.ended or take.path.stat().st_mtime

    @property
    def state(self) -> State:
        if self._current is None:
            return State.WAITING
        if self._current.ended:
            return State.ENDED
        views = {self.view_state(view.id) for view in self.plan.views}
        return next((state for state in (State.LIVE, State.LOST) if state in views), State.WAITING)

    def view_state(self, view: str) -> State:
        if self._current is None or view not in self._current.tracks.pictures:
            return State.WAITING
        if self._current.ended:
            return State.ENDED
        source = self.sources.get(f"views/{view}")
        stalled = source is None or time.monotonic() - source.last_unit > 2 * STALLED_AFTER
        return State.LIVE if source is not None and source.connected and not stalled else State.LOST

    @property
    def recording(self) -> str:
        if not self.plan.recording.enabled:
            return "off"
        if self._current is not None and self._current.recorder.stopped and not self._current.ended:
            return "stopped"
        return {State.WAITING: "off", State.ENDED: "finished"}.get(self.state, "on")

    def job(self, source: str, way: Way) -> SourceJob:
        """What a new process of that source is told."""
        tracks = self.tracks if self.state is not State.ENDED else None
        kind, _, name = source.partition("/")
        return SourceJob(
            source=source,
            clock=self.clock,
            way=way,
            profile=tracks.profile if tracks else self.plan.profile,
            ladder=tracks.ladder(name) if tracks and kind == "views" else None,
            top_height=self.plan.top_height,
            below=self.plan.ladder_heights,
            pictures=kind == "views",
        )

    # Life

    async def run(self) -> None:
        """Until cancelled: open sources, hold what is overdue, keep the languages' process alive, end takes."""
        self._current = LiveTake.resume(
            self.folder, self.plan, self.clock, self._recording_failed, self._tell_ended
        )
        if self._current is not None:
            self.languages.begin()
        try:
            async with asyncio.TaskGroup() as group:
                self._openers = Openers(group, *self._door, self.job, Shown(self.folder / "shown.json"))
                self._openers.follow(self.plan, self.sources)
                group.create_task(self._tick())
                group.create_task(self.languages.run())
                group.create_task(self.recordings.run())
        finally:
            await self._stop_all()

    async def end(self) -> None:
        """The take is over: playlists get their end, the recording is finished."""
        current = self._current
        if current is None or current.ended:
            return
        current.end()
        self.live = False
        # The languages first: a publisher that is back before all others are gone begins a take with languages anew.
        await self.languages.end()
        await asyncio.gather(*(source.stop("room-ended") for source in self.sources.values()))
        self._tell_ended(current.take.id)

    # Inside

    def _epoch(self) -> float:
        """Kept from before a restart. Raises OSError when it can't be kept."""
        path = self.folder / "epoch.json"
        try:
            return float(msgspec.json.decode(path.read_bytes(), type=float))
        except FileNotFoundError:
            epoch = None
        except msgspec.DecodeError:
            log.error("room.epoch_damaged", room=self.plan.id)
            epoch = next((take.info.epoch for take in reversed(self.recordings.all())), None)
        if epoch is None:
            # A whole second, so that segments begin on them: a camera with a good clock is then cut at its keyframes.
            epoch = float(int(time.time()))
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.encode(epoch))
        return epoch

    def _take_of_now(self) -> LiveTake:
        """The take on air, a new one if there is none."""
        if self._current is None or self._current.ended:
            if self._current is not None:
                self._former.append(self._current)
            self._current = LiveTake.begin(self.folder, self.plan, self.clock, self._recording_failed)
            self._last_connected = time.monotonic()
            self.languages.begin()
        return self._current

    def _tell_ended(self, take: str) -> None:
        self._tell(EventKind.ROOM_ENDED, self.plan.id, None, {"take": take})

    def _recording_failed(self, error: OSError) -> None:
        detail: dict[str, str | int | float] = {
            "error": error.strerror or "unknown",
            "errno": error.errno or 0,
        }
        self._tell(EventKind.RECORDING_STOPPED, self.plan.id, None, detail)

    def _take(self, source: Source, unit: Unit) -> None:
        current = self._take_of_now() if isinstance(unit, Connected) else self._current
        if current is None or current.ended:
            return
        tracks = current.tracks
        name = source.name.partition("/")[2]
        match unit:
            case Picture():
                tracks.picture(name, unit)
                self._on_unit(self.plan.id, name, unit)
            case PictureFormat():
                tracks.picture_format(name, unit)
                self._on_unit(self.plan.id, name, unit)
            case Sound():
                self.languages.sound(source, unit)
            case Connected(protocol=protocol):
                self.languages.tell(unit)
                self._source_live(source.name, protocol)
            case Lost(reason=reason):
                self.languages.tell(unit)
                self._tell(EventKind.SOURCE_LOST, self.plan.id, source.name, {"reason": reason})

    def _source_live(self, name: str, protocol: str) -> None:
        self._tell(EventKind.SOURCE_LIVE, self.plan.id, name, {"protocol": protocol})
        if not self.live:
            self.live = True
            self._tell(EventKind.ROOM_LIVE, self.plan.id, None, {})

    def keyframe(self, view: str) -> None:
        """Ask a view's source for an IDR frame."""
        source = self.sources.get(f"views/{view}")
        if source is not None:
            source.send(KeyframePlease())

    def _deleted(self, take: str) -> None:
        if self._current is not None and self._current.take.id == take:
            self._current = None

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._former = [former for former in self._former if not former.finish()]
            if self._current is None:
                continue
            if self._current.ended:
                self._current.finish()
                continue
            self._current.hold(self._patience)
            now = time.monotonic()
            if any(source.connected for source in self.sources.values()):
                self._last_connected = now
            elif now - self._last_connected > ENDED_AFTER:
                await self.end()

    def _patience(self, view: str) -> float:
        source = self.sources.get(f"views/{view}")
        return STALLED_AFTER if source is not None and source.connected else 2 * TICK

    async def _stop_all(self) -> None:
        for source in self.sources.values():
            await source.stop("shutdown")
        if self._current is not None:
            self._current.recorder.close()

    def queues(self) -> Iterator[tuple[str, Child]]:
        """What waits for a process of this room, by whose it is."""
        for name, source in self.sources.items():
            if source.child is not None:
                yield name, source.child
        if self.languages.child is not None:
            yield "languages", self.languages.child

    def renditions(self) -> Iterator[tuple[str, Rendition]]:
        """Everything that is served live now, by its path."""
        if self.tracks is not None:
            yield from self.tracks.named()
