"""Deleting a take, here and in the object store.

A take that may be in a store leaves its name under ``takes/.deleted``, with the store's address, until the archiver
has deleted it there too: a store that is away, or a process that is killed, forgets no deletion.
"""

import contextlib
import shutil
from pathlib import Path
from typing import Final

from amphitheatre.media.record.take import Take
from amphitheatre.media.store.segments import STORE_FILE

_DELETED: Final = ".deleted"


def delete(old: Take) -> None:
    """Remove a take from the disk for good. Raises OSError as the disk does."""
    doomed = old.path.parent / _DELETED / old.id
    try:
        doomed.parent.mkdir(exist_ok=True)
    except OSError:  # this recording may be what has filled the disk to the last block
        for track in old.tracks():
            shutil.rmtree(track, ignore_errors=True)
        doomed.parent.mkdir(exist_ok=True)
    old.path.rename(doomed)
    _empty(doomed)


def finish(room: Path) -> None:
    """Go on with what was cut off. Raises OSError as the disk does."""
    for doomed in (room / "takes" / _DELETED).glob("*"):
        with contextlib.suppress(FileNotFoundError):
            _empty(doomed)


def is_pending(take: Path) -> bool:
    """Whether a take that had that folder has been deleted, perhaps not in the store yet."""
    return (take.parent / _DELETED / take.name).exists()


def pending(rooms: Path) -> list[Path]:
    """What may still be in a store, for `forget` once it is not."""
    return sorted(path.parent for path in rooms.glob(f"*/takes/{_DELETED}/*/{STORE_FILE}"))


def forget(doomed: Path) -> None:
    """It is gone from the store as well."""
    (doomed / STORE_FILE).unlink()
    with contextlib.suppress(OSError):  # not empty: still being removed here
        doomed.rmdir()


def _empty(doomed: Path) -> None:
    for path in doomed.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != STORE_FILE:
            path.unlink()
    if not (doomed / STORE_FILE).exists():
        with contextlib.suppress(FileNotFoundError):
            doomed.rmdir()
