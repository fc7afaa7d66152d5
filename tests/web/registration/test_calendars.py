"""A doctor's own calendar, to which programs subscribe without signing in, and that of one session."""

from uuid import uuid4

import pytest
from django.test import Client
from icalendar import Calendar

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.registration.models import Registration, State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(course: Course, institution: Institution) -> User:
    """With a place in one course; on the waiting list of another."""
    person = register(course, institution, state=State.CONFIRMED).person
    other = make_course("other")
    Registration.objects.create(course=other, person=person, institution=institution, state=State.WAITING)
    return person


def entries(path: str, client: Client | None = None) -> list[str]:
    answer = (client or Client()).get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    return [str(event["url"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def own(doctor: User) -> str:
    return f"/calendars/{doctor.calendar_key}.ics"


def test_it_holds_the_sessions_of_courses_with_a_place(doctor: User) -> None:
    session = Session.objects.get(course__slug="course")
    assert entries(own(doctor)) == [f"http://testserver/courses/course/sessions/{session.pk}/"]


def test_its_address_is_on_the_persons_page_and_can_be_changed(doctor: User) -> None:
    client = client_of(doctor)
    assert own(doctor) in client.get("/me/").content.decode()
    before = own(doctor)
    client.post("/me/calendar/")
    doctor.refresh_from_db()
    assert Client().get(before).status_code == 404
    assert len(entries(own(doctor))) == 1


def test_it_is_in_the_persons_language(doctor: User) -> None:
    doctor.choose_language("fr")
    assert "X-WR-CALNAME:Mes cours" in Client().get(own(doctor)).content.decode()


def test_nobodys_and_a_closed_accounts_calendar_are_not_there(doctor: User) -> None:
    assert Client().get(f"/calendars/{uuid4()}.ics").status_code == 404
    User.objects.update(is_active=False)
    assert Client().get(own(doctor)).status_code == 404


def test_one_session(course: Course) -> None:
    session = course.sessions.get()
    path = f"/courses/course/sessions/{session.pk}/session.ics"
    assert entries(path) == [f"http://testserver/courses/course/sessions/{session.pk}/"]
    Course.objects.update(published=None)
    assert Client().get(path).status_code == 404


def test_a_session_of_another_course_is_not_there(course: Course) -> None:
    other = make_course("other").sessions.get()
    assert Client().get(f"/courses/course/sessions/{other.pk}/session.ics").status_code == 404
