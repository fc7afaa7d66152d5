"""Only one house at a time lives in a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amphitheatre.cli.errors import CommandError


@contextmanager
def occupied(data: Path) -> Iterator[bool]:
    """Hold the data folder. Gives whether the house before us was killed rather than stopped.

    The folder is there. Raises CommandError naming the process that holds it already.
    """
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            lock.seek(0)
            raise CommandError(
                f"Amphitheatre already runs on {data} (process {lock.read().strip() or 'unknown'}): "
                "stop it first, or choose another folder by AMPHITHEATRE_DATA"
            ) from e
        lock.seek(0)
        left_in_haste = bool(lock.read())
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield left_in_haste
        lock.truncate(0)
