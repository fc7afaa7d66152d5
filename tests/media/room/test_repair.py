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
from tests.media.watching import until

# Seconds, on a machine that is ten times overloaded; in peace it is below 1 s. Key frames of RTMP are much rarer.
_REPAIRED = 60.0
_X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
_RTMP = ("-g", "9000", *AAC, "-f", "flv")  # key frames 5 min apart
_SRT = ("-g", "30", "-tune", "zerolatency", *AAC, "-f", "mpegts")


@contextlib.contextmanager
def publishing(address: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg's command line never calls again."""
    encoder = ffmpeg("-re", *BARS, *TONE, *_X264, *arguments, address)
    try:
        yield encoder
    finally:
        encoder.kill()
        encoder.wait()


async def _fresh(origin: Origin, view: str = "main") -> float:
    """Parts of a view that hold new pictures alone."""
    of = {"rendition": f"{view}/180p", "room": "a"}
    return await origin.metric("rendition_parts", **of) - await origin.metric("rendition_parts_held", **of)


async def _killed(origin: Origin, view: str = "main") -> float:
    """Kill the process of the view's source, the oldest one; seconds until there are new pictures.

    How long it counts as lost may be shorter than the time between two questions: its restarts stay.
    """
    restarts = await _restarts(origin, view)
    os.kill(origin.processes("source")[0], signal.SIGKILL)
    at = time.monotonic()
    await until(lambda: _has_restarted(origin, view, restarts))
    before = await _fresh(origin, view)

    async def more() -> bool:
        return await _fresh(origin, view) > before + 2  # two figures that are not of the same moment

    await until(more)
    return time.monotonic() - at


async def _restarts(origin: Origin, view: str) -> int:
    return int((await origin.sources("a"))[f"views/{view}"]["restarts"])


async def _has_restarted(origin: Origin, view: str, restarts: int) -> bool:
    return await _restarts(origin, view) > restarts


async def _has_state(origin: Origin, view: str, state: str) -> bool:
    return bool((await origin.sources("a"))[f"views/{view}"]["state"] == state)


async def _told(origin: Origin, kind: str, times: int) -> bool:
    return origin.web.kinds("a").count(kind) >= times


async def test_an_rtmp_publisher_outlives_its_process_and_no_other_view_notices(tmp_path: Path) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a", views=("main", "other")))
        with publishing(origin.rtmp(key("a", "main")), *_RTMP) as first:
            await until(lambda: _has_state(origin, "main", "live"))
            with publishing(origin.rtmp(key("a", "other")), *_RTMP) as second:
                for view in ("main", "other"):
                    await until(lambda view=view: _fresh(origin, view))
                assert await _killed(origin) <= _REPAIRED
                report = (await origin.sources("a"))["views/main"]
                assert (report["state"], report["restarts"]) == ("live", 1)
                assert (await origin.sources("a"))["views/other"]["restarts"] == 0
                assert [first.poll(), second.poll()] == [None, None]
                # Of both views, and of the repaired one again.
                await until(lambda: _told(origin, "source.live", 3))
                assert origin.web.kinds("a").count("source.lost") == 1
    assert not origin.secrets_in_log()


async def test_an_srt_caller_outlives_its_process(tmp_path: Path) -> None:
    """It is seen again with its next key frame: here within a second."""
    with Origin(tmp_path) as origin:
        await origin.put(plan("a"))
        address = (await origin.push("a", "srt"))["url"].replace("mode=caller&", "")
        with publishing(address, *_SRT) as encoder:
            await until(lambda: _fresh(origin))
            assert await _killed(origin) <= _REPAIRED
            report = (await origin.sources("a"))["views/main"]
            assert (report["state"], report["protocol"], report["restarts"]) == ("live", "srt", 1)
            assert encoder.poll() is None
        await until(lambda: _has_state(origin, "main", "lost"))
        with publishing(address, *_SRT):  # the door is open again
            await until(lambda: _has_state(origin, "main", "live"))
