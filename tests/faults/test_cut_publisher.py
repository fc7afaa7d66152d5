"""The publisher is gone for some seconds: the last picture is held, nothing is missing, and it goes on by itself."""

import asyncio
import time
from pathlib import Path

from tests.media.integration.publishers import ffmpeg_sends
from tests.media.origin import Origin, key, plan
from tests.media.rules import RoomCheck
from tests.media.watching import Viewer, busy, until

_GONE = 4.0  # seconds
_CHECKED = 12.0  # seconds, of which the publisher is gone
_LATE = "answered-too-late"


async def test_a_cut_publisher_leaves_whole_playlists(tmp_path: Path, clips: dict[str, Path]) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a", languages=("en", "fr")))
        address = origin.rtmp(key("a", "main"))
        async with origin.client("a") as client:
            viewer = Viewer(client, "a")
            async with ffmpeg_sends(clips["flv"], "flv", address):
                await until(viewer.live)
                check = RoomCheck(
                    client,
                    {"main": f"{origin.url}/rooms/a/main/multivariant.m3u8"},
                    {"en": "English", "fr": "Français"},
                    margin=0.5 * busy(),
                )
                checking = asyncio.create_task(check.run(_CHECKED))
                await viewer.watch_until(time.time())
            gone = time.time()
            await until(lambda: _state(origin, "lost"))
            await viewer.playlist_of(gone + _GONE)
            async with ffmpeg_sends(clips["flv"], "flv", address):
                await until(lambda: _state(origin, "live"))
                back = time.time()
                watched = await viewer.watch_until(back + 1)
                findings = await checking
        # As in integration/test_rules.py: one answer in a hundred may meet a busy moment of the machine.
        assert findings.counts[_LATE] <= 0.01 * findings.checked["playlists"], findings.report()
        assert not [violation for violation in findings.kept if violation.rule != _LATE], findings.report()
        assert watched.gaps == 0
        assert watched.longest_still(since=gone - 1) >= _GONE
        await until(lambda: _told(origin, 4))
        assert origin.web.kinds("a")[:4] == ["source.live", "room.live", "source.lost", "source.live"]


async def _told(origin: Origin, count: int) -> bool:
    return len(origin.web.kinds("a")) >= count


async def _state(origin: Origin, wanted: str) -> bool:
    return bool((await origin.room("a"))["state"] == wanted)
