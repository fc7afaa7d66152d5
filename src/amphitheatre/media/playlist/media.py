"""The text of a media playlist (RFC 8216bis, 4.4.3 and 4.4.4). Pure: no I/O, no clock."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from amphitheatre.media.playlist.entries import Constants, PartEntry, Report, SegmentEntry

# Parts older than three target durations from the end may go (RFC 8216bis, 4.4.4.9).
PARTS_LISTED_TARGETS = 3


def live(
    constants: Constants,
    segments: Sequence[SegmentEntry],
    hint: str | None,
    reports: Iterable[Report],
    *,
    skip: int = 0,
    ended: bool = False,
) -> str:
    """A live playlist.

    segments: oldest first, the last one maybe incomplete. hint: address of the next part.
    skip: how many of the oldest segments a delta update leaves out (RFC 8216bis, 4.4.5.2); see `skippable`.
    """
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        f"#EXT-X-TARGETDURATION:{constants.target_duration}",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES"
        f",PART-HOLD-BACK={_seconds(constants.part_hold_back)}"
        f",HOLD-BACK={_seconds(constants.hold_back)}"
        f",CAN-SKIP-UNTIL={_seconds(constants.skip_until)}",
        f"#EXT-X-PART-INF:PART-TARGET={_seconds(constants.part_target)}",
        f"#EXT-X-MEDIA-SEQUENCE:{segments[0].sequence}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if skip:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skip}")
    map_uri = segments[skip - 1].map_uri if skip else None
    first_with_parts = _first_with_parts(constants, segments)
    for place, segment in enumerate(segments[skip:], start=skip):
        if segment.map_uri != map_uri:
            map_uri = segment.map_uri
            lines.append(f'#EXT-X-MAP:URI="{map_uri}"')
        lines += _segment(segment, with_parts=place >= first_with_parts and not ended)
    if ended:
        lines.append("#EXT-X-ENDLIST")
    else:
        if hint is not None:
            lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{hint}"')
        lines += [
            f'#EXT-X-RENDITION-REPORT:URI="{r.uri}",LAST-MSN={r.last_msn},LAST-PART={r.last_part}'
            for r in reports
        ]
    return "\n".join(lines) + "\n"


def recorded(target_duration: int, segments: Iterable[SegmentEntry], *, ended: bool) -> str:
    """A playlist of a recording: EVENT while the room is live, VOD once it has ended (4.4.3.5)."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target_duration}",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if ended else 'EVENT'}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    map_uri = None
    for place, segment in enumerate(segments):
        if place == 0:
            lines.append(f"#EXT-X-MEDIA-SEQUENCE:{segment.sequence}")
        if segment.map_uri != map_uri:
            map_uri = segment.map_uri
            lines.append(f'#EXT-X-MAP:URI="{map_uri}"')
        lines += _segment(segment, with_parts=False)
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def skippable(constants: Constants, segments: Sequence[SegmentEntry]) -> int:
    """How many segments lie beyond the skip boundary, counted from the playlist's end (4.4.3.8)."""
    left = sum(segment.duration for segment in segments)
    skipped = 0
    for segment in segments:
        if left - segment.duration < constants.skip_until:
            break
        left -= segment.duration
        skipped += 1
    return skipped


def _first_with_parts(constants: Constants, segments: Sequence[SegmentEntry]) -> int:
    budget = PARTS_LISTED_TARGETS * constants.target_duration
    seconds = 0.0
    for place in range(len(segments) - 1, -1, -1):
        if seconds > budget:
            return place + 1
        seconds += segments[place].duration
    return 0


def _segment(segment: SegmentEntry, *, with_parts: bool) -> list[str]:
    lines = []
    if segment.complete or segment.parts:
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_date(segment.starts)}")
    if segment.gap:
        lines.append("#EXT-X-GAP")
    if with_parts:
        lines += [_part(part) for part in segment.parts]
    if segment.complete:
        lines += [f"#EXTINF:{_seconds(segment.duration)},", segment.uri]
    return lines


def _part(part: PartEntry) -> str:
    independent = ",INDEPENDENT=YES" if part.independent else ""
    return f'#EXT-X-PART:DURATION={_seconds(part.duration)},URI="{part.uri}"{independent}'


def _seconds(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _date(unix: float) -> str:
    return datetime.fromtimestamp(round(unix, 3), UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
