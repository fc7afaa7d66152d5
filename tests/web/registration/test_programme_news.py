"""Who is told that the programme has changed: those whom it concerns, in their language and time, once."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.domain.cancelling import cancel_course, restore_course
from amphitheatre.web.programme.models import Course, Room, Session
from amphitheatre.web.registration.domain.programme_news import QUIET, nothing_to_tell, tell
from amphitheatre.web.registration.models import Registration, State
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
def session(course: Course, institution: Institution, monkeypatch: pytest.MonkeyPatch) -> Session:
    """One that a doctor in Bamako knows of; it is some hours before."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    Course.objects.update(published=NOW - timedelta(days=9))
    doctor = register(course, institution, state=State.CONFIRMED).person
    doctor.name, doctor.time_zone, doctor.preferred_language = "Aminata", "Africa/Bamako", "fr"
    doctor.save()
    nothing_to_tell(course)
    return Session.objects.get()


def change(session: Session, **facts: object) -> None:
    for name, value in facts.items():
        setattr(session, name, value)
    session.save()


def letters(after: timedelta = QUIET) -> list[Letter]:
    tell(NOW + after)
    return list(Letter.objects.order_by("written"))


def test_a_session_that_is_moved_is_told_in_the_readers_language_and_time(session: Session) -> None:
    change(session, begins=time(9, 0))
    (letter,) = letters()
    assert letter.subject == "Le programme a changé : Course"
    assert "Bonjour Aminata" in letter.text
    assert "01:00 Bamako · 09:00 Shanghai" in letter.text
    assert "00:30 Bamako · 08:30 Shanghai" in letter.text
    assert len(letters()) == 1


def test_nothing_is_told_before_whoever_plans_has_come_to_rest(session: Session) -> None:
    change(session, begins=time(9, 0))
    assert letters(QUIET - timedelta(seconds=1)) == []


def test_what_was_moved_and_moved_back_is_not_told(session: Session) -> None:
    change(session, begins=time(9, 0))
    change(session, begins=time(8, 30))
    assert letters() == []


def test_a_title_is_not_told(session: Session) -> None:
    change(session, title_en="Another title")
    assert letters() == []


@pytest.mark.parametrize("facts", [{"cancelled": True}, {"minutes": 90}], ids=str)
def test_what_people_plan_with_is_told(session: Session, facts: dict[str, object]) -> None:
    change(session, **facts)
    (letter,) = letters()
    assert ("Annulé" in letter.text) is ("cancelled" in facts)


@pytest.mark.parametrize(
    ("tags", "words"), [(["en", "fr"], "Langues : 中文 → English, Français."), ([], "Langues : 中文.")]
)
def test_other_languages_are_told(session: Session, tags: list[str], words: str) -> None:
    change(session, interpreted=tags)
    assert words in letters()[0].text


def test_a_course_that_is_cancelled_is_told_also_to_who_waits_and_so_is_that_it_takes_place(
    session: Session,
) -> None:
    register(session.course, make_institution("lagos", "NG", "Africa"), 3, State.WAITING)
    register(session.course, make_institution("dakar", "SN", "Africa"), 4, State.CANCELLED)
    cancel_course(Course.objects.get())
    written = letters()
    assert {one.to for one in written} == {"doctor1@example.org", "doctor3@example.org"}
    assert "Le cours est annulé : Course" in {one.subject for one in written}
    restore_course(Course.objects.get())
    assert len(letters()) == 4
    assert "Le programme a changé : Course" in {one.subject for one in letters()}


def test_another_audience_is_told_to_whom_it_was_and_to_whom_it_is_meant(session: Session) -> None:
    register(session.course, make_institution("bern", "CH", "Europe"), 2, State.CONFIRMED)
    register(session.course, make_institution("hangzhou", "CN", "Asia"), 3, State.CONFIRMED)
    session.audience = "Africa"
    session.save()
    nothing_to_tell(session.course)
    change(Session.objects.get(), audience="Europe")
    assert {one.to for one in letters()} == {"doctor1@example.org", "doctor2@example.org"}
    assert "Pour : Europe" in {one.to: one for one in letters()}["doctor1@example.org"].text


def test_a_letter_says_who_answers_questions(session: Session, institution: Institution) -> None:
    acting = User.objects.create_user("c@example.org", name="Moussa Diarra")
    acting.affiliations.create(institution=institution, coordinator=True)
    change(session, begins=time(9, 0))
    assert "Moussa Diarra (c@example.org)" in letters()[0].text


def test_another_room_is_told(session: Session) -> None:
    change(session, room=Room.objects.create(slug="hall", title_en="Great hall", title_fr="Grande salle"))
    assert "Grande salle" in letters()[0].text


def test_a_new_session_is_told_but_none_that_was_never_to_be(session: Session) -> None:
    session.pk, session.uid, session.told = None, uuid4(), None
    session._state.adding = True
    change(session, title_en="One more", title_fr="Encore une", begins=time(14, 0))
    (letter,) = letters()
    assert "Encore une" in letter.text
    assert "Operation" not in letter.text


def test_nobody_is_told_of_what_is_over(session: Session) -> None:
    change(session, minutes=90)
    assert letters(timedelta(days=2)) == []


def test_a_draft_is_told_to_nobody(session: Session) -> None:
    Course.objects.update(published=None)
    change(session, begins=time(9, 0))
    assert letters() == []


def test_whoever_has_no_place_or_is_not_its_audience_is_not_told(course: Course, session: Session) -> None:
    register(course, make_institution("bern", "CH", "Europe"), 2, State.CONFIRMED)
    register(course, make_institution("lagos", "NG", "Africa"), 3, State.WAITING)
    Session.objects.update(audience="Africa")
    nothing_to_tell(course)
    change(Session.objects.get(), begins=time(9, 0))
    assert [one.to for one in letters()] == ["doctor1@example.org"]
    assert Registration.objects.count() == 3


def test_a_course_that_moves_to_another_zone_and_back_is_told_each_time(
    course: Course, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, zone in enumerate(("Asia/Tokyo", "Asia/Shanghai", "Asia/Tokyo"), 1):
        course = Course.objects.get()
        course.time_zone = zone
        course.save()
        assert letters() == list(Letter.objects.all())
        assert Letter.objects.count() == number


def test_a_course_whose_times_do_not_exist_any_more_holds_no_other_up(
    course: Course, session: Session
) -> None:
    broken = make_course("broken")
    Course.objects.filter(pk=broken.pk).update(
        time_zone="Europe/Paris", first_day="2027-03-28", last_day="2027-03-28", published=NOW
    )
    broken.sessions.update(day="2027-03-28", begins="02:30")
    change(session, begins=time(9, 0))
    assert len(letters()) == 1
