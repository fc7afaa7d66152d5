"""Runs Django's commands of web in a process of their own."""

import asyncio
import contextlib
import sys

from amphitheatre.cli.errors import CommandError


async def manage(*arguments: str) -> str:
    """What the command printed. Raises CommandError with the end of its errors when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "amphitheatre.web.manage",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        said = "".join(f"\n    {line}" for line in errors.decode(errors="replace").splitlines()[-8:])
        raise CommandError(f"`manage {arguments[0]}` failed (exit {process.returncode}):{said}")
    return out.decode()
