"""The newest segments of one rendition, as playlists list them and as bytes."""

from collections import OrderedDict

from amphitheatre.media.playlist.entries import PartEntry, SegmentEntry


class Window:
    """Bounded: `listed` whole segments stand in the playlist.

    One that has left it is there for as long as itself and the longest playlist that listed it (RFC 8216, 6.2.2), the
    segment in progress included: a player that lags still gets what it was told of.
    """

    def __init__(self, listed: int) -> None:
        self._listed = listed
        self._first = 0
        self.segments: list[SegmentEntry] = []
        self._bytes: OrderedDict[int, list[bytes]] = OrderedDict()

    def add(
        self, sequence: int, starts: float, part: PartEntry, data: bytes, *, last: bool, map_uri: str
    ) -> None:
        """Append a part; `last` completes its segment and lets the oldest go. starts: Unix time, seconds."""
        if sequence < self._first:
            return
        if not self.segments or self.segments[-1].sequence != sequence:
            uri = f"{sequence}.m4s"
            self.segments.append(SegmentEntry(sequence, uri, starts, (), complete=False, map_uri=map_uri))
            self._bytes[sequence] = []
        self._bytes[sequence].append(data)
        entry = self.segments[-1]
        self.segments[-1] = entry._replace(parts=(*entry.parts, part), complete=last)
        if last:
            self._forget()

    def part(self, sequence: int, index: int) -> bytes | None:
        parts = self._bytes.get(sequence)
        return parts[index] if parts is not None and 0 <= index < len(parts) else None

    def segment(self, sequence: int) -> bytes | None:
        """The whole segment once it is complete and while it is in memory."""
        parts = self._bytes.get(sequence)
        if parts is None or (sequence == self.segments[-1].sequence and not self.segments[-1].complete):
            return None
        return b"".join(parts)

    def forget_before(self, sequence: int) -> None:
        """List nothing older than that segment, not even what is still to come of the one in progress."""
        self._first = sequence
        self._bytes = OrderedDict((known, parts) for known, parts in self._bytes.items() if known >= sequence)
        self.segments = [segment for segment in self.segments if segment.sequence >= sequence]

    def _forget(self) -> None:
        del self.segments[: -self._listed]
        oldest = self.segments[0].sequence - (self._listed + 2)
        while self._bytes and next(iter(self._bytes)) < oldest:
            self._bytes.popitem(last=False)
