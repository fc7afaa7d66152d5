"""Rules between two full playlists of one rendition, the older and the newer (RFC 8216bis, 6.2.1 and 6.2.2)."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from .media_playlist import MediaPlaylist
from .violation import Violation

Rule = Callable[[str, MediaPlaylist, MediaPlaylist], Iterator[Violation]]


def check_history(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> list[Violation]:
    """Every rule of this file over two playlists, fetched in this order."""
    return [violation for rule in RULES for violation in rule(where, older, newer)]


def constants_frozen(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """4.4.3.1 and 4.4.3.7; hold-backs too: players that see them change give the stream up."""
    for name in ("target_duration", "part_target", "control", "version", "independent"):
        before, after = getattr(older, name), getattr(newer, name)
        if before != after:
            yield Violation("constant-changed", "6.2.1", where, f"{name} was {before}, is {after}")


def sequence_forward(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """6.2.2: the media sequence number never decreases, and the end never moves back."""
    if newer.media_sequence < older.media_sequence:
        detail = f"EXT-X-MEDIA-SEQUENCE was {older.media_sequence}, is {newer.media_sequence}"
        yield Violation("sequence-backwards", "6.2.2", where, detail)
    if newer.last < older.last:
        yield Violation(
            "playlist-went-back", "6.2.1", where, f"newest part was {older.last}, is {newer.last}"
        )


def segments_unchanged(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """6.2.1: a server only appends, removes from the start, and never changes what it published."""
    now = {segment.msn: segment for segment in newer.all_segments}
    for segment in older.all_segments:
        if segment.msn < newer.media_sequence:
            continue
        found = now.get(segment.msn)
        if found is None:
            yield Violation("segment-vanished", "6.2.1", where, f"segment {segment.msn} is gone")
        elif segment.uri is not None and found.identity != segment.identity:
            detail = f"segment {segment.msn} was {segment.identity}, is {found.identity}"
            yield Violation("segment-changed", "6.2.1", where, detail)
        elif found.parts and found.parts[: len(segment.parts)] != segment.parts:
            yield Violation("part-changed", "6.2.1", where, f"parts of segment {segment.msn} have changed")
        elif segment.uri is not None and found.parts and len(found.parts) != len(segment.parts):
            yield Violation("part-changed", "6.2.1", where, f"finished segment {segment.msn} got more parts")


def long_enough(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """6.2.2: nothing is removed if less than three target durations would be left."""
    left = sum((segment.duration or Decimal(0) for segment in newer.segments), Decimal(0))
    target = newer.target_duration or 0
    if newer.media_sequence > older.media_sequence and left < 3 * target:
        yield Violation("playlist-too-short", "6.2.2", where, f"{left} s left after removing segments")


def discontinuities_counted(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """4.4.3.3 and 6.2.2: the discontinuity sequence grows by the discontinuities that were removed."""
    removed = [segment for segment in older.segments if segment.msn < newer.media_sequence]
    if removed and newer.media_sequence > removed[-1].msn + 1:
        return  # segments came and went unseen: nothing can be said
    expected = older.discontinuity_sequence + sum(segment.discontinuity for segment in removed)
    if newer.discontinuity_sequence != expected:
        detail = f"EXT-X-DISCONTINUITY-SEQUENCE is {newer.discontinuity_sequence}, {expected} expected"
        yield Violation("discontinuity-miscounted", "6.2.2", where, detail)


def hint_kept(where: str, older: MediaPlaylist, newer: MediaPlaylist) -> Iterator[Violation]:
    """4.4.5.3: what was hinted is the part that came next."""
    if older.hint is None or newer.has_left(older.next_part):
        return
    coming = [
        part.uri
        for segment in newer.all_segments
        for index, part in enumerate(segment.parts)
        if (segment.msn, index) > older.last
    ]
    if coming and coming[0] != older.hint:
        yield Violation("hint-broken", "4.4.5.3", where, f"hinted {older.hint}, then came {coming[0]}")


RULES: tuple[Rule, ...] = (
    constants_frozen,
    sequence_forward,
    segments_unchanged,
    long_enough,
    discontinuities_counted,
    hint_kept,
)
