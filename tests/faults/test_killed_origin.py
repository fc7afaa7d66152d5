"""`kill -9` of the whole origin: the timeline goes on, and at most one part of the recording is lost."""

import asyncio
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx

from amphitheatre.media.store.track_folder import lines
from tests.media.integration.publishers import ffmpeg_calls_again
from tests.media.origin import Origin, key, plan
from tests.media.rules.media_playlist import MediaPlaylist
from tests.media.watching import Viewer, until

_AAC_FRAME = 1024 / 48_000 + 0.001  # seconds, and the rounding of dates
# Seconds until there are new pictures, the call of the encoder included: on an idle machine, and on one that is ten
# times overloaded.
_PLAYING, _SOON = 5.0, 50.0


async def test_a_killed_origin_goes_on_where_it_was(tmp_path: Path, clips: dict[str, Path]) -> None:
    with Origin(tmp_path) as origin:
        await origin.put(plan("a", languages=("en", "fr")))
        async with ffmpeg_calls_again(clips["flv"], "flv", origin.rtmp(key("a", "main"))):
            async with origin.client("a") as client:
                viewer = Viewer(client, "a")
                await until(viewer.live)
                tracks = {url: _folder(origin, url) for url in (await viewer.picture(), await viewer.sound())}
                before = {url: await _newest_part(viewer, url) for url in tracks}
                bytes_before = {url: await _part(client, url, before[url]) for url in tracks}
                at = time.time()
                origin.kill()
            for url, folder in tracks.items():
                kept = [(line.segment, line.part) for line in lines(folder)]
                assert before[url].last in kept, "a part was announced and then lost"
                assert kept == sorted(set(kept))
            origin.start()
            async with origin.client("a") as client:
                viewer = Viewer(client, "a")
                for url in tracks:
                    after = await viewer.playlist(url)
                    assert after.last >= before[url].last
                    assert after.media_sequence >= before[url].media_sequence
                    assert await _part(client, url, before[url]) == bytes_before[url]
                    _same_moments(before[url], after)
                watched = await viewer.watch_until(at + _PLAYING)
                assert watched.gaps == 0
                assert watched.longest_still(since=at - 1) <= _SOON
                for folder in tracks.values():
                    kept = [(line.segment, line.part) for line in lines(folder)]
                    assert kept == sorted(set(kept)), "a part was written twice"


def _folder(origin: Origin, url: str) -> Path:
    """Where the take keeps the track of a media playlist's address."""
    (take,) = (origin.data / "rooms/a/takes").iterdir()
    return take / url.removeprefix("/rooms/a/").removesuffix("/media.m3u8")


async def _newest_part(viewer: Viewer, url: str) -> MediaPlaylist:
    """The playlist once it ends within a segment."""
    while True:
        playlist = await viewer.playlist(url)
        if playlist.pending is not None and playlist.pending.parts:
            return playlist
        await asyncio.sleep(0.02)


async def _part(client: httpx.AsyncClient, url: str, playlist: MediaPlaylist) -> bytes:
    """The newest part of that playlist."""
    assert playlist.pending is not None
    uri = playlist.pending.parts[-1].uri
    return (await client.get(urljoin(url, uri))).raise_for_status().content


def _same_moments(before: MediaPlaylist, after: MediaPlaylist) -> None:
    """Segment N, of a second, is the same moment as it was."""
    began = {
        segment.date.timestamp() - segment.msn
        for segment in (*before.segments, *after.segments)
        if segment.date is not None
    }
    assert max(began) - min(began) < _AAC_FRAME
