"""What a media playlist lists. Durations are seconds, addresses relative to the playlist's own."""

from typing import NamedTuple


class PartEntry(NamedTuple):
    """EXT-X-PART (RFC 8216bis, 4.4.4.9). independent: it begins with an IDR frame."""

    uri: str
    duration: float
    independent: bool


class SegmentEntry(NamedTuple):
    """A media segment; without `complete` only its parts can be listed yet.

    starts: Unix time in seconds of its first sample, for EXT-X-PROGRAM-DATE-TIME.
    """

    sequence: int
    uri: str
    starts: float
    parts: tuple[PartEntry, ...]
    complete: bool
    gap: bool = False
    map_uri: str = "init.mp4"

    @property
    def duration(self) -> float:
        return sum(part.duration for part in self.parts)


class Report(NamedTuple):
    """EXT-X-RENDITION-REPORT (RFC 8216bis, 4.4.5.4)."""

    uri: str
    last_msn: int
    last_part: int


class Constants(NamedTuple):
    """Frozen for the life of a room: a player that sees one change may drop the stream for good.

    Durations in seconds. part_target is rounded up to 1e-5 s so that no part is longer than it.
    """

    target_duration: int
    part_target: float
    part_hold_back: float
    hold_back: float
    skip_until: float
