"""An hour's soak, on demand: growth of memory and drift of latency.

python -m bench.soak [SECONDS]      writes bench/results/soak-YYYY-MM-DD.json
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.browser import page
from bench.camera import camera
from bench.figures import quantile
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists
from bench.processes import proportional_memory

ROOM = "soak"
WARM_UP = 120.0  # seconds until windows and caches are full
EACH = 60.0  # seconds between samples


async def measure(seconds: float = 3600.0) -> dict[str, Any]:
    """Growth between the means of the first and last tenth; drift in seconds, between their medians."""
    memory: list[int] = []
    delays: list[float] = []
    async with (
        Instance([RoomWish(ROOM)]) as house,
        camera(await house.push_address(ROOM)),
        page() as viewer,
    ):
        await live_playlists(house.media_url, ROOM, "main", await house.grant(ROOM))
        await viewer.goto(await house.link(ROOM))
        await asyncio.sleep(min(WARM_UP, seconds / 2))
        for _ in range(max(2, int(seconds / EACH))):
            await viewer.evaluate("() => { window.readings.length = 0; window.presented.length = 0; }")
            await asyncio.sleep(min(EACH, seconds / 2))
            readings = await viewer.evaluate("() => window.readings")
            delays.append(quantile([delay / 1000 for _, delay in readings], 0.5))
            memory.append(proportional_memory(house.media_processes()))
    tenth = max(1, len(memory) // 10)
    first, last = sum(memory[:tenth]) / tenth, sum(memory[-tenth:]) / tenth
    return {
        "seconds": seconds,
        "memory_growth": round(last / first - 1, 4),
        "latency_drift": round(quantile(delays[-tenth:], 0.5) - quantile(delays[:tenth], 0.5), 3),
        "megabytes": [round(size / 1e6, 1) for size in memory],
        "delays": [round(delay, 3) for delay in delays],
    }


def main() -> None:
    found = asyncio.run(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0))
    path = Path(__file__).parent / "results" / f"soak-{datetime.now(UTC):%Y-%m-%d}.json"
    path.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
