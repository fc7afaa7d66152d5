"""A whole demo of its own for the tests: free ports, own data folder, real cameras, stopped at the end."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

READY = "Amphitheatre is ready"
START = 400.0  # seconds; the first start draws the operation, on a busy machine for minutes
_ADD_ROOM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "amphitheatre.web.settings"
import django
django.setup()
from amphitheatre.web.studio.models import Language, Room, View
room = Room.objects.create(id=sys.argv[1], title={"en": sys.argv[1]}, floor="en", recorded=True)
for view in sys.argv[2:]:
    View.objects.create(room=room, name=view, label={"en": view})
Language.objects.create(room=room, tag="en", label="English", interpreted=False)
"""


class House:
    """A running `amphitheatre up`. settings: more of its environment. password: of a demo account, by role."""

    def __init__(self, data: Path, settings: Mapping[str, str] = {}) -> None:
        self.data = data
        self.ports = dict(zip(("WEB", "MEDIA", "RTMP"), free_ports(3), strict=True))
        self.environment = os.environ | {
            "AMPHITHEATRE_DATA": str(data),
            "AMPHITHEATRE_SRT_PORT": str(free_ports(1, socket.SOCK_DGRAM)[0]),
            **{f"AMPHITHEATRE_{name}_PORT": str(port) for name, port in self.ports.items()},
            **settings,
        }
        self.lines: list[str] = []

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.ports['WEB']}"

    @property
    def media(self) -> str:
        return f"http://127.0.0.1:{self.ports['MEDIA']}"

    def command(self, *arguments: str) -> str:
        """What `amphitheatre …` prints."""
        return self._python("-m", "amphitheatre.cli.main", *arguments)

    def add_room(self, room: str, views: list[str]) -> None:
        """A room with these views and one language; media hears of it within seconds."""
        self._python("-c", _ADD_ROOM, room, *views)

    def manage(self, verb: str) -> str:
        """What Django's command prints."""
        return self._python("-m", "amphitheatre.web.manage", verb)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment, capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def link(self, room: str, role: str = "viewer") -> str:
        """A guest's address of the watch page."""
        return self.command("grant", room, "--role", role, "--ttl", "3600", "--link")

    def push_address(self, room: str, view: str) -> str:
        rooms = {item["id"]: item for item in json.loads(self.command("rooms", "--json"))}
        found = next(item for item in rooms[room]["views"] if item["id"] == view)
        push = next(item for item in found["push"] if item["protocol"] == "rtmp")
        return f"{push['url']}/{push['key']}"

    def password(self, role: str) -> tuple[str, str]:
        """E-mail and password of the demo account of that role, as they were printed."""
        for line in self.lines:
            if match := re.match(rf"\s*{role}\s+(\S+@\S+)\s+(\S+)", line):
                return match[1], match[2]
        raise AssertionError(f"no account of role {role} was printed")


@contextlib.contextmanager
def demo(data: Path) -> Iterator[House]:
    """Started, on air, and stopped again."""
    with running(House(data), "--demo") as house:
        yield house


@contextlib.contextmanager
def still(data: Path) -> Iterator[House]:
    """With the demo's rooms, people and course, and without its cameras."""
    house = House(data)
    house.manage("prepare")
    for account in json.loads(house.manage("seed_demo"))["accounts"]:
        house.lines.append(f"{account['role']} {account['email']} {account['password']}")
    with running(house):
        yield house


@contextlib.contextmanager
def running(house: House, *options: str) -> Iterator[House]:
    """Started, and stopped again."""
    process = subprocess.Popen(
        [sys.executable, "-m", "amphitheatre.cli.main", "up", *options],
        env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    told = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            house.lines.append(line.rstrip())
            if line.startswith(READY):
                told.set()
        told.set()  # it has ended, and so there is nothing to wait for

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert told.wait(START), "\n".join(house.lines)
        assert any(line.startswith(READY) for line in house.lines), "\n".join(house.lines)
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)


@contextlib.contextmanager
def encoder(address: str) -> Iterator[None]:
    """Pushes a small picture with a tone while the block runs; turned away, it tries again, as encoders do."""
    command = [
        get_ffmpeg_exe(), "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30",
        "-re", "-f", "lavfi", "-i", "sine", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency",
        "-g", "30", "-c:a", "aac", "-f", "flv", address,
    ]  # fmt: skip
    ended = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def push() -> None:
        while not ended.is_set():
            running[:] = [subprocess.Popen(command, stdin=subprocess.DEVNULL)]
            running[0].wait()
            ended.wait(0.5)

    pushing = threading.Thread(target=push, daemon=True)
    pushing.start()
    try:
        yield
    finally:
        ended.set()
        while pushing.is_alive():
            for process in running:
                process.kill()
            pushing.join(0.1)


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket(socket.AF_INET, kind)) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
