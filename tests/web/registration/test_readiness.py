"""What registrations add to the list of what a session lacks."""

import pytest
from django.utils import translation

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Kind, Session
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.registration.models import State
from tests.web.registration.conftest import make_course, register

pytestmark = pytest.mark.django_db


def lacks(course: Course) -> list[str]:
    """What speaks of operations that some may not see."""
    with translation.override("en"):
        texts = [text for _, found in missing_in(Course.objects.get(pk=course.pk)) for text in found]
    return [text for text in texts if "may not see operations" in text]


@pytest.fixture
def doctors(course: Course, institution: Institution) -> list[User]:
    states = [State.CONFIRMED, State.ATTENDED, State.WAITING, State.APPLIED, State.CANCELLED]
    return [register(course, institution, number, state).person for number, state in enumerate(states)]


def test_doctors_may_see_operations(course: Course, doctors: list[User]) -> None:
    assert lacks(course) == []


@pytest.mark.parametrize("profession", ["", Profession.OTHER])
def test_lay_people_who_have_a_place_are_counted(
    course: Course, doctors: list[User], profession: str
) -> None:
    User.objects.filter(pk=doctors[0].pk).update(profession=profession)
    (text,) = lacks(course)
    assert text.startswith("1 participant of the course may not see operations")
    User.objects.update(profession=profession)  # who has no place is not counted
    (text,) = lacks(course)
    assert text.startswith("2 participants of the course may not see operations")


def test_only_operations_lack_that_and_none_that_is_cancelled(course: Course, doctors: list[User]) -> None:
    User.objects.update(profession="")
    session = course.sessions.get()
    Session.objects.create(
        course=course, kind=Kind.LECTURE, title_en="Lecture", day=session.day, begins=session.begins,
        minutes=30, floor="en",
    )  # fmt: skip
    assert len(lacks(course)) == 1
    Session.objects.filter(pk=session.pk).update(cancelled=True)
    assert lacks(course) == []


def test_participants_of_other_courses_are_not_counted(course: Course, doctors: list[User]) -> None:
    User.objects.update(profession="")
    assert lacks(make_course("other")) == []


@pytest.mark.parametrize("more", [0, 30])
def test_it_costs_one_query_whatever_the_size(
    institution: Institution, more: int, django_assert_num_queries: object
) -> None:
    course = make_course(sessions=1 + more)
    for number in range(1 + more):
        register(course, institution, number, State.CONFIRMED)
    User.objects.update(profession="")
    with django_assert_num_queries(6):
        missing_in(course)
