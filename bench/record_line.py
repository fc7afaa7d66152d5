"""Record what a line does to our stream in Chromium, for the tests of the player's latency controller.

    python bench/record_line.py NAME ROUND_TRIP JITTER LOSS BANDWIDTH [SECONDS]

writes front/src/player/recorded_lines/NAME.json: when the playlist that tells of each part was with the player, in
milliseconds behind the end of the part's time. Its request waits at the server, so it is the line that is recorded
and not the player. When parts themselves come depends on when the player asks: that is left to the simulation.
"""

import asyncio
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # started by its path
    sys.path[0] = str(ROOT)

from bench.far_viewer import far_viewer  # noqa: E402  after the path
from bench.shaped_line import Shape  # noqa: E402

FOLDER = ROOT / "front/src/player/recorded_lines"
PART = 0.2  # seconds, of the profile `fast`
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
    async with far_viewer(shape) as viewer:
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
