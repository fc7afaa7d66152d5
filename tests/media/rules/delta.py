"""Delta updates: what a player puts together from an older playlist and an EXT-X-SKIP (RFC 8216bis, 6.2.5.1)."""

from dataclasses import replace

from .media_playlist import MediaPlaylist


class DeltaError(ValueError):
    """The older playlist lacks a segment that the update skips."""


def reconstruct(older: MediaPlaylist, delta: MediaPlaylist) -> MediaPlaylist:
    """The full playlist that `delta` stands for; a full one is given back as it is. Raises DeltaError."""
    if delta.skipped is None:
        return delta
    known = {segment.msn: segment for segment in older.segments}
    wanted = range(delta.media_sequence, delta.media_sequence + delta.skipped)
    missing = [msn for msn in wanted if msn not in known]
    if missing:
        raise DeltaError(f"segments {missing[0]} to {missing[-1]} are skipped but were never published")
    # An update leaves EXT-X-MAP out when the skipped segments had it: it goes on (4.4.4.5).
    carried = known[wanted[-1]].map_uri if delta.skipped else None
    shown = [replace(segment, map_uri=segment.map_uri or carried) for segment in delta.segments]
    pending = delta.pending and replace(delta.pending, map_uri=delta.pending.map_uri or carried)
    return replace(delta, skipped=None, segments=[*(known[msn] for msn in wanted), *shown], pending=pending)
