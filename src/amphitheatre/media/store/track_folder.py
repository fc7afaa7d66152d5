"""One track of one take on disk: its segments, and an index with a line a part.

A part is appended to its segment's file, then its line to ``index.jsonl``: what the index names is whole,
so `kill -9` loses at most the part that was being written. What was torn then is cut off before anything is
written behind it. The same files are the recording.
"""

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

INDEX = "index.jsonl"
_MOST_PARTS = 10  # of a segment, in any profile
_LONGEST_LINE = 4096  # bytes of the index


class PartLine(msgspec.Struct, frozen=True, kw_only=True, rename={
    "segment": "s", "part": "p", "offset": "o", "size": "n", "start": "t", "ticks": "d",
    "last": "l", "held": "h", "key_offset": "ko", "key_size": "kn", "map_uri": "m",
}, omit_defaults=True):  # fmt: skip
    """start, ticks: track timescale; key_offset, key_size: where the first sample lies if it is an IDR frame."""

    segment: int
    part: int
    offset: int
    size: int
    start: int
    ticks: int
    last: bool = False
    held: bool = False
    key_offset: int = 0
    key_size: int = 0
    map_uri: str = "init.mp4"


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(PartLine)


class TrackFolder:
    """Appends for the one writer, reads for anybody. Raises OSError as the disk does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self._index = os.open(path / INDEX, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self._segment = -1
        self._file = -1
        self._offset = 0

    def write_init(self, name: str, data: bytes) -> None:
        """Keep an initialisation segment; replaced whole, so a reader never sees half of it."""
        partial = self.path / f".{name}"
        partial.write_bytes(data)
        partial.replace(self.path / name)

    def append(self, segment: int, data: bytes, line: PartLine) -> None:
        """Append one part. line.offset and key_offset are counted from the part; the file's are written."""
        if segment != self._segment:
            self._open(segment)
        _write_all(self._file, data)
        at = self._offset
        self._offset += len(data)
        moved = msgspec.structs.replace(
            line, offset=at, key_offset=at + line.key_offset if line.key_size else 0
        )
        _write_all(self._index, _encoder.encode(moved) + b"\n")

    def close(self) -> None:
        for descriptor in (self._file, self._index):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._index = -1

    def remove_segment(self, segment: int) -> None:
        (self.path / f"{segment}.m4s").unlink(missing_ok=True)

    def _open(self, segment: int) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        name = self.path / f"{segment}.m4s"
        self._file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        self._segment = segment
        _cut_torn_line(self._index)
        self._offset = 0
        if os.fstat(self._file).st_size > 0:  # begun before a restart
            ends = (line.offset + line.size for line in lines(self.path) if line.segment == segment)
            self._offset = max(ends, default=0)
            os.ftruncate(self._file, self._offset)


def lines(path: Path) -> Iterator[PartLine]:
    """The index of a track's folder, in order; a torn last line is left out."""
    try:
        index = (path / INDEX).open("rb")
    except FileNotFoundError:
        return
    with index:
        for line in index:
            if line.endswith(b"\n"):
                try:
                    yield _decoder.decode(line)
                except msgspec.DecodeError:
                    continue  # torn by a full disk; the part behind it is not announced either


def tail(path: Path, segments: int) -> list[tuple[PartLine, bytes]]:
    """The parts of the last `segments` segments with their bytes; key_offset is counted from the part again."""
    newest: deque[PartLine] = deque(maxlen=segments * _MOST_PARTS)
    newest.extend(lines(path))
    if not newest:
        return []
    oldest = newest[-1].segment - segments + 1
    kept = []
    for line in newest:
        if line.segment >= oldest:
            with (path / f"{line.segment}.m4s").open("rb") as file:
                file.seek(line.offset)
                data = file.read(line.size)
            key_offset = line.key_offset - line.offset if line.key_size else 0
            kept.append((msgspec.structs.replace(line, key_offset=key_offset), data))
    return kept


def _cut_torn_line(index: int) -> None:
    size = os.fstat(index).st_size
    newest = os.pread(index, _LONGEST_LINE, max(size - _LONGEST_LINE, 0))
    torn = len(newest) - (newest.rfind(b"\n") + 1)
    if torn:
        os.ftruncate(index, size - torn)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
