"""Record what a line does to our stream in Chromium, for the tests of the player's latency controller.

    python bench/record_line.py NAME ROUND_TRIP JITTER LOSS BANDWIDTH [SECONDS]

writes front/src/player/recorded_lines/NAME.json: when the playlist that tells of each part was with the player, in
milliseconds behind the end of the part's time. Its request waits at the server, so it is the line that is recorded
and not the player. When parts themselves come depends on when the player asks: that is left to the simulation.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

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
# [end of the part's time, when it was told of], milliseconds since the Unix epoch
_NOTE = """() => {
  window.told = new Map();
  window.amphitheatre.hls.on('hlsLevelUpdated', (_, { details }) => {
    for (const { fragment, fragOffset, duration } of details.partList ?? []) {
      const end = Math.round(fragment.programDateTime + 1000 * (fragOffset + duration));
      if (!window.told.has(end)) window.told.set(end, performance.timeOrigin + performance.now());
    }
  });
}"""
_TAKE = "() => [...window.told]"


async def record(shape: Shape, seconds: float) -> list[int | None]:
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


def _in_order(found: list[list[float]]) -> list[int | None]:
    """Part after part; None for one that no playlist told of. Those that the first playlist lists are old."""
    late = {round(end / (PART * 1000)): round(told - end) for end, told in found}
    first = max(late) - len(late) + 1 + int(3 / PART)
    return [late.get(number) for number in range(first, max(late) + 1)]


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
