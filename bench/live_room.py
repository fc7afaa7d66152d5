"""Waiting until a room is live, and finding its playlists, as any player would."""

import asyncio
import time
from urllib.parse import urljoin

import httpx

_PAUSE = 0.1  # seconds


class NotLiveError(Exception):
    """The room did not become live in time."""


async def live_playlists(media: str, room: str, view: str, grant: str, patience: float = 30.0) -> list[str]:
    """Addresses of the media playlists in a view's multivariant playlist, variants first, once they have parts.

    Raises NotLiveError after `patience` seconds.
    """
    url = f"{media}/rooms/{room}/{view}/multivariant.m3u8"
    deadline = time.monotonic() + patience
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {grant}"}, trust_env=False) as client:
        last = "no answer"
        while time.monotonic() < deadline:
            try:
                answer = await client.get(url)
                last = f"multivariant playlist: {answer.status_code}"
                if answer.status_code == 200:
                    found = _addresses(url, answer.text)
                    media_text = (await client.get(found[0])).text if found else ""
                    if "#EXT-X-PRELOAD-HINT" in media_text and "#EXTINF" in media_text:
                        return found
                    last = "no whole segment yet"
            except httpx.HTTPError as error:
                last = type(error).__name__
            await asyncio.sleep(_PAUSE)
    raise NotLiveError(f"room {room} is not live after {patience:.0f} s: {last}")


def _addresses(base: str, text: str) -> list[str]:
    variants = [line for line in text.splitlines() if line and not line.startswith("#")]
    audio = [
        line.partition('URI="')[2].partition('"')[0] for line in text.splitlines() if "TYPE=AUDIO" in line
    ]
    return [urljoin(base, uri) for uri in [*variants, *filter(None, audio)]]
