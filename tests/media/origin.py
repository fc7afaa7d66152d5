"""The real origin for tests: `amphitheatre media` as a process of its own, with its own data folder and free ports.

    with Origin(tmp_path) as origin:
        await origin.put(plan("a"))

Its log goes to a file beside the data folder, its events to a small web that remembers them.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
import msgspec

from amphitheatre.contract.grant import ANY_ROOM, Role
from amphitheatre.contract.room_plan import Language, Profile, PullSource, Recording, RoomPlan, View
from amphitheatre.web.grants import Keys, load_or_create_keys, new_grant, sign
from bench.instance import free_ports
from bench.processes import children
from tests.media.event_web import EventWeb

START = 120.0  # seconds; a busy machine
STOP = 60.0  # seconds; the same
_SRT_PORTS = 160  # UDP ports in a row, one a source
NAMES = {"zh-Hans": "中文", "en": "English", "fr": "Français"}


def plan(
    room: str,
    views: Sequence[str] = ("main",),
    languages: Sequence[str] = ("en",),
    *,
    profile: Profile = Profile.FAST,
    heights: Sequence[int] = (),
    recorded: bool = True,
    pull: PullSource | None = None,
    generation: str = "0001",
) -> RoomPlan:
    """A room whose keys are told by `key`; the first language is the floor. pull: what the first view fetches."""
    return RoomPlan(
        id=room,
        title={"en": room},
        views=[
            View(
                id=view,
                label={"en": view},
                key=key(room, view, generation),
                pull=pull if view == views[0] else None,
            )
            for view in views
        ],
        languages=[
            Language(
                tag=tag, label=NAMES[tag], interpreted=tag != languages[0], key=key(room, tag, generation)
            )
            for tag in languages
        ],
        floor=languages[0],
        profile=profile,
        ladder_heights=list(heights),
        recording=Recording(enabled=recorded),
    )


def key(room: str, source: str, generation: str = "0001") -> str:
    """The stream key of a view or language, findable in any log that should not hold it."""
    return f"secret-key-{room}-{source}-{generation}"


def client_of(url: str, grant: str) -> httpx.AsyncClient:
    """Of the origin at that address, with a grant."""
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {grant}"}, trust_env=False, timeout=60.0
    )


class Origin:
    """folder: of this origin alone. command: what runs it, in place of nothing. settings: more of its environment."""

    def __init__(self, folder: Path, command: Sequence[str] = (), settings: Mapping[str, str] = {}) -> None:
        self.data = folder / "data"
        self._command = command
        self.log_path = folder / "origin.log"
        self._grants: list[str] = []
        self._keys: Keys = load_or_create_keys(self.data)
        self.web = EventWeb()
        self.port, self.rtmp_port = free_ports(2)
        self._environment = os.environ | {
            "AMPHITHEATRE_DATA": str(self.data),
            "AMPHITHEATRE_WEB_PORT": str(self.web.port),
            "AMPHITHEATRE_MEDIA_PORT": str(self.port),
            "AMPHITHEATRE_RTMP_PORT": str(self.rtmp_port),
            "AMPHITHEATRE_SRT_PORT": str(_free_run(_SRT_PORTS)),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    # Life

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.web.close()

    def start(self) -> None:
        """Return when it is ready."""
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, sys.executable, "-m", "amphitheatre.cli.main", "media", "--supervised"],
                env=self._environment, stdin=subprocess.PIPE, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START
        while not self._ready():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def stop(self) -> None:
        """By SIGTERM; fails if it does not end in time or leaves a process behind."""
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP)
            self._process = None
            _until(lambda: not _group_lives(process.pid), "a process outlived the origin")
        finally:
            self._end(process)

    def kill(self) -> None:
        """By SIGKILL, the origin alone: what it has forked has to notice. Returns when all of them are gone."""
        process = self._process
        assert process is not None
        process.kill()
        process.wait()
        self._process = None
        try:
            _until(lambda: not _group_lives(process.pid), "a process outlived the killed origin")
        finally:
            self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if _group_lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    # What it says

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def secrets_in_log(self) -> list[str]:
        """Keys and grants that were ever made for this origin and stand in its log."""
        log = self.log
        keys = [name for name in ("secret-key-", *self._grants) if name in log]
        return keys + [self._keys.event_token.read_text()] * (self._keys.event_token.read_text() in log)

    @property
    def pid(self) -> int:
        """Of the origin itself."""
        assert self._process is not None
        return next(pid for pid in (self._process.pid, *children(self._process.pid)) if _is_python(pid))

    def processes(self, kind: str) -> list[int]:
        """What it has forked, oldest first: ``source``, ``sound``, ``return`` or ``export``."""
        return sorted((pid for pid in children(self.pid) if _name(pid).startswith(kind)), key=_started)

    @property
    def fork_server(self) -> int:
        """The process that all of them are forked from."""
        (sources, *_) = (pid for pid in children(self.pid) if children(pid))
        return sources

    # HTTP

    def grant(self, room: str, role: Role = Role.VIEWER, ttl: float = 3600) -> str:
        token = sign(new_grant(room, role, ttl), self._keys.private)
        self._grants.append(token)
        return token

    def client(self, room: str, role: Role = Role.VIEWER) -> httpx.AsyncClient:
        """With a grant for that room."""
        return client_of(self.url, self.grant(room, role))

    async def put(self, wish: RoomPlan) -> None:
        async with self.client(ANY_ROOM, Role.CONTROL) as client:
            answer = await client.put(f"/control/rooms/{wish.id}", content=msgspec.json.encode(wish))
        assert answer.status_code == 204, answer.text

    async def control(self, method: str, path: str) -> Any:
        async with self.client(ANY_ROOM, Role.CONTROL) as client:
            answer = await client.request(method, f"/control/{path}")
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def push(self, room: str, protocol: str, source: str = "main") -> dict[str, str]:
        """Address and key of a view or language, as `amphitheatre rooms --json` prints them."""
        found = next(item for item in await self.control("GET", "rooms") if item["id"] == room)
        places = {item.get("id", item.get("tag")): item for item in (*found["views"], *found["languages"])}
        return next(dict(push) for push in places[source]["push"] if push["protocol"] == protocol)

    def rtmp(self, stream_key: str, takeover: bool = False) -> str:
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live/{stream_key}{'?takeover=1' if takeover else ''}"

    async def room(self, room: str) -> dict[str, Any]:
        """room.json."""
        async with self.client(room) as client:
            return dict((await client.get(f"/rooms/{room}/room.json")).raise_for_status().json())

    async def sources(self, room: str) -> dict[str, dict[str, Any]]:
        """sources.json, by source."""
        async with self.client(room, Role.TECHNICIAN) as client:
            answer = (await client.get(f"/rooms/{room}/sources.json")).raise_for_status()
        return {report["source"]: report for report in answer.json()}

    async def metric(self, name: str, **labels: str) -> float:
        """One figure of /metrics; 0 when it is not there. labels: in the order in which they stand there."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=60.0) as client:
            text = (await client.get("/metrics")).raise_for_status().text
        wanted = f"amphitheatre_{name}{{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "} "
        return next(
            (float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(wanted)), 0.0
        )


def _free_run(count: int) -> int:
    """The first of so many free UDP ports in a row, below those that the system hands out itself."""
    while True:
        first = random.randrange(10_000, 32_000 - count)
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    probe = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first


def _until(condition: Any, otherwise: str) -> None:
    deadline = time.monotonic() + STOP
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def _group_lives(group: int) -> bool:
    """Whether a process of the group runs; one that has ended and waits to be reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it has just ended
        if int(of_group) == group and state not in "ZX":
            return True
    return False


def _is_python(pid: int) -> bool:
    return "python" in Path(f"/proc/{pid}/exe").resolve().name


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _started(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0  # it has just ended
