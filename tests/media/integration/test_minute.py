"""A minute of the real origin: three rooms in all profiles held against the RFC, while others attack its doors."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from amphitheatre.contract.room_plan import Profile
from bench.processes import proportional_memory
from tests.media.ingest.publisher import AAC, H264, TONE
from tests.media.integration.attacks import ROOMS, Attackers
from tests.media.integration.encodings import Encoding
from tests.media.integration.publishers import ffmpeg_sends
from tests.media.origin import NAMES, Origin, key, plan
from tests.media.rules import Findings, RoomCheck
from tests.media.watching import Viewer, busy, until

_SECONDS = 60.0
_VIEWS = ("main", "second")
_RENDITIONS = len(_VIEWS) * 2 + len(NAMES)
_SMALL = ("-f", "lavfi", "-i", "testsrc2=size=240x240:rate=30")
_GROWTH = 48 * 2**20  # bytes of the origin and its own processes, those of attacked sources left out


@dataclass
class Minute:
    """What was found. memory: bytes of the origin, a third through and at the end."""

    findings: dict[str, Findings]
    attempts: dict[str, int]
    memory: tuple[int, int]
    descriptors: tuple[int, int]
    sources: tuple[list[int], list[int]]
    log: str


async def _check(origin: Origin, room: str) -> Findings:
    playlists = {view: f"{origin.url}/rooms/{room}/{view}/multivariant.m3u8" for view in _VIEWS}
    async with origin.client(room) as client:
        for view in _VIEWS:
            await until(Viewer(client, room, view).live)
        return await RoomCheck(client, playlists, NAMES, margin=0.5 * busy()).run(_SECONDS)


async def _minute(origin: Origin, folder: Path) -> Minute:
    await Encoding((*_SMALL, *TONE, *H264, *AAC)).make(folder / "clip")
    async with AsyncExitStack() as stack:
        for profile in Profile:
            await origin.put(plan(profile.value, _VIEWS, tuple(NAMES), profile=profile, heights=(120,)))
            for view in _VIEWS:
                address = origin.rtmp(key(profile.value, view))
                await stack.enter_async_context(ffmpeg_sends(folder / "clip", "flv", address))
        attackers = Attackers(origin, folder, seed=int(time.time()) // 86_400)
        async with asyncio.TaskGroup() as group:
            checks = {p.value: group.create_task(_check(origin, p.value)) for p in Profile}
            await until(lambda: _all_in(origin))
            before = origin.processes("source")
            await attackers.run(_SECONDS / 3)
            early = _footprint(origin)
            await attackers.run(_SECONDS / 3)
        for room in ROOMS:
            await origin.control("DELETE", f"rooms/{room}")
        await until(lambda: _as_many(origin, len(before)))
        late = _footprint(origin)
        return Minute(
            {room: check.result() for room, check in checks.items()},
            dict(attackers.attempts),
            (early[0], late[0]),
            (early[1], late[1]),
            (before, origin.processes("source")),
            origin.log,
        )


def _footprint(origin: Origin) -> tuple[int, int]:
    """Bytes of memory and open descriptors of the origin itself."""
    return proportional_memory([origin.pid]), len(os.listdir(f"/proc/{origin.pid}/fd"))


async def _all_in(origin: Origin) -> bool:
    return len(origin.processes("source")) == len(Profile) * len(_VIEWS)


async def _as_many(origin: Origin, count: int) -> bool:
    return len(origin.processes("source")) == count


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minute]:
    folder = tmp_path_factory.mktemp("minute")
    with Origin(folder) as origin:
        yield asyncio.run(_minute(origin, folder))
    assert origin.secrets_in_log() == []


@pytest.mark.parametrize("profile", Profile)
def test_every_rendition_follows_the_rules(minute: Minute, profile: Profile) -> None:
    findings = minute.findings[profile.value]
    assert not findings.kept, findings.report()
    assert findings.checked["renditions"] == _RENDITIONS
    target = {Profile.FASTEST: 0.134, Profile.FAST: 0.2, Profile.GLOBAL: 0.5}[profile]
    assert findings.checked["parts"] >= 0.8 * _RENDITIONS * _SECONDS / target
    assert findings.checked["deltas"] > 0
    assert findings.checked["removed"] > 0


def test_attacked_rooms_cost_nobody_a_process(minute: Minute) -> None:
    assert min(minute.attempts.values()) >= 5, minute.attempts
    before, after = minute.sources
    assert after == before


def test_attacks_leave_nothing_behind(minute: Minute) -> None:
    early, late = minute.memory
    assert late - early <= _GROWTH
    opened, left = minute.descriptors
    assert left <= opened + 8


def test_nothing_failed_unforeseen(minute: Minute) -> None:
    assert "Traceback" not in minute.log
