"""The origin as a player meets it: HTTP answers turned into playlists, bytes and violations."""

import time
from urllib.parse import urlsplit

import httpx

from .media_playlist import MediaPlaylist, parse_media
from .tags import PlaylistSyntaxError
from .violation import Violation

_PLAYLIST_TYPES = ("application/vnd.apple.mpegurl", "audio/mpegurl")


class RefusedError(Exception):
    """The origin's answer can't be used; holds the violation."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


def path(url: str) -> str:
    return urlsplit(url).path


class Origin:
    """One HTTP client for a whole check. The grant, if there is one, is in the client's headers."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def text(self, url: str, **directives: str | int) -> tuple[str, float]:
        """(playlist text, seconds the answer took). Raises RefusedError."""
        began = time.monotonic()
        answer = await self.client.get(url, params=_merged(url, directives))
        took = time.monotonic() - began
        if answer.status_code != 200:
            raise RefusedError(_wrong("http-status", "6.2.1", url, f"{answer.status_code} for {directives}"))
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in _PLAYLIST_TYPES:
            raise RefusedError(_wrong("content-type", "4", url, f"playlist served as {kind!r}"))
        try:
            return answer.content.decode("utf-8"), took
        except UnicodeDecodeError as error:
            raise RefusedError(_wrong("not-utf-8", "4.1", url, str(error))) from error

    async def playlist(self, url: str, **directives: str | int) -> tuple[MediaPlaylist, float]:
        """(media playlist, seconds the answer took). Raises RefusedError."""
        text, took = await self.text(url, **directives)
        try:
            return parse_media(text), took
        except (PlaylistSyntaxError, ValueError) as error:
            raise RefusedError(_wrong("syntax", "4.1", url, str(error))) from error

    async def file(self, url: str) -> bytes:
        """A part, a segment or an initialisation segment. Raises RefusedError."""
        answer = await self.client.get(url)
        if answer.status_code != 200:
            raise RefusedError(_wrong("file-missing", "6.2.1", url, f"status {answer.status_code}"))
        return answer.content

    async def status(self, url: str, **directives: str | int) -> tuple[int, float]:
        """(status, seconds the answer took)."""
        began = time.monotonic()
        answer = await self.client.get(url, params=_merged(url, directives))
        return answer.status_code, time.monotonic() - began


def _merged(url: str, directives: dict[str, str | int]) -> httpx.QueryParams:
    """The address's own query, such as a grant, is kept; directives stand in order (6.2.5)."""
    own = httpx.URL(url).params
    return own.merge({f"_HLS_{name}": str(value) for name, value in sorted(directives.items())})


def _wrong(rule: str, source: str, url: str, detail: str) -> Violation:
    return Violation(rule, source, path(url), detail)
