"""Faults under a watching page: the publisher gone for 20 s, and `kill -9` of media. No reload is allowed."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from typing import Any

import httpx
from playwright.async_api import Page

from bench.browser import page
from bench.camera import camera
from bench.figures import quantile
from bench.instance import Instance, InstanceError, RoomWish
from bench.live_room import live_playlists

ROOM = "faults"
GONE = 20.0  # seconds
_SEQUENCE = re.compile(r"#EXT-X-MEDIA-SEQUENCE:(\d+)")
_MARK = "() => { window.readings.length = 0; window.untouched = true; }"


async def measure(quick: bool = False) -> dict[str, Any]:
    """Seconds. `back` of the publisher is counted from the start of its process, so it includes the connection."""
    async with Instance([RoomWish(ROOM)]) as house:
        push = await house.push_address(ROOM)
        async with page() as viewer:
            async with camera(push):
                await live_playlists(house.media_url, ROOM, "main", await house.grant(ROOM))
                await viewer.goto(await house.link(ROOM))
                usual = await _distance(viewer, 12.0)
            await asyncio.sleep(5.0 if quick else GONE)
            await viewer.evaluate(_MARK)
            async with camera(push):
                publisher = {
                    "playing_after": await _new_picture(viewer, 30.0),
                    "latency_back_after": await _latency_back(viewer, usual + 0.1, 30.0),
                }
                killed = await _kill(house, viewer)
            untouched = await viewer.evaluate("() => window.untouched === true")
    return {"usual": round(usual, 3), "publisher": publisher, "kill": killed, "reloads": int(not untouched)}


async def _kill(house: Instance, viewer: Page) -> dict[str, Any]:
    grant = await house.grant(ROOM)
    playlist = (await live_playlists(house.media_url, ROOM, "main", grant))[0]
    head = {"Authorization": f"Bearer {grant}"}
    async with httpx.AsyncClient(headers=head, trust_env=False) as client:
        before = _sequence((await client.get(playlist)).text)
        shown = await viewer.evaluate("() => window.presented.length")
        os.kill(house.media_processes()[0], signal.SIGKILL)
        killed = time.time() * 1000
        after = await _new_picture(viewer, 30.0, since=killed)
        sequence = _sequence((await client.get(playlist)).text)
    return {
        "playing_after": after,
        "steps_back": int(sequence < before),
        "pictures_before": shown,
    }


def _sequence(text: str) -> int:
    found = _SEQUENCE.search(text)
    if found is None:
        raise InstanceError("no media sequence number in the playlist")
    return int(found[1])


async def _distance(viewer: Page, seconds: float) -> float:
    await viewer.wait_for_function("() => window.readings.length > 0", timeout=30_000)
    await asyncio.sleep(seconds)
    readings = await viewer.evaluate("() => window.readings.slice(-60)")
    return quantile([delay / 1000 for _, delay in readings], 0.5)


async def _new_picture(viewer: Page, patience: float, since: float | None = None) -> float:
    """Seconds until a picture is shown that was taken after `since` (milliseconds of the wall clock)."""
    began = since or time.time() * 1000
    taken = f"() => Object.values(window.moments).some(([, strip]) => strip > {began})"
    await viewer.wait_for_function(taken, timeout=patience * 1000)
    return round(time.time() - began / 1000, 2)


async def _latency_back(viewer: Page, target: float, patience: float) -> float | None:
    """Seconds until half of the last readings are at the target again; None when that never came."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        readings = await viewer.evaluate("() => window.readings.slice(-10)")
        if len(readings) == 10 and quantile([delay / 1000 for _, delay in readings], 0.5) <= target:
            return round(time.monotonic() - began, 2)
        await asyncio.sleep(0.2)
    return None


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
