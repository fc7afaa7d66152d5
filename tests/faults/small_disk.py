"""A disk of a few megabytes for one process: a tmpfs in a mount namespace of its own, with or without root."""

import shlex
from collections.abc import Sequence
from pathlib import Path


def on_small_disk(folder: Path, megabytes: int) -> Sequence[str]:
    """What to put before a command so that it finds an empty small disk at `folder`."""
    mount = f"mount -t tmpfs -o size={megabytes}m tmpfs {shlex.quote(str(folder))}"
    return ("unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh")


def seen_by(pid: int, folder: Path) -> Path:
    """The folder as that process sees it."""
    return Path(f"/proc/{pid}/root{folder}")
