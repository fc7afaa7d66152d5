"""The addresses on the technician's page."""

import pytest

from amphitheatre.web.studio.domain.push_addresses import push_addresses
from amphitheatre.web.studio.models import Room

pytestmark = pytest.mark.django_db


def test_an_srt_address_has_no_key_in_it_but_beside_it(room: Room) -> None:
    view = room.views.get()
    media = "srt://10.0.0.1:8890?mode=caller&passphrase=an-older-key-of-media"
    srt = next(
        p for p in push_addresses("theatre", view, "http://10.0.0.1:8010", media) if p["protocol"] == "srt"
    )
    assert srt["url"] == "srt://10.0.0.1:8890?mode=caller"
    assert srt["key"] == view.key


def test_without_an_srt_address_the_other_ways_are_shown(room: Room) -> None:
    shown = push_addresses("theatre", room.views.get(), "http://10.0.0.1:8010", None)
    assert [push["protocol"] for push in shown] == ["rtmp", "whip"]
