"""What one 720p30 view with its ladder and three languages costs: core and memory of all media processes."""

import asyncio
import json
import sys
from typing import Any

from bench.camera import camera
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists
from bench.processes import core_seconds, proportional_memory

ROOM = "load"


async def measure(quick: bool = False) -> dict[str, Any]:
    """cores: fraction of one core; megabytes: sum of proportional set sizes at the end."""
    seconds = 15.0 if quick else 30.0
    async with Instance([RoomWish(ROOM)]) as house, camera(await house.push_address(ROOM)):
        playlists = await live_playlists(house.media_url, ROOM, "main", await house.grant(ROOM))
        await asyncio.sleep(5.0)
        pids = house.media_processes()
        before = core_seconds(pids)
        await asyncio.sleep(seconds)
        used = core_seconds(pids) - before
        return {
            "cores": round(used / seconds, 3),
            "megabytes": round(proportional_memory(pids) / 1e6),
            "processes": len(pids),
            "playlists": len(playlists),
            "seconds": seconds,
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
