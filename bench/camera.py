"""The synthetic camera that a measurement pushes with; every frame carries the time (camera/clock_strip.py)."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator

_STOP = 5.0  # seconds


@contextlib.asynccontextmanager
async def camera(
    url: str, *, bitrate: int = 2_500_000, view: str = "laparoscope", voice: str = "zh", fps: int = 30
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Push to an RTMP address while the block runs. bitrate: bits/s of the picture."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "amphitheatre.camera", "push", url,
        "--view", view, "--voice", voice, "--bitrate", str(bitrate), "--fps", str(fps),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _STOP)
            if process.returncode is None:
                process.kill()
                await process.wait()
