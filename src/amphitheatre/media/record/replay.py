"""Playlists of a recording, from the index on disk."""

from pathlib import Path
from typing import Final

from amphitheatre.media.playlist import media
from amphitheatre.media.playlist.entries import PartEntry, SegmentEntry
from amphitheatre.media.record.take import Take
from amphitheatre.media.store.track_folder import PartLine, lines
from amphitheatre.media.unit import SoundFormat

_TOGETHER: Final = 10  # segments within which the cameras of one room come


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
    """From segment `first` on, so that the tracks that play together begin at the same moment."""
    kept = [entry for entry in segments(path, rate, take.info.epoch) if entry.sequence >= first]
    return media.recorded(target, kept, ended=take.info.ended is not None)


def begin(take: Take) -> int:
    """The first segment of the recording: the one with which the view that came first is there with its sound.

    Tracks that came a little later are waited for, so that those of one room share one timeline. A camera that came
    much later cuts nothing off: its own tracks begin when it came (`begin_of`). 0 when nothing is there yet.
    """
    pictures = [first for view in take.info.pictures if (first := _first_of(take, view)) is not None]
    sounds = [first for tag in take.info.sounds if (first := _first(take.sound_folder(tag))) is not None]
    latest = min(pictures or sounds, default=0) + _TOGETHER
    return max((first for first in pictures + sounds if first <= latest), default=0)


def begin_of(take: Take, view: str) -> int:
    """The first segment of a view in the recording, and of the languages beside it."""
    return max(begin(take), _first_of(take, view) or 0)


def sounds_from(take: Take, segment: int) -> dict[str, SoundFormat]:
    """The languages that are there from a segment on: a player stands still where a language has no sound yet."""
    firsts = {tag: _first(take.sound_folder(tag)) for tag in take.info.sounds}
    return {tag: take.info.sounds[tag] for tag, first in firsts.items() if first is None or first <= segment}


def _first_of(take: Take, view: str) -> int | None:
    """The first segment that every rung of a view has, None while one has none."""
    firsts = [_first(take.picture_folder(view, rung.rung)) for rung in take.info.pictures[view]]
    return None if None in firsts else max((first for first in firsts if first is not None), default=None)


def _first(path: Path) -> int | None:
    return next((line.segment for line in lines(path)), None)


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
