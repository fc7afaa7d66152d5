"""Pages: policy headers, languages, and queries that do not grow."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.studio.models import Room
from tests.web.conftest import make_room, signed_in

pytestmark = pytest.mark.django_db


def test_no_page_allows_inline_scripts_or_styles(room: Room, guest: Client) -> None:
    for page in (Client().get("/accounts/login/"), guest.get("/rooms/theatre/")):
        policy = page["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src" in policy


def test_the_watch_page_may_reach_media_and_nobody_else(room: Room, guest: Client) -> None:
    policy = guest.get("/rooms/theatre/")["Content-Security-Policy"]
    reach = next(part for part in policy.split(";") if "connect-src" in part)
    assert ":8010" in reach
    assert "*" not in reach


def test_an_address_with_a_grant_never_leaks_as_a_referrer(room: Room, guest: Client) -> None:
    assert guest.get("/rooms/theatre/")["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin")


@pytest.mark.parametrize(("language", "word"), [("en", "Language"), ("fr", "Langue"), ("zh-Hans", "语言")])
def test_the_page_speaks_the_browsers_language(room: Room, guest: Client, language: str, word: str) -> None:
    answer = guest.get("/rooms/theatre/", headers={"Accept-Language": language})
    assert word in answer.content.decode()


def test_an_unknown_host_is_refused(room: Room) -> None:
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/nothing/", "/rooms/none/"])
def test_what_is_not_there_says_so_in_the_readers_language(db: None, path: str) -> None:
    answer = Client().get(path, headers={"Accept-Language": "fr"}, follow=True)
    assert 'lang="fr"' in answer.content.decode()


def test_the_list_of_rooms_asks_no_more_for_more_rooms(db: None) -> None:
    client = signed_in(AccountRole.DIRECTOR)
    client.get("/")  # the first visit is noted
    make_room("one")
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get("/").status_code == 200
    for name in ("two", "three"):
        make_room(name)
    with CaptureQueriesContext(connection) as three:
        assert client.get("/").status_code == 200
    assert len(three) == len(one)


def test_the_watch_page_asks_no_more_for_more_views(room: Room) -> None:
    client = signed_in(AccountRole.DIRECTOR)
    client.get("/")  # the first visit is noted
    with CaptureQueriesContext(connection) as one:
        client.get("/rooms/theatre/")
    for name in ("fluorescence", "room"):
        room.views.create(name=name, label={"en": name})
    with CaptureQueriesContext(connection) as three:
        client.get("/rooms/theatre/")
    assert len(three) == len(one)


def test_the_one_script_in_a_page_is_let_by_by_a_nonce_of_its_own_answer(guest: Client, room: Room) -> None:
    pages = [guest.get("/rooms/theatre/") for _ in range(2)]
    nonces = []
    for page in pages:
        in_page = re.findall(r"<script(?![^>]*(?:src=|application/json))([^>]*)>", page.content.decode())
        (attributes,) = in_page
        nonces += re.findall(r'^ nonce="([^"]{16,})"$', attributes)
        assert f"'nonce-{nonces[-1]}'" in page["Content-Security-Policy"]
        assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("path", ["", "rooms/theatre/", "rooms/theatre/replay/", "rooms/theatre/present/",
                                  "rooms/theatre/technician/", "rooms/theatre/recordings/", "rooms/theatre/end/",
                                  "rooms/theatre/technician/key/?source=views/main"])  # fmt: skip
def test_a_rooms_title_in_another_language_says_so(room: Room, path: str) -> None:
    client = signed_in(AccountRole.DIRECTOR)
    note = '<span lang="en">Room theatre</span> <small class="text-note">(affiché en anglais)</small>'
    page = client.get(f"/{path}", headers={"Accept-Language": "fr"}).content.decode()
    assert page.count(note) == 1
    room.title["fr"] = "Salle"
    room.save()
    page = client.get(f"/{path}", headers={"Accept-Language": "fr"}).content.decode()
    assert "Salle" in page
    assert "text-note" not in page
    assert "Shown(" not in page
