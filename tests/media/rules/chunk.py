"""Chunks of a part or a segment: pairs of moof and mdat (CMAF, ISO/IEC 23000-19, 7.3.2.3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .boxes import Box, BoxError, boxes
from .initialisation import Initialisation

_NOT_SYNC = 0x10000  # sample_is_non_sync_sample, ISO/IEC 14496-12, 8.8.3.1
_BASE_IS_MOOF = 0x20000
_SIDE_BOXES = frozenset(("styp", "prft", "emsg", "sidx"))


@dataclass(frozen=True)
class Sample:
    """duration and offset in ticks, data as coded."""

    duration: int
    offset: int
    sync: bool
    data: bytes


@dataclass(frozen=True)
class Chunk:
    """base: decode time of the first sample, in ticks."""

    sequence: int
    base: int
    samples: tuple[Sample, ...]

    @property
    def duration(self) -> int:
        return sum(sample.duration for sample in self.samples)


def read_chunks(data: bytes, start: Initialisation) -> list[Chunk]:
    """Every chunk in order. Raises BoxError on anything that is not moof and mdat in pairs."""
    found: list[Chunk] = []
    moof: Box | None = None
    for box in boxes(data):
        if box.kind == "moof" and moof is None:
            moof = box
        elif box.kind == "mdat" and moof is not None:
            found.append(_read(moof, box, start, data))
            moof = None
        elif box.kind not in _SIDE_BOXES or moof is not None:
            raise BoxError(f"{box.kind} at {box.start} out of place")
    if moof is not None or not found:
        raise BoxError("no moof with its mdat")
    return found


def _read(moof: Box, mdat: Box, start: Initialisation, data: bytes) -> Chunk:
    (sequence,) = struct.unpack_from(">I", moof.child("mfhd").full()[2])
    trafs = [box for box in moof.children() if box.kind == "traf"]
    if len(trafs) != 1:
        raise BoxError(f"{len(trafs)} track fragments in one moof")
    duration, size, flags = _defaults(trafs[0], start)
    version, _, body = trafs[0].child("tfdt").full()
    base = int.from_bytes(body[:8] if version else body[:4], "big")
    runs = [box for box in trafs[0].children() if box.kind == "trun"]
    if len(runs) != 1:
        raise BoxError(f"{len(runs)} track runs in one moof")
    offset, rows = _run(runs[0], duration, size, flags)
    at = moof.start + offset
    if at != mdat.start + mdat.size - len(mdat.payload):
        raise BoxError(f"data offset {at} does not point into the mdat at {mdat.start}")
    samples = []
    for row_duration, row_size, row_flags, shift in rows:
        samples.append(Sample(row_duration, shift, not row_flags & _NOT_SYNC, data[at : at + row_size]))
        at += row_size
    if at != mdat.start + mdat.size:
        raise BoxError(f"samples end at {at}, mdat at {mdat.start + mdat.size}")
    return Chunk(sequence, base, tuple(samples))


def _defaults(traf: Box, start: Initialisation) -> tuple[int, int, int]:
    """(duration, size, flags) for samples that do not say: tfhd over trex (8.8.7)."""
    _, present, body = traf.child("tfhd").full()
    if not present & _BASE_IS_MOOF:
        raise BoxError("tfhd without default-base-is-moof")
    if int.from_bytes(body[:4], "big") != start.track:
        raise BoxError("track number is not the one of the initialisation segment")
    values = [start.default_duration, start.default_size, start.default_flags]
    at = 4 + (8 if present & 1 else 0) + (4 if present & 2 else 0)
    for index, bit in enumerate((0x8, 0x10, 0x20)):
        if present & bit:
            values[index] = int.from_bytes(body[at : at + 4], "big")
            at += 4
    return values[0], values[1], values[2]


def _run(trun: Box, duration: int, size: int, flags: int) -> tuple[int, Iterator[tuple[int, int, int, int]]]:
    """(data offset, rows of duration, size, flags, composition offset), 8.8.8."""
    version, present, body = trun.full()
    (count,) = struct.unpack_from(">I", body)
    if not present & 1:
        raise BoxError("trun without a data offset")
    (offset,) = struct.unpack_from(">i", body, 4)
    first = int.from_bytes(body[8:12], "big") if present & 4 else None

    def rows() -> Iterator[tuple[int, int, int, int]]:
        at = 12 if present & 4 else 8
        for index in range(count):
            row = [duration, size, flags if index or first is None else first, 0]
            for place, bit in enumerate((0x100, 0x200, 0x400, 0x800)):
                if present & bit:
                    row[place] = int.from_bytes(body[at : at + 4], "big", signed=place == 3 and version == 1)
                    at += 4
            yield row[0], row[1], row[2], row[3]

    return offset, rows()
