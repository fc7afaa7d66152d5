"""A loop as it is kept on disk: encoded once, played for as long as the camera runs.

Kept under `camera-cache/` in the data folder, under a name that holds a hash of the code that made
it; a change of the drawing makes a new loop and old ones are deleted.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from amphitheatre.camera.errors import CacheError


class CodedLoop(msgspec.Struct, frozen=True):
    """header: the codec's extradata. packets: one frame each, the first of them independent.

    rate: packets a second. keys: which packets are independent.
    """

    header: bytes
    rate: float
    packets: list[bytes]
    keys: list[int]


def folder() -> Path:
    """Where loops are kept."""
    return Path(os.environ.get("AMPHITHEATRE_DATA", "./var")) / "camera-cache"


def path(name: str, sources: Iterable[str]) -> Path:
    """The file of a loop that the modules `sources` of this package draw."""
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update((Path(__file__).parent / f"{source}.py").read_bytes())
    return folder() / f"{name}-{digest.hexdigest()[:12]}.loop"


def write(target: Path, loop: CodedLoop) -> None:
    """Puts a loop in its place at once, so that an interrupted start leaves no half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(msgspec.msgpack.encode(loop))
    draft.replace(target)
    stem = target.name.rsplit("-", 1)[0]
    for older in target.parent.glob(f"{stem}-*.loop"):
        if older != target and older.name.rsplit("-", 1)[0] == stem:
            older.unlink(missing_ok=True)


def read(source: Path) -> CodedLoop:
    """Raises CacheError when the file is missing or damaged; a damaged one is deleted."""
    try:
        return msgspec.msgpack.decode(source.read_bytes(), type=CodedLoop)
    except OSError as error:
        raise CacheError(f"{source} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        source.unlink(missing_ok=True)
        raise CacheError(f"{source.name} was damaged and is deleted; start again to draw it anew") from error
