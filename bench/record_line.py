"""Record what a line does to our stream in Chromium, for the tests of the player's latency controller.

    python bench/record_line.py NAME ROUND_TRIP JITTER LOSS BANDWIDTH [SECONDS]

writes front/src/player/recorded_lines/NAME.json: when the playlist that tells of each part, and the part's bytes, were
with the player, in milliseconds behind the end of the part's time. Null: the player never asked for that one.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # started by its path
    sys.path[0] = str(ROOT)

from bench.browser import page  # noqa: E402  after the path
from bench.camera import camera  # noqa: E402
from bench.instance import Instance, RoomWish, free_ports  # noqa: E402
from bench.live_room import live_playlists  # noqa: E402
from bench.shaped_line import Shape, ShapedLine  # noqa: E402

FOLDER = ROOT / "front/src/player/recorded_lines"
PART = 0.2  # seconds, of the profile `fast`
_ROOM = "line"
# [end of the part's time, when it was told of, when its bytes were here], milliseconds since the Unix epoch
_NOTE = """() => {
  const { hls } = window.amphitheatre;
  const now = () => performance.timeOrigin + performance.now();
  const parts = new Map();
  const note = (frag, part, what) => {
    const end = Math.round(frag.programDateTime + 1000 * (part.fragOffset + part.duration));
    const seen = parts.get(end) ?? {};
    seen[what] ??= now();
    parts.set(end, seen);
  };
  hls.on('hlsLevelUpdated', (_, { details }) => {
    for (const part of details.partList ?? []) note(part.fragment, part, 'told');
  });
  hls.on('hlsFragLoaded', (_, { frag, part }) => { if (part && frag.type === 'main') note(frag, part, 'arrived'); });
  window.lineParts = parts;
}"""
_TAKE = "() => [...window.lineParts].map(([end, { told, arrived }]) => [end, told ?? null, arrived ?? null])"


async def record(shape: Shape, seconds: float) -> dict[str, Any]:
    """Part after part, without a hole."""
    (media_port,) = free_ports(1)
    async with ShapedLine(shape, media_port) as line:
        os.environ["AMPHITHEATRE_MEDIA_URL"] = f"http://127.0.0.1:{line.port}"
        async with (
            Instance([RoomWish(_ROOM)], media_port=media_port) as house,
            camera(await house.push_address(_ROOM)),
        ):
            await live_playlists(house.media_url, _ROOM, "main", await house.grant(_ROOM))
            async with page() as viewer:
                await viewer.goto(await house.link(_ROOM))
                await viewer.wait_for_function(
                    "() => window.amphitheatre?.hls?.levels.length > 0", timeout=60_000
                )
                await viewer.evaluate(_NOTE)
                await asyncio.sleep(seconds)
                found = await viewer.evaluate(_TAKE)
    return _in_order(found)


def _in_order(found: list[list[float | None]]) -> dict[str, Any]:
    """From the first part that arrived to the last that was told of."""
    by_end = {round((end or 0) / (PART * 1000)): (end or 0, told, arrived) for end, told, arrived in found}
    first = min(number for number, (_, _, arrived) in by_end.items() if arrived is not None)
    numbers = range(first, max(number for number, (_, told, _) in by_end.items() if told is not None) + 1)

    def behind(number: int, column: int) -> int | None:
        row = by_end.get(number)
        at = row[column] if row else None
        return None if row is None or at is None else round(at - row[0])

    return {
        "part": PART,
        "told": [behind(number, 1) for number in numbers],
        "arrived": [behind(number, 2) for number in numbers],
    }


def main() -> None:
    name, *numbers = sys.argv[1:]
    round_trip, jitter, loss, bandwidth, *rest = map(float, numbers)
    found = asyncio.run(record(Shape(round_trip, jitter, loss, bandwidth), *(rest or [120.0])))
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(
        found | {"line": {"roundTrip": round_trip, "jitter": jitter, "loss": loss, "bandwidth": bandwidth}}
    )
    (FOLDER / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
