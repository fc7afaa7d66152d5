"""A doctor's own page: what they are registered for, when it is for them, and one button when it is live."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Part, Room, Session
from amphitheatre.web.registration.models import State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, register

NOW = datetime(2026, 11, 9, 0, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _during_the_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_times_are_the_doctors_own(course: Course, institution: Institution) -> None:
    registration = register(course, institution, state=State.CONFIRMED)
    registration.person.time_zone = "Africa/Bamako"
    registration.person.save()
    page = client_of(registration.person).get("/me/").content.decode()
    assert "00:30 – 01:30" in page
    assert "08:30 – 09:30 Shanghai" in page


@pytest.mark.parametrize(
    ("state", "joins"), [(State.CONFIRMED, True), (State.WAITING, False), (State.CANCELLED, False)]
)
def test_whoever_has_a_place_joins(
    course: Course, institution: Institution, state: State, joins: bool
) -> None:
    Room.objects.update(live_since=NOW)
    page = client_of(register(course, institution, state=state).person).get("/me/").content.decode()
    assert ("/rooms/course-theatre/" in page) is joins


def test_an_operation_that_takes_longer_is_still_named(
    course: Course, institution: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    Room.objects.update(live_since=NOW)
    late = Session.objects.get().ends.replace(hour=4)
    monkeypatch.setattr(timezone, "now", lambda: late)
    page = client_of(register(course, institution, state=State.CONFIRMED).person).get("/me/").content.decode()
    assert "Operation 0" in page


def test_without_a_registration_it_says_what_to_do(course: Course, institution: Institution) -> None:
    person = register(course, institution).person
    person.registrations.all().delete()
    assert "coordinator" in client_of(person).get("/me/").content.decode()


def test_whoever_does_something_sees_what_and_joins_without_a_registration(course: Course) -> None:
    person = User.objects.create_user("surgeon@example.org", time_zone="Europe/Paris")
    session = Session.objects.get()
    person.duties.create(session=session, part=Part.SPEAKER)
    Room.objects.update(live_since=NOW)
    page = client_of(person).get("/me/").content.decode()
    assert "Speaker" in page
    assert f"/courses/course/sessions/{session.pk}/" in page
    assert "01:30 Paris · 08:30 Shanghai, 1 h 00 min" in page
    assert "/rooms/course-theatre/" in page
    Course.objects.update(published=None)
    assert "course-theatre" not in client_of(person).get("/me/").content.decode()


def test_what_is_meant_for_another_continent_is_not_in_the_plan(
    course: Course, institution: Institution
) -> None:
    person = register(course, institution, state=State.CONFIRMED).person
    Session.objects.update(audience="Asia")
    assert "Operation 0" not in client_of(person).get("/me/").content.decode()
    Session.objects.update(audience="Africa")
    assert "Operation 0" in client_of(person).get("/me/").content.decode()


def test_a_doctor_who_does_something_for_another_continent_joins_there(
    course: Course, institution: Institution
) -> None:
    person = register(course, institution, state=State.CONFIRMED).person
    Session.objects.update(audience="Asia")
    person.duties.create(session=Session.objects.get(), part=Part.MODERATOR)
    Room.objects.update(live_since=NOW)
    assert "/rooms/course-theatre/" in client_of(person).get("/me/").content.decode()


def test_a_coordinator_finds_the_way_to_registrations_without_one_of_their_own(
    course: Course, institution: Institution
) -> None:
    person = User.objects.create_user("c@example.org")
    person.affiliations.create(institution=institution, coordinator=True)
    page = client_of(person).get("/me/").content.decode()
    assert "You act for:" in page
    assert 'href="/courses/course/doctors/"' in page
    person.affiliations.update(coordinator=False)
    assert "You act for:" not in client_of(person).get("/me/").content.decode()


def test_the_number_of_queries_does_not_grow_with_what_one_does(
    course: Course,
) -> None:
    person = User.objects.create_user("surgeon@example.org")
    client = client_of(person)
    client.get("/me/")  # what is asked once in a process
    counts = []
    for number in range(1, 4):
        for session in make_course(f"course-{number}", number).sessions.all():
            person.duties.create(session=session, part=Part.SPEAKER)
        with CaptureQueriesContext(connection) as asked:
            client.get("/me/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_it_is_for_those_who_have_signed_in(db: None) -> None:
    assert "/accounts/login/" in Client().get("/me/")["Location"]
