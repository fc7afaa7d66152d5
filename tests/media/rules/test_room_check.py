"""The whole checker against a live sample origin: silent on a good one, loud on each fault."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from . import sample_stream as stream
from .blocking_rules import next_part, past
from .findings import Findings
from .origin import Origin
from .room_check import RoomCheck
from .sample_bytes import video_init
from .sample_origin import Answer, SampleOrigin

Spoil = Callable[[str, dict[str, str], Answer], Answer]
_TURN = 0.001  # seconds that a turn of the event loop takes


@pytest.fixture(autouse=True)
async def own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes while everybody waits, and a little with each turn: all is in this process, and no other counts."""
    loop: Any = asyncio.get_running_loop()
    now, select = time.monotonic(), loop._selector.select

    def pass_time(timeout: float | None) -> object:
        nonlocal now
        now += timeout or _TURN
        return select(0)

    monkeypatch.setattr(loop._selector, "select", pass_time)
    monkeypatch.setattr(time, "monotonic", lambda: now)


async def _check(origin: SampleOrigin, seconds: float) -> Findings:
    transport = httpx.ASGITransport(app=origin)
    async with httpx.AsyncClient(transport=transport, base_url="http://origin") as client:
        check = RoomCheck(client, {"main": "http://origin/main.m3u8"}, stream.LANGUAGES)
        return await check.run(seconds)


async def test_a_good_stream_breaks_no_rule() -> None:
    findings = await _check(SampleOrigin(), 4.0)
    assert not findings.kept, findings.report()
    assert findings.checked["renditions"] == 4
    assert findings.checked["parts"] >= 80
    assert findings.checked["segments"] >= 40
    assert findings.checked["deltas"] >= 60
    assert findings.checked["removed"] >= 4


def _text(pattern: str, becomes: str, path: str = "/720p/media.m3u8") -> Spoil:
    def spoil(where: str, _query: dict[str, str], answer: Answer) -> Answer:
        if where != path:
            return answer
        return replace(answer, body=re.sub(pattern, becomes, answer.body.decode()).encode())

    return spoil


def _status(name: str, status: int) -> Spoil:
    def spoil(where: str, _query: dict[str, str], answer: Answer) -> Answer:
        return Answer(status, b"") if re.fullmatch(name, where) else answer

    return spoil


def _bytes(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(where: str, _query: dict[str, str], answer: Answer) -> Answer:
        return replace(answer, body=change(answer.body)) if re.fullmatch(name, where) else answer

    return spoil


def _always_ok(_where: str, _query: dict[str, str], answer: Answer) -> Answer:
    return (
        Answer(200, stream.media("720p", 400).encode(), "audio/mpegurl") if answer.status == 400 else answer
    )


def _no_delta(where: str, query: dict[str, str], answer: Answer) -> Answer:
    if query == {"_HLS_skip": "YES"}:
        return replace(answer, body=stream.media(where.split("/")[1], 420).encode())
    return answer


FAULTS: list[tuple[str, Spoil]] = [
    ("report-wrong", _text(r"LAST-MSN=\d+", "LAST-MSN=7")),
    ("report-missing", _text(r"#EXT-X-RENDITION-REPORT:URI=\"../fr.*\n", "")),
    ("bandwidth-untrue", _text(r"BANDWIDTH=\d+", "BANDWIDTH=1000", "/main.m3u8")),
    ("language-missing", _text("#EXT-X-MEDIA.*fr.*\n", "", "/main.m3u8")),
    ("syntax", _text("#EXTM3U", "EXTM3U")),
    ("syntax", _text("#EXTM3U", "EXTM3U", "/main.m3u8")),
    ("file-missing", _status(r"/fr/\d+\.\d+\.m4s", 404)),
    ("http-status", _status("/240p/media.m3u8", 500)),
    ("removed-too-soon", lambda w, q, a: Answer(404, b"") if _old_part(w) else a),
    ("segment-not-its-parts", _bytes(r"/720p/\d+\.m4s", lambda data: data + b"\0")),
    ("bad-chunk", _bytes(r"/720p/\d+\.\d\.m4s", lambda data: data[:-1])),
    ("bad-initialisation", _bytes("/720p/init.mp4", lambda data: data[:40])),
    ("resolution-untrue", _bytes("/720p/init.mp4", lambda _: video_init(640, 480))),
    ("future-not-refused", _always_ok),
    ("part-future-not-refused", _always_ok),
    ("part-without-segment", _always_ok),
    ("directive-not-refused", _always_ok),
    ("delta-not-offered", _no_delta),
    ("content-type", lambda w, q, a: replace(a, kind="text/plain") if w == "/fr/media.m3u8" else a),
]


async def _finds(rule: str, spoil: Spoil) -> bool:
    """A part may be asked for again only three target durations later."""
    for seconds in (1.0, 8.0):
        if rule in (await _check(SampleOrigin(spoil), seconds)).counts:
            return True
    return False


async def test_each_fault_is_found() -> None:
    """Each on an origin of its own."""
    found = await asyncio.gather(*(_finds(rule, spoil) for rule, spoil in FAULTS))
    assert [rule for (rule, _), one in zip(FAULTS, found, strict=True) if not one] == []


def _old_part(where: str) -> bool:
    """The first parts that go out of the playlist during the test."""
    found = re.fullmatch(r"/720p/(\d+)\.0\.m4s", where)
    return found is not None and int(found[1]) < 197


async def test_an_origin_that_does_not_block_is_found() -> None:
    origin = SampleOrigin()
    origin.blocks = False
    findings = await _check(origin, 0.5)
    assert {"segment-not-awaited", "part-not-awaited"} <= set(findings.counts), findings.report()


async def test_an_origin_that_answers_late_is_found() -> None:
    class Late(SampleOrigin):
        async def _wait_for(self, parts: int) -> None:
            await asyncio.sleep(0.65)
            await super()._wait_for(parts)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=Late())) as client:
        url = "http://origin/720p/media.m3u8"
        asked = [probe(Origin(client), url, 0.1) for probe in (past, next_part)]
        rules = [[violation.rule for violation in found] for found in await asyncio.gather(*asked)]
    assert rules == [["past-blocked"], ["answered-too-late"]]


async def test_playlists_that_are_not_compressed_are_found() -> None:
    origin = SampleOrigin()
    origin.gzips = False
    assert "not-gzipped" in (await _check(origin, 0.3)).counts
