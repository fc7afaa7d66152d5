"""Rules on the bytes of parts and segments: CMAF (ISO/IEC 23000-19), RFC 8216bis 3.1.2, 4.4.2.1, 4.4.4.9."""

from decimal import Decimal
from fractions import Fraction

from .bitstream import IDR, BitstreamError, nal_types
from .boxes import BoxError
from .chunk import Chunk, read_chunks
from .initialisation import Initialisation
from .media_playlist import Part, Segment
from .violation import Violation

AAC_FRAME = Fraction(1024, 48_000)  # seconds
_PRINTED = Fraction(1, 1000)  # seconds; a playlist's durations are rounded


class ByteTimeline:
    """Holds one rendition's parts, in order, against the rules. Starts anew where a part was missed."""

    def __init__(self, where: str, start: Initialisation) -> None:
        self.where = where
        self.start = start
        self.segment_starts: dict[int, Fraction] = {}  # msn → seconds on the media timeline
        self.frame_rates: set[Fraction] = set()
        self._next: tuple[tuple[int, int], int, int] | None = None  # place, tick, moof sequence

    def forget(self) -> None:
        """A part was not seen: what comes next need not follow."""
        self._next = None

    def part(self, place: tuple[int, int], declared: Part, data: bytes) -> list[Violation]:
        """place: media sequence number and part index; parts come in order."""
        name = f"part {place[0]}.{place[1]}"
        try:
            chunks = read_chunks(data, self.start)
        except BoxError as error:
            self.forget()
            return [self._wrong("bad-chunk", "3.1.2", f"{name}: {error}")]
        found = self._contiguous(name, chunks)
        found += self._duration(name, declared, chunks)
        found += self._independent(name, place, declared, chunks)
        if place[1] == 0:
            self.segment_starts[place[0]] = self.start.seconds(chunks[0].base)
        if self.start.kind == "vide":
            ticks = {sample.duration for chunk in chunks for sample in chunk.samples}
            self.frame_rates |= {Fraction(self.start.timescale, tick) for tick in ticks if tick}
        self._next = (place, chunks[-1].base + chunks[-1].duration, chunks[-1].sequence)
        return found

    def _contiguous(self, name: str, chunks: list[Chunk]) -> list[Violation]:
        found = []
        tick, sequence = (self._next[1], self._next[2]) if self._next else (chunks[0].base, None)
        for chunk in chunks:
            if chunk.base != tick:
                detail = f"{name}: tfdt {chunk.base}, {tick} expected ({chunk.base - tick:+d} ticks)"
                found.append(self._wrong("not-contiguous", "CMAF 7.3.2.3", detail))
            if sequence is not None and chunk.sequence <= sequence:
                detail = f"{name}: moof {chunk.sequence} after {sequence}"
                found.append(self._wrong("moof-sequence", "ISO/IEC 14496-12, 8.8.5", detail))
            tick, sequence = chunk.base + chunk.duration, chunk.sequence
        return found

    def _duration(self, name: str, declared: Part, chunks: list[Chunk]) -> list[Violation]:
        true = Fraction(sum(chunk.duration for chunk in chunks), self.start.timescale)
        if abs(true - Fraction(declared.duration)) > _PRINTED:
            detail = f"{name}: {float(true):.5f} s in the bytes, {declared.duration} s in the playlist"
            return [self._wrong("duration-untrue", "4.4.4.9", detail)]
        return []

    def _independent(
        self, name: str, place: tuple[int, int], declared: Part, chunks: list[Chunk]
    ) -> list[Violation]:
        first = chunks[0].samples[0]
        sync = first.sync
        if self.start.kind == "vide":
            try:
                sync = IDR in nal_types(first.data)
            except BitstreamError as error:
                return [self._wrong("bad-access-unit", "ISO/IEC 14496-15", f"{name}: {error}")]
            if first.sync != sync:
                detail = f"{name}: first sample marked sync={first.sync}, IDR={sync}"
                return [self._wrong("sync-flag-untrue", "ISO/IEC 14496-12, 8.8.3", detail)]
        if declared.independent and not sync:
            return [self._wrong("independent-untrue", "4.4.4.9", f"{name} does not begin with an IDR frame")]
        if place[1] == 0 and not sync:
            return [
                self._wrong("segment-not-independent", "4.4.2.1", f"{name} does not begin with an IDR frame")
            ]
        return []

    def _wrong(self, rule: str, source: str, detail: str) -> Violation:
        return Violation(rule, source, self.where, detail)


def check_segment_bytes(where: str, segment: Segment, data: bytes, parts: list[bytes]) -> list[Violation]:
    """3.2 with 4.4.4.9: a segment is its parts, one after the other."""
    if data != b"".join(parts):
        detail = f"segment {segment.msn}: {len(data)} bytes, its parts have {sum(map(len, parts))}"
        return [Violation("segment-not-its-parts", "4.4.4.9", where, detail)]
    return []


def check_moments(starts: dict[str, dict[int, Fraction]]) -> list[Violation]:
    """6.2.4: segment N starts at the same moment in every rendition, within one AAC frame.

    starts: rendition → media sequence number → seconds.
    """
    found = []
    for msn in sorted({msn for known in starts.values() for msn in known}):
        moments = {where: known[msn] for where, known in starts.items() if msn in known}
        spread = max(moments.values()) - min(moments.values())
        if spread > AAC_FRAME:
            latest = max(moments, key=lambda where: moments[where])
            detail = f"segment {msn}: starts are {float(spread):.4f} s apart"
            found.append(Violation("segments-apart", "6.2.4", latest, detail))
    return found


def peak_bitrate(sizes: list[tuple[Decimal, int]], target: int) -> float:
    """bits/s: the highest over any run of whole segments of 0.5 to 1.5 target durations (4.1, "peak segment bit rate").

    sizes: (duration in seconds, bytes) of segments one after the other.
    """
    peak = 0.0
    for first in range(len(sizes)):
        seconds, total = Decimal(0), 0
        for duration, size in sizes[first:]:
            seconds, total = seconds + duration, total + size
            if seconds > Decimal("1.5") * target:
                break
            if seconds >= Decimal("0.5") * target:
                peak = max(peak, 8 * total / float(seconds))
    return peak
