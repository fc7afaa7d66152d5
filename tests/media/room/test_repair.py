"""A source's process is killed: the same publisher is seen again soon, and nobody else notices."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.media.ingest.publisher import AAC, BARS, TONE, ffmpeg
from tests.media.origin import Origin, key, plan
from tests.media.watching import Viewer, Watched, until

_REPAIRED = 2.0  # seconds
_LONG_GROUP = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "300")


@contextlib.contextmanager
def publishing(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Key frames are 10 s apart, and ffmpeg's command line never calls again."""
    encoder = ffmpeg("-re", *BARS, *TONE, *_LONG_GROUP, *AAC, "-f", "flv", address)
    try:
        yield encoder
    finally:
        encoder.kill()
        encoder.wait()


async def _moves_after(viewer: Viewer, at: float) -> Watched:
    """What was seen, once there is a new picture a while after Unix time `at`."""
    while True:
        watched = await viewer.watch()
        if watched.moved and watched.moved[-1] > at:
            return watched


async def test_an_rtmp_publisher_outlives_its_process_and_no_other_view_notices(tmp_path: Path) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a", views=("main", "other")))
        async with origin.client("a") as client:
            main, other = (Viewer(client, "a", view) for view in ("main", "other"))
            with publishing(origin.rtmp(key("a", "main"))) as first:
                await until(main.live)
                (victim,) = origin.processes("source")
                with publishing(origin.rtmp(key("a", "other"))) as second:
                    await until(other.live)
                    at = time.time()
                    os.kill(victim, signal.SIGKILL)
                    watched = await _moves_after(main, at + _REPAIRED)
                    assert watched.longest_still(since=at - 1) <= _REPAIRED
                    assert watched.gaps == 0
                    assert (await _moves_after(other, at + _REPAIRED)).longest_still() < 0.5
                    report = (await origin.sources("a"))["views/main"]
                    assert (report["state"], report["restarts"]) == ("live", 1)
                    assert victim not in origin.processes("source")
                    assert [first.poll(), second.poll()] == [None, None]
    assert not origin.secrets_in_log()
