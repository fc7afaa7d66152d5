"""What the watch page carries for its first picture, and what it does without media."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.contract.event import EventKind
from amphitheatre.web.studio.domain import media_playlists
from amphitheatre.web.studio.models import MediaEvent, Room

pytestmark = pytest.mark.django_db
PLAYLIST = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n</script><b>240p/media.m3u8\n"


class Media:
    """Media's door for viewers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: httpx.Response | httpx.HTTPError = httpx.Response(200, text=PLAYLIST)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        assert request.headers["Authorization"].startswith("Bearer ey")
        if isinstance(self.answer, httpx.HTTPError):
            raise self.answer
        return self.answer


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> Iterator[Media]:
    stand_in = Media()
    client = httpx.Client(base_url="http://media", transport=httpx.MockTransport(stand_in))
    monkeypatch.setattr(media_playlists, "_client", lambda: client)
    yield stand_in
    client.close()


def _on_air(room: Room) -> None:
    MediaEvent.objects.create(id="e1", kind=EventKind.ROOM_LIVE, room=room.pk, at=timezone.now())


def _known(guest: Client) -> object:
    page = guest.get("/rooms/theatre/").content.decode()
    found = re.search(r'<script[^>]*id="page-config"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["multivariant"]


def test_a_live_room_carries_the_first_playlist_as_media_gives_it(
    room: Room, guest: Client, media: Media
) -> None:
    _on_air(room)
    assert _known(guest) == PLAYLIST
    assert media.asked == ["/rooms/theatre/main/multivariant.m3u8"]


def test_media_is_not_asked_about_a_room_that_is_not_live(room: Room, guest: Client, media: Media) -> None:
    assert _known(guest) is None
    assert media.asked == []


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), httpx.Response(503), httpx.ConnectError(""), httpx.ReadTimeout("")]
)
def test_the_page_stands_without_media(
    room: Room, guest: Client, media: Media, answer: httpx.Response | httpx.HTTPError
) -> None:
    _on_air(room)
    media.answer = answer
    assert _known(guest) is None
