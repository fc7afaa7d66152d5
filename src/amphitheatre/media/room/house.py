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
from amphitheatre.media.room.room import OnUnit, Room, Tell
from amphitheatre.media.room.srt_ports import SrtPorts

log = structlog.get_logger(__name__)

PLAN_FILE: Final = "plan.json"


class House:
    """Owns the rooms' tasks while `run` runs; tell and on_unit: see `Room`."""

    def __init__(self, config: MediaConfig, tell: Tell, on_unit: OnUnit) -> None:
        self._config = config
        self._tell = tell
        self._on_unit = on_unit
        self.rooms: dict[str, Room] = {}
        self._keys = KeyRing()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._ports = SrtPorts(config.rooms / "srt-ports.json", config.srt_port)

    async def run(self, ready: asyncio.Event) -> None:
        """Open the rooms whose plans are on disk, set `ready`, and keep them until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            for plan in _kept_plans(self._config.rooms):
                self._open(plan)
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
        """Close a room and forget its plan; its recording stays until it is deleted."""
        room = self.rooms.pop(room_id, None)
        if room is None:
            return False
        self._keys.remove(room_id)
        await room.end()
        task = self._tasks.pop(room_id)
        task.cancel()
        await asyncio.wait([task])
        (self._config.rooms / room_id / PLAN_FILE).unlink(missing_ok=True)
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

    def _open(self, plan: RoomPlan) -> None:
        if self._group is None:
            raise RuntimeError("a room is opened while the house runs")
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
        self._tasks[plan.id] = self._group.create_task(room.run(), name=f"room {plan.id}")


def _keep_plan(folder: Path, plan: RoomPlan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{PLAN_FILE}"
    partial.touch(mode=0o600)
    partial.write_bytes(msgspec.json.encode(plan))
    partial.replace(folder / PLAN_FILE)


def _kept_plans(rooms: Path) -> list[RoomPlan]:
    plans = []
    for path in sorted(rooms.glob(f"*/{PLAN_FILE}")):
        try:
            plans.append(msgspec.json.decode(path.read_bytes(), type=RoomPlan))
        except msgspec.DecodeError as error:
            log.error("plan.damaged", room=path.parent.name, error=str(error))
    return plans
