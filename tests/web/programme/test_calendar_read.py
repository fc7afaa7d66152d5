"""Calendars as another program's parser reads them: what was planned comes back."""

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client
from django.utils import timezone
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from amphitheatre.web.programme.models import Course, Kind, Room, Session

pytestmark = pytest.mark.django_db
TITLE = (
    "肝切除术，荧光导航；" * 8 + "a, b; c\\d" + '"e"'
)  # folded within a letter's bytes, and all that has to be escaped


@pytest.fixture
def course() -> Course:
    """In Paris, over the night in which clocks show an hour twice."""
    return Course.objects.create(
        slug="autumn", title_en="Automne, ici", city_en="Paris; France", time_zone="Europe/Paris",
        first_day=date(2026, 10, 24), last_day=date(2026, 10, 26), published=timezone.now(),
    )  # fmt: skip


def plan(course: Course, day: int, begins: time, **more: object) -> Session:
    return Session.objects.create(
        course=course, kind=Kind.LECTURE, title_en=TITLE, summary_en="One.\nTwo.", floor="en",
        day=date(2026, 10, day), begins=begins, minutes=60, **more,
    )  # fmt: skip


def read() -> Calendar:
    return IcsCalendarStream.calendar_from_ics(Client().get("/courses/autumn/programme.ics").content.decode())


def event(session: Session) -> Event:
    return next(found for found in read().events if found.uid == str(session.uid))


@pytest.mark.parametrize(
    ("day", "begins", "later", "starts"),
    [
        (24, time(9), False, datetime(2026, 10, 24, 7, tzinfo=UTC)),
        (25, time(2, 30), False, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (25, time(2, 30), True, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (25, time(9), False, datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_moments_come_back(course: Course, day: int, begins: time, later: bool, starts: datetime) -> None:
    found = event(plan(course, day, begins, again=later))
    assert (found.start.astimezone(UTC), found.end.astimezone(UTC)) == (
        starts,
        starts.replace(hour=starts.hour + 1),
    )


def test_texts_come_back(course: Course) -> None:
    session = plan(course, 24, time(9), room=Room.objects.create(slug="hall", title_en="Grand hall"))
    found = event(session)
    assert (found.summary, found.description) == (TITLE, "One.\nTwo.")
    assert found.location == "Grand hall, Paris; France"
    assert str(found.url) == f"http://testserver/courses/autumn/sessions/{session.pk}/"


def test_a_change_and_a_cancellation_come_back(course: Course) -> None:
    session = plan(course, 24, time(9))
    assert (event(session).sequence, event(session).status) == (0, "CONFIRMED")
    session.cancelled = True
    session.save()
    assert (event(session).sequence, event(session).status) == (1, "CANCELLED")


def test_it_is_the_same_calendar_wherever_it_is_read(course: Course) -> None:
    plan(course, 24, time(9))
    paths = ("/courses/autumn/programme.ics", "/api/courses/autumn/programme.ics")
    one, two = (Client().get(path).content.decode().splitlines() for path in paths)
    assert one == two
    assert [zone.tz_id for zone in read().timezones] == ["Europe/Paris"]
