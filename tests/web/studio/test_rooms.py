"""Rooms on air, as they come into being with the programme's rooms and follow its sessions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amphitheatre.contract.event import Event, EventKind
from amphitheatre.web.programme.domain.cancelling import cancel_course
from amphitheatre.web.programme.models import Course, Kind, Session
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.studio.domain import plan_changes, rooms
from amphitheatre.web.studio.domain.media_events import keep
from amphitheatre.web.studio.domain.plan_delivery import load_plans
from amphitheatre.web.studio.domain.plans import plan_of
from amphitheatre.web.studio.models import Language, Room
from amphitheatre.web.studio.queries import rooms_with_sources

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


def look() -> bool:
    """As whoever delivers plans does again and again."""
    return rooms.keep_up(rooms_with_sources())


def on_air() -> Room:
    look()
    return Room.objects.get(pk="theatre-1")


def spoken() -> dict[str, bool]:
    """Whether each language is interpreted."""
    look()
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


@pytest.mark.parametrize("slug", ["Theatre", "theatre_1", "-theatre", "théâtre"])
def test_a_name_that_media_can_not_take_breaks_nothing(slug: str, course: Course) -> None:
    planned = PlannedRoom.objects.create(slug=slug, title_en="Theatre")
    plan(course, planned, "en", [])
    assert not look()
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


# Time, and what else changes without a room being saved

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return NINE.replace(hour=hours, minute=minutes)


@pytest.fixture
def that_day(course: Course) -> Course:
    course.time_zone, course.first_day, course.last_day = "UTC", NINE.date(), NINE.date()
    course.save()
    return course


def planned_at(course: Course, room: PlannedRoom, clock: str, floor: str) -> Session:
    session = plan(course, room, floor, [])
    session.day, session.begins = NINE.date(), at(clock).time()
    session.save()
    return session


def floor_at(clock: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(timezone, "now", lambda: at(clock))
    return on_air().floor


def broadcast(begins: str, ends: str | None = None) -> None:
    for kind, clock in ((EventKind.ROOM_LIVE, begins), (EventKind.ROOM_ENDED, ends)):
        if clock is not None:
            keep(Event(id=f"{kind} {clock}", kind=kind, room="theatre-1", at=at(clock).isoformat()))


@pytest.mark.parametrize(
    ("second", "shown", "floors"),
    [
        # Never broadcast: it may begin late, until the next one is nearer.
        ("14:00", (), {"08:00": "zh-Hans", "09:30": "zh-Hans", "10:30": "zh-Hans", "12:01": "fr"}),
        ("23:00", (), {"15:59": "zh-Hans", "16:01": "fr"}),
        # Broadcast, and ended a little before it was planned to: soon it is over.
        ("14:00", [("08:55", "09:50")], {"09:52": "zh-Hans", "10:21": "fr", "13:00": "fr"}),
        # It broke off in the middle, and is taken up again.
        ("14:00", [("08:55", "09:15")], {"09:20": "zh-Hans", "09:58": "zh-Hans", "10:01": "fr"}),
        # The next one begins at once, and is on air a little before.
        ("10:00", [("08:55", "09:50")], {"09:51": "zh-Hans", "09:56": "fr", "10:00": "fr"}),
        ("10:00", (), {"09:59": "zh-Hans", "10:00": "fr"}),
        # It took longer.
        ("14:00", [("08:55", "11:00")], {"11:10": "zh-Hans", "11:31": "fr"}),
        # A test in the morning counts for nothing.
        ("14:00", [("07:00", "08:00")], {"08:59": "zh-Hans", "09:55": "zh-Hans"}),
        # Live all the time: it stays as it is.
        ("14:00", [("08:55", None)], {"14:10": "zh-Hans"}),
    ],
    ids=str,
)  # fmt: skip
def test_the_floor_is_that_of_the_session_that_would_be_on_air_now(
    second: str,
    shown: list[tuple[str, str | None]],
    floors: dict[str, str],
    theatre: PlannedRoom,
    that_day: Course,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned_at(that_day, theatre, "09:00", "zh-Hans")
    planned_at(that_day, theatre, second, "fr")
    assert floor_at("06:30", monkeypatch) == "zh-Hans"
    for begins, ends in shown:
        broadcast(begins, ends)
    assert {clock: floor_at(clock, monkeypatch) for clock in floors} == floors


@pytest.mark.parametrize("how", ["moved", "deleted", "cancelled", "without a room"])
def test_a_room_that_a_session_leaves_has_the_floor_of_the_next(
    how: str, theatre: PlannedRoom, course: Course
) -> None:
    plan(course, theatre, "zh-Hans", [], days=5)
    session = plan(course, theatre, "fr", [], days=3)
    assert on_air().floor == "fr"
    if how == "deleted":
        session.delete()
    else:
        hall = PlannedRoom.objects.create(slug="hall", title_en="Hall")
        session.room = {"moved": hall, "without a room": None}.get(how, theatre)
        session.cancelled = how == "cancelled"
        session.save()
    assert on_air().floor == "zh-Hans"


def test_drafts_count_where_nothing_is_published(theatre: PlannedRoom, course: Course) -> None:
    plan(course, theatre, "zh-Hans", ["fr"], days=2)
    assert set(spoken()) == {"zh-Hans", "fr"}
    other = Course.objects.create(
        slug="other", time_zone="UTC", first_day=course.first_day, last_day=course.last_day
    )
    plan(other, theatre, "en", [], days=9)
    Course.objects.filter(pk=other.pk).update(published=timezone.now())
    plan(course, theatre, "zh-Hans", ["bm"], days=3)
    assert on_air().floor == "en"
    assert "bm" not in spoken()
    Course.objects.update(published=timezone.now())
    assert on_air().floor == "zh-Hans"
    assert "bm" in spoken()


def test_a_language_that_has_been_on_air_is_no_guess(theatre: PlannedRoom, course: Course) -> None:
    plan(course, theatre, "en", [])
    key = on_air().languages.get().key
    tell(EventKind.ROOM_LIVE)
    tell(EventKind.ROOM_ENDED)
    Session.objects.update(floor="fr")
    assert spoken() == {"en": True, "fr": False}
    assert on_air().languages.get(tag="en").key == key


@pytest.mark.parametrize("count", [1, 3])
def test_to_look_takes_the_same_few_queries_and_writes_only_what_differs(count: int, course: Course) -> None:
    for number in range(count):
        planned = PlannedRoom.objects.create(slug=f"room-{number}", title_en="Room")
        for days in range(1, count + 1):
            plan(course, planned, "zh-Hans", ["en"], days=days)
    assert look()
    found = list(rooms_with_sources())
    with CaptureQueriesContext(connection) as asked:
        assert not rooms.keep_up(found)
    assert len(asked) == 3


def test_whoever_delivers_plans_looks_again_when_the_programme_changes(
    theatre: PlannedRoom, course: Course, django_capture_on_commit_callbacks: Any
) -> None:
    def publish() -> None:
        course.published = timezone.now()
        course.save(update_fields=["published"])

    session = plan(course, theatre, "zh-Hans", [])
    for change in (session.save, publish, session.delete, lambda: tell(EventKind.ROOM_ENDED)):
        told: list[None] = []
        with (
            plan_changes.listening(lambda told=told: told.append(None)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            change()
        assert told, change


def test_to_cancel_a_course_asks_nothing_of_rooms_for_each_session(
    theatre: PlannedRoom, course: Course
) -> None:
    for days in range(1, 9):
        plan(course, theatre, "zh-Hans", ["en"], days=days)
    with CaptureQueriesContext(connection) as asked:
        assert len(cancel_course(course)) == 8
    assert not [query for query in asked if "studio_" in query["sql"]]


@pytest.mark.django_db(transaction=True)
async def test_media_is_brought_what_the_programme_wants_by_now() -> None:
    theatre = await PlannedRoom.objects.acreate(slug="theatre-1", title_en="Theatre 1")
    today = timezone.now().date()
    course = await Course.objects.acreate(slug="c", time_zone="UTC", first_day=today, last_day=today)
    facts = {"kind": Kind.LECTURE, "title_en": "Lecture", "begins": time(9), "minutes": 60}
    tomorrow = today + timedelta(days=1)
    await Session.objects.acreate(course=course, room=theatre, day=tomorrow, floor="fr", **facts)
    found = (await load_plans())["theatre-1"]
    assert (found.floor, [one.tag for one in found.languages]) == ("fr", ["fr"])


@pytest.mark.django_db(transaction=True)
async def test_plans_are_brought_while_rooms_can_not_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_found: object) -> bool:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(rooms, "keep_up", locked)
    await PlannedRoom.objects.acreate(slug="theatre-1", title_en="Theatre 1")
    assert (await load_plans())["theatre-1"] is not None


# The order of pictures


def test_what_is_put_somewhere_moves_the_others(theatre: PlannedRoom) -> None:
    room = on_air()
    for name, position in (("second", None), ("first", 1), ("between", 2)):
        rooms.put(room.views.model(room=room, name=name, label={"en": name}), position)
    order = [(view.position, view.name) for view in room.views.all()]
    assert order == [(1, "first"), (2, "between"), (3, "main"), (4, "second")]
    rooms.put(room.views.get(name="first"), 999)
    assert [view.name for view in room.views.all()] == ["between", "main", "second", "first"]
    assert [rooms.place_of(view) for view in room.views.all()] == [1, 2, 3, 4]
