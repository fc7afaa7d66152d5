"""Asks media which push addresses its sources have: only media knows the port of each SRT source."""

from typing import Final
from urllib.parse import urlsplit

import msgspec
import structlog

from amphitheatre.web.studio.domain.media_control import MediaError, ask

log = structlog.get_logger(__name__)
TIMEOUT: Final = 1.0  # seconds; the technician's page must open while media is down


class _Push(msgspec.Struct):
    protocol: str
    url: str


class _View(msgspec.Struct):
    id: str
    push: list[_Push]


class _Language(msgspec.Struct):
    tag: str
    push: list[_Push] = []


class _Room(msgspec.Struct):
    id: str
    views: list[_View]
    languages: list[_Language]


def srt_addresses(room: str, media: str) -> dict[str, str]:
    """SRT address by source, with the host of `media` (base address); empty while media can't say."""
    try:
        answer = ask("GET", "/control/rooms", timeout=TIMEOUT, host=urlsplit(media).netloc)
        rooms = msgspec.json.decode(answer, type=list[_Room])
    except (MediaError, msgspec.DecodeError) as e:
        log.warning("media can't say its addresses", reason=type(e).__name__)
        return {}
    return {
        source: push.url
        for one in rooms
        if one.id == room
        for source, pushes in _sources(one)
        for push in pushes
        if push.protocol == "srt"
    }


def _sources(room: _Room) -> list[tuple[str, list[_Push]]]:
    views = [(f"views/{view.id}", view.push) for view in room.views]
    return views + [(f"languages/{language.tag}", language.push) for language in room.languages]
