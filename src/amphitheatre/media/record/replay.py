"""Playlists of a recording, from the index on disk."""

from pathlib import Path

from amphitheatre.media.playlist import media
from amphitheatre.media.playlist.entries import PartEntry, SegmentEntry
from amphitheatre.media.record.take import Take
from amphitheatre.media.store.track_folder import PartLine, lines


def segments(path: Path, rate: int, epoch: float) -> list[SegmentEntry]:
    """Whole segments of a track's folder, oldest first; one that is missing in between is a gap."""
    out: list[SegmentEntry] = []
    parts: list[PartLine] = []
    for line in lines(path):
        if parts and line.segment != parts[0].segment:
            parts = []
        parts.append(line)
        if line.last:
            entry = _entry(parts, rate, epoch)
            if out:
                out += _gaps(out[-1], entry)
            out.append(entry)
            parts = []
    return out


def media_playlist(path: Path, rate: int, take: Take, first: int, target: int) -> str:
    """From segment `first` on, so that all tracks begin at the same moment."""
    kept = [entry for entry in segments(path, rate, take.info.epoch) if entry.sequence >= first]
    return media.recorded(target, kept, ended=take.info.ended is not None)


def first_common(take: Take) -> int:
    """The first segment that every track has; 0 when nothing is there yet."""
    firsts = []
    for view, formats in take.info.pictures.items():
        firsts += [_first(take.picture_folder(view, rung.rung)) for rung in formats]
    firsts += [_first(take.sound_folder(tag)) for tag in take.info.sounds]
    return max(firsts, default=0)


def _first(path: Path) -> int:
    return next((line.segment for line in lines(path)), 0)


def _entry(parts: list[PartLine], rate: int, epoch: float) -> SegmentEntry:
    first = parts[0]
    return SegmentEntry(
        sequence=first.segment,
        uri=f"{first.segment}.m4s",
        starts=epoch + first.start / rate,
        parts=tuple(PartEntry("", part.ticks / rate, part.key_size > 0) for part in parts),
        complete=True,
        map_uri=first.map_uri,
    )


def _gaps(before: SegmentEntry, after: SegmentEntry) -> list[SegmentEntry]:
    """Segments that were not kept (a full disk) stand as EXT-X-GAP, so that the times stay true."""
    missing = after.sequence - before.sequence - 1
    if missing <= 0:
        return []
    starts = before.starts + before.duration
    each = (after.starts - starts) / missing
    return [
        SegmentEntry(
            before.sequence + 1 + k,
            f"{before.sequence + 1 + k}.m4s",
            starts + k * each,
            (PartEntry("", each, False),),
            complete=True,
            gap=True,
            map_uri=before.map_uri,
        )
        for k in range(missing)
    ]
