"""`kill -9` of each of the origin's processes: repaired soon, and nobody else notices."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from amphitheatre.contract.room_plan import PullSource
from amphitheatre.media.serve.signalling import LIFE_HELD
from tests.media.integration.publishers import ffmpeg_calls_again, ffmpeg_sends, web_server, whip
from tests.media.origin import Origin, key, plan
from tests.media.rtc.browser import Browser
from tests.media.watching import Viewer, until

_REPAIRED = 2.0  # seconds on an idle machine
_SOON = 10 * _REPAIRED  # on one that is ten times overloaded
_UNNOTICED = 5.0  # seconds for which such a machine may hold up what nobody has struck


Publish = Callable[[Origin, dict[str, Path]], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _pushed_by_srt(origin: Origin, clips: dict[str, Path]) -> AsyncIterator[None]:
    await origin.put(plan("a", views=("main", "other")))
    address = (await origin.push("a", "srt"))["url"]
    async with ffmpeg_calls_again(clips["mpegts"], "mpegts", address):
        yield


@asynccontextmanager
async def _pulled_file(origin: Origin, clips: dict[str, Path]) -> AsyncIterator[None]:
    pull = PullSource(str(clips["mpegts"]), loop=True)
    await origin.put(plan("a", views=("main", "other"), pull=pull))
    yield


@asynccontextmanager
async def _pulled_over_http(origin: Origin, clips: dict[str, Path]) -> AsyncIterator[None]:
    with web_server(clips["mpegts"].parent) as web:
        pull = PullSource(f"{web}/mpegts")
        await origin.put(plan("a", views=("main", "other"), pull=pull))
        yield


@pytest.mark.parametrize("publish", [_pushed_by_srt, _pulled_file, _pulled_over_http])
async def test_a_killed_source_is_repaired_and_no_other_view_notices(
    publish: Publish, tmp_path: Path, clips: dict[str, Path]
) -> None:
    with Origin(tmp_path) as origin:
        async with publish(origin, clips), origin.client("a") as client:
            main, other = (Viewer(client, "a", view) for view in ("main", "other"))
            await until(main.live)
            (victim,) = origin.processes("source")
            async with ffmpeg_sends(clips["flv"], "flv", origin.rtmp(key("a", "other"))):
                await until(other.live)
                (bystander,) = set(origin.processes("source")) - {victim}
                at = time.time()
                os.kill(victim, signal.SIGKILL)
                watched = await main.watch_until(at + _REPAIRED)
                assert watched.longest_still(since=at - 1) <= _SOON
                assert watched.gaps == 0
                beside = await other.watch_until(at + _REPAIRED)
                assert beside.longest_still(since=at - 1) < _UNNOTICED
                assert beside.gaps == 0
                reports = await origin.sources("a")
                report = reports["views/main"]
                assert (report["state"], report["restarts"]) == ("live", 1)
                assert reports["views/other"]["restarts"] == 0
                assert victim not in origin.processes("source")
                assert bystander in origin.processes("source")


async def test_a_killed_whip_source_is_told_to_its_publisher_which_comes_back(tmp_path: Path) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a"))
        push = await origin.push("a", "whip")
        async with origin.client("a") as client, whip(push["url"], push["key"]) as first:
            main = Viewer(client, "a")
            await until(main.live)
            (victim,) = origin.processes("source")
            asked = time.monotonic()
            life = asyncio.create_task(client.get(f"{first.headers['Location']}/life"))
            await main.watch()
            assert not life.done()
            at = time.time()
            os.kill(victim, signal.SIGKILL)
            assert (await life).status_code == 404
            assert time.monotonic() - asked < LIFE_HELD, "told at once, not when an answer was due anyway"
            async with whip(push["url"], push["key"]) as second:
                assert second.status_code == 201
                watched = await main.watch_until(at + _REPAIRED)
                assert watched.longest_still(since=at - 1) <= _SOON
                assert watched.gaps == 0


async def test_a_killed_sound_process_leaves_the_languages_whole(
    tmp_path: Path, clips: dict[str, Path]
) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a", languages=("en", "fr")))
        async with (
            ffmpeg_sends(clips["flv"], "flv", origin.rtmp(key("a", "main"))),
            origin.client("a") as client,
        ):
            viewer = Viewer(client, "a")
            await until(viewer.live)
            await viewer.heard_until(time.time())
            (victim,), source = origin.processes("sound"), origin.processes("source")
            at = time.time()
            os.kill(victim, signal.SIGKILL)
            watched = await viewer.heard_until(at + _REPAIRED)
            assert watched.gaps == 0
            assert watched.longest_silence(since=at - 1) <= _SOON
            assert watched.longest_still(since=at - 1) < _UNNOTICED
            (heir,) = origin.processes("sound")
            assert heir != victim
            assert origin.processes("source") == source
            assert await _restarts(origin) == 0


async def test_a_killed_return_process_serves_peers_again(tmp_path: Path, clips: dict[str, Path]) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a"))
        async with (
            ffmpeg_sends(clips["flv"], "flv", origin.rtmp(key("a", "main"))),
            origin.client("a") as client,
        ):
            viewer = Viewer(client, "a")
            await until(viewer.live)
            assert await _sees_at_once(client)
            (victim,), source = origin.processes("return"), origin.processes("source")
            at = time.time()
            os.kill(victim, signal.SIGKILL)
            await until(lambda: _sees_at_once(client))
            watched = await viewer.watch_until(at + _REPAIRED)
            assert watched.gaps == 0
            assert watched.longest_still(since=at - 1) < _UNNOTICED
            assert victim not in origin.processes("return")
            assert origin.processes("source") == source
            assert await _restarts(origin) == 0


async def _restarts(origin: Origin) -> int:
    return int((await origin.sources("a"))["views/main"]["restarts"])


async def _sees_at_once(client: httpx.AsyncClient) -> bool:
    """Whether a WHEP peer gets a picture."""
    async with Browser() as browser:
        offer = await browser.watch()
        answer = await client.post(
            "/rooms/a/whep", content=offer, headers={"Content-Type": "application/sdp"}
        )
        if answer.status_code != 201:
            return False
        await browser.accept(answer.text)
        async with asyncio.timeout(60):
            while not browser.seen:
                await asyncio.sleep(0.02)
        await client.delete(answer.headers["Location"])
        return True


async def test_a_killed_fork_server_costs_no_publisher_its_connection(
    tmp_path: Path, clips: dict[str, Path]
) -> None:
    """All that was forked dies with it; another one is begun."""
    with Origin(tmp_path) as origin:
        await origin.put(plan("a"))
        async with (
            ffmpeg_sends(clips["flv"], "flv", origin.rtmp(key("a", "main"))) as encoder,
            origin.client("a") as client,
        ):
            viewer = Viewer(client, "a")
            await until(viewer.live)
            at = time.time()
            os.kill(origin.fork_server, signal.SIGKILL)
            await viewer.watch_until(at + 2 * _REPAIRED)
            watched = await viewer.heard_until(at + 2 * _REPAIRED)
            assert watched.gaps == 0
            assert encoder.poll() is None
