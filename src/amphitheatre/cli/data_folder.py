"""Whether the data folder can be used, before anything starts in it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from amphitheatre.cli.errors import CommandError

LEAST: Final = 200 * 10**6  # bytes: database, logs, and the demo's drawn operation


def require(data: Path) -> None:
    """Make the folder if need be. Raises CommandError when it can't be made or written, or its disk is full."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as e:
        raise CommandError(
            f"The data folder {data} can't be written ({os.strerror(e.errno or 0)}): give this user the right to, "
            "or choose another folder by AMPHITHEATRE_DATA"
        ) from e
    free = shutil.disk_usage(data).free
    if free < LEAST:
        raise CommandError(
            f"Only {free / 1e6:.0f} MB are free for the data folder {data}, at least {LEAST / 1e6:.0f} are needed: "
            "make room, or choose another folder by AMPHITHEATRE_DATA"
        )
