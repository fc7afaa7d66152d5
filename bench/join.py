"""Joining and changing: opening the watch page to its first picture, camera switch, two views side by side."""

import asyncio
import json
import sys
from typing import Any

from playwright.async_api import Page

from bench.browser import at_rest, page
from bench.camera import camera
from bench.figures import quantile
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists

ROOM = "join"
VIEWS = ("main", "second")
# The picture that is large shows the wanted view and has a new frame.
_SWITCH = """(view) => new Promise((done) => {
  const asked = performance.now();
  document.querySelector(`[data-view-choice="${view}"]`).click();
  const look = () => {
    const video = document.querySelector(`figure[data-view="${view}"][data-main] video`);
    if (video && video.readyState >= 2) {
      video.requestVideoFrameCallback(() => done(performance.now() - asked));
    } else requestAnimationFrame(look);
  };
  look();
})"""
# A phone on a line that is thought to carry one picture, not two.
_THIN_LINE = "localStorage.setItem('amphitheatre.line', '1200000')"
# Both pictures' times of day, brought to one moment of the wall clock: [wall, strip] in milliseconds a view.
_SKEW = """() => {
  const [a, b] = Object.values(window.moments);
  return a && b && Math.abs(a[0] - b[0]) < 200 ? (a[1] - a[0]) - (b[1] - b[0]) : null;
}"""


async def measure(quick: bool = False) -> dict[str, Any]:
    """Seconds; the skew is that of what was on the screen."""
    times, opened, switched, skews = (3 if quick else 9), [], [], []
    switched_single: list[float] = []
    async with (
        Instance([RoomWish(ROOM, views=VIEWS)]) as house,
        camera(await house.push_address(ROOM)),
        camera(await house.push_address(ROOM, "second"), view="fluorescence", voice="none"),
    ):
        grant = await house.grant(ROOM)
        for view in VIEWS:
            await live_playlists(house.media_url, ROOM, view, grant)
        address = await house.link(ROOM)
        for _ in range(times):
            async with page() as viewer:
                # A doctor's browser runs before the page is asked for.
                await at_rest(viewer)
                opened.append(await first_picture(viewer, address))
        async with page() as viewer:
            await first_picture(viewer, address)
            await asyncio.sleep(5.0)
            skews = await _skews(viewer, 10.0 if quick else 30.0)
            for turn in range(times):
                switched.append(await viewer.evaluate(_SWITCH, VIEWS[(turn + 1) % 2]) / 1000)
                await asyncio.sleep(2.0)
        async with page() as phone:
            await phone.add_init_script(_THIN_LINE)
            await phone.set_viewport_size({"width": 360, "height": 740})
            await first_picture(phone, address)
            await asyncio.sleep(5.0)
            for turn in range(times):
                switched_single.append(await phone.evaluate(_SWITCH, VIEWS[(turn + 1) % 2]) / 1000)
                await asyncio.sleep(2.0)
    return {
        "open_p50": round(quantile(opened, 0.5), 3),
        "switch_p50": round(quantile(switched, 0.5), 3),
        "switch_single_p50": round(quantile(switched_single, 0.5), 3),
        "skew_p95": round(quantile(skews, 0.95), 3),
        "times": times,
    }


async def first_picture(viewer: Page, address: str) -> float:
    """Seconds from the beginning of the navigation to the first picture on the screen."""
    await viewer.goto(address, wait_until="commit")
    await viewer.wait_for_function("() => window.firstPicture", timeout=30_000)
    # performance.now() counts from the start of the navigation, the guest link's redirect included.
    return float(await viewer.evaluate("() => window.firstPicture")) / 1000


async def _skews(viewer: Page, seconds: float) -> list[float]:
    await viewer.evaluate("() => { window.readEvery = 1; }")
    await viewer.evaluate("() => document.querySelector('[data-action=\"side-by-side\"]')?.click()")
    await asyncio.sleep(3.0)
    found: list[float] = []
    for _ in range(int(seconds / 0.1)):
        skew = await viewer.evaluate(_SKEW)
        if skew is not None:
            found.append(abs(skew) / 1000)
        await asyncio.sleep(0.1)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
