"""What the technician reads of the session that is on in the room, or comes next there."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.programme import models as programme
from amphitheatre.web.programme.queries import next_in
from amphitheatre.web.studio.models import Room
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course

PAGE = "/rooms/theatre/technician/"
EVE = datetime(2026, 11, 9, 0, tzinfo=UTC)  # half an hour before, in Shanghai 08:00


@pytest.fixture
def session(room: Room, signing: Keys) -> programme.Session:
    found = make_course().sessions.get()
    programme.Room.objects.update(slug=room.pk)
    return found


@pytest.fixture
def eve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: EVE)


def test_it_names_the_session_and_what_it_lacks(session: programme.Session, eve: None) -> None:
    page = signed_in(AccountRole.TECHNICIAN).get(PAGE).content.decode()
    assert "Operation 0" in page
    assert "08:30 Shanghai" in page
    assert "It may not go live yet" in page
    assert "No case is entered." in page


@pytest.mark.parametrize(
    ("now", "says"),
    [(EVE, "Next in this room"), (datetime(2026, 11, 9, 0, 31, tzinfo=UTC), "Now in this room")],
)
def test_it_tells_what_is_on_from_what_is_next(
    session: programme.Session, now: datetime, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert says in signed_in(AccountRole.TECHNICIAN).get(PAGE).content.decode()


def test_an_empty_programme_says_nothing(room: Room, signing: Keys) -> None:
    assert "coming-heading" not in signed_in(AccountRole.TECHNICIAN).get(PAGE).content.decode()


def test_the_one_that_is_on_comes_before_the_next(session: programme.Session) -> None:
    later = programme.Session.objects.create(
        course=session.course, room=session.room, kind="lecture", title_en="Later", day=date(2026, 11, 9),
        begins=time(9, 30), minutes=30, floor="en",
    )  # fmt: skip
    for at, found in (
        (EVE, session),
        (datetime(2026, 11, 9, 1, 29, tzinfo=UTC), session),
        (datetime(2026, 11, 9, 1, 30, tzinfo=UTC), later),
        (datetime(2026, 11, 9, 2, tzinfo=UTC), None),
    ):
        assert next_in("theatre", at) == found


def test_what_is_cancelled_does_not_come(session: programme.Session) -> None:
    programme.Session.objects.update(cancelled=True)
    assert next_in("theatre", EVE) is None


def test_a_draft_comes_where_nothing_is_published(session: programme.Session) -> None:
    sooner = programme.Session.objects.create(
        course=make_course("draft"), room=session.room, kind="lecture", title_en="Sooner",
        day=date(2026, 11, 9), begins=time(8, 15), minutes=10, floor="en",
    )  # fmt: skip
    programme.Course.objects.filter(slug="draft").update(published=None)
    assert next_in("theatre", EVE) == session
    programme.Course.objects.update(published=None)
    assert next_in("theatre", EVE) == sooner


def test_one_that_lasts_a_day_in_the_last_of_all_zones_is_still_on(session: programme.Session) -> None:
    programme.Course.objects.update(time_zone="Pacific/Midway")  # UTC-11
    programme.Session.objects.update(begins=time(23), minutes=24 * 60)
    assert next_in("theatre", datetime(2026, 11, 11, 9, tzinfo=UTC)) == session
