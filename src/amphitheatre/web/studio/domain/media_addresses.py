"""Asks media which push addresses its sources have: only media knows the port of each SRT source."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec
import structlog
from django.conf import settings

from amphitheatre.web.grants import Keys, control_grant, sign

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
    control = settings.AMPHITHEATRE.media_control_url
    token = sign(control_grant(), Keys.at(settings.AMPHITHEATRE.data).private)
    headers = {"Authorization": f"Bearer {token}", "Host": urlsplit(media).netloc}
    try:
        with httpx.Client(trust_env=False, timeout=TIMEOUT) as client:
            answer = client.get(f"{control}/control/rooms", headers=headers)
        if answer.status_code != HTTPStatus.OK:
            log.warning("media refused to list its rooms", status=answer.status_code)
            return {}
        rooms = msgspec.json.decode(answer.content, type=list[_Room])
    except (httpx.HTTPError, msgspec.DecodeError) as e:
        log.warning("media can't be asked for its addresses", reason=type(e).__name__)
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
