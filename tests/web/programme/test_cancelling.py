"""Sessions that do not take place, and take place after all; whole courses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from amphitheatre.web.programme.domain.cancelling import (
    cancel,
    cancel_course,
    course_can_be_cancelled,
    course_can_be_restored,
    restore,
    restore_course,
)
from amphitheatre.web.programme.models import Course, Session
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


def test_a_course_is_cancelled_as_far_as_it_is_still_to_come(course: Course) -> None:
    assert course_can_be_cancelled(course)
    assert not course_can_be_restored(course)
    assert [one.title_en for one in cancel_course(course)] == ["Operation 1", "Operation 2"]
    assert Course.objects.get().cancelled
    assert not course_can_be_cancelled(course)
    assert [one.title_en for one in restore_course(course)] == ["Operation 1", "Operation 2"]
    assert not Course.objects.get().cancelled


def test_of_a_course_that_is_cancelled_no_session_takes_place_by_itself(course: Course) -> None:
    cancel_course(course)
    assert restore(course.sessions.all()) == []


def test_that_its_last_sessions_are_cancelled_does_not_cancel_a_course(course: Course) -> None:
    cancel(course.sessions.all())
    assert not Course.objects.get().cancelled


def test_with_what_is_over_nothing_can_be_done(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    Course.objects.update(last_day=NOW.date())
    course.refresh_from_db()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=9))
    assert not course_can_be_cancelled(course)
    assert not course_can_be_restored(course)
    assert cancel(course.sessions.all()) == []
