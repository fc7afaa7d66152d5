"""One rendition as it is served: parts in order, its playlist, and those who wait for the next part."""

import asyncio
import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, Protocol

from amphitheatre.media.errors import RuleBroken
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import Grid, VideoGrid
from amphitheatre.media.package.held import Held, HeldPicture, HeldSound
from amphitheatre.media.package.part import Part
from amphitheatre.media.package.segmenter import Segmenter
from amphitheatre.media.package.window import Window
from amphitheatre.media.playlist import media
from amphitheatre.media.playlist.entries import PartEntry, Report
from amphitheatre.media.store.track_folder import PartLine
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

# Segments in the playlist. Sound lists fewer than pictures: at no moment may it begin before them, since a player
# (hls.js 1.7) that meets sound from before its time zero loses its place at the next delta update.
LISTED = 20
LISTED_SOUND = 18
# A request for a segment further ahead than this is refused, not parked (RFC 8216bis, 6.2.5.2).
FAR_FUTURE_SEGMENTS = 2
ADVANCE_SECONDS = 3.0  # the Advance Part Limit, where parts are shorter than a second


class Sink(Protocol):
    """Where parts are kept; a part is written before it is announced."""

    def init(self, name: str, data: bytes) -> None: ...

    def append(self, line: PartLine, data: bytes) -> None: ...


class Sibling(NamedTuple):
    """Another rendition of the same multivariant playlist; uri is relative to this one's playlist."""

    uri: str
    rendition: "Rendition"


