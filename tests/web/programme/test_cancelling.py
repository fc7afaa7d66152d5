"""Sessions that do not take place, and take place after all; a course none of whose sessions does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from amphitheatre.web.programme.domain.cancelling import (
    cancel,
    course_can_be_cancelled,
    course_can_be_restored,
    restore,
)
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.programme.queries import published_courses, with_cancelled
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db
# In the middle of the second of three mornings.
NOW = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return make_course(sessions=3)


def states(course: Course) -> list[tuple[bool, int]]:
    return list(course.sessions.order_by("day").values_list("cancelled", "sequence"))


def test_what_is_cancelled_is_seen_by_calendars_and_what_is_over_stays(course: Course) -> None:
    cancelled = cancel(course.sessions.all())
    assert [session.title_en for session in cancelled] == ["Operation 1", "Operation 2"]
    assert states(course) == [(False, 0), (True, 1), (True, 1)]


def test_what_takes_place_after_all_has_another_sequence(course: Course) -> None:
    cancel(course.sessions.all())
    restore(course.sessions.all())
    assert states(course) == [(False, 0), (False, 2), (False, 2)]


def test_asking_twice_is_once(course: Course) -> None:
    known = list(course.sessions.all())
    cancel(known)
    assert cancel(known) == []
    assert states(course)[-1] == (True, 1)


def test_nothing_else_of_a_session_is_written(course: Course) -> None:
    known = course.sessions.last()
    Session.objects.filter(pk=known.pk).update(minutes=90)
    cancel([known])
    assert Session.objects.get(pk=known.pk).minutes == 90


@pytest.mark.parametrize(
    ("cancelled", "possible"),
    [([], (True, False)), ([0], (True, False)), ([1], (True, False)), ([1, 2], (False, True))],
    ids=str,
)
def test_a_course_is_cancelled_as_far_as_it_is_still_to_come(
    course: Course, cancelled: list[int], possible: tuple[bool, bool]
) -> None:
    course.sessions.filter(title_en__in=[f"Operation {number}" for number in cancelled]).update(
        cancelled=True
    )
    sessions = list(course.sessions.all())
    assert (course_can_be_cancelled(sessions), course_can_be_restored(sessions)) == possible


def test_with_what_is_over_nothing_can_be_done(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=9))
    sessions = list(course.sessions.all())
    assert not course_can_be_cancelled(sessions)
    assert not course_can_be_restored(sessions)
    assert cancel(sessions) == []


@pytest.mark.parametrize(
    ("sessions", "cancelled", "expected"), [(0, 0, False), (2, 1, False), (2, 2, True), (2, 0, False)]
)
def test_a_course_is_cancelled_when_all_its_sessions_are(
    db: None, sessions: int, cancelled: int, expected: bool
) -> None:
    made = make_course(sessions=sessions)
    keys = made.sessions.values_list("pk", flat=True)[:cancelled]
    Session.objects.filter(pk__in=list(keys)).update(cancelled=True)
    assert Course.objects.get().cancelled is expected
    assert with_cancelled(Course.objects.all()).get().cancelled is expected


def test_a_list_of_courses_knows_it_by_one_query(
    db: None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(3):
        make_course(f"course-{number}")
    Session.objects.update(cancelled=True)
    with django_assert_num_queries(1):
        assert [course.cancelled for course in published_courses()] == [True, True, True]
