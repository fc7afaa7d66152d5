"""What a session lacks before it may go live: each rule alone, and a session that lacks nothing."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.programme.domain import readiness
from amphitheatre.web.programme.models import Case, Course, Duty, Kind, Part, Room, Session, Technique
from amphitheatre.web.programme.queries import missing_in
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    """An operation from 8:30 to 9:30, interpreted into English, that lacks nothing."""
    session = make_course().sessions.get()
    Room.objects.update(opens=time(8), closes=time(18))
    technique = Technique.objects.create(slug="resection", title_en="Resection")
    Case.objects.create(session=session, technique=technique, title_en="Tumour", consent=timezone.now())
    give(session, "surgeon", Part.SPEAKER)
    give(session, "chairman", Part.MODERATOR)
    give(session, "interpreter", Part.INTERPRETER, language="en")
    return Session.objects.get()


def give(session: Session, name: str, part: Part, **facts: Any) -> Duty:
    person, _ = User.objects.get_or_create(email=f"{name}@example.org", defaults={"name": name.title()})
    return Duty.objects.create(session=session, person=person, part=part, **facts)


def another(session: Session, **facts: Any) -> Session:
    given = {
        "course": session.course,
        "kind": Kind.CEREMONY,
        "title_en": "Other",
        "day": date(2026, 11, 9),
        "begins": time(9),
        "minutes": 60,
        "floor": "en",
    }
    return Session.objects.create(**(given | facts))


def lacks(session: Session) -> list[str]:
    found = {one.pk: texts for one, texts in missing_in(Course.objects.get(pk=session.course_id))}
    return found[session.pk]


def test_a_session_with_everything_lacks_nothing(session: Session) -> None:
    assert lacks(session) == []


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part.SPEAKER, "Nobody speaks or operates"),
        (Part.MODERATOR, "no moderator"),
        (Part.INTERPRETER, "English is promised, and from minute 0"),
    ],
)
def test_a_part_that_nobody_has(session: Session, part: Part, words: str) -> None:
    session.duties.filter(part=part).delete()
    (text,) = lacks(session)
    assert words in text


@pytest.mark.parametrize(
    ("shifts", "gap"),
    [
        ([(0, 30), (30, 60)], None),
        ([(0, 40), (30, 60)], None),
        ([(0, 30), (40, 60)], 30),
        ([(10, 60)], 0),
        ([(0, 59)], 59),
        ([(0, 90)], None),
    ],
    ids=str,
)
def test_shifts_cover_the_whole_session(
    session: Session, shifts: list[tuple[int, int]], gap: int | None
) -> None:
    session.duties.filter(part=Part.INTERPRETER).delete()
    for number, (first, last) in enumerate(shifts):
        give(session, f"interpreter{number}", Part.INTERPRETER, language="en", first=first, last=last)
    found = [] if gap is None else [f"English is promised, and from minute {gap} nobody interprets into it."]
    assert lacks(session) == found


@pytest.mark.parametrize(
    ("hours", "words"),
    [((time(8), time(9)), "08:00 to 09:00"), ((time(9), None), "09:00 to …"), ((None, None), "")],
    ids=str,
)
def test_an_operation_keeps_to_its_theatres_hours(
    session: Session, hours: tuple[Any, Any], words: str
) -> None:
    Room.objects.update(opens=hours[0], closes=hours[1])
    assert [words in text for text in lacks(session)] == ([True] if words else [])


def test_an_operation_over_midnight_is_outside_the_hours(session: Session) -> None:
    Session.objects.update(begins=time(17, 30), minutes=600)
    assert any("08:00 to 18:00" in text for text in lacks(session))


NO_CONSENT = "The consent of the patient of “Tumour” is not recorded."


def test_an_operation_needs_a_theatre_and_consent(session: Session) -> None:
    Session.objects.update(room=Room.objects.create(slug="hall", title_en="Hall"))
    Case.objects.update(consent=None)
    assert lacks(session) == ["An operation needs a theatre.", NO_CONSENT]


def test_an_operation_without_a_case_is_none(session: Session) -> None:
    Case.objects.all().delete()
    assert lacks(session) == ["No case is entered."]


def test_each_of_several_patients_is_asked(session: Session) -> None:
    Case.objects.create(session=session, technique=Technique.objects.get(), position=2, title_en="Tumour")
    assert lacks(session) == [NO_CONSENT]


def test_a_room_is_taken_once_also_by_another_course(session: Session) -> None:
    other = another(session, room=session.room, course=make_course("other"))
    assert lacks(session) == ["The room is taken by “Other” at that time."]
    assert "The room is taken by “Operation 0” at that time." in lacks(other)


def test_a_person_is_in_one_place(session: Session) -> None:
    give(another(session), "chairman", Part.CHAIR)
    assert lacks(session) == ["Chairman is in “Other” at that time."]


def test_shifts_that_do_not_meet_do_not_clash(session: Session) -> None:
    session.duties.filter(part=Part.MODERATOR).update(last=30)
    give(another(session), "chairman", Part.CHAIR)
    assert lacks(session) == []


def test_nobody_interprets_into_two_languages_at_once(session: Session) -> None:
    give(session, "interpreter", Part.INTERPRETER, language="fr")
    assert lacks(session) == ["Interpreter interprets into two languages at once."]


@pytest.mark.parametrize("facts", [{"cancelled": True}, {"begins": time(9, 30)}], ids=str)
def test_what_is_cancelled_or_afterwards_stands_in_nobodys_way(
    session: Session, facts: dict[str, Any]
) -> None:
    give(another(session, room=session.room, **facts), "chairman", Part.CHAIR)
    assert lacks(session) == []


@pytest.mark.parametrize(
    "facts",
    [{"part": "interpreter"}, {"part": "chair", "language": "fr"}, {"part": "chair", "first": 9, "last": 9}],
    ids=str,
)
def test_a_part_that_makes_no_sense_is_refused(session: Session, facts: dict[str, Any]) -> None:
    person = User.objects.first()
    with pytest.raises(ValidationError):
        Duty(session=session, person=person, **facts).full_clean()


@pytest.mark.parametrize("others", [0, 20])
def test_the_list_takes_the_same_few_queries(
    session: Session, others: int, django_assert_num_queries: Any
) -> None:
    for number in range(others):
        give(another(session, begins=time(10 + number // 2), minutes=25), f"p{number}", Part.CHAIR)
    course = session.course
    with django_assert_num_queries(6):
        missing_in(course)


@pytest.mark.parametrize(
    ("role", "status"),
    [(AccountRole.MODERATOR, 200), (AccountRole.PARTICIPANT, 403), (AccountRole.EDITOR, 403)],
)
def test_who_sees_the_list(session: Session, role: AccountRole, status: int) -> None:
    assert signed_in(role).get("/courses/course/ready/").status_code == status
    assert Client().get("/courses/course/ready/").status_code == 302


def test_times_are_the_readers_and_the_courses(session: Session) -> None:
    moderator = signed_in(AccountRole.MODERATOR)
    assert "Mon 9 Nov, 08:30 – 09:30 Shanghai" in moderator.get("/courses/course/ready/").content.decode()
    moderator.cookies["amphitheatre_zone"] = "Africa/Bamako"
    page = moderator.get("/courses/course/ready/").content.decode()
    assert "Mon 9 Nov, 00:30 – 01:30 Bamako · 08:30 – 09:30 Shanghai" in page


def test_other_apps_add_rules(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    another(session, cancelled=True)
    seen = []

    def rule(sessions: list[Session]) -> list[readiness.Missing]:
        seen.extend(sessions)
        return [readiness.Missing(session, "It rains.")]

    monkeypatch.setattr(readiness, "rules", [rule])
    assert lacks(session) == ["It rains."]
    assert seen == [session]


def test_the_advocate_records_consent_and_takes_it_back(session: Session) -> None:
    Case.objects.update(consent=None)
    path = f"/office/bulk/programme/case/%s/?id={Case.objects.get().pk}&next=/office/"
    signed_in(AccountRole.SECRETARIAT).post(path % "consent")
    assert lacks(session) == [NO_CONSENT]
    advocate = signed_in(AccountRole.ADVOCATE)
    advocate.post(path % "consent")
    assert lacks(session) == []
    advocate.post(path % "withdraw")
    assert lacks(session) == [NO_CONSENT]


def test_a_part_in_a_whole_session_is_entered_once(session: Session) -> None:
    duty = give(session, "speaker", Part.SPEAKER)
    again = Duty(session=session, person=duty.person, part=Part.SPEAKER)
    with pytest.raises(ValidationError, match="entered already"):
        again.full_clean()
    Duty(session=session, person=duty.person, part=Part.CHAIR).full_clean()


def test_a_time_that_clocks_skip_since_the_rules_changed_is_missing_and_breaks_no_page(
    session: Session,
) -> None:
    Course.objects.update(time_zone="Europe/Paris", first_day=date(2027, 3, 28), last_day=date(2027, 3, 28))
    Session.objects.update(day=date(2027, 3, 28), begins=time(2, 30))
    Room.objects.update(opens=None, closes=None)
    assert lacks(session) == ["Clocks are set forward that day: they do not show this time."]
    office = signed_in(AccountRole.SECRETARIAT)
    for path in ("/courses/course/", "/courses/course/programme.ics", "/office/snippets/programme/session/"):
        assert office.get(path).status_code == 200, path


def test_everything_takes_place_somewhere(session: Session) -> None:
    other = another(session, begins=time(14))
    assert lacks(other) == ["It takes place in no room."]
    Session.objects.filter(pk=other.pk).update(room=session.room)
    assert lacks(other) == []
