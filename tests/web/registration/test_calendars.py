"""A doctor's own calendar, to which programs subscribe without signing in, and that of one session."""

import re
from datetime import date
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


def test_it_holds_what_is_meant_for_the_person_or_done_by_them(doctor: User) -> None:
    Session.objects.update(audience="Asia")
    assert entries(own(doctor)) == []
    doctor.duties.create(session=Session.objects.first(), part="interpreter", language="fr", first=30)
    (entry,) = Calendar.from_ical(Client().get(own(doctor)).content).walk("VEVENT")
    assert "Français" in str(entry["description"])
    assert "09:00 Shanghai, 30 min" in str(entry["description"])
    doctor.registrations.all().delete()
    assert len(entries(own(doctor))) == 1


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


@pytest.mark.parametrize(
    "path",
    [
        "/courses/course/programme.ics",
        "/api/courses/course/programme.ics",
        "/courses/course/sessions/{}/session.ics",
    ],
)
def test_whoever_subscribes_asks_for_a_language_in_the_address(course: Course, path: str) -> None:
    """A program that reads calendars sends neither cookies nor what its owner speaks."""
    Course.objects.update(title_fr="Cours", title_en="Course")
    Session.objects.update(title_fr="Opération", title_en="Operation")
    path = path.format(course.sessions.get().pk)

    def read(query: str, accept: str) -> tuple[str, list[str], str]:
        answer = Client().get(path + query, headers={"Accept-Language": accept})
        found = Calendar.from_ical(answer.content)
        return str(found["UID"]), [str(one["SUMMARY"]) for one in found.events], answer["Content-Language"]

    same, titles, language = read("?language=fr", "en")
    assert (titles, language) == (["Opération"], "fr")
    for query, accept in (("", "en"), ("?language=tlh", "en"), ("?language=en", "fr")):
        assert read(query, accept) == (same, ["Operation"], "en")


def test_pages_hand_their_own_language_on_to_calendars(course: Course) -> None:
    Session.objects.update(day=date(2099, 11, 1))  # nobody enters what is over
    for path in ("/courses/course/", f"/courses/course/sessions/{course.sessions.get().pk}/"):
        page = Client().get(path, headers={"Accept-Language": "fr"}).content.decode()
        addresses = re.findall(r'href="([^"]+\.ics[^"]*)"', page)
        assert addresses
        assert all(address.endswith(".ics?language=fr") for address in addresses)


def test_a_session_of_another_course_is_not_there(course: Course) -> None:
    other = make_course("other").sessions.get()
    assert Client().get(f"/courses/course/sessions/{other.pk}/session.ics").status_code == 404
