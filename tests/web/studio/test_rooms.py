"""Rooms on air, as they come into being with the programme's rooms and follow its sessions."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from amphitheatre.contract.event import Event, EventKind
from amphitheatre.web.programme.models import Course, Kind, Session
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.studio.domain.media_events import keep
from amphitheatre.web.studio.domain.plan_delivery import load_plans
from amphitheatre.web.studio.domain.plans import plan_of
from amphitheatre.web.studio.models import Language, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def theatre(db: None) -> PlannedRoom:
    return PlannedRoom.objects.create(
        slug="theatre-1", title_en="Theatre 1", title_fr="Bloc 1", original="en", theatre=True
    )


@pytest.fixture
def course(db: None) -> Course:
    today = timezone.now().date()
    return Course.objects.create(
        slug="course", time_zone="Asia/Shanghai", first_day=today, last_day=today + timedelta(days=30)
    )


def plan(
    course: Course, room: PlannedRoom, floor: str, interpreted: list[str], days: int = 3, **facts: Any
) -> Session:
    return Session.objects.create(
        course=course,
        room=room,
        kind=Kind.LIVE_OPERATION,
        title_en="Operation",
        day=timezone.now().date() + timedelta(days=days),
        begins=time(9),
        minutes=60,
        floor=floor,
        interpreted=interpreted,
        **facts,
    )


def tell(kind: EventKind, room: str = "theatre-1") -> None:
    keep(Event(id=f"{kind} {timezone.now()}", kind=kind, room=room, at=timezone.now().isoformat()))


def on_air() -> Room:
    return Room.objects.get(pk="theatre-1")


def spoken() -> dict[str, bool]:
    """Whether each language is interpreted."""
    return dict(Language.objects.filter(room="theatre-1").values_list("tag", "interpreted"))


def test_a_room_of_the_programme_is_there_on_air_with_a_picture_and_a_key(theatre: PlannedRoom) -> None:
    view = on_air().views.get()
    assert (view.name, view.label["fr"], len(view.key)) == ("main", "Caméra", 32)
    assert on_air().title == {"en": "Theatre 1", "fr": "Bloc 1"}
    assert plan_of(on_air()).floor == "en"


def test_its_title_follows_the_programmes_even_while_it_is_live(theatre: PlannedRoom) -> None:
    tell(EventKind.ROOM_LIVE)
    theatre.title_zh_hans, theatre.title_fr = "一号手术室", ""
    theatre.save()
    assert on_air().title == {"en": "Theatre 1", "zh-Hans": "一号手术室"}


def test_it_speaks_the_languages_of_its_sessions(theatre: PlannedRoom, course: Course) -> None:
    plan(course, theatre, "zh-Hans", ["en"])
    assert (on_air().floor, spoken()) == ("zh-Hans", {"zh-Hans": False, "en": True})
    session = plan(course, theatre, "zh-Hans", [], days=4)
    keys = set(Language.objects.values_list("key"))
    session.interpreted = ["fr"]
    session.save()
    assert spoken() == {"zh-Hans": False, "en": True, "fr": True}
    assert keys < set(Language.objects.values_list("key"))


def test_the_language_that_was_guessed_gives_way_and_keeps_its_key(
    theatre: PlannedRoom, course: Course
) -> None:
    key = on_air().languages.get().key
    plan(course, theatre, "zh-Hans", ["fr"])
    assert spoken() == {"zh-Hans": False, "fr": True}
    assert on_air().languages.get(tag="zh-Hans").key == key


def test_the_floor_is_that_of_the_next_session(theatre: PlannedRoom, course: Course) -> None:
    plan(course, theatre, "zh-Hans", ["en"], days=5)
    sooner = plan(course, theatre, "fr", ["en"], days=3)
    assert (on_air().floor, spoken()) == ("fr", {"zh-Hans": True, "en": True, "fr": False})
    plan(course, theatre, "en", [], days=1, cancelled=True)
    assert on_air().floor == "fr"
    sooner.cancelled = True
    sooner.save()
    assert on_air().floor == "zh-Hans"
    assert set(spoken()) == {"zh-Hans", "en", "fr"}  # nothing is taken away


def test_a_live_room_gets_what_was_planned_meanwhile_when_it_has_ended(
    theatre: PlannedRoom, course: Course
) -> None:
    plan(course, theatre, "zh-Hans", ["en"])
    tell(EventKind.ROOM_LIVE)
    before = plan_of(on_air())
    plan(course, theatre, "fr", ["en"], days=1)
    assert plan_of(on_air()) == before
    tell(EventKind.SOURCE_LOST)
    assert plan_of(on_air()) == before
    tell(EventKind.ROOM_ENDED)
    assert (on_air().floor, set(spoken())) == ("fr", {"zh-Hans", "en", "fr"})


def test_what_somebody_has_made_of_it_stays(theatre: PlannedRoom, course: Course) -> None:
    room = on_air()
    room.views.create(name="laparoscope", label={"en": "Laparoscope"}, position=1)
    room.views.get(name="main").delete()
    Room.objects.update(profile="fastest", position=7)
    plan(course, theatre, "zh-Hans", ["en"])
    theatre.save()
    assert [view.name for view in on_air().views.all()] == ["laparoscope"]
    assert (on_air().profile, on_air().position) == ("fastest", 7)


def test_a_room_that_was_on_air_first_keeps_its_title_until_somebody_changes_it() -> None:
    rooms.make("theatre-1", {"en": "Resection"}, ["zh-Hans"])
    planned = PlannedRoom.objects.create(slug="theatre-1", title_en="Theatre 1")
    assert on_air().title == {"en": "Resection"}
    planned.save()
    assert on_air().title == {"en": "Theatre 1"}


def test_rooms_that_were_there_before_get_theirs_with_their_next_session(course: Course) -> None:
    (planned,) = PlannedRoom.objects.bulk_create([PlannedRoom(slug="theatre-1", title_en="Theatre")])
    plan(course, planned, "zh-Hans", ["en"])
    assert set(spoken()) == {"zh-Hans", "en"}


@pytest.mark.parametrize("slug", ["Theatre", "theatre_1", "-theatre", "théâtre"])
def test_a_name_that_media_can_not_take_breaks_nothing(slug: str, course: Course) -> None:
    planned = PlannedRoom.objects.create(slug=slug, title_en="Theatre")
    plan(course, planned, "en", [])
    assert not Room.objects.exists()


def test_a_copy_of_the_database_brings_its_own_rooms(theatre: PlannedRoom) -> None:
    Room.objects.all().delete()
    theatre.save_base(raw=True)
    assert not Room.objects.exists()


def test_with_the_programmes_room_goes_one_that_was_never_live(theatre: PlannedRoom) -> None:
    theatre.delete()
    assert not Room.objects.exists()


def test_one_that_was_live_stays_for_its_recordings(theatre: PlannedRoom) -> None:
    tell(EventKind.ROOM_LIVE)
    tell(EventKind.ROOM_ENDED)
    theatre.delete()
    assert on_air().views.exists()


@pytest.mark.django_db(transaction=True)
async def test_media_is_brought_a_plan_of_it() -> None:
    await PlannedRoom.objects.acreate(slug="theatre-1", title_en="Theatre 1")
    found = await load_plans()
    assert [view.id for view in found["theatre-1"].views] == ["main"]


def test_the_last_picture_and_the_floor_are_not_taken_away(theatre: PlannedRoom, course: Course) -> None:
    plan(course, theatre, "zh-Hans", ["en"])
    room = on_air()
    with pytest.raises(ValidationError, match="only picture"):
        rooms.check_view_may_go(room.views.get())
    with pytest.raises(ValidationError, match="floor"):
        rooms.check_language_may_go(room.languages.get(tag="zh-Hans"))
    with pytest.raises(ValidationError, match="Operation"):
        rooms.check_language_may_go(room.languages.get(tag="en"))
    Session.objects.update(day=date(2020, 1, 1))
    rooms.check_language_may_go(room.languages.get(tag="en"))


def test_rooms_that_were_planned_before_are_made_when_the_house_is_prepared(theatre: PlannedRoom) -> None:
    Room.objects.all().delete()
    rooms.complete()
    rooms.complete()
    assert list(Room.objects.values_list("pk", flat=True)) == ["theatre-1"]
    assert on_air().views.count() == 1
