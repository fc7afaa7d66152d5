"""Every way in and every awkward encoding through one real origin, many at once: each is seen and heard."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from amphitheatre.contract.room_plan import PullSource, RoomPlan
from tests.media.ingest.publisher import AAC, BARS, H264, PLAIN, TONE, SentTag, recorded
from tests.media.integration.encodings import ENCODINGS, SECONDS, Encoding
from tests.media.integration.publishers import ffmpeg_sends, tags_sent, web_server, whip
from tests.media.origin import Origin, key, plan
from tests.media.watching import Viewer, Watched, until

_AT_ONCE = 6  # rooms, so that two cores keep up
_ENOUGH = 1.5  # seconds of new pictures, and of sound
_PATIENCE = 120.0  # seconds; a busy machine
_STEP = 2.0  # seconds of sending after which the stamps or the resolution change
_TAGGED = {
    name: Encoding(after=_STEP + 0.5)
    for name in ("jump forwards", "jump backwards", "wrap of RTMP's 32 bits", "resolution changes")
}
_FILE = Encoding((*BARS, *TONE, *H264, *AAC), container="mpegts")
_PULLS = {"file played in real time": "{folder}/a.ts", "HTTP file": "{web}/a.ts", "HLS": "{web}/a.m3u8"}

Sending = AbstractAsyncContextManager[object]


@dataclass
class Outcome:
    """What a viewer got of a source since it counts, and what the technician is told of it."""

    watched: Watched
    since: float
    report: dict[str, Any]

    @property
    def moving(self) -> float:
        return self.watched.seconds_moving(self.since)

    @property
    def loud(self) -> float:
        return self.watched.seconds_loud(self.since)


class Course:
    """All the rooms of the test, in one origin."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        self.origin, self.folder = origin, folder
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def run(self, names: set[str]) -> dict[str, Outcome | BaseException]:
        """By name, of those that are asked for; a room that fails spoils no other's outcome."""
        await _FILE.make(self.folder / "a.ts")
        await replace(_FILE, container="hls").make(self.folder / "a.m3u8")
        tags = await asyncio.to_thread(_tags)
        with web_server(self.folder) as web:
            rooms = {
                "WHIP": partial(self._whip, "whip"),
                **{
                    name: partial(self._file, f"file{n}", ENCODINGS[name]) for n, name in enumerate(ENCODINGS)
                },
                **{name: partial(self._tags, f"tags{n}", tags[name]) for n, name in enumerate(tags)},
                **{name: partial(self._pull, f"pull{n}", _PULLS[name], web) for n, name in enumerate(_PULLS)},
            }
            wanted = [name for name in rooms if name in names]
            found = await asyncio.gather(*(rooms[name]() for name in wanted), return_exceptions=True)
        return dict(zip(wanted, found, strict=True))

    @contextlib.asynccontextmanager
    async def _open(self, wish: RoomPlan) -> AsyncIterator[None]:
        async with self._at_once:
            await self.origin.put(wish)
            yield
            await self.origin.control("DELETE", f"rooms/{wish.id}")

    async def _seen(self, room: str, encoding: Encoding, sending: Sending) -> Outcome:
        async with sending, self.origin.client(room) as client:
            since = time.time() + encoding.after
            viewer = Viewer(client, room)
            await until(viewer.live)
            deadline = time.monotonic() + _PATIENCE
            while True:
                report = (await self.origin.sources(room))["views/main"]
                outcome = Outcome(await viewer.watch(), since, report)
                heard = encoding.silent or outcome.loud >= _ENOUGH
                told = encoding.reported.items() <= report.items()
                if (outcome.moving >= _ENOUGH and heard and told) or time.monotonic() > deadline:
                    return outcome

    async def _file(self, room: str, encoding: Encoding) -> Outcome:
        async with self._open(plan(room)):
            await encoding.make(self.folder / room)
            address = self.origin.rtmp(key(room, "main"))
            if encoding.container == "mpegts":
                address = (await self.origin.push(room, "srt"))["url"]
            sending = ffmpeg_sends(self.folder / room, encoding.container, address, *encoding.sent)
            return await self._seen(room, encoding, sending)

    async def _tags(self, room: str, tags: list[SentTag]) -> Outcome:
        async with self._open(plan(room)):
            sending = tags_sent(self.origin.rtmp(key(room, "main")), tags)
            return await self._seen(room, Encoding(after=_STEP + 0.5), sending)

    async def _pull(self, room: str, address: str, web: str) -> Outcome:
        pull = PullSource(address.format(folder=self.folder, web=web), loop=True)
        async with self._open(plan(room, pull=pull)):
            return await self._seen(room, _FILE, contextlib.nullcontext())

    async def _whip(self, room: str) -> Outcome:
        async with self._open(plan(room)):
            push = await self.origin.push(room, "whip")
            return await self._seen(room, Encoding(), whip(push["url"], push["key"]))


def _tags() -> dict[str, list[SentTag]]:
    """Streams whose stamps no ffmpeg would let out. The step comes after _STEP seconds."""
    plain, first = recorded(SECONDS, *PLAIN), recorded(_STEP, *PLAIN)
    small = recorded(SECONDS, *(argument.replace("320x180", "192x108") for argument in PLAIN))
    later = round(_STEP * 1000)
    return {
        "jump forwards": _jump(plain, 100_000),
        "jump backwards": _jump(plain, -1500),
        "wrap of RTMP's 32 bits": [replace(tag, stamp=tag.stamp + 2**32 - later) for tag in plain],
        "resolution changes": [
            *first,
            *(replace(tag, stamp=tag.stamp + later, arrival=tag.arrival + _STEP) for tag in small),
        ],
    }


def _jump(tags: tuple[SentTag, ...], by: int) -> list[SentTag]:
    """Stamps step by so many milliseconds; arrivals do not."""
    return [replace(tag, stamp=tag.stamp + by * (tag.stamp > _STEP * 1000)) for tag in tags]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcome | BaseException]:
    folder = tmp_path_factory.mktemp("sources")
    here = [item for item in request.session.items if item.path == request.path]
    names = {item.callspec.params["name"] for item in here if isinstance(item, pytest.Function)}
    with Origin(folder) as origin:
        outcomes = asyncio.run(Course(origin, folder).run(names))
        assert origin.secrets_in_log() == []
    return outcomes


@pytest.mark.parametrize("name", [*ENCODINGS, *_TAGGED, *_PULLS, "WHIP"])
def test_a_source_is_seen_and_heard(outcomes: dict[str, Outcome | BaseException], name: str) -> None:
    expected = (ENCODINGS | _TAGGED).get(name, _FILE)
    outcome = outcomes[name]
    if isinstance(outcome, BaseException):
        raise outcome
    assert outcome.watched.gaps == 0
    assert outcome.moving >= _ENOUGH
    assert (outcome.loud == 0) if expected.silent else (outcome.loud >= _ENOUGH)
    assert {name: outcome.report[name] for name in expected.reported} == expected.reported
