"""A disk of a few megabytes for one process: a real tmpfs, with or without root."""

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_NAMESPACE = ("unshare", "--map-root-user", "--mount")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Sequence[str]]:
    """Gives what to put before a command so that it finds an empty small disk at `folder`.

    In a mount namespace of its own, which ends with the process. The kernel refuses that in a change root: there
    root mounts it for all. Raises CalledProcessError where neither is allowed.
    """
    mount = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    if subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0:
        yield (*_NAMESPACE, "sh", "-c", f'{shlex.join(mount)} && exec "$@"', "sh")
        return
    subprocess.run(mount, check=True)
    try:
        yield ()
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def seen_by(pid: int, folder: Path) -> Path:
    """The folder as that process sees it."""
    return Path(f"/proc/{pid}/root{folder}")
