"""A media playlist as a player sees it. Own parser: the product's must not judge itself."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .tags import PlaylistSyntaxError, attributes, decimal, integer, lines, required, yes


@dataclass(frozen=True)
class Part:
    """EXT-X-PART (4.4.4.9). duration in seconds."""

    uri: str
    duration: Decimal
    independent: bool = False
    gap: bool = False


@dataclass(frozen=True)
class Segment:
    """A media segment; the one in progress has no uri and no duration yet (seconds)."""

    msn: int
    uri: str | None = None
    duration: Decimal | None = None
    parts: tuple[Part, ...] = ()
    date: datetime | None = None
    gap: bool = False
    discontinuity: bool = False
    map_uri: str | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """What may never change once it is published (6.2.1); parts may be taken away later."""
        return (self.msn, self.uri, self.duration, self.date, self.gap, self.discontinuity, self.map_uri)


@dataclass(frozen=True)
class ServerControl:
    """EXT-X-SERVER-CONTROL (4.4.3.8), seconds."""

    can_block_reload: bool = False
    can_skip_until: Decimal | None = None
    hold_back: Decimal | None = None
    part_hold_back: Decimal | None = None


@dataclass(frozen=True)
class Report:
    """EXT-X-RENDITION-REPORT (4.4.5.4)."""

    uri: str
    last_msn: int | None
    last_part: int | None


@dataclass
class MediaPlaylist:
    """`segments` are the finished ones, `pending` the one in progress if it has a part yet.

    In a delta update `skipped` segments stand for the first ones (4.4.5.2).
    """

    version: int = 1
    target_duration: int | None = None
    media_sequence: int = 0
    discontinuity_sequence: int = 0
    part_target: Decimal | None = None
    control: ServerControl | None = None
    independent: bool = False
    skipped: int | None = None
    segments: list[Segment] = field(default_factory=list)
    pending: Segment | None = None
    hint: str | None = None
    reports: list[Report] = field(default_factory=list)
    ended: bool = False

    @property
    def next_msn(self) -> int:
        """Media sequence number of the segment in progress."""
        return self.media_sequence + (self.skipped or 0) + len(self.segments)

    @property
    def all_segments(self) -> list[Segment]:
        return [*self.segments, *([self.pending] if self.pending else [])]

    @property
    def last(self) -> tuple[int, int]:
        """(media sequence number, part index) of the newest part; index -1: a segment without parts."""
        if not self.all_segments:
            return (self.media_sequence - 1, -1)
        newest = self.all_segments[-1]
        return (newest.msn, len(newest.parts) - 1)

    @property
    def last_but_one(self) -> tuple[int, int]:
        """The part before `last`; the same where there is none."""
        places = [(s.msn, index) for s in self.all_segments[-2:] for index in range(len(s.parts))]
        return places[-2] if len(places) > 1 else self.last

    def has_left(self, place: tuple[int, int]) -> bool:
        """Whether that part was listed and is no more: who asks comes too late to see it."""
        msn, _ = place
        return msn < self.media_sequence or any(
            segment.msn == msn and not segment.parts for segment in self.segments
        )

    @property
    def next_part(self) -> tuple[int, int]:
        """What a player asks for with _HLS_msn and _HLS_part."""
        return (self.next_msn, len(self.pending.parts) if self.pending else 0)


class _Reader:
    """Keeps what belongs to the segment whose address has not come yet."""

    def __init__(self) -> None:
        self.playlist = MediaPlaylist()
        self.map_uri: str | None = None
        self.once: set[str] = set()
        self._new_segment()

    def _new_segment(self) -> None:
        self.parts: list[Part] = []
        self.draft: dict[str, Any] = {}  # of `Segment`, but what is kept for itself

    def _segment(self) -> Segment:
        return Segment(self.playlist.next_msn, parts=tuple(self.parts), map_uri=self.map_uri, **self.draft)

    def address(self, uri: str) -> None:
        if "duration" not in self.draft:
            raise PlaylistSyntaxError(f"segment {uri} has no EXTINF (4.4.4.1)")
        self.draft["uri"] = uri
        self.playlist.segments.append(self._segment())
        self._new_segment()

    def finish(self) -> MediaPlaylist:
        if "duration" in self.draft:
            raise PlaylistSyntaxError("EXTINF without an address after it (4.4.4.1)")
        if self.parts:
            self.playlist.pending = self._segment()
        return self.playlist

    def segment_tag(self, tag: str, value: str) -> bool:
        draft = self.draft
        if tag == "EXTINF":
            draft["duration"] = decimal(value.partition(",")[0])
            if "," not in value:
                raise PlaylistSyntaxError("EXTINF without a comma (4.4.4.1)")
        elif tag == "EXT-X-PART":
            found = attributes(value)
            part = Part(
                required(found, "URI", tag),
                decimal(required(found, "DURATION", tag)),
                yes(found, "INDEPENDENT"),
                yes(found, "GAP"),
            )
            self.parts.append(part)
        elif tag == "EXT-X-PROGRAM-DATE-TIME":
            date = datetime.fromisoformat(value)
            if date.tzinfo is None:
                raise PlaylistSyntaxError(f"date without a zone: {value} (4.4.4.6)")
            draft["date"] = date
        elif tag == "EXT-X-GAP":
            draft["gap"] = True
        elif tag == "EXT-X-DISCONTINUITY":
            draft["discontinuity"] = True
        elif tag == "EXT-X-MAP":
            self.map_uri = required(attributes(value), "URI", tag)
        else:
            return tag in ("EXT-X-BITRATE", "EXT-X-DATERANGE")
        return True

    def header_tag(self, tag: str, value: str) -> bool:
        playlist = self.playlist
        if tag == "EXT-X-VERSION":
            playlist.version = integer(value)
        elif tag == "EXT-X-TARGETDURATION":
            playlist.target_duration = integer(value)
        elif tag == "EXT-X-MEDIA-SEQUENCE":
            playlist.media_sequence = integer(value)
        elif tag == "EXT-X-DISCONTINUITY-SEQUENCE":
            playlist.discontinuity_sequence = integer(value)
        elif tag == "EXT-X-PART-INF":
            playlist.part_target = decimal(required(attributes(value), "PART-TARGET", tag))
        elif tag == "EXT-X-SERVER-CONTROL":
            playlist.control = _server_control(attributes(value))
        elif tag == "EXT-X-INDEPENDENT-SEGMENTS":
            playlist.independent = True
        elif tag == "EXT-X-SKIP":
            playlist.skipped = integer(required(attributes(value), "SKIPPED-SEGMENTS", tag))
        else:
            return tag == "EXT-X-PLAYLIST-TYPE"
        if tag in self.once:
            raise PlaylistSyntaxError(f"{tag} stands twice")
        self.once.add(tag)
        if tag in ("EXT-X-MEDIA-SEQUENCE", "EXT-X-SKIP") and (playlist.segments or self.parts):
            raise PlaylistSyntaxError(f"{tag} after the first segment (4.4.3.2)")
        return True

    def tail_tag(self, tag: str, value: str) -> bool:
        if tag == "EXT-X-PRELOAD-HINT":
            found = attributes(value)
            if required(found, "TYPE", tag) == "PART":
                self.playlist.hint = required(found, "URI", tag)
        elif tag == "EXT-X-RENDITION-REPORT":
            self.playlist.reports.append(_report(attributes(value)))
        elif tag == "EXT-X-ENDLIST":
            self.playlist.ended = True
        else:
            return False
        return True


def _server_control(found: dict[str, str]) -> ServerControl:
    def seconds(name: str) -> Decimal | None:
        return decimal(found[name]) if name in found else None

    return ServerControl(
        yes(found, "CAN-BLOCK-RELOAD"),
        seconds("CAN-SKIP-UNTIL"),
        seconds("HOLD-BACK"),
        seconds("PART-HOLD-BACK"),
    )


def _report(found: dict[str, str]) -> Report:
    def number(name: str) -> int | None:
        return integer(found[name]) if name in found else None

    return Report(required(found, "URI", "EXT-X-RENDITION-REPORT"), number("LAST-MSN"), number("LAST-PART"))


def parse_media(text: str) -> MediaPlaylist:
    """Read a media playlist. Raises PlaylistSyntaxError."""
    reader = _Reader()
    for tag, value in lines(text):
        if not tag:
            reader.address(value)
        elif not (
            reader.segment_tag(tag, value) or reader.header_tag(tag, value) or reader.tail_tag(tag, value)
        ):
            raise PlaylistSyntaxError(f"unknown tag {tag}")
    return reader.finish()
