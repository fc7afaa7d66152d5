"""Glass to glass in Chromium on our watch page: RTMP in with sound, the time read from the page's own video.

The camera writes the time of day into each frame (camera/clock_strip.py); the page's reader (strip.js) takes it from
the <video> at every third picture and compares it with Date.now() of the same machine. A stall is more than 0.3 s
without a new picture. The figures are medians of the three thirds of one unbroken watch.
"""

import asyncio
import json
import statistics
import sys
from typing import Any

from bench.browser import page
from bench.camera import camera
from bench.figures import quantile, stalls
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists

SETTLE = 10.0  # seconds after joining in which the page finds its distance
STALL = 300.0  # milliseconds
_TAKE = "() => [readings.splice(0), presented.splice(0)]"


async def measure(profile: str, seconds: float) -> dict[str, Any]:
    """Delay in seconds over so many seconds of watching."""
    async with (
        Instance([RoomWish("glass", profile=profile)]) as house,
        camera(await house.push_address("glass")),
    ):
        await live_playlists(house.media_url, "glass", "main", await house.grant("glass"))
        return await watch(await house.link("glass"), seconds)


async def watch(address: str, seconds: float, settle: float = SETTLE) -> dict[str, Any]:
    """The same on any page that shows the camera in a <video>. Raises ValueError when no time can be read."""
    async with page() as viewer:
        await viewer.goto(address)
        await viewer.wait_for_function("() => window.readings.length > 0", timeout=30_000)
        await asyncio.sleep(settle)
        await viewer.evaluate(_TAKE)
        delays: list[float] = []
        presented: list[float] = []
        left = seconds
        while left > 0:
            await asyncio.sleep(min(5.0, left))
            left -= 5.0
            readings, shown = await viewer.evaluate(_TAKE)
            delays += [delay / 1000 for _, delay in readings]
            presented += shown
    third = max(1, len(delays) // 3)
    thirds = [delays[at : at + third] for at in range(0, 3 * third, third)]
    p50s, p95s = ([round(quantile(part, share), 3) for part in thirds] for share in (0.5, 0.95))
    return {
        "p50": statistics.median(p50s),
        "p95": statistics.median(p95s),
        "thirds_p50": p50s,
        "thirds_p95": p95s,
        "stalls": stalls(presented, STALL),
        "readings": len(delays),
        "frames_per_second": round(len(presented) / seconds, 1),
        "seconds": seconds,
    }


if __name__ == "__main__":
    length = 60.0 if "--quick" in sys.argv else 600.0
    for name in ("fast", "fastest"):
        print(json.dumps({name: asyncio.run(measure(name, length))}), flush=True)
