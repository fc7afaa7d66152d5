"""Follows one live rendition as a player does, and holds all that comes against the rules."""

import asyncio
import time
from collections.abc import Collection
from decimal import Decimal
from urllib.parse import urljoin

from .bitstream import BitstreamError
from .boxes import BoxError
from .byte_rules import ByteTimeline, check_segment_bytes, peak_bitrate
from .delta_rules import check_delta
from .findings import Findings
from .history_rules import check_history
from .initialisation import read_initialisation
from .media_playlist import MediaPlaylist, Part, Segment
from .media_rules import check_media
from .multivariant_rules import Measured
from .origin import Origin, RefusedError, path
from .removals import Removals
from .report_rules import Place, address, check_report_places, check_reports
from .violation import Violation

_REPORTS_EVERY = 20  # rounds between looks at all other renditions
_PART_BYTES_KEPT = 64  # parts, waiting for their segment


class Follower:
    """One media playlist. `others` are the playlists that it must report on; margin is in seconds."""

    def __init__(
        self, origin: Origin, url: str, others: Collection[str], findings: Findings, margin: float
    ) -> None:
        self.origin, self.url, self.others = origin, url, others
        self.findings, self.margin = findings, margin
        self.where = path(url)
        self.timeline: ByteTimeline | None = None
        self.sizes: list[tuple[Decimal, int]] = []  # (seconds, bytes) of segments
        self.target = 1
        self._bytes: dict[tuple[int, int], bytes] = {}
        self._asked = 0.0  # when for the newest playlist
        self._removals = Removals()

    async def run(self, until: float) -> None:
        """Follow until this moment of the monotonic clock. Transport errors (httpx) are the caller's."""
        try:
            playlist = await self._begin()
            rounds = 0
            while time.monotonic() < until and not playlist.ended:
                playlist = await self._round(playlist, rounds % _REPORTS_EVERY == 0)
                rounds += 1
        except RefusedError as error:
            self.findings.add([error.violation])

    def measured(self) -> Measured | None:
        """Figures for the multivariant playlist's promises; None when no segment was seen."""
        if self.timeline is None or not self.sizes:
            return None
        peak = peak_bitrate(self.sizes, self.target)
        return Measured(self.timeline.start, peak, frozenset(self.timeline.frame_rates))

    async def _begin(self) -> MediaPlaylist:
        self._asked = time.monotonic()
        playlist, _ = await self.origin.playlist(self.url)
        self.findings.add(check_media(self.where, playlist))
        self.target = playlist.target_duration or 1
        start = next((segment.map_uri for segment in playlist.all_segments if segment.map_uri), None)
        if start is None:
            raise RefusedError(Violation("no-map", "3.1.2", self.where, "no EXT-X-MAP to begin with"))
        try:
            data = await self.origin.file(urljoin(self.url, start))
            self.timeline = ByteTimeline(self.where, read_initialisation(data))
        except (BoxError, BitstreamError) as error:
            raise RefusedError(Violation("bad-initialisation", "3.1.2", self.where, str(error))) from error
        return playlist

    async def _round(self, older: MediaPlaylist, look_around: bool) -> MediaPlaylist:
        """One part further: the full playlist and the delta update, then the new bytes."""
        msn, part = older.next_part
        before = await self._neighbours() if look_around else {}
        asked = time.monotonic()
        (newer, took), (delta, _) = await asyncio.gather(
            self.origin.playlist(self.url, msn=msn, part=part),
            self.origin.playlist(self.url, msn=msn, part=part, skip="YES"),
        )
        after = await self._neighbours() if look_around else {}
        self.findings.checked["playlists"] += 2
        if newer.ended:
            return newer
        self.findings.add(self._awaited(newer, (msn, part), took))
        self.findings.add(check_media(self.where, newer))
        self.findings.add(check_history(self.where, older, newer))
        self.findings.add(check_delta(self.where, older, delta, newer))
        self.findings.add(check_reports(self.where, self.url, newer, self.others))
        self.findings.add(self._reports(newer, before, after))
        self.findings.checked["deltas"] += delta.skipped is not None
        self._removals.note(older, newer, self._asked)
        self._asked = asked
        await self._new_bytes(older, newer)
        await self._removed_still_there()
        return newer

    def _reports(
        self, newer: MediaPlaylist, before: dict[str, MediaPlaylist], after: dict[str, MediaPlaylist]
    ) -> list[Violation]:
        """The awaited part may have been there just before it was asked for: then its answer is one part old."""
        low = {url: playlist.last_but_one for url, playlist in before.items()}
        high = {url: playlist.last for url, playlist in after.items()}
        return check_report_places(self.where, self.url, newer, low, high)

    def _awaited(self, newer: MediaPlaylist, wanted: Place, took: float) -> list[Violation]:
        found = []
        if newer.last < wanted:
            detail = f"asked for {wanted}, the answer ends with {newer.last}"
            found.append(Violation("part-not-awaited", "6.2.5.2", self.where, detail))
        if took > float(newer.part_target or 0) + self.margin:
            detail = f"part {wanted} took {took:.2f} s"
            found.append(Violation("answered-too-late", "6.2.5.2", self.where, detail))
        return found

    async def _neighbours(self) -> dict[str, MediaPlaylist]:
        answers = await asyncio.gather(*(self.origin.playlist(other) for other in self.others))
        found = zip(self.others, answers, strict=True)
        return {address(self.url, other): playlist for other, (playlist, _) in found}

    async def _new_bytes(self, older: MediaPlaylist, newer: MediaPlaylist) -> None:
        if self.timeline is not None and newer.has_left(older.next_part):
            self.timeline.forget()
        for segment in newer.all_segments:
            for index, part in enumerate(segment.parts):
                if (segment.msn, index) > older.last:
                    await self._part((segment.msn, index), part)
            if segment.uri is not None and segment.msn >= older.next_msn:
                await self._segment(segment)

    async def _part(self, place: Place, part: Part) -> None:
        assert self.timeline is not None
        if part.gap:
            self.timeline.forget()
            return
        data = await self.origin.file(urljoin(self.url, part.uri))
        self.findings.checked["parts"] += 1
        self.findings.add(self.timeline.part(place, part, data))
        self._bytes[place] = data
        while len(self._bytes) > _PART_BYTES_KEPT:
            self._bytes.pop(next(iter(self._bytes)))

    async def _segment(self, segment: Segment) -> None:
        if segment.gap or segment.uri is None or segment.duration is None:
            return
        data = await self.origin.file(urljoin(self.url, segment.uri))
        self.findings.checked["segments"] += 1
        self.sizes.append((segment.duration, len(data)))
        parts = [self._bytes.get((segment.msn, index)) for index in range(len(segment.parts))]
        known = [part for part in parts if part is not None]
        if parts and len(known) == len(parts):
            self.findings.add(check_segment_bytes(self.where, segment, data, known))

    async def _removed_still_there(self) -> None:
        for promise in self._removals.due(time.monotonic()):
            self.findings.checked["removed"] += 1
            try:
                await self.origin.file(urljoin(self.url, promise.uri))
            except RefusedError:
                if time.monotonic() < promise.until:  # else it may have gone on the way
                    detail = f"{promise.uri} was gone too soon after its tag"
                    self.findings.add([Violation("removed-too-soon", promise.source, self.where, detail)])
