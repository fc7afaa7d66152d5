"""The demo's course: the reference course, to come."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from amphitheatre.web.programme.models import Course
from amphitheatre.web.studio.domain.demo_course import seed_course


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "first"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC), date(2026, 11, 9)),  # its own days
        (datetime(2026, 11, 7, 15, 59, tzinfo=UTC), date(2026, 11, 9)),
        (datetime(2026, 11, 7, 16, tzinfo=UTC), date(2026, 11, 16)),  # Sunday in Shanghai
        (datetime(2028, 2, 29, tzinfo=UTC), date(2028, 3, 6)),
    ],
)
def test_it_is_always_to_come(today: datetime, first: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: today)
    seed_course()
    course = Course.objects.get()
    assert (course.first_day, (course.last_day - course.first_day).days) == (first, 5)
    days = {session.day for session in course.sessions.all()}
    assert (min(days), max(days)) == (course.first_day, course.last_day)
