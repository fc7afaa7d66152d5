"""Sessions and courses that the office cancels: several at once, and after it was asked once."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Duty, Part, Session
from amphitheatre.web.registration.models import State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
LIST = "/office/snippets/programme/session/"


@pytest.fixture
def course() -> Course:
    """All of it is still to come."""
    made = make_course(sessions=3)
    made.sessions.update(day="2099-11-09")
    return made


@pytest.fixture
def institution() -> Institution:
    return make_institution()


@pytest.fixture
def office() -> Client:
    return client_of(User.objects.create_user("s@example.org", role=AccountRole.SECRETARIAT))


def path(action: str, *records: Session | Course) -> str:
    ids = "&".join(f"id={one.pk}" for one in records)
    return f"/office/bulk/programme/{records[0]._meta.model_name}/{action}/?{ids}&next={LIST}"


def cancelled() -> list[bool]:
    return list(Session.objects.order_by("pk").values_list("cancelled", flat=True))


def test_several_sessions_are_cancelled_and_take_place_after_all(office: Client, course: Course) -> None:
    first, second, _third = course.sessions.order_by("pk")
    office.get(path("cancel", first, second))
    assert cancelled() == [False, False, False]
    office.post(path("cancel", first, second))
    assert cancelled() == [True, True, False]
    office.post(path("restore", first, second))
    assert cancelled() == [False, False, False]
    actions = ModelLogEntry.objects.filter(object_id=str(first.pk)).order_by("pk")
    assert [one.action for one in actions] == ["amphitheatre.cancel", "amphitheatre.restore"]


def test_what_is_over_is_left_as_it_was(office: Client, course: Course) -> None:
    session = course.sessions.first()
    Session.objects.filter(pk=session.pk).update(day="2020-11-09")
    assert re.search(
        "Left as they are:.*Operation 0 · over",
        office.get(path("cancel", session)).content.decode(),
        re.DOTALL,
    )
    office.post(path("cancel", session))
    assert cancelled() == [False, False, False]


def test_the_page_says_how_many_are_told(office: Client, course: Course, institution: Institution) -> None:
    suva = make_institution("suva", "FJ", "Oceania")
    states = (State.CONFIRMED, State.ATTENDED, State.WAITING, State.APPLIED, State.CANCELLED)
    for number, state in enumerate(states):
        register(course, institution, number, state)
    register(course, suva, 7, State.CONFIRMED)
    closed = register(course, institution, 8, State.CONFIRMED).person
    User.objects.filter(pk=closed.pk).update(is_active=False)
    first, second, third = course.sessions.order_by("pk")
    surgeon = User.objects.create_user("surgeon@example.org")
    Duty.objects.create(session=third, person=surgeon, part=Part.SPEAKER)
    Session.objects.filter(pk=first.pk).update(audience="Africa")
    assert "2 people have a place" in office.get(path("cancel", first)).content.decode()
    assert "3 people have a place" in office.get(path("cancel", first, second)).content.decode()
    assert "4 people have a place" in office.get(path("cancel", course)).content.decode()


@pytest.mark.parametrize("published", [True, False])
def test_of_a_draft_and_where_nobody_takes_part_nobody_is_told(
    office: Client, course: Course, institution: Institution, published: bool
) -> None:
    if not published:
        Course.objects.update(published=None)
        register(course, institution, 1, State.CONFIRMED)
    assert "Nobody gets a letter" in office.get(path("cancel", course)).content.decode()


def test_a_whole_course_is_cancelled_and_takes_place_after_all(office: Client, course: Course) -> None:
    Session.objects.filter(title_en="Operation 0").update(day="2026-11-09")  # it was before
    office.post(path("cancel", course))
    over, *coming = course.sessions.order_by("pk")
    assert (over.cancelled, [one.cancelled for one in coming]) == (False, [True, True])
    assert ModelLogEntry.objects.filter(action="amphitheatre.cancel").count() == 3
    page = office.get(path("restore", course)).content.decode()
    assert "also those that had been cancelled one by one" in page
    office.post(path("restore", course))
    assert cancelled() == [False, False, False]


def test_a_course_that_is_cancelled_is_not_cancelled_again(office: Client, course: Course) -> None:
    Course.objects.update(cancelled=True)
    assert "Left as they are:" in office.get(path("cancel", course)).content.decode()
    office.post(path("cancel", course))
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("role", [AccountRole.TECHNICIAN, AccountRole.EDITOR, AccountRole.COORDINATOR])
def test_whoever_looks_cancels_nothing(role: AccountRole, course: Course) -> None:
    who = client_of(User.objects.create_user(f"{role}@example.org", role=role))
    who.post(path("cancel", course))
    who.post(path("cancel", course.sessions.get(title_en="Operation 0")))
    assert cancelled() == [False, False, False]


def test_the_lists_say_so(office: Client, course: Course) -> None:
    make_course("another")
    for address in ("/courses/", "/courses/course/", "/office/snippets/programme/course/results/"):
        assert said(office, address) == 0
    Course.objects.filter(pk=course.pk).update(cancelled=True)
    for address in ("/courses/", "/courses/course/", "/office/snippets/programme/course/results/"):
        assert said(office, address) == 1
    assert said(office, "/courses/another/") == 0


def said(who: Client, address: str) -> int:
    """How often, apart from a column's heading."""
    page = who.get(address).content.decode()
    return len(re.findall(r"(<p class=\"badge\">|<td[^>]*>)\s*Cancelled\s*<", page))


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_asks_no_more_for_more_courses(count: int, office: Client) -> None:
    courses = [make_course(f"course-{number}") for number in range(count)]
    Session.objects.update(day="2099-11-09")
    with CaptureQueriesContext(connection) as found:
        assert office.get(path("cancel", *courses)).status_code == 200
    assert len(found) < 24


def test_after_sessions_take_place_again_it_says_what_is_missing_by_now(
    office: Client, course: Course
) -> None:
    first, *_others = course.sessions.order_by("pk")
    office.post(path("cancel", first))
    page = office.post(path("restore", first), follow=True).content.decode()
    assert "Course · 3 sessions lack something before they may go live." in page
    assert 'href="/courses/course/ready/"' in page
    office.post(path("cancel", course))
    page = office.post(path("restore", course), follow=True).content.decode()
    assert page.count("Course · 3 sessions lack something before they may go live.") == 1


def test_where_nothing_is_missing_nothing_is_said(
    office: Client, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = course.sessions.first()
    office.post(path("cancel", first))
    monkeypatch.setattr("amphitheatre.web.office.bulk_programme.missing_in", lambda _course: [(first, [])])
    page = office.post(path("restore", first), follow=True).content.decode()
    assert "record: done" in page
    assert "before it may go live" not in page
