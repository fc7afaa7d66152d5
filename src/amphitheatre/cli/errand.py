"""A process of ours that runs to its end, such as the migration of the database."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from typing import Final

from amphitheatre.cli.errors import CommandError

KEPT: Final = 400  # lines of output
TAIL: Final = 8  # lines shown of a failed errand


async def run_errand(name: str, command: list[str], show: Callable[[str], None] | None = None) -> str:
    """What the process printed; show is called with each line as it comes.

    Raises CommandError with the end of the output when it fails. Cancelled, it leaves no process.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,  # a lifeline, for those that hold one
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.TaskGroup() as group:
            out = group.create_task(_lines(process.stdout, show))
            errors = group.create_task(_lines(process.stderr, None))
            code = await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if code != 0:
        said = "".join(f"\n    {line}" for line in [*out.result(), *errors.result()][-TAIL:])
        raise CommandError(f"{name} failed (exit {code}):{said}")
    return "\n".join(out.result())


async def manage(*arguments: str) -> str:
    """One of Django's commands of web."""
    return await run_errand(arguments[0], [sys.executable, "-m", "amphitheatre.web.manage", *arguments])


async def _lines(stream: asyncio.StreamReader | None, show: Callable[[str], None] | None) -> list[str]:
    kept: deque[str] = deque(maxlen=KEPT)
    if stream is None:
        return []
    async for line in stream:
        text = line.decode(errors="replace").rstrip()
        kept.append(text)
        if show is not None:
            show(text)
    return list(kept)
