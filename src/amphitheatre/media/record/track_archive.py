"""One track of a take on its way to the object store. Its index is the queue: what it names is whole on disk.

The store gets the segments under their names, and the index in pieces (``index/{offset}.jsonl``) that only name
segments that are there. So the pieces that the store lists tell how far it has come; nothing else is kept.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import structlog

from amphitheatre.media.store.object_store import ObjectStore
from amphitheatre.media.store.track_folder import INDEX, PartLine

log = structlog.get_logger(__name__)

_PIECES: Final = "index"  # folder below the track
_SLICE: Final = 16 * 1024  # bytes of the index that are dealt with at once: some 30 segments
_NAMED_EVERY: Final = 60.0  # seconds between two pieces of a growing index

_decoder = msgspec.json.Decoder(PartLine)


class Whole(NamedTuple):
    """A segment that can be stored. size: bytes; end: of its last line in the index, bytes."""

    number: int
    size: int
    map_uri: str
    end: int


class Piece(NamedTuple):
    """Of an index, as an object. end: of the bytes of the index that it holds."""

    key: str
    end: int


class TrackArchive:
    """path: the track's folder; prefix: its key; stored: the pieces of its index that the store has."""

    def __init__(self, path: Path, store: ObjectStore, prefix: str, stored: Sequence[Piece]) -> None:
        self._path = path
        self._store = store
        self._prefix = prefix
        self._named = stored[-1].end if stored else 0  # bytes of the index that are stored
        if self._named > (path / INDEX).stat().st_size:  # lost with the machine's power: begin again
            self._named = 0
        self._named_at = time.monotonic()
        self._cursor = self._named  # bytes of the index whose segments are stored
        self._inits: set[str] = set()
        self._next: list[Whole] = []
        self.waiting = 0
        self.oldest: float | None = None
        self.complete = False

    def look(self, *, ended: bool) -> None:
        """See what is to be stored next; reads the disk.

        waiting: segments; oldest: Unix time of the first; complete: an ended take's track is in the store.
        """
        with (self._path / INDEX).open("rb") as index:
            index.seek(self._cursor)
            piece = index.read(_SLICE)
            at_end = not index.read(1)
            index.seek(max(index.seek(0, 2) - _SLICE, 0))
            newest = next(iter(wholes(index.read(), 0, to_the_end=False)[-1:]), None)
        self._next = wholes(piece, self._cursor, to_the_end=ended and at_end)
        self.complete = ended and at_end and not self._next and self._named == self._cursor
        self.waiting, self.oldest = 0, None
        if self._next:
            first = self._next[0].number
            self.waiting = max(newest.number - first + 1 if newest else 0, len(self._next))
            self.oldest = _age(self._path / f"{first}.m4s")

    async def advance(self, slots: asyncio.Semaphore, *, ended: bool) -> int:
        """Store what `look` has seen, then the piece of the index that names it; the bytes that were sent."""
        sent = 0
        for whole in self._next:
            async with slots:
                sent += await self._put(whole)
            self._cursor = whole.end
            self.waiting -= 1
        self._next = []
        if self._cursor > self._named and (ended or time.monotonic() - self._named_at > _NAMED_EVERY):
            piece = await asyncio.to_thread(self._piece)
            await self._store.put(_piece_key(self._prefix, self._named), piece)
            self._named = self._cursor
            self._named_at = time.monotonic()
        return sent

    def differing(self, stored: Mapping[str, int]) -> list[Whole]:
        """The segments on disk that the store has not, or not whole; reads the whole index."""
        found = wholes((self._path / INDEX).read_bytes(), 0, to_the_end=True)
        return [
            whole
            for whole in found
            if (size := _size(self._path / f"{whole.number}.m4s")) is not None
            and stored.get(f"{whole.number}.m4s") != min(whole.size, size)
        ]

    async def mend(self, differing: list[Whole]) -> None:
        """Store these once more."""
        for whole in differing:
            log.warning("archive.stored_again", track=self._prefix, segment=whole.number)
            await self._put(whole)

    def let_go(self) -> None:
        """Remove the segments from the disk; the index and what else is small stays."""
        for segment in self._path.glob("*.m4s"):
            segment.unlink()

    async def _put(self, whole: Whole) -> int:
        if whole.map_uri not in self._inits:
            init = await asyncio.to_thread((self._path / whole.map_uri).read_bytes)
            await self._store.put(f"{self._prefix}/{whole.map_uri}", init)
            self._inits.add(whole.map_uri)
        name = f"{whole.number}.m4s"
        try:
            data = await asyncio.to_thread((self._path / name).read_bytes)
        except FileNotFoundError:
            if not self._path.exists():
                raise  # the take has been deleted
            log.error("archive.segment_missing", track=self._prefix, segment=whole.number)
            return 0
        await self._store.put(f"{self._prefix}/{name}", data[: whole.size])
        return min(len(data), whole.size)

    def _piece(self) -> bytes:
        with (self._path / INDEX).open("rb") as index:
            index.seek(self._named)
            return index.read(self._cursor - self._named)


async def pieces(store: ObjectStore, prefix: str) -> list[Piece]:
    """Those of a track's index that the store has, each where the one before ends. prefix: the track's key."""
    stored = await store.sizes(f"{prefix}/{_PIECES}")
    found: list[Piece] = []
    end = 0
    while size := stored.get(Path(_piece_key(prefix, end)).name, 0):
        found.append(Piece(_piece_key(prefix, end), end + size))
        end += size
    return found


def _piece_key(prefix: str, offset: int) -> str:
    return f"{prefix}/{_PIECES}/{offset:012d}.jsonl"


def wholes(piece: bytes, offset: int, *, to_the_end: bool) -> list[Whole]:
    """The segments of a piece of the index that begins at `offset`.

    A segment is whole with its last part, or when another has begun; the last one also `to_the_end` of a take.
    """
    out: list[Whole] = []
    open_: Whole | None = None
    for raw in piece.splitlines(keepends=True):
        offset += len(raw)
        try:
            line = _decoder.decode(raw) if raw.endswith(b"\n") else None
        except msgspec.DecodeError:  # the first of a piece cut anywhere, or torn by a full disk
            line = None
        if line is None:
            continue
        if open_ is not None and open_.number != line.segment:
            out.append(open_)
            open_ = None
        open_ = Whole(line.segment, line.offset + line.size, line.map_uri, offset)
        if line.last:
            out.append(open_)
            open_ = None
    if open_ is not None and to_the_end:
        out.append(open_._replace(end=offset))
    return out


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _age(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
