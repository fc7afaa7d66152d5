"""Viewers of 0.2 s parts on one core of the origin, no cache, source at 1.5 Mbit/s.

The origin's serving process has core 0 for itself; the camera, the source's process and the load generator share
core 1. Each viewer has a grant of its own. A number of viewers is carried when 99 % of all parts are with them
within one part's duration of their announcement and the 99th percentile of a part's fetch is at most 150 ms.
"""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlsplit

from bench.camera import camera
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists
from bench.processes import ask_generator, core_seconds, pin

ROOM = "crowd"
BITRATE = 1_400_000  # bits/s of the picture; with headers, the peak of the rendition is about 1.5 Mbit/s
LOW, HIGH, STEP = 500, 2000, 50
IN_TIME = 0.99
FETCH_P99 = 0.150  # seconds
_GRANTS = 64  # signed; viewers take them in turn


async def measure(quick: bool = False) -> dict[str, Any]:
    """Figures for 900 viewers and the largest number carried (quick: 900 and 500 only)."""
    seconds = 6.0 if quick else 15.0
    async with (
        Instance([RoomWish(ROOM, languages=("zh-Hans",))]) as house,
        camera(await house.push_address(ROOM), bitrate=BITRATE, voice="none") as source,
    ):
        playlists = await live_playlists(house.media_url, ROOM, "main", await house.grant(ROOM))
        origin, *helpers = house.media_processes()
        pin([origin], 0)
        pin([*helpers, source.pid], 1)
        headers = await _grants(house)
        trials: dict[int, dict[str, Any]] = {}

        async def carried(viewers: int) -> bool:
            trials[viewers] = await _trial(playlists[0], viewers, seconds, headers, origin, house.media_port)
            return bool(trials[viewers]["carried"])

        if quick:
            most = 900 if await carried(900) else 500 if await carried(500) else 0
        else:
            await carried(900)
            most = await _largest(carried)
    return {"most_viewers": most, "at_900": trials[900], "trials": [trials[n] for n in sorted(trials)]}


async def _largest(carried: Any) -> int:
    """The largest multiple of STEP from LOW to HIGH that is carried; 0 when not even LOW is."""
    low, high = LOW // STEP - 1, HIGH // STEP + 1
    while high - low > 1:
        middle = (low + high) // 2
        if await carried(middle * STEP):
            low = middle
        else:
            high = middle
    return low * STEP if low * STEP >= LOW else 0


async def _grants(house: Instance) -> list[str]:
    """Header blocks. Signed in this process: a command for each would take a minute."""
    from pathlib import Path

    from amphitheatre.contract.grant import Role
    from amphitheatre.web.grants import Keys, new_grant, sign

    key = Keys.at(Path(house.env["AMPHITHEATRE_DATA"])).private
    grants = [sign(new_grant(ROOM, Role.VIEWER, 86_400), key) for _ in range(_GRANTS)]
    return [f"Authorization: Bearer {grant}\r\n" for grant in grants]


async def _trial(
    playlist: str, viewers: int, seconds: float, headers: list[str], origin: int, port: int
) -> dict[str, Any]:
    wish = {
        "host": "127.0.0.1", "port": port, "path": urlsplit(playlist).path, "headers": headers,
        "viewers": viewers, "settle": 3.0, "seconds": seconds, "core": 1,
    }  # fmt: skip
    generator = asyncio.create_task(ask_generator(wish))
    # The generator takes a moment to connect everybody; the origin's use is taken from inside its window.
    await asyncio.sleep(3.0 + viewers / 1000)
    before = core_seconds([origin])
    await asyncio.sleep(seconds)
    used = (core_seconds([origin]) - before) / seconds
    found = await generator
    carried = found["in_time"] >= IN_TIME and found["fetch_p99"] <= FETCH_P99 and not found["errors"]
    return {**found, "origin_core": round(used, 3), "carried": carried}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
