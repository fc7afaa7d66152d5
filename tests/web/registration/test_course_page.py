"""The page of a course, and what the world may ask about it."""

from datetime import UTC, datetime

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Duty, Part, Session
from amphitheatre.web.registration.models import Registration, State
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course, make_institution, register

BAMAKO = {"amphitheatre_zone": "Africa/Bamako"}


@pytest.mark.parametrize("sessions", [1, 3, 60])
def test_it_asks_the_database_as_often_for_a_large_course_as_for_a_small_one(
    db: None, sessions: int, django_assert_num_queries: object
) -> None:
    make_course(sessions=sessions)
    with django_assert_num_queries(6):
        assert Client().get("/courses/course/").status_code == 200


def test_times_are_the_readers_and_the_courses_with_both_places_named(course: Course) -> None:
    client = Client()
    client.cookies.load(BAMAKO)
    page = client.get("/courses/course/").content.decode()
    assert "00:30 – 01:30" in page
    assert "Bamako" in page
    assert "08:30 – 09:30 Shanghai" in page


def test_a_draft_is_seen_by_those_who_make_it_alone(course: Course) -> None:
    Course.objects.update(published=None)
    participant = signed_in(AccountRole.PARTICIPANT)
    calendars = ("/courses/course/programme.ics", "/api/courses/course/programme.ics")
    for address in ("/courses/course/", "/api/courses/course", *calendars):
        assert Client().get(address).status_code == 404
        assert participant.get(address).status_code == 404
    assert Client().get("/api/courses").json() == []
    assert signed_in(AccountRole.SECRETARIAT).get("/courses/course/").status_code == 200


def test_what_is_on_air_is_joined_from_there(course: Course) -> None:
    session = Session.objects.get()
    session.room.live_since = timezone.now()
    session.room.save()
    assert "/rooms/course-theatre/" in Client().get("/courses/course/").content.decode()


def test_figures_are_counted(course: Course, institution: Institution) -> None:
    suva = make_institution("suva", "FJ", "Oceania")
    places = [institution, institution, suva, suva, suva]
    every = [State.CONFIRMED, State.ATTENDED, State.WAITING, State.APPLIED, State.CANCELLED]
    for number, (place, state) in enumerate(zip(places, every, strict=True)):
        register(course, place, number, state)
    register(make_course("other"), suva, 9, State.CONFIRMED)
    found = Client().get("/api/courses/course/figures").json()
    assert found["registered"] == {"participants": 2, "institutions": 1, "countries": 1, "continents": 1}
    assert found["attended"] == {"participants": 1, "institutions": 1, "countries": 1, "continents": 1}
    Registration.objects.filter(state=State.WAITING).update(state=State.CONFIRMED)
    found = Client().get("/api/courses/course/figures").json()
    assert found["registered"] == {"participants": 3, "institutions": 2, "countries": 2, "continents": 2}


def test_sessions_are_told_with_their_moments(course: Course) -> None:
    (found,) = Client().get("/api/courses/course/sessions").json()
    assert (found["starts"], found["ends"]) == ("2026-11-09T00:30:00Z", "2026-11-09T01:30:00Z")
    assert found["title"] == {"en": "Operation 0"}


def test_what_there_is_not_is_a_problem_document(db: None) -> None:
    answer = Client().get("/api/courses/none/figures")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ["/courses/course/programme.ics", "/api/courses/course/programme.ics"])
def test_the_calendar_says_when_and_where_with_the_zones_own_rules(course: Course, address: str) -> None:
    read = icalendar.Calendar.from_ical(Client().get(address).content)
    (event,) = read.events
    assert event.start.astimezone(UTC) == datetime(2026, 11, 9, 0, 30, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert [zone.tz_name for zone in read.timezones] == ["Asia/Shanghai"]
    assert event["SEQUENCE"] == 0


def test_a_change_of_time_raises_the_sequence_and_a_change_of_title_does_not(course: Course) -> None:
    session = Session.objects.get()
    session.title_en = "Another title"
    session.save()
    assert Session.objects.get().sequence == 0
    session.minutes = 90
    session.save()
    session.cancelled = True
    session.save()
    found = Session.objects.get()
    assert (found.sequence, found.uid) == (2, session.uid)
    (event,) = icalendar.Calendar.from_ical(Client().get("/courses/course/programme.ics").content).events
    assert event["STATUS"] == "CANCELLED"


def test_those_who_may_be_named_are_named(course: Course) -> None:
    session = course.sessions.get()
    for name, named in (("Named Surgeon", True), ("Quiet Surgeon", False)):
        person = User.objects.create_user(f"{named}@example.org", name=name, named=named)
        Duty.objects.create(session=session, person=person, part=Part.SPEAKER)
    page = Client().get("/courses/course/").content.decode()
    assert "Speaker: <bdi>Named Surgeon</bdi>" in page
    assert "Quiet Surgeon" not in page
