"""Rules on delta updates (RFC 8216bis, 4.4.5.2 and 6.2.5.1)."""

from decimal import Decimal

from .delta import DeltaError, reconstruct
from .media_playlist import MediaPlaylist
from .violation import Violation


def check_delta(
    where: str, older: MediaPlaylist, delta: MediaPlaylist, full: MediaPlaylist
) -> list[Violation]:
    """`delta` and `full` answer the same request with and without _HLS_skip=YES; `older` came before both."""
    if delta.skipped is None:
        return []
    found: list[Violation] = []
    if delta.version < 9:
        found.append(Violation("version-too-low", "8", where, f"EXT-X-SKIP in version {delta.version}"))
    shown = sum((segment.duration or Decimal(0) for segment in delta.segments), Decimal(0))
    control = delta.control
    if control is None or control.can_skip_until is None:
        found.append(Violation("skip-not-offered", "4.4.3.8", where, "EXT-X-SKIP without CAN-SKIP-UNTIL"))
    # The part in progress counts towards the end, so a little less than the boundary may be shown.
    elif shown < control.can_skip_until - (delta.target_duration or 0):
        detail = f"{shown} s are shown, CAN-SKIP-UNTIL is {control.can_skip_until}"
        found.append(Violation("skipped-too-much", "6.2.5.1", where, detail))
    try:
        rebuilt = reconstruct(older, delta)
    except DeltaError as error:
        return [*found, Violation("delta-unusable", "6.2.5.1", where, str(error))]
    found += _compare(where, rebuilt, full)
    return found


def _compare(where: str, rebuilt: MediaPlaylist, full: MediaPlaylist) -> list[Violation]:
    """The two answers may be a part apart; what both have must be equal."""
    theirs = {segment.msn: segment for segment in full.segments}
    found = []
    for segment in rebuilt.segments:
        same = theirs.get(segment.msn)
        if same is not None and same.identity != segment.identity:
            detail = f"segment {segment.msn}: delta {segment.identity}, full {same.identity}"
            found.append(Violation("delta-differs", "6.2.5.1", where, detail))
    if rebuilt.last == full.last and rebuilt.media_sequence == full.media_sequence:
        if [s.msn for s in rebuilt.segments] != [s.msn for s in full.segments]:
            found.append(
                Violation("delta-differs", "6.2.5.1", where, "other segments than the full playlist")
            )
        if (rebuilt.pending, rebuilt.hint) != (full.pending, full.hint):
            found.append(Violation("delta-differs", "6.2.5.1", where, "another segment in progress or hint"))
    return found
