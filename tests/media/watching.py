"""What somebody who watches a room gets: its playlists' segments, decoded by FFmpeg's libraries."""

import asyncio
import io
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from urllib.parse import urljoin

import av
import httpx
import numpy as np

from tests.media.rules.media_playlist import MediaPlaylist, parse_media
from tests.media.rules.multivariant import parse_multivariant

_MOVED = 0.3  # mean difference of luma between two pictures of which the second one is new
_LOUD = 0.003  # root mean square, full scale is 1
_PATIENCE = 120.0  # seconds; a busy machine


def busy() -> float:
    """By how much longer everything takes here and now than on an idle machine, at least 1.

    A limit in seconds is one of an idle machine; on one that has more to do than cores it says nothing.
    """
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def until(condition: Callable[[], Awaitable[object]], within: float = _PATIENCE) -> None:
    """Wait for a condition, so many seconds. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.05)


@dataclass
class Watched:
    """What was seen and heard, in seconds since the Unix epoch. size: of the pictures; held: shown again and again.

    moved: when a new picture was shown. loud: when a frame of sound began that is not silent. frames: all pictures.
    """

    size: tuple[int, int] = (0, 0)
    shown: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    loud: list[float] = field(default_factory=list)
    gaps: int = 0

    def seconds_moving(self, since: float = 0.0) -> float:
        """Steps of up to 0.5 s between new pictures, put together."""
        return sum(step for step in _steps(self.moved, since) if step <= 0.5)

    def seconds_loud(self, since: float = 0.0) -> float:
        return sum(at >= since for at in self.loud) * 1024 / 48_000

    def longest_still(self, since: float = 0.0) -> float:
        """Seconds without a new picture, between two that were new."""
        return max(_steps(self.moved, since), default=float("inf"))

    def longest_silence(self, since: float = 0.0) -> float:
        """Seconds between two frames of sound that are not silent."""
        return max(_steps(self.loud, since), default=float("inf"))


def _steps(times: list[float], since: float) -> list[float]:
    return [after - before for before, after in pairwise(at for at in times if at >= since)]


class Viewer:
    """Watches one view of a room. client: with a grant for it."""

    def __init__(self, client: httpx.AsyncClient, room: str, view: str = "main") -> None:
        self._client = client
        self._room = room
        self._multivariant = f"/rooms/{room}/{view}/multivariant.m3u8"

    async def live(self) -> bool:
        """Whether there is a picture with a whole segment."""
        answer = await self._client.get(self._multivariant)
        return answer.status_code == 200 and bool((await self.playlist(await self.picture())).segments)

    async def picture(self) -> str:
        """Address of the top variant's playlist."""
        text = (await self._client.get(self._multivariant)).raise_for_status().text
        return urljoin(self._multivariant, parse_multivariant(text).variants[0].uri)

    async def sound(self) -> str:
        """Address of the first language's playlist."""
        text = (await self._client.get(self._multivariant)).raise_for_status().text
        items = parse_multivariant(text).renditions
        return urljoin(self._multivariant, next(item.uri for item in items if item.uri))

    async def playlist(self, url: str, msn: int | None = None) -> MediaPlaylist:
        """msn: wait for that segment."""
        params = {} if msn is None else {"_HLS_msn": msn}
        return parse_media((await self._client.get(url, params=params)).raise_for_status().text)

    async def playlist_of(self, at: float) -> MediaPlaylist:
        """The picture's playlist once it holds the segment of Unix time `at`."""
        url = await self.picture()
        while True:
            playlist = await self.playlist(url)
            date = playlist.segments[-1].date
            assert date is not None
            if date.timestamp() > at:
                return playlist
            await self.playlist(url, playlist.next_msn)

    async def watch(self) -> Watched:
        """Everything that is listed, up to a segment that began after now."""
        watched = Watched()
        picture = await self.picture()
        now = await self.playlist(picture)
        await self._pictures(picture, now.next_msn + 1, watched)
        await self._sounds(await self.sound(), watched)
        return watched

    async def watch_until(self, at: float, within: float = _PATIENCE) -> Watched:
        """What was seen, once there is a new picture after Unix time `at`. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                watched = await self.watch()
                if watched.moved and watched.moved[-1] > at:
                    return watched

    async def heard_until(self, at: float, within: float = _PATIENCE) -> Watched:
        """What was heard, once there is a sound after Unix time `at`. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                watched = await self.watch()
                if watched.loud and watched.loud[-1] > at:
                    return watched

    async def _pictures(self, url: str, msn: int, watched: Watched) -> None:
        playlist = await self.playlist(url, msn)
        watched.gaps += sum(segment.gap for segment in playlist.segments)
        before: np.ndarray | None = None
        for frame, at in await self._decoded(url, playlist):
            assert isinstance(frame, av.VideoFrame)
            watched.size = (frame.width, frame.height)
            luma = frame.to_ndarray(format="gray").astype(np.int16)
            watched.shown.append(at)
            if before is None or float(np.abs(luma - before).mean()) > _MOVED:
                watched.moved.append(at)
            before = luma

    async def _sounds(self, url: str, watched: Watched) -> None:
        playlist = await self.playlist(url)
        watched.gaps += sum(segment.gap for segment in playlist.segments)
        for frame, at in await self._decoded(url, playlist):
            assert isinstance(frame, av.AudioFrame)
            watched.heard.append(at)
            if float(np.sqrt(np.mean(frame.to_ndarray().astype(np.float64) ** 2))) > _LOUD:
                watched.loud.append(at)

    async def _decoded(
        self, url: str, playlist: MediaPlaylist
    ) -> list[tuple[av.VideoFrame | av.AudioFrame, float]]:
        """Frames with their Unix time: the first one has that of its segment's EXT-X-PROGRAM-DATE-TIME."""
        found: list[tuple[av.VideoFrame | av.AudioFrame, float]] = []
        whole = [segment for segment in playlist.segments if segment.uri and not segment.gap]
        for start, segments in groupby(whole, lambda segment: segment.map_uri):
            run = list(segments)
            answers = [
                await self._client.get(urljoin(url, str(uri))) for uri in (start, *(s.uri for s in run))
            ]
            data = b"".join(answer.raise_for_status().content for answer in answers)
            frames = await asyncio.to_thread(lambda data=data: list(_frames(data)))
            assert run[0].date is not None
            zero = run[0].date.timestamp() - frames[0][1]
            found += [(frame, zero + at) for frame, at in frames]
        return found


def _frames(data: bytes) -> Iterator[tuple[av.VideoFrame | av.AudioFrame, float]]:
    """Frames with the seconds of their timestamps."""
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(container.streams[0]):
            assert isinstance(frame, av.VideoFrame | av.AudioFrame)
            assert frame.time is not None
            yield frame, frame.time