class Rendition:
    """Takes frames of one track, cuts, keeps and announces them.

    It begins with a segment. wall: room time in seconds → Unix time in seconds. silence: of a sound, the
    frame that fills holes; repeats: of a picture, see `HeldPicture`. Every method belongs to the event loop's
    thread.
    """

    def __init__(
        self,
        grid: Grid,
        first_segment: int,
        wall: Callable[[float], float],
        sink: Sink,
        init: bytes,
        silence: bytes = b"",
        repeats: Sequence[bytes] = (),
    ) -> None:
        self.grid = grid
        self.constants = grid.constants()
        self.video = isinstance(grid, VideoGrid)
        self._advance_limit = math.ceil(ADVANCE_SECONDS / self.constants.part_target)
        self._rate = VIDEO_RATE if self.video else SOUND_RATE
        self._segmenter = Segmenter(grid, grid.first_of_segment(first_segment))
        self._wall = wall
        self._sink = sink
        self.window = self._new_window()
        self.inits: dict[str, bytes] = {}
        self._map_uri = self._add_init(init)
        self.siblings: list[Sibling] = []
        self._held: Held = HeldPicture(repeats) if self.video else HeldSound(silence)
        self._holding = self.video  # until a first frame that needs no other
        self._next = (first_segment, 0)
        self._waiting: dict[tuple[int, int], set[asyncio.Future[None]]] = {}
        # What has been made of the playlist as it is now, shared by all viewers; empty after each part.
        self.made: dict[Hashable, bytes] = {}
        self.ended = False
        self.dropped = 0
        self.parts = 0
        self.parts_held = 0

    # Frames in

    def push(self, frame: int, data: bytes, *, key: bool) -> None:
        """A frame at its place of the grid; a late one, or one that needs a frame we lack, is dropped."""
        due = self._segmenter.next_frame
        if frame < due or (not key and (self._holding or frame > due)):
            self.dropped += 1
            return
        if frame > due:
            if self._held.ready:
                self.hold(frame)
            elif frame == self.grid.first_of_segment(self.grid.place(frame).segment):
                self._begin_at(frame)
            else:
                self.dropped += 1
                return
        self._holding = False
        self._held.pushed(data, key=key)
        part = self._segmenter.push(frame, data, key=key)
        if part is not None:
            self._announce(part)

    def hold(self, until: int) -> None:
        """Fill up to the frame `until` with what there is to repeat (see docs/architecture.md)."""
        if not self._held.ready or until <= self._segmenter.next_frame:
            return
        self._holding = self.video
        for part in self._segmenter.hold(until, self._held):
            self._announce(part)

    def change_format(self, init: bytes) -> None:
        """New parameter sets: a new map, from the next part on. The same bytes change nothing."""
        if self.inits[self._map_uri] == init:
            return
        known = next((uri for uri, data in self.inits.items() if data == init), None)
        self._map_uri = known or self._add_init(init)

    def resume(self, kept: Iterable[tuple[PartLine, bytes]]) -> None:
        """Go on after a restart behind the parts that are on disk, oldest first: contiguous, of whole segments
        but the last one.
        """
        for line, data in kept:
            entry = self._entry(
                line.segment, line.part, line.ticks, independent=line.key_size > 0 or not self.video
            )
            starts = self._wall(line.start / self._rate)
            self.window.add(line.segment, starts, entry, data, last=line.last, map_uri=line.map_uri)
            self._segmenter = Segmenter(self.grid, (line.start + line.ticks) // self.grid.ticks)
            self._next = (line.segment + 1, 0) if line.last else (line.segment, line.part + 1)
            if isinstance(self._held, HeldPicture) and line.key_size:
                self._held.found(data[line.key_offset : line.key_offset + line.key_size])

    def end(self) -> None:
        """No more parts: the playlist gets its EXT-X-ENDLIST, and nobody waits any longer."""
        self.ended = True
        self.made.clear()
        for key in list(self._waiting):
            self._wake(key)

    def begin_with(self, segment: int) -> None:
        """List nothing from before that segment: the pictures begin there. Nobody has seen a playlist yet."""
        self.window.forget_before(segment)
        self.made.clear()

    # Playlist out

    @property
    def next_part(self) -> tuple[int, int]:
        """(media sequence number, part index) of the part that comes next."""
        return self._next

    @property
    def playable(self) -> bool:
        return any(segment.complete for segment in self.window.segments)

    def playlist(self, *, delta: bool) -> str:
        """The text as of now."""
        segments = self.window.segments
        skip = media.skippable(self.constants, segments) if delta else 0
        hint = None if self.ended else "{}.{}.m4s".format(*self._next)
        reports = [report for sibling in self.siblings if (report := _report(sibling)) is not None]
        return media.live(self.constants, segments, hint, reports, skip=skip, ended=self.ended)

    def is_far_future(self, msn: int, part: int | None) -> bool:
        """Beyond what may be waited for: segments, or the Advance Part Limit of parts (6.2.5.2)."""
        segment, number = self._next
        if part is None:
            return msn > segment + FAR_FUTURE_SEGMENTS
        ahead = (msn - segment) * self.grid.parts_in_segment + part - number
        return msn > segment + FAR_FUTURE_SEGMENTS or ahead > self._advance_limit

    async def reached(self, msn: int, part: int | None) -> None:
        """Return once the playlist holds that part, or that whole segment, or something later (6.2.5.2)."""
        if part is None:
            wanted = (msn + 1, -1)
        elif part >= self.grid.parts_in_segment:
            wanted = (msn + 1, 0)
        else:
            wanted = (msn, part)
        while not self.ended and wanted >= self._next:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            waiters = self._waiting.setdefault(wanted, set())
            waiters.add(waiter)
            try:
                await waiter
            finally:
                waiters.discard(waiter)  # one who has gone leaves nothing behind, however long the part takes

    @property
    def waiting(self) -> int:
        """How many requests are parked."""
        return sum(map(len, self._waiting.values()))

    # Inside

    def _announce(self, part: Part) -> None:
        data = cmaf.chunk(part.segment * 100 + part.number, part.start, part.samples, video=self.video)
        self._sink.append(self._line(part, data), data)
        entry = self._entry(part.segment, part.number, part.ticks, independent=part.independent)
        starts = self._wall(part.start / self._rate)
        self.window.add(part.segment, starts, entry, data, last=part.last, map_uri=self._map_uri)
        self.parts += 1
        self.parts_held += part.held
        announced = (part.segment, part.number)
        if announced < self._next:
            raise RuleBroken(f"part {announced} announced after {self._next}")
        self._next = (part.segment + 1, 0) if part.last else (part.segment, part.number + 1)
        self.made.clear()
        for key in [key for key in self._waiting if key < self._next]:
            self._wake(key)

    def _add_init(self, init: bytes) -> str:
        name = f"init-{len(self.inits)}.mp4" if self.inits else "init.mp4"
        self.inits[name] = init
        self._sink.init(name, init)
        return name

    def _line(self, part: Part, data: bytes) -> PartLine:
        key_size = len(part.samples[0].data) if self.video and part.independent else 0
        return PartLine(
            segment=part.segment,
            part=part.number,
            offset=0,
            size=len(data),
            start=part.start,
            ticks=part.ticks,
            last=part.last,
            held=part.held,
            key_offset=cmaf.first_sample_offset(len(part.samples), video=True) if key_size else 0,
            key_size=key_size,
            map_uri=self._map_uri,
        )

    def _entry(self, segment: int, number: int, ticks: int, *, independent: bool) -> PartEntry:
        return PartEntry(f"{segment}.{number}.m4s", ticks / self._rate, independent)

    def _wake(self, key: tuple[int, int]) -> None:
        for waiter in self._waiting.pop(key):
            if not waiter.done():
                waiter.set_result(None)

    def _new_window(self) -> Window:
        return Window(LISTED if self.video else LISTED_SOUND)

    def _begin_at(self, frame: int) -> None:
        self._segmenter = Segmenter(self.grid, frame)
        self._next = (self.grid.place(frame).segment, 0)
        self.window = self._new_window()


def _report(sibling: Sibling) -> Report | None:
    segment, part = sibling.rendition.next_part
    if not sibling.rendition.window.segments:
        return None
    if part > 0:
        return Report(sibling.uri, segment, part - 1)
    return Report(sibling.uri, segment - 1, sibling.rendition.grid.parts_in_segment - 1)
