"""What the object store knows of takes that this disk does not: on a new machine, or after a disk was lost.

The small files come back (take.json, indexes, initialisation segments); segments stay where they are.
"""

import asyncio
import re
import shutil
from pathlib import Path
from typing import Final

import msgspec
import structlog

from amphitheatre.media.record import deletion
from amphitheatre.media.record import take as takes
from amphitheatre.media.record.take import TAKE_FILE, Take, TakeInfo
from amphitheatre.media.record.track_archive import pieces, wholes
from amphitheatre.media.store.object_store import ObjectStore
from amphitheatre.media.store.segments import STORE_FILE
from amphitheatre.media.store.track_folder import INDEX, lines
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

log = structlog.get_logger(__name__)

# Names become paths: nothing else is taken from a store.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_INIT: Final = re.compile(r"init(?:-\d+)?\.mp4")


async def bring_back(rooms: Path, store: ObjectStore) -> None:
    """Make the folder of every take that only the store has. Raises StoreFailed, or OSError as the disk does."""
    for room in await store.folders(""):
        if not _NAME.fullmatch(room):
            continue
        for name in await store.folders(f"{room}/takes"):
            path = rooms / room / "takes" / name
            if _NAME.fullmatch(name) and not await asyncio.to_thread(_is_known, path):
                await _bring_back(path, store, f"{room}/takes/{name}")


def _is_known(path: Path) -> bool:
    return path.exists() or deletion.is_pending(path)


async def _bring_back(path: Path, store: ObjectStore, key: str) -> None:
    try:
        files = {TAKE_FILE: await store.read(f"{key}/{TAKE_FILE}")}
        take = Take(path, msgspec.json.decode(files[TAKE_FILE], type=TakeInfo))
        for track in take.tracks():
            below = track.relative_to(path).as_posix()
            files |= {
                f"{below}/{name}": data for name, data in (await _track(store, f"{key}/{below}")).items()
            }
    except (FileNotFoundError, msgspec.DecodeError):
        log.warning("archive.no_take", take=path.name)  # cut off before all of it was there, or damaged
        return
    await asyncio.to_thread(_make, path, files | {STORE_FILE: store.url.encode()})
    log.warning("archive.brought_back", take=path.name)


async def _track(store: ObjectStore, prefix: str) -> dict[str, bytes]:
    """Its index and initialisation segments, by name."""
    index = b"".join([await store.read(piece.key) for piece in await pieces(store, prefix)])
    inits = {whole.map_uri for whole in wholes(index, 0, to_the_end=True)}
    return {INDEX: index} | {
        name: await store.read(f"{prefix}/{name}") for name in inits if _INIT.fullmatch(name)
    }


def _make(path: Path, files: dict[str, bytes]) -> None:
    """The take's folder appears under its name when it is whole; the take has ended, wherever it was made."""
    partial = path.with_name(f".{path.name}")
    shutil.rmtree(partial, ignore_errors=True)  # of a try that was cut off
    for name, data in files.items():
        (partial / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / name).write_bytes(data)
    take = takes.load(partial)
    if take.info.ended is None:
        take.info.ended = _last_moment(take)
        take.save()
    partial.rename(path)


def _last_moment(take: Take) -> float:
    """Unix time in seconds at which the last part that is known ended."""
    ends = [take.info.began]
    for path in take.tracks():
        rate = SOUND_RATE if path.parent.name == "languages" else VIDEO_RATE
        ends += [take.info.epoch + (line.start + line.ticks) / rate for line in lines(path)][-1:]
    return max(ends)
