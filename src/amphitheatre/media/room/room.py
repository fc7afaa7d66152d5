"""One room: wires its sources to its tracks, and decides when it is live, lost and over."""

import asyncio
import shutil
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
from amphitheatre.media.language.mixer import MixSpec
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.record import take as takes
from amphitheatre.media.record.recorder import Recorder
from amphitheatre.media.room import keys
from amphitheatre.media.room.jobs import SourceJob, Way
from amphitheatre.media.room.openers import Openers
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.tracks import Tracks
from amphitheatre.media.room.voices import Voices
from amphitheatre.media.unit import (
    SOUND_RATE,
    CodedSound,
    Connected,
    Heard,
    KeyframePlease,
    Lost,
    Picture,
    PictureFormat,
    Sound,
    SoundFormat,
    Unit,
)

log = structlog.get_logger(__name__)

TICK: Final = 0.05  # seconds between looks at what is overdue
STALLED_AFTER: Final = 1.0  # a connected source that is late for longer is held
ENDED_AFTER: Final = 300.0  # seconds without any source: the take is over
RESUME_WITHIN: Final = 60.0  # a take that was cut off longer ago than this has ended
KEPT_WITHOUT_RECORDING: Final = 60  # segments

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
        self.folder = folder
        self._tell = tell
        self._on_unit = on_unit
        self.clock = clocks.start(self._epoch())
        self.sources: dict[str, Source] = {}
        self.tracks: Tracks | None = None
        self.heard: dict[str, str] = {}
        self.live = False
        self._recorder: Recorder | None = None
        self._voices = Voices(self._mix_spec, self._connected_sources, self._from_voices)
        self._openers: Openers | None = None
        self._door = (host, port)
        self._last_connected = time.monotonic()
        self.audience: dict[str, float] = {}
        self.change(plan)

    # Plan

    def change(self, plan: RoomPlan) -> None:
        """Take a newer plan. Views and languages that are gone are stopped by `prune`."""
        self.plan = plan
        for name in keys.sources(plan):
            if name not in self.sources:
                self.sources[name] = Source(plan.id, name, self._take)
        if self._openers is not None:
            self._openers.follow(plan, self.sources)

    async def prune(self) -> None:
        """Stop sources that the plan no longer has."""
        wanted = keys.sources(self.plan)
        for name in [name for name in self.sources if name not in wanted]:
            await self.sources.pop(name).stop("removed")

    @property
    def state(self) -> State:
        if self.tracks is None:
            return State.WAITING
        if self.tracks.take.info.ended is not None:
            return State.ENDED
        views = {self.view_state(view.id) for view in self.plan.views}
        return next((state for state in (State.LIVE, State.LOST) if state in views), State.WAITING)

    def view_state(self, view: str) -> State:
        if self.tracks is None or view not in self.tracks.pictures:
            return State.WAITING
        if self.tracks.take.info.ended is not None:
            return State.ENDED
        source = self.sources.get(f"views/{view}")
        stalled = source is None or time.monotonic() - source.last_unit > 2 * STALLED_AFTER
        return State.LIVE if source is not None and source.connected and not stalled else State.LOST

    @property
    def recording(self) -> str:
        if not self.plan.recording.enabled:
            return "off"
        if self._recorder is not None and self._recorder.stopped:
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
        self._resume()
        try:
            async with asyncio.TaskGroup() as group:
                self._openers = Openers(group, *self._door, self.job)
                self._openers.follow(self.plan, self.sources)
                group.create_task(self._tick())
                group.create_task(self._voices.run())
        finally:
            await self._stop_all()

    async def end(self) -> None:
        """The take is over: playlists get their end, the recording is finished."""
        tracks = self.tracks
        if tracks is None or tracks.take.info.ended is not None:
            return
        for source in self.sources.values():
            await source.stop("room-ended")
        await self._voices.end()
        for rendition in tracks.all():
            rendition.end()
        tracks.take.info.ended = time.time()
        self._save()
        if self._recorder is not None:
            self._recorder.close()
        self.live = False
        log.info("room.ended", room=self.plan.id, take=tracks.take.id)
        self._tell(EventKind.ROOM_ENDED, self.plan.id, None, {"take": tracks.take.id})

    async def delete_recording(self) -> None:
        """Remove every take that has ended, for good. Raises OSError as the disk does."""
        current = self.tracks.take.path if self.tracks and self.state is not State.ENDED else None
        for take in takes.all_takes(self.folder):
            if take.path != current:
                await asyncio.to_thread(shutil.rmtree, take.path)
        if self.state is State.ENDED:
            self.tracks = None

    # Inside

    def _epoch(self) -> float | None:
        path = self.folder / "epoch.json"
        try:
            return float(msgspec.json.decode(path.read_bytes(), type=float))
        except FileNotFoundError:
            # A whole second, so that segments begin on them: a camera with a good clock is then cut at its keyframes.
            epoch = float(int(time.time()))
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(msgspec.json.encode(epoch))
            return epoch

    def _resume(self) -> None:
        """Go on with a take that was cut off a moment ago; close an older one."""
        for take in takes.all_takes(self.folder):
            if take.info.ended is not None:
                continue
            tracks = self._tracks_of(take)
            tracks.restore()
            last = max((r.window.segments[-1].starts for r in tracks.all() if r.window.segments), default=0.0)
            if time.time() - last > RESUME_WITHIN:
                take.info.ended = last or take.info.began
                take.save()
                continue
            self.tracks = tracks
            self._voices.begin()
            log.warning("room.resumed", room=self.plan.id, take=take.id)

    def _current_tracks(self) -> Tracks:
        if self.tracks is None or self.tracks.take.info.ended is not None:
            take = takes.begin(self.folder, self.plan, self.clock.epoch, time.time())
            self.tracks = self._tracks_of(take)
            self.heard = {}
            self._last_connected = time.monotonic()
            self._save()
            self._voices.begin()
            log.info("room.began", room=self.plan.id, take=take.id)
        return self.tracks

    def _tracks_of(self, take: takes.Take) -> Tracks:
        keep = None if self.plan.recording.enabled else KEPT_WITHOUT_RECORDING
        self._recorder = Recorder(self._recording_failed, keep_segments=keep)
        return Tracks(take, self.clock, self._recorder, self._save)

    def _save(self) -> None:
        if self.tracks is not None and self._recorder is not None:
            self._recorder.attempt(self.tracks.take.save)

    def _recording_failed(self, error: OSError) -> None:
        detail: dict[str, str | int | float] = {
            "error": error.strerror or "unknown",
            "errno": error.errno or 0,
        }
        self._tell(EventKind.RECORDING_STOPPED, self.plan.id, None, detail)

    def _take(self, source: Source, unit: Unit) -> None:
        tracks = self._current_tracks() if isinstance(unit, Connected) else self.tracks
        if tracks is None or tracks.take.info.ended is not None:
            return
        kind, _, name = source.name.partition("/")
        match unit:
            case Picture():
                tracks.picture(name, unit)
                self._forward_picture(name, unit)
            case PictureFormat():
                tracks.picture_format(name, unit)
                self._forward_picture(name, unit)
            case Sound():
                self._sound(source, kind, name, unit)
            case Connected():
                self._voices.send(unit)
                self._source_live(source)
            case Lost(reason=reason):
                self._voices.send(unit)
                self._tell(EventKind.SOURCE_LOST, self.plan.id, source.name, {"reason": reason})

    def _forward_picture(self, view: str, unit: Picture | PictureFormat) -> None:
        formats = self.tracks.take.info.pictures.get(view) if self.tracks else None
        if formats and unit.rung == formats[0].rung:
            self._on_unit(self.plan.id, view, unit)

    def _sound(self, source: Source, kind: str, name: str, unit: Sound) -> None:
        sound = msgspec.structs.replace(unit, source=source.name)
        self._voices.send(sound)
        if kind == "languages":
            self._on_unit(self.plan.id, name, sound)
        elif source.name == self._floor_view and not self._floor_is_pushed:
            self._on_unit(self.plan.id, self.plan.floor, sound)

    @property
    def _floor_view(self) -> str:
        return f"views/{self.plan.views[0].id}"

    @property
    def _floor_is_pushed(self) -> bool:
        return self.sources[f"languages/{self.plan.floor}"].connected

    def _source_live(self, source: Source) -> None:
        self._tell(
            EventKind.SOURCE_LIVE, self.plan.id, source.name, {"protocol": source.report.protocol or ""}
        )
        if not self.live:
            self.live = True
            self._tell(EventKind.ROOM_LIVE, self.plan.id, None, {})

    def keyframe(self, view: str) -> None:
        """Ask a view's source for an IDR frame."""
        source = self.sources.get(f"views/{view}")
        if source is not None:
            source.send(KeyframePlease())

    def _from_voices(self, unit: Unit) -> None:
        tracks = self.tracks
        match unit:
            case CodedSound() if tracks:
                tracks.sound(unit)
            case SoundFormat() if tracks:
                tracks.sound_format(unit)
            case Heard(tag=tag, source=source):
                self.heard[tag] = source
            case _:
                return

    def _mix_spec(self) -> MixSpec:
        return MixSpec(
            tags=[language.tag for language in self.plan.languages],
            floor=self.plan.floor,
            floor_source=self._floor_view,
            start=int(self.clock.now()) * SOUND_RATE,
            clock=self.clock,
        )

    def _connected_sources(self) -> list[Connected]:
        return [
            Connected(source.report.protocol or "", source.name)
            for source in self.sources.values()
            if source.connected
        ]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            tracks = self.tracks
            if tracks is None or tracks.take.info.ended is not None:
                continue
            self._hold(tracks)
            now = time.monotonic()
            if any(source.connected for source in self.sources.values()):
                self._last_connected = now
            elif now - self._last_connected > ENDED_AFTER:
                await self.end()

    def _hold(self, tracks: Tracks) -> None:
        now = self.clock.now()
        for view, rungs in tracks.pictures.items():
            source = self.sources.get(f"views/{view}")
            patience = STALLED_AFTER if source is not None and source.connected else 2 * TICK
            tracks.hold(iter(rungs.values()), now - patience)
        tracks.hold(iter(tracks.sounds.values()), now - STALLED_AFTER)

    async def _stop_all(self) -> None:
        for source in self.sources.values():
            await source.stop("shutdown")
        if self._recorder is not None:
            self._recorder.close()

    def renditions(self) -> Iterator[tuple[str, Rendition]]:
        """Everything that is served live now, by its path."""
        if self.tracks is not None:
            yield from self.tracks.named()
