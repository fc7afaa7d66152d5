"""Rooms in the office: what they are called, and what is on air from them."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amphitheatre.contract.event import EventKind
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.programme.models import Course
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.studio.domain.plan_delivery import load_plans
from amphitheatre.web.studio.models import MediaEvent, Room, View
from tests.web.conftest import client_of
from tests.web.office.test_office import COURSE, client, send, session

pytestmark = pytest.mark.django_db
ROOM = {"slug": "theatre-1", "original": "fr", "title_fr": "Bloc 1", "title_en": "Theatre 1"}


@pytest.fixture
def on_air(db: None) -> Room:
    return rooms.make("theatre-1", {"en": "Theatre 1"}, ["zh-Hans", "en"])


@pytest.fixture
def technician(db: None) -> Client:
    return client(AccountRole.TECHNICIAN)


def view(room: Room, **facts: Any) -> dict[str, Any]:
    return {"room": room.pk, "name": "fluorescence", "label_fr": "Fluorescence", "position": ""} | facts


def live(room: Room) -> None:
    now = timezone.now()
    MediaEvent.objects.create(id="live", kind=EventKind.ROOM_LIVE.value, room=room.pk, at=now)


@pytest.mark.django_db(transaction=True)
async def test_what_a_secretary_plans_is_on_air(signing: Keys) -> None:
    await sync_to_async(_plan_a_course_in_its_room)()
    plan = (await load_plans())["theatre-1"]
    assert [one.id for one in plan.views] == ["main"]
    assert (plan.floor, {one.tag for one in plan.languages}) == ("fr", {"fr", "en"})


def _plan_a_course_in_its_room() -> None:
    cache.clear()
    who = client()
    assert send(who, "programme/course/add/", COURSE) == ""
    assert send(who, "programme/room/add/", ROOM) == ""
    form = session(Course.objects.get(), room=PlannedRoom.objects.get().pk)
    assert send(who, "programme/session/add/", form) == ""
    assert "Theatre 1" in Client().get("/").content.decode()
    page = client(AccountRole.TECHNICIAN).get("/rooms/theatre-1/technician/").content.decode()
    key = View.objects.get().key
    assert f"rtmp://testserver:1935/live/{key}" in page or f'value="{key}"' in page


def test_a_house_without_rooms_says_how_to_get_one() -> None:
    page = client().get("/").content.decode()
    assert "/office/snippets/programme/room/add/" in page
    page = Client().get("/").content.decode()
    assert "/office/" not in page
    assert "entered in the office" in page
    page = client(AccountRole.PARTICIPANT).get("/").content.decode()
    assert "as soon as you have a place" in page


@pytest.mark.parametrize("slug", ["Theatre 1", "theatre_1", "theatre-"])
def test_a_name_that_media_can_not_take_is_refused(slug: str) -> None:
    assert "small letters" in send(client(), "programme/room/add/", ROOM | {"slug": slug})
    assert not PlannedRoom.objects.exists()


def test_a_room_keeps_the_name_that_it_is_known_by_on_air() -> None:
    who = client()
    send(who, "programme/room/add/", ROOM)
    path = f"programme/room/edit/{PlannedRoom.objects.get().pk}/"
    assert "know the room by" in send(who, path, ROOM | {"slug": "theatre-2"})
    assert send(who, path, ROOM | {"title_en": "Great theatre"}) == ""
    assert Room.objects.get().title == {"en": "Great theatre", "fr": "Bloc 1"}


def test_a_picture_is_added_renamed_and_removed(technician: Client, on_air: Room) -> None:
    assert send(technician, "studio/view/add/", view(on_air)) == ""
    main, added = on_air.views.all()
    assert (added.label, added.name, len(added.key)) == ({"fr": "Fluorescence"}, "fluorescence", 32)
    changed = view(on_air, name="other", label_fr="", label_en="Glow", label_zh_hans="荧光", position="1")
    assert send(technician, f"studio/view/edit/{added.pk}/", changed) == ""
    added.refresh_from_db()
    assert (added.label, added.name, added.position) == (
        {"en": "Glow", "zh-Hans": "荧光"},
        "fluorescence",  # the encoder knows it by that
        1,
    )
    assert [one.pk for one in on_air.views.all()] == [added.pk, main.pk]
    page = technician.get(f"/office/snippets/studio/view/delete/{main.pk}/").content.decode()
    assert "Its key and the address that it is fetched from are lost" in page
    assert main.key not in page
    technician.post(f"/office/snippets/studio/view/delete/{main.pk}/")
    assert on_air.views.get() == added


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": "Laparoscope 1"}, "small letters"),
        ({"name": "main"}, "already exists"),
        ({"label_fr": " ", "label_en": ""}, "in at least one language"),
        ({"room": ""}, "required"),
        ({"room": "none"}, "Select a valid choice"),
        ({"position": "0"}, "greater than or equal to 1"),
        ({"position": "9223372036854775807"}, "less than or equal to 999"),
    ],
    ids=str,
)
def test_a_picture_that_makes_no_sense_is_refused_and_what_was_typed_stays(
    facts: dict[str, Any], words: str, technician: Client, on_air: Room
) -> None:
    page = send(technician, "studio/view/add/", view(on_air, label_en="Typed") | facts)
    assert words in page
    assert 'value="Typed"' in page or "label_en" in facts
    assert on_air.views.count() == 1


def test_a_room_has_four_pictures(technician: Client, on_air: Room) -> None:
    for number in range(3):
        assert send(technician, "studio/view/add/", view(on_air, name=f"picture-{number}")) == ""
    assert "at most 4 pictures" in send(technician, "studio/view/add/", view(on_air, name="one-more"))
    assert on_air.views.count() == 4


def test_a_language_is_added_and_removed(technician: Client, on_air: Room) -> None:
    assert send(technician, "studio/language/add/", {"room": on_air.pk, "tag": "fr", "position": ""}) == ""
    added = on_air.languages.get(tag="fr")
    assert (added.label, added.interpreted, len(added.key)) == ("Français", True, 32)
    again = send(technician, "studio/language/add/", {"room": on_air.pk, "tag": "fr", "position": ""})
    assert "already exists" in again
    path = f"/office/snippets/studio/language/delete/{added.pk}/"
    assert "Its key is lost" in technician.get(path).content.decode()
    assert [technician.post(path).status_code for _ in range(2)] == [302, 404]
    floor = on_air.languages.get(tag="zh-Hans")
    answer = technician.post(f"/office/snippets/studio/language/delete/{floor.pk}/", follow=True)
    assert "language of the floor" in answer.content.decode()
    assert {one.tag for one in on_air.languages.all()} == {"zh-Hans", "en"}


def test_how_a_room_is_sent_is_chosen(technician: Client, on_air: Room) -> None:
    form = {"profile": "fastest", "top_height": "720", "position": "3"}
    assert send(technician, f"studio/room/edit/{on_air.pk}/", form) == ""
    on_air.refresh_from_db()
    assert (on_air.profile, on_air.top_height, on_air.recorded, on_air.position) == ("fastest", 720, False, 3)
    assert "Select a valid choice" in send(
        technician, f"studio/room/edit/{on_air.pk}/", form | {"top_height": "721"}
    )


@pytest.mark.parametrize("position", ["-1", "1000", "9223372036854775807", ""])
def test_a_room_stands_where_another_can_still_follow(
    position: str, technician: Client, on_air: Room
) -> None:
    form = {"profile": "fast", "top_height": "720", "position": position}
    assert "w-field__error" in send(technician, f"studio/room/edit/{on_air.pk}/", form)
    PlannedRoom.objects.create(slug="theatre-2", title_en="Theatre 2")
    assert [room.pk for room in Room.objects.all()] == ["theatre-1", "theatre-2"]


def test_the_form_says_where_a_picture_stands_and_saving_it_moves_nothing(
    technician: Client, on_air: Room
) -> None:
    on_air.views.create(name="second", label={"en": "Second"}, position=1)
    View.objects.filter(name="main").update(position=0)  # as they were counted once
    first = on_air.views.first()
    path = f"studio/view/edit/{first.pk}/"
    page = technician.get(f"/office/snippets/{path}").content.decode()
    assert 'name="position" value="1"' in page
    assert send(technician, path, view(on_air, name="main", label_en="Main", position="1")) == ""
    assert [one.name for one in on_air.views.all()] == ["main", "second"]
    send(technician, path, view(on_air, name="main", label_en="Main", position="2"))
    assert [one.name for one in on_air.views.all()] == ["second", "main"]


@pytest.mark.django_db(transaction=True)
def test_two_technicians_at_once_make_no_fifth_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    room = rooms.make("theatre-1", {"en": "Theatre 1"}, ["en"])
    for number in range(2):
        room.views.create(name=f"picture-{number}", label={"en": "Picture"})
    counted = rooms.check_one_more

    def slowly(room: Room) -> None:
        counted(room)
        time.sleep(0.5)  # seconds: long enough for the other one to count, too

    monkeypatch.setattr(rooms, "check_one_more", slowly)
    technicians = [client_of(User.objects.create_user(f"{n}@example.org", role="technician")) for n in (1, 2)]

    def add(number: int) -> str:
        try:
            return send(technicians[number], "studio/view/add/", view(room, name=f"new-{number}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(add, range(2)))
    assert room.views.count() == 4
    assert ["at most 4 pictures" in answer for answer in sorted(answers)] == [False, True]


def test_nothing_changes_the_shape_of_a_live_room(technician: Client, on_air: Room) -> None:
    on_air.views.create(name="second", label={"en": "Second"}, position=1)
    live(on_air)
    one, language = on_air.views.last(), on_air.languages.last()
    for path, form in (
        ("studio/view/add/", view(on_air)),
        (f"studio/view/edit/{one.pk}/", view(on_air)),
        ("studio/language/add/", {"room": on_air.pk, "tag": "fr", "position": ""}),
        (f"studio/room/edit/{on_air.pk}/", {"profile": "fastest", "top_height": "720", "position": "3"}),
    ):
        assert "The room is live" in send(technician, path, form), path
    for path in (f"view/delete/{one.pk}/", f"language/delete/{language.pk}/", f"room/delete/{on_air.pk}/"):
        for ask in (technician.get, technician.post):
            answer = ask(f"/office/snippets/studio/{path}", follow=True)
            assert "The room is live" in answer.content.decode(), path
    on_air.refresh_from_db()
    counts = on_air.profile, on_air.views.count(), on_air.languages.count()
    assert counts == ("fast", 2, 2)


def test_pictures_are_not_removed_by_the_dozen(technician: Client, on_air: Room) -> None:
    one = on_air.views.get()
    page = technician.get("/office/snippets/studio/view/").content.decode()
    assert "Camera" in page
    assert "data-bulk-action-checkbox" not in page
    technician.post(f"/office/bulk/studio/view/delete/?id={one.pk}&next=/office/")
    assert on_air.views.exists()


def test_rooms_of_the_programme_are_not_deleted_by_the_dozen() -> None:
    who = client()
    send(who, "programme/room/add/", ROOM)
    who.post(f"/office/bulk/programme/room/delete/?id={PlannedRoom.objects.get().pk}&next=/office/")
    assert PlannedRoom.objects.exists()
    assert View.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_media_is_asked_whether_a_room_may_go(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms.make("theatre-1", {"en": "Theatre 1"}, ["en"])
    technician = client(AccountRole.TECHNICIAN)
    held: list[bool] = []
    monkeypatch.setattr(rooms, "recordings", lambda _room: held.append(connection.in_atomic_block))
    getattr(technician, method)(f"/office/snippets/studio/room/delete/{room.pk}/")
    assert held == [False]
    assert Room.objects.exists() is (method == "get")


def test_nobody_adds_a_room_on_air_by_hand() -> None:
    it = client_of(User.objects.create_superuser("it@example.org"))
    page = it.get("/office/snippets/studio/room/").content.decode()
    assert "/office/snippets/studio/room/add/" not in page
    assert it.get("/office/snippets/studio/room/add/").status_code == 302
    assert it.get("/office/snippets/studio/view/add/").status_code == 200


@pytest.mark.parametrize(
    ("kept", "words"), [([], None), (["take"], "It has recordings"), (None, "does not answer")], ids=str
)
def test_a_room_goes_when_neither_programme_nor_recordings_need_it(
    kept: list[str] | None,
    words: str | None,
    technician: Client,
    on_air: Room,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def recordings(room: str) -> list[str]:
        if kept is None:
            raise rooms.MediaError
        return kept

    monkeypatch.setattr(rooms, "recordings", recordings)
    path = f"/office/snippets/studio/room/delete/{on_air.pk}/"
    planned = PlannedRoom.objects.create(slug=on_air.pk, title_en="Theatre")
    assert "belongs to a room of the programme" in technician.post(path, follow=True).content.decode()
    PlannedRoom.objects.filter(pk=planned.pk)._raw_delete("default")
    page = technician.post(path, follow=True).content.decode()
    assert words is None or words in page
    assert Room.objects.exists() is (words is not None)


def test_the_programmes_room_says_what_goes_with_it() -> None:
    who = client()
    send(who, "programme/room/add/", ROOM)
    path = f"/office/snippets/programme/room/delete/{PlannedRoom.objects.get().pk}/"
    assert "with the keys that encoders send with" in who.get(path).content.decode()
    who.post(path)
    assert not Room.objects.exists()


def test_the_technicians_page_leads_there_those_who_may(
    technician: Client, on_air: Room, signing: Keys
) -> None:
    page = technician.get("/rooms/theatre-1/technician/").content.decode()
    assert "/office/snippets/studio/view/?room=theatre-1" in page
    assert technician.get("/office/snippets/studio/view/?room=theatre-1").status_code == 200


def test_no_key_is_shown_in_the_office(technician: Client, on_air: Room) -> None:
    for record in (on_air.views.get(), on_air.languages.first()):
        page = f"/office/snippets/studio/{record._meta.model_name}"
        for path in (f"{page}/", f"{page}/inspect/{record.pk}/", f"{page}/edit/{record.pk}/"):
            assert record.key not in technician.get(path).content.decode(), path


@pytest.mark.parametrize("language", ["fr", "zh-Hans"])
def test_what_is_on_air_is_named_in_the_readers_language(language: str, on_air: Room) -> None:
    user = User.objects.create_user("t@example.org", role="technician", preferred_language=language)
    page = client_of(user).get("/office/snippets/studio/view/").content.decode()
    assert {"fr": "Caméra", "zh-Hans": "摄像机"}[language] in page


def test_the_list_of_pictures_asks_no_more_for_more(technician: Client, on_air: Room) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            technician.get("/office/snippets/studio/view/")
        return len(found)

    asked()
    before = asked()
    for number in range(9):
        rooms.make(f"room-{number}", {"en": f"Room {number}"}, ["en"])
    assert asked() == before


def test_pictures_are_listed_room_by_room(technician: Client, on_air: Room) -> None:
    rooms.make("hall", {"en": "Hall"}, ["en"], {"stage": {"en": "Stage"}})
    on_air.views.create(name="second", label={"en": "Second"}, position=1)
    page = technician.get("/office/snippets/studio/view/").content.decode()
    assert page.index("Second") < page.index("Stage")
