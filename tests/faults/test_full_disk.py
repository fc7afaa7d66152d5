"""The disk is full: recording stops with a loud warning, the broadcast goes on, and recording resumes with room."""

import os
import time
from pathlib import Path

from amphitheatre.media.record.recorder import PROVEN_AFTER, RETRY_AFTER
from amphitheatre.media.store.track_folder import lines
from tests.faults.small_disk import seen_by, small_disk
from tests.media.integration.publishers import ffmpeg_sends
from tests.media.origin import Origin, key, plan
from tests.media.watching import Viewer, until

_MEGABYTES = 4
_UNNOTICED = 5.0  # seconds for which a busy machine may hold up the picture
_RESUMED = RETRY_AFTER + PROVEN_AFTER + 60  # seconds; a busy machine


async def test_a_full_disk_stops_the_recording_and_not_the_broadcast(
    tmp_path: Path, clips: dict[str, Path]
) -> None:
    rooms = tmp_path / "data/rooms"
    rooms.mkdir(parents=True)
    with small_disk(rooms, _MEGABYTES) as command, Origin(tmp_path, command=command) as origin:
        disk = seen_by(origin.pid, rooms)
        await origin.put(plan("a"))
        async with (
            ffmpeg_sends(clips["flv"], "flv", origin.rtmp(key("a", "main"))),
            origin.client("a") as client,
        ):
            viewer = Viewer(client, "a")
            await until(viewer.live)
            assert (await origin.room("a"))["recording"] == "on"
            _fill(disk / "filler")
            await until(lambda: _recording(origin, "stopped"))
            full = time.time()
            assert "recording.stopped" in origin.log
            await until(lambda: _told(origin, "recording.stopped"))
            assert await origin.metric("recording_stopped", room="a") == 1
            watched = await viewer.watch_until(full + 2)
            assert watched.gaps == 0
            assert watched.longest_still(since=full - 2) < _UNNOTICED
            assert (await origin.sources("a"))["views/main"]["restarts"] == 0
            (disk / "filler").unlink()
            await until(lambda: _recording(origin, "on"), within=_RESUMED)
            assert origin.web.kinds("a").count("recording.stopped") == 1
            assert "recording.resumed" in origin.log
            assert await origin.metric("recording_stopped", room="a") == 0
            await viewer.watch_until(time.time() + 1)
            for folder in disk.glob("a/takes/*/*/*/"):
                _is_whole(folder)


async def _recording(origin: Origin, wanted: str) -> bool:
    return bool((await origin.room("a"))["recording"] == wanted)


async def _told(origin: Origin, kind: str) -> bool:
    return kind in origin.web.kinds("a")


def _fill(path: Path) -> None:
    """Write until the disk refuses, then leave so little that not even a small write gets in."""
    with path.open("wb", buffering=0) as filler:
        for size in (65_536, 4096, 1):
            while True:
                try:
                    filler.write(bytes(size))
                except OSError:
                    break


def _is_whole(folder: Path) -> None:
    """Every part that the index names is on the disk, and each segment that has a last part has all before it."""
    seen: dict[int, list[int]] = {}
    for line in lines(folder):
        seen.setdefault(line.segment, []).append(line.part)
        assert os.stat(folder / f"{line.segment}.m4s").st_size >= line.offset + line.size
    assert seen
    assert all(parts == list(range(len(parts))) for parts in seen.values())
