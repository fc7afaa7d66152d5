"""Rules that one full live media playlist must keep by itself (RFC 8216bis).

Seconds throughout. `SHOULD`s that Apple's player or hls.js depend on are held as if they were `MUST`s.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from .media_playlist import MediaPlaylist, Segment
from .violation import Violation

Rule = Callable[[str, MediaPlaylist], Iterator[Violation]]
SHORTEST_PART = Decimal("0.85")  # of PART-TARGET (4.4.4.9)
PRINTED = Decimal("0.001")  # rounding allowed between a sum of printed parts and a printed EXTINF
DATE_ROUNDING = timedelta(milliseconds=2)  # dates are printed to the millisecond


def check_media(where: str, playlist: MediaPlaylist) -> list[Violation]:
    """Every rule of this file over one full playlist (not over a delta update: reconstruct it first)."""
    return [violation for rule in RULES for violation in rule(where, playlist)]


def version_high_enough(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """Section 8: decimal EXTINF needs 3, EXT-X-MAP 6, EXT-X-SKIP 9."""
    if playlist.version < 9:
        detail = f"version {playlist.version}; delta updates need 9, EXT-X-MAP 6"
        yield Violation("version-too-low", "8", where, detail)


def constants_present(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.3.1: EXT-X-TARGETDURATION is required; 4.4.3.7: EXT-X-PART-INF where there are parts."""
    if playlist.target_duration is None:
        yield Violation("no-target-duration", "4.4.3.1", where, "EXT-X-TARGETDURATION is missing")
    if playlist.part_target is None:
        yield Violation("no-part-target", "4.4.3.7", where, "EXT-X-PART-INF is missing")
    if not playlist.independent:
        yield Violation("not-independent", "4.4.2.1", where, "EXT-X-INDEPENDENT-SEGMENTS is missing")


