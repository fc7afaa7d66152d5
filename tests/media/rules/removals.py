"""What has left a playlist and has to be there for a while still."""

from dataclasses import dataclass

from .media_playlist import MediaPlaylist

_PART_TARGETS = 3.0  # target durations that a part stays (4.4.4.9)
_LOOK_AT = 0.8  # of that time: late enough to be worth something, early enough for the answer to come in time


@dataclass(frozen=True)
class Promise:
    """uri has to be there until `until`; look at it from `look` on. Both as the clock that `note` was told, seconds."""

    uri: str
    source: str
    look: float
    until: float


class Removals:
    """Of one media playlist."""

    def __init__(self) -> None:
        self._promises: list[Promise] = []

    def note(self, older: MediaPlaylist, newer: MediaPlaylist, at: float) -> None:
        """Compare two playlists; at: when the older one was asked for, so nothing it lists was removed before."""
        now = {segment.msn: segment for segment in newer.all_segments}
        target = float(older.target_duration or 1)
        length = sum(float(segment.duration or 0) for segment in older.segments)
        for segment in older.segments:
            found = now.get(segment.msn)
            if segment.parts and found is not None and not found.parts and not segment.parts[0].gap:
                self._promise(segment.parts[0].uri, "4.4.4.9", at, _PART_TARGETS * target)
            if found is None and segment.uri is not None and not segment.gap:
                self._promise(segment.uri, "6.2.2", at, float(segment.duration or 0) + length)

    def due(self, now: float) -> list[Promise]:
        """Those to look at now; each is told once, and not at all when it is too late to blame anybody."""
        due = [promise for promise in self._promises if promise.look <= now]
        self._promises = [promise for promise in self._promises if promise.look > now]
        return [promise for promise in due if now < promise.until]

    def _promise(self, uri: str, source: str, at: float, seconds: float) -> None:
        self._promises.append(Promise(uri, source, at + _LOOK_AT * seconds, at + seconds))
