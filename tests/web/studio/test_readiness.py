"""What a room that is live can't do for a session until its broadcast has ended."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.studio.queries import rooms_with_sources
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db
NO_FRENCH = "The room is live without Français: end that broadcast first."
FLOOR = "The room is live with 中文 as the language of the floor: end that broadcast first."


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """On now, 中文 → English, in a room that is live with both."""
    found = make_course().sessions.get()
    monkeypatch.setattr(timezone, "now", lambda: found.starts + timedelta(minutes=10))
    rooms.keep_up(rooms_with_sources())
    PlannedRoom.objects.update(live_since=found.starts)
    return Session.objects.get()


def lacks(session: Session) -> list[str]:
    found = {one.pk: texts for one, texts in missing_in(Course.objects.get(pk=session.course_id))}
    return [text for text in found[session.pk] if "broadcast" in text]


@pytest.mark.parametrize(
    ("facts", "texts"),
    [
        ({}, []),
        ({"interpreted": ["en", "fr"]}, [NO_FRENCH]),
        ({"floor": "en", "interpreted": []}, [FLOOR]),
        ({"floor": "en", "interpreted": ["fr"], "begins": time(14)}, [FLOOR, NO_FRENCH]),
        ({"interpreted": ["fr"], "day": date(2026, 11, 10)}, []),  # added until then
        ({"interpreted": ["fr"], "begins": time(7)}, []),  # over
        ({"interpreted": ["fr"], "room": None}, []),
    ],
    ids=str,
)
def test_what_is_asked_of_a_live_room_waits_for_its_end(
    session: Session, facts: dict[str, Any], texts: list[str]
) -> None:
    Session.objects.update(**facts)
    assert lacks(session) == texts


def test_a_room_that_is_not_live_lacks_nothing(session: Session) -> None:
    Session.objects.update(interpreted=["fr"])
    PlannedRoom.objects.update(live_since=None)
    assert lacks(session) == []


def test_whoever_adds_a_language_is_told(session: Session) -> None:
    form = {
        "course": session.course_id, "kind": "live operation", "room": session.room_id, "day": "2026-11-09",
        "begins": "08:30", "minutes": "60", "original": "zh-Hans", "title_zh_hans": "手术", "floor": "zh-Hans",
        "interpreted": ["en", "fr"], "audience": "", "technique": "",
    }  # fmt: skip
    secretary: Client = signed_in(AccountRole.SECRETARIAT)
    answer = secretary.post(f"/office/snippets/programme/session/edit/{session.pk}/", form, follow=True)
    assert NO_FRENCH in answer.content.decode()


def test_more_sessions_take_no_more_queries(session: Session) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            missing_in(session.course)
        return len(found)

    asked()  # reads the course
    before = asked()
    for hour in range(10, 14):
        Session.objects.create(
            course=session.course, room=session.room, kind="lecture", title_en="Lecture", day=session.day,
            begins=time(hour), minutes=30, floor="fr", interpreted=["bm"],
        )  # fmt: skip
    assert asked() == before
