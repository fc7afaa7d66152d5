"""All rooms of this origin: plans kept on disk, publishers let in by their key."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import structlog

from amphitheatre.contract.event import EventKind
from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.media.config import MediaConfig
from amphitheatre.media.errors import Refused
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.ingest.rtmp_server import Admission
from amphitheatre.media.room.jobs import RtmpWay
from amphitheatre.media.room.keys import Door, KeyRing
from amphitheatre.media.room.push import push
from amphitheatre.media.room.recordings import Recordings
from amphitheatre.media.room.room import OnUnit, Room, Tell
from amphitheatre.media.room.srt_ports import SrtPorts

log = structlog.get_logger(__name__)

PLAN_FILE: Final = "plan.json"
CLOSED_FILE: Final = "closed.json"  # the plan of a room that is closed


class House:
    """Owns the rooms' tasks while `run` runs; tell and on_unit: see `Room`."""

    def __init__(self, config: MediaConfig, tell: Tell, on_unit: OnUnit) -> None:
        self._config = config
        self._tell = tell
        self._on_unit = on_unit
        self.rooms: dict[str, Room] = {}
        self._keys = KeyRing()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._kept: dict[str, asyncio.Task[None]] = {}  # of rooms that are closed and have recordings
        self._group: asyncio.TaskGroup | None = None
        self._ports = SrtPorts(config.rooms / "srt-ports.json", config.srt_port)

    async def run(self, ready: asyncio.Event) -> None:
        """Open the rooms whose plans are on disk, set `ready`, and keep them until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            for plan in _plans(self._config.rooms, CLOSED_FILE):
                self._keep_recordings(plan)
            for plan in _plans(self._config.rooms, PLAN_FILE):
                try:
                    self._open(plan)
                except OSError as error:  # the other rooms go on; web brings the plan again
                    log.error("room.not_opened", room=plan.id, error=error.strerror)
            ready.set()
            await asyncio.Event().wait()

    async def put(self, plan: RoomPlan) -> None:
        """Take a room's newest plan. Raises OSError when it can't be kept."""
        folder = self._config.rooms / plan.id
        await asyncio.to_thread(_keep_plan, folder, plan)
        room = self.rooms.get(plan.id)
        if room is None:
            self._open(plan)
            return
        self._keys.replace(plan)
        room.change(plan)
        await room.prune()

    async def remove(self, room_id: str) -> bool:
        """Close a room; its recordings stay for their time."""
        room = self.rooms.pop(room_id, None)
        if room is None:
            return False
        self._keys.remove(room_id)
        await room.end()
        task = self._tasks.pop(room_id)
        task.cancel()
        await asyncio.wait([task])
        (self._config.rooms / room_id / PLAN_FILE).replace(self._config.rooms / room_id / CLOSED_FILE)
        self._keep_recordings(room.plan)
        return True

    def keyframe(self, room: str, view: str) -> None:
        """A peer of that view needs an IDR frame."""
        found = self.rooms.get(room)
        if found is not None:
            found.keyframe(view)

    def srt_port(self, room: str, source: str) -> int:
        """The UDP port on which that source's SRT door is."""
        return self._ports.of(room, source)

    def find(self, key: str) -> Door | None:
        """Which source a stream key opens."""
        return self._keys.find(key)

    async def on_publish(self, key: str, takeover: bool, peer: str) -> Admission:
        """RTMP's admission; raises Refused. The key is never logged."""
        door = self._keys.find(key)
        if door is None:
            raise Refused("unknown-key")
        source = self.rooms[door.room].sources[door.source]
        try:
            await source.claim(takeover)
        except Refused as refusal:
            self._tell(
                EventKind.SOURCE_REFUSED, door.room, door.source, {"reason": refusal.code, "peer": peer}
            )
            raise
        return lambda publisher: self._serve(door, publisher)

    async def _serve(self, door: Door, publisher: RtmpPublisher) -> None:
        room = self.rooms.get(door.room)
        source = room.sources.get(door.source) if room is not None else None
        if room is not None and source is not None:
            await push(source, publisher, partial(room.job, door.source, RtmpWay()))

    @property
    def _running(self) -> asyncio.TaskGroup:
        if self._group is None:
            raise RuntimeError("rooms are opened and closed while the house runs")
        return self._group

    def _keep_recordings(self, plan: RoomPlan) -> None:
        """Delete those of a closed room when their time is over."""
        kept = Recordings(self._config.rooms / plan.id, lambda: plan.recording.retention_days, lambda _: None)
        self._kept[plan.id] = self._running.create_task(kept.run(), name=f"recordings {plan.id}")

    def _open(self, plan: RoomPlan) -> None:
        closed = self._kept.pop(plan.id, None)
        if closed is not None:
            closed.cancel()
            (self._config.rooms / plan.id / CLOSED_FILE).unlink(missing_ok=True)
        room = Room(
            plan,
            self._config.rooms / plan.id,
            self._tell,
            self._on_unit,
            self._config.host,
            lambda source: self._ports.of(plan.id, source),
        )
        self.rooms[plan.id] = room
        self._keys.replace(plan)
        self._tasks[plan.id] = self._running.create_task(room.run(), name=f"room {plan.id}")


def _keep_plan(folder: Path, plan: RoomPlan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{PLAN_FILE}"
    partial.touch(mode=0o600)
    partial.write_bytes(msgspec.json.encode(plan))
    partial.replace(folder / PLAN_FILE)


def _plans(rooms: Path, file: str) -> list[RoomPlan]:
    plans = []
    for path in sorted(rooms.glob(f"*/{file}")):
        try:
            plans.append(msgspec.json.decode(path.read_bytes(), type=RoomPlan))
        except msgspec.DecodeError as error:
            log.error("plan.damaged", room=path.parent.name, error=str(error))
    return plans
