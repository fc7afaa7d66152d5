"""A minute of hostile senders at every door: the room beside them goes on, and nothing is left behind."""

import asyncio
import os
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from bench.processes import proportional_memory
from tests.faults.attacks import ROOMS, Attackers
from tests.media.integration.publishers import ffmpeg_sends
from tests.media.origin import Origin, key, plan
from tests.media.watching import Viewer, Watched, until

_SECONDS = 60.0
_LISTED = 20.0  # seconds of pictures in a playlist
_UNNOTICED = 5.0  # seconds for which a busy machine may hold up a picture whose source goes on
_WARM = 15.0  # seconds of attacks after which nothing may grow much any more
_GROWTH = 32 * 2**20  # bytes
_DESCRIPTORS = 32  # of HTTP connections, and of processes that have ended and are forgotten by and by


@dataclass(frozen=True)
class Footprint:
    """memory: bytes; descriptors: open ones; processes: of each kind. Of the origin; attacked sources left out."""

    memory: int
    descriptors: int
    processes: dict[str, list[int]]

    @classmethod
    def of(cls, origin: Origin) -> "Footprint":
        kept = {kind: origin.processes(kind) for kind in ("source", "sound", "return")}
        opened = len(os.listdir(f"/proc/{origin.pid}/fd"))
        return cls(proportional_memory([origin.pid, *kept["return"]]), opened, kept)


@dataclass
class Minute:
    """What the room beside the attacked ones was like, and the origin after a while of attacks and after them all.

    began: the attacks, Unix time.
    """

    began: float
    watched: list[Watched]
    attempts: Counter[str]
    before: Footprint
    warm: Footprint
    after: Footprint
    log: str


async def _minute(origin: Origin, folder: Path, clip: Path) -> Minute:
    await origin.put(plan("beside"))
    async with (
        ffmpeg_sends(clip, "flv", origin.rtmp(key("beside", "main"))),
        origin.client("beside") as client,
    ):
        viewer = Viewer(client, "beside")
        await until(viewer.live)
        before = Footprint.of(origin)
        began = time.time()
        attackers = Attackers(origin, folder, seed=int(time.time()) // 86_400)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_watch(viewer, time.monotonic() + _SECONDS))
            await attackers.run(_WARM)
            warm = Footprint.of(origin)
            await attackers.run(_SECONDS - _WARM)
        for room in ROOMS:
            await origin.control("DELETE", f"rooms/{room}")
        await until(lambda: _only(origin, before))
        after = Footprint.of(origin)
    return Minute(began, watching.result(), attackers.attempts, before, warm, after, origin.log)


async def _watch(viewer: Viewer, until: float) -> list[Watched]:
    """All that is shown until this moment of the monotonic clock; 20 s are listed at any time."""
    watched = []
    while (begun := time.monotonic()) < until:
        watched.append(await viewer.watch())
        await asyncio.sleep(max(0.0, begun + _LISTED / 2 - time.monotonic()))
    return watched


async def _only(origin: Origin, wanted: Footprint) -> bool:
    return Footprint.of(origin).processes == wanted.processes


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory, clips: dict[str, Path]) -> Minute:
    folder = tmp_path_factory.mktemp("attacks")
    with Origin(folder) as origin:
        minute = asyncio.run(_minute(origin, folder, clips["flv"]))
    assert origin.secrets_in_log() == []
    return minute


def test_the_room_beside_notices_nothing(minute: Minute) -> None:
    for watched in minute.watched:
        assert watched.gaps == 0
        assert watched.longest_still(since=minute.began) < _UNNOTICED
        assert watched.longest_silence(since=minute.began) < _UNNOTICED
    ends = [(watched.shown[0], watched.shown[-1]) for watched in minute.watched]
    assert all(begin < end for (_, end), (begin, _) in pairwise(ends)), "not all of it was looked at"
    assert ends[-1][1] - ends[0][0] >= 0.8 * _SECONDS


def test_attacks_leave_nothing_behind(minute: Minute) -> None:
    assert min(minute.attempts.values()) >= 5, minute.attempts
    assert minute.after.processes == minute.before.processes
    assert minute.after.memory - minute.warm.memory <= _GROWTH
    assert minute.after.descriptors <= minute.before.descriptors + _DESCRIPTORS


def test_nothing_failed_unforeseen(minute: Minute) -> None:
    assert "Traceback" not in minute.log
