"""A private instance of the product: own ports, own data folder, started and stopped by the measurement.

    async with Instance([RoomWish("fast")]) as house:
        ...

Nothing of it is left behind.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.processes import children, command

_READY = "Amphitheatre is ready"
_START = 300.0  # seconds; a busy machine
_STOP = 60.0  # seconds; the same


class InstanceError(Exception):
    """The instance did not start, or a command against it failed; holds its last lines."""


@dataclass(frozen=True)
class RoomWish:
    """A room to be there from the start. The first language is the floor."""

    id: str
    profile: str = "fast"
    views: tuple[str, ...] = ("main",)
    languages: tuple[str, ...] = ("zh-Hans", "en", "fr")
    recorded: bool = False


@dataclass
class Instance:
    """`amphitheatre up` with these rooms. data: kept by the caller, or a temporary folder. media_port: 0 for any."""

    rooms: list[RoomWish]
    demo: bool = False
    data: Path | None = None
    media_port: int = 0
    lines: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._folder = None if self.data else tempfile.TemporaryDirectory(prefix="amphitheatre-bench-")
        folder = self.data or Path(self._folder.name if self._folder else ".")
        self.web_port, free_port, self.rtmp_port = free_ports(3)
        self.media_port = self.media_port or free_port
        self.env = os.environ | {
            "AMPHITHEATRE_DATA": str(folder),
            "AMPHITHEATRE_WEB_PORT": str(self.web_port),
            "AMPHITHEATRE_MEDIA_PORT": str(self.media_port),
            "AMPHITHEATRE_RTMP_PORT": str(self.rtmp_port),
            "AMPHITHEATRE_SRT_PORT": str(free_ports(1, socket.SOCK_DGRAM)[0]),
        }
        try:
            await self._prepare()
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _prepare(self) -> None:
        await self.command("-m", "amphitheatre.web.manage", "prepare")
        if self.rooms:
            await self.command("-m", "bench.seed_rooms", json.dumps([asdict(room) for room in self.rooms]))

    async def _start(self) -> None:
        arguments = ["up", *(["--demo"] if self.demo else [])]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "amphitheatre.cli.main", *arguments,
            env=self.env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_START):
                await self._until_ready()
        except TimeoutError:
            raise InstanceError("not ready in time:\n" + "\n".join(self.lines[-20:])) from None
        self._reader = asyncio.create_task(self._read_on())

    async def _until_ready(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.lines.append(line.decode(errors="replace").rstrip())
            if _READY in self.lines[-1]:
                return
        raise InstanceError("it ended before it was ready:\n" + "\n".join(self.lines[-20:]))

    async def _read_on(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.lines.append(line.decode(errors="replace").rstrip())
            del self.lines[:-200]

    async def _stop(self) -> None:
        process = getattr(self, "process", None)
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _STOP)
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        reader = getattr(self, "_reader", None)
        if reader is not None:
            await reader
        if self._folder is not None:
            self._folder.cleanup()

    async def command(self, *arguments: str) -> str:
        """What a Python command in the instance's environment prints. Raises InstanceError."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments,
            env=self.env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        if process.returncode:
            raise InstanceError(f"{arguments[1:3]}: {err.decode(errors='replace').strip()[-2000:]}")
        return out.decode()

    async def grant(self, room: str, role: str = "viewer") -> str:
        arguments = ("grant", room, "--role", role, "--ttl", "86400")
        return (await self.command("-m", "amphitheatre.cli.main", *arguments)).strip()

    async def link(self, room: str) -> str:
        """The watch page's address for a guest."""
        arguments = ("grant", room, "--role", "viewer", "--ttl", "86400", "--link")
        return (await self.command("-m", "amphitheatre.cli.main", *arguments)).strip()

    async def room(self, name: str) -> dict[str, Any]:
        """The room as `amphitheatre rooms --json` prints it. Raises InstanceError when there is none."""
        found = json.loads(await self.command("-m", "amphitheatre.cli.main", "rooms", "--json"))
        for room in found:
            if room["id"] == name:
                return dict(room)
        raise InstanceError(f"media knows no room {name}")

    async def push(self, room: str, protocol: str, view: str = "main") -> dict[str, str]:
        """Where and with which key to push a view: `url`, `key`. Raises InstanceError when there is no such view."""
        for item in (await self.room(room))["views"]:
            if item["id"] == view:
                return dict(next(push for push in item["push"] if push["protocol"] == protocol))
        raise InstanceError(f"room {room} has no view {view}")

    async def push_address(self, room: str, view: str = "main") -> str:
        """RTMP address with the key in it."""
        push = await self.push(room, "rtmp", view)
        return f"{push['url'].rstrip('/')}/{push['key']}"

    def media_processes(self) -> list[int]:
        """The origin first, then its own processes."""
        for pid in children(self.process.pid):
            if "amphitheatre.cli.main media" in command(pid):
                return [pid, *children(pid)]
        raise InstanceError("media is not running")

    @property
    def media_url(self) -> str:
        return f"http://127.0.0.1:{self.media_port}"


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
            probe.bind(("127.0.0.1", 0))
            found.append(int(probe.getsockname()[1]))
        return found
