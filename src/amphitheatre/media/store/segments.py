"""The segments of a take for those who read them: from disk, else from the object store that the take names.

A take that may have something in an object store says in ``store.url`` where; its path below the rooms is the key.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Final

from amphitheatre.media.store import object_store
from amphitheatre.media.store.object_store import ObjectStore
from amphitheatre.media.store.track_folder import PartLine, lines

STORE_FILE: Final = "store.url"
_AHEAD: Final = 4  # segments of a track that are fetched before they are asked for
_BELOW_ROOMS: Final = 3  # steps of a take's path: room, "takes", take


def key(take: Path) -> str:
    """Of a take's folder in the object store: its path below the rooms' folder."""
    return "/".join(take.parts[-_BELOW_ROOMS:])


async def read(path: Path) -> bytes:
    """A file of one of a take's tracks. Raises FileNotFoundError, StoreFailed, or OSError as the disk does."""
    try:
        return await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        store, name = await asyncio.to_thread(_elsewhere, path)
        return await store.read(name)


def parts(track: Path, first: int) -> Iterator[bytes]:
    """The parts of a track from segment `first` on, without an event loop; raises as `read` does."""
    wanted = (line for line in lines(track) if line.segment >= first)
    with ThreadPoolExecutor(_AHEAD, "segments") as pool:
        coming: deque[tuple[list[PartLine], Future[bytes]]] = deque()
        for segment, group in groupby(wanted, key=lambda line: line.segment):
            coming.append((list(group), pool.submit(_read_now, track / f"{segment}.m4s")))
            if len(coming) > _AHEAD:
                yield from _cut(*coming.popleft())
        while coming:
            yield from _cut(*coming.popleft())


def _cut(named: list[PartLine], segment: "Future[bytes]") -> Iterator[bytes]:
    data = segment.result()
    for line in named:
        yield data[line.offset : line.offset + line.size]


def _read_now(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        store, name = _elsewhere(path)
        return store.read_now(name)


def _elsewhere(path: Path) -> tuple[ObjectStore, str]:
    track, take = path.parent, path.parents[2]
    url = (take / STORE_FILE).read_text()
    return object_store.opened(url), f"{key(take)}/{track.relative_to(take)}/{path.name}"
