"""A doctor far away: 300 ms, 3 Mbit/s, a packet in a hundred lost, `fast`, over HTTP/1.1 (six requests at a time).

There is no limit for this line in the plan; the figures are there to be compared from one version to the next.
"""

import asyncio
import json
import statistics
import sys
from typing import Any

from bench.far_viewer import far_viewer
from bench.shaped_line import Shape

FAR = Shape(round_trip=0.3, jitter=0.02, loss=0.01, bandwidth=3e6)
_LEARNING = 20.0  # seconds, in which the page learns what the line needs
_STATE = """() => {
  const { hls, distance, stalls } = window.amphitheatre;
  return { distance: distance(), stalls, lines: hls.levels[hls.currentLevel]?.height ?? 0 };
}"""


async def measure(quick: bool = False) -> dict[str, Any]:
    """stalls_learning: of the first 20 s. After them: stalls a minute, distance to the live edge (seconds), lines."""
    seconds = 20 if quick else 60
    async with far_viewer(FAR) as viewer:
        await asyncio.sleep(_LEARNING)
        learning = (await viewer.evaluate(_STATE))["stalls"]
        seen = []
        for _ in range(seconds):
            await asyncio.sleep(1.0)
            seen.append(await viewer.evaluate(_STATE))
    return {
        "stalls_learning": learning,
        "stalls_a_minute": round((seen[-1]["stalls"] - learning) * 60 / seconds, 1),
        "distance_p50": round(statistics.median(state["distance"] for state in seen), 3),
        "lines_p50": statistics.median(state["lines"] for state in seen),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