def server_control(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.3.8 and appendix B.1: the server-control attributes of the low-latency profile."""
    control = playlist.control
    if control is None:
        yield Violation("no-server-control", "4.4.3.8", where, "EXT-X-SERVER-CONTROL is missing")
        return
    if not control.can_block_reload:
        yield Violation("no-block-reload", "B.1", where, "CAN-BLOCK-RELOAD=YES is missing")
    target = playlist.target_duration or 0
    if control.can_skip_until is None or control.can_skip_until < 6 * target:
        detail = f"CAN-SKIP-UNTIL={control.can_skip_until}, at least {6 * target} is needed"
        yield Violation("skip-until-too-short", "4.4.3.8", where, detail)
    part_target = playlist.part_target or Decimal(0)
    if control.part_hold_back is None or control.part_hold_back < 3 * part_target:
        detail = f"PART-HOLD-BACK={control.part_hold_back}, at least {3 * part_target} is needed"
        yield Violation("part-hold-back-too-short", "4.4.3.8", where, detail)
    if control.hold_back is not None and control.hold_back < 3 * target:
        detail = f"HOLD-BACK={control.hold_back}, at least {3 * target} is needed"
        yield Violation("hold-back-too-short", "4.4.3.8", where, detail)


def part_durations(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.4.9: no part longer than PART-TARGET; at least 85 % of it but for the segment's last and gaps."""
    target = playlist.part_target
    if target is None:
        return
    for segment in playlist.all_segments:
        for index, part in enumerate(segment.parts):
            name = f"part {segment.msn}.{index}: {part.duration} s, PART-TARGET {target} s"
            last = segment.uri is not None and index == len(segment.parts) - 1
            # The newest part of the segment in progress may turn out to be its last.
            newest = segment.uri is None and index == len(segment.parts) - 1
            if part.duration > target:
                yield Violation("part-too-long", "4.4.4.9", where, name)
            elif part.duration < SHORTEST_PART * target and not (last or newest or part.gap):
                yield Violation("part-too-short", "4.4.4.9", where, name)


def segment_durations(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.3.1: EXTINF, rounded to the nearest integer, is not more than the target duration."""
    for segment in playlist.segments:
        rounded = (segment.duration or Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP)
        if playlist.target_duration is not None and rounded > playlist.target_duration:
            detail = f"segment {segment.msn}: {segment.duration} s, target {playlist.target_duration} s"
            yield Violation("segment-too-long", "4.4.3.1", where, detail)


def parts_fill_segments(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.4.9: the parts of a segment are the whole of it, so their sum is its EXTINF."""
    for segment in playlist.segments:
        if not segment.parts or segment.duration is None:
            continue
        total = sum((part.duration for part in segment.parts), Decimal(0))
        if abs(total - segment.duration) > PRINTED:
            detail = f"segment {segment.msn}: parts {total} s, EXTINF {segment.duration} s"
            yield Violation("parts-do-not-fill", "4.4.4.9", where, detail)


def parts_near_the_end_only(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.4.9: parts go once they are more than three target durations from the end, not before."""
    if playlist.target_duration is None or playlist.ended:
        return
    window = 3 * Decimal(playlist.target_duration)
    after = _duration(playlist.pending)
    for segment in reversed(playlist.segments):
        if segment.parts and after > window + playlist.target_duration:
            yield Violation(
                "parts-kept-too-long", "4.4.4.9", where, f"segment {segment.msn}, {after} s from the end"
            )
        if not segment.parts and not segment.gap and after + _duration(segment) <= window:
            yield Violation(
                "parts-gone-too-soon", "4.4.4.9", where, f"segment {segment.msn}, {after} s from the end"
            )
        after += _duration(segment)


def first_part_independent(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.2.1 with 4.4.4.9: where all segments are independent, so is the first part of each."""
    for segment in playlist.all_segments:
        if (
            segment.parts
            and playlist.independent
            and not (segment.parts[0].independent or segment.parts[0].gap)
        ):
            detail = f"part {segment.msn}.0 lacks INDEPENDENT=YES"
            yield Violation("first-part-not-independent", "4.4.4.9", where, detail)


def dates_follow_durations(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """4.4.4.6: dates are those of the first samples, so they advance by the durations between them."""
    known = None
    if playlist.all_segments and playlist.all_segments[0].date is None:
        yield Violation("no-date", "4.4.4.6", where, "the first segment has no EXT-X-PROGRAM-DATE-TIME")
    for segment in playlist.all_segments:
        if segment.discontinuity:
            known = None
        if segment.date is not None and known is not None and abs(segment.date - known) > DATE_ROUNDING:
            detail = f"segment {segment.msn}: {segment.date.isoformat()}, {known.isoformat()} by EXTINF"
            yield Violation("date-off", "4.4.4.6", where, detail)
        known = segment.date or known
        if known is not None:
            known += timedelta(seconds=float(_duration(segment)))


def has_map(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """3.1.2: each fragmented MP4 segment has its EXT-X-MAP."""
    for segment in playlist.all_segments:
        if segment.map_uri is None:
            yield Violation("no-map", "3.1.2", where, f"segment {segment.msn} has no EXT-X-MAP")
            return


def hint_present(where: str, playlist: MediaPlaylist) -> Iterator[Violation]:
    """B.1: a low-latency live playlist hints its next part; one that is over hints nothing (4.4.5.3)."""
    if playlist.hint is None and not playlist.ended:
        yield Violation("no-hint", "4.4.5.3", where, "EXT-X-PRELOAD-HINT:TYPE=PART is missing")
    if playlist.hint is not None and playlist.ended:
        yield Violation("hint-after-end", "4.4.5.3", where, "EXT-X-PRELOAD-HINT beside EXT-X-ENDLIST")
    published = {part.uri for segment in playlist.all_segments for part in segment.parts}
    if playlist.hint in published:
        yield Violation(
            "hint-already-published", "4.4.5.3", where, f"{playlist.hint} is in the playlist already"
        )


def _duration(segment: Segment | None) -> Decimal:
    """EXTINF, or the sum of the parts so far."""
    if segment is None:
        return Decimal(0)
    if segment.duration is not None:
        return segment.duration
    return sum((part.duration for part in segment.parts), Decimal(0))


RULES: tuple[Rule, ...] = (
    version_high_enough,
    constants_present,
    server_control,
    part_durations,
    segment_durations,
    parts_fill_segments,
    parts_near_the_end_only,
    first_part_independent,
    dates_follow_durations,
    has_map,
    hint_present,
)
