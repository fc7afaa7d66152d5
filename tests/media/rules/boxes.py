"""Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), read strictly."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass


class BoxError(ValueError):
    """The bytes are no sequence of boxes, or a box that must be there is not."""


@dataclass(frozen=True)
class Box:
    """start and size in bytes, counted from the beginning of the file; payload without the box header."""

    kind: str
    start: int
    size: int
    payload: bytes

    def children(self, skip: int = 0) -> list["Box"]:
        """The boxes inside, after `skip` bytes of the box's own fields."""
        return list(boxes(self.payload[skip:], self.start + self.size - len(self.payload) + skip))

    def child(self, path: str, skip: int = 0) -> "Box":
        """The box at `path`, such as ``mdia/minf``. Raises BoxError."""
        name, _, rest = path.partition("/")
        for box in self.children(skip):
            if box.kind == name:
                return box.child(rest) if rest else box
        raise BoxError(f"no {name} in {self.kind}")

    def full(self) -> tuple[int, int, bytes]:
        """(version, flags, rest) of a full box."""
        if len(self.payload) < 4:
            raise BoxError(f"{self.kind} is too short")
        head = int(struct.unpack(">I", self.payload[:4])[0])
        return head >> 24, head & 0xFFFFFF, self.payload[4:]


def boxes(data: bytes, offset: int = 0) -> Iterator[Box]:
    """The boxes one after the other. Raises BoxError where they do not fill `data` exactly."""
    at = 0
    while at < len(data):
        if len(data) - at < 8:
            raise BoxError(f"{len(data) - at} loose bytes at {offset + at}")
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
            head = 16
        if size < head or at + size > len(data):
            raise BoxError(f"box {kind!r} of {size} bytes at {offset + at} does not fit")
        yield Box(kind.decode("latin-1"), offset + at, size, data[at + head : at + size])
        at += size


def root(data: bytes) -> Box:
    """The whole file as one box, so that `child` can be asked."""
    return Box("file", 0, len(data), data)
