"""Playlists, parts and segments: the hot path, raw ASGI, one ready answer for everybody."""

import asyncio
import gzip
import re
from typing import Final
from urllib.parse import parse_qs

from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.room.room import Room
from amphitheatre.media.room.variants import multivariant_text
from amphitheatre.media.serve.problem import Headers, Problem, Send, answer
from amphitheatre.media.serve.ranges import byte_range

PLAYLIST: Final = (b"content-type", b"application/vnd.apple.mpegurl")
_VIDEO: Final = (b"content-type", b"video/mp4")
_SOUND: Final = (b"content-type", b"audio/mp4")
# Nothing at such an address ever changes; how long a cache keeps it is a matter of its room only.
_IMMUTABLE: Final = (b"cache-control", b"public, max-age=3600, immutable")
_NO_CACHE: Final = (b"cache-control", b"no-cache")
_GZIP: Final = [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
_LONGEST_WAIT: Final = 3.0  # target durations (RFC 8216bis, 6.2.5.2)
_LEVEL: Final = 4  # of gzip: a playlist is made anew at every part
_MEDIA: Final = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))?\.m4s")
_GRANT: Final = re.compile(r"(?:^|&)grant=([A-Za-z0-9._-]+)(?:&|$)")
_URI_ATTRIBUTE: Final = re.compile(r'URI="([^"]+)"')


class Hls:
    """Answers for one room. Every coroutine raises Problem for what can't be served."""

    async def multivariant(self, room: Room, view: str, query: str, headers: Headers, send: Send) -> None:
        text = multivariant_text(room, view)
        if text is None:
            raise Problem(404)
        if grant := grant_in(query):
            text = with_grant(text, grant)
        await answer(send, 200, [PLAYLIST, _NO_CACHE, *headers], text.encode())

    async def playlist(
        self, rendition: Rendition, query: str, headers: Headers, send: Send, *, zipped: bool
    ) -> None:
        wish = parse_qs(query) if query else {}
        blocking = "_HLS_msn" in wish or "_HLS_part" in wish
        if blocking:
            await self._wait(rendition, wish)
        if not rendition.window.segments:
            raise Problem(404)
        delta = wish.get("_HLS_skip", [""])[0] in ("YES", "v2")
        body = _playlist_body(rendition, delta, grant_in(query), zipped)
        lasting = 6 * rendition.constants.target_duration
        cache = (b"cache-control", b"public, max-age=%d" % lasting) if blocking else _NO_CACHE
        encoding = _GZIP if zipped else ()
        await answer(send, 200, [PLAYLIST, cache, *encoding, *headers], body)

    async def media(
        self, rendition: Rendition, name: str, wanted: bytes | None, headers: Headers, send: Send
    ) -> None:
        """An initialisation segment, a part (waits for it if it is the next one) or a whole segment."""
        kind = _VIDEO if rendition.video else _SOUND
        if name.startswith("init"):
            data = rendition.inits.get(name)
        elif (match := _MEDIA.fullmatch(name)) is None:
            data = None
        elif match[2] is None:
            data = rendition.window.segment(int(match[1]))
        else:
            data = await self._part(rendition, int(match[1]), int(match[2]))
        if data is None:
            raise Problem(404)
        await answer_bytes(send, data, wanted, [kind, _IMMUTABLE, *headers])

    async def _part(self, rendition: Rendition, segment: int, number: int) -> bytes | None:
        data = rendition.window.part(segment, number)
        if data is None and (segment, number) == rendition.next_part and not rendition.ended:
            await self._reached(rendition, segment, number)
            data = rendition.window.part(segment, number)
        return data

    async def _wait(self, rendition: Rendition, wish: dict[str, list[str]]) -> None:
        try:
            msn = int(wish["_HLS_msn"][0])
            part = int(wish["_HLS_part"][0]) if "_HLS_part" in wish else None
        except (KeyError, ValueError):
            raise Problem(400, "_HLS_msn and _HLS_part are numbers, and a part needs its segment.") from None
        if msn < 0 or (part is not None and part < 0) or rendition.is_far_future(msn, part):
            raise Problem(400, "That segment is too far in the future.")
        await self._reached(rendition, msn, part)

    async def _reached(self, rendition: Rendition, msn: int, part: int | None) -> None:
        try:
            async with asyncio.timeout(_LONGEST_WAIT * rendition.constants.target_duration):
                await rendition.reached(msn, part)
        except TimeoutError:
            raise Problem(503, headers=[(b"retry-after", b"1")]) from None


def grant_in(query: str) -> str | None:
    """The grant that a request's query names, if it can be one: what is repeated must not break a playlist's lines."""
    match = _GRANT.search(query)
    return match[1] if match else None


def with_grant(text: str, grant: str) -> str:
    """The playlist for a player that can send nothing but its address."""
    lines = []
    for line in text.splitlines():
        if line.startswith("#"):
            lines.append(_URI_ATTRIBUTE.sub(lambda match: f'URI="{_granted(match[1], grant)}"', line))
        else:
            lines.append(_granted(line, grant))
    return "\n".join(lines) + "\n"


def _granted(uri: str, grant: str) -> str:
    return f"{uri}{'&' if '?' in uri else '?'}grant={grant}"


async def answer_bytes(send: Send, data: bytes, wanted: bytes | None, headers: Headers) -> None:
    """Whole, or one range of it."""
    if wanted is None:
        await answer(send, 200, headers, data)
        return
    first, last = byte_range(wanted, len(data))
    if (first, last) == (0, len(data) - 1):
        await answer(send, 200, headers, data)
        return
    where = (b"content-range", b"bytes %d-%d/%d" % (first, last, len(data)))
    await answer(send, 206, [*headers, where], data[first : last + 1])


def _playlist_body(rendition: Rendition, delta: bool, grant: str | None, zipped: bool) -> bytes:
    key = (delta, zipped)
    body = rendition.made.get(key) if grant is None else None
    if body is None:
        text = rendition.playlist(delta=delta)
        body = (with_grant(text, grant) if grant else text).encode()
        if zipped:
            body = gzip.compress(body, _LEVEL, mtime=0)
        if grant is None:
            rendition.made[key] = body
    return body
