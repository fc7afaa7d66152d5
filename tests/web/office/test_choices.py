"""Records to choose from can be told apart, and what is chosen already stays to be chosen."""

import html
import re
from datetime import date, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation
from amphitheatre.web.programme.models import Course, Duty, Phase, Session, Step, Technique
from tests.web.office.conftest import page, worker
from tests.web.registration.conftest import make_course, make_institution

pytestmark = pytest.mark.django_db


def choices(text: str, field: str) -> list[str]:
    """What the field of a page offers, in order."""
    select = re.search(rf'<select name="{field}".*?</select>', text, re.DOTALL)
    assert select is not None
    return [html.unescape(one) for one in re.findall(r"<option[^>]*>([^<]+)</option>", select[0])][1:]


def grouped(text: str, field: str) -> dict[str, list[str]]:
    """What it offers, by what it stands under."""
    select = re.search(rf'<select name="{field}".*?</select>', text, re.DOTALL)
    assert select is not None
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', select[0], re.DOTALL)
    return {
        html.unescape(name): [html.unescape(one) for one in re.findall(r"<option[^>]*>([^<]+)<", options)]
        for name, options in groups
    }


def lecture(course: Course, day: date, begins: time, **facts: object) -> Session:
    return Session.objects.create(
        course=course, kind="lecture", title_en="Lecture", title_fr="Exposé", day=day, begins=begins,
        minutes=30, floor="en", **facts,
    )  # fmt: skip


def test_sessions_stand_under_their_courses_the_newest_first_and_begin_with_day_and_time(
    secretary: Client,
) -> None:
    soon, later = make_course("soon", sessions=0), make_course("later", sessions=0)
    Course.objects.filter(pk=soon.pk).update(title_en="Spring", first_day="2098-03-01", last_day="2098-03-02")
    Course.objects.filter(pk=later.pk).update(
        title_en="Autumn", time_zone="Africa/Bamako", first_day="2098-11-14", last_day="2098-11-15"
    )
    lecture(later, date(2098, 11, 14), time(16, 20))
    lecture(later, date(2098, 11, 14), time(9), cancelled=True)
    lecture(soon, date(2098, 3, 1), time(9))
    for path in ("programme/duty/add/", "programme/case/add/"):
        offered = grouped(page(secretary, path), "session")
        assert offered == {
            "Autumn · 14–15 Nov 2098": [
                "14 Nov 2098, 09:00 Bamako · Lecture · Cancelled",
                "14 Nov 2098, 16:20 Bamako · Lecture",
            ],
            "Spring · 1–2 Mar 2098": ["1 Mar 2098, 09:00 Shanghai · Lecture"],
        }


@pytest.fixture
def over() -> Course:
    course = make_course("over", sessions=2)
    Course.objects.filter(pk=course.pk).update(first_day="2025-03-01", last_day="2025-03-02")
    Session.objects.filter(course=course).update(day="2025-03-01")
    return course


def test_of_a_course_that_is_over_nothing_new_is_planned(secretary: Client, over: Course) -> None:
    make_course("now")
    for path in ("programme/duty/add/", "programme/case/add/"):
        text = page(secretary, path)
        assert len(choices(text, "session")) == 1
        assert "Of courses that are not over." in text
    person = User.objects.create_user("p@example.org")
    form = {"session": over.sessions.first().pk, "person": person.pk, "part": "chair", "language": ""}
    assert secretary.post("/office/snippets/programme/duty/add/", form).status_code == 200
    assert not Duty.objects.exists()


def test_what_was_entered_wrong_of_a_course_that_is_over_is_corrected_within_it(
    secretary: Client, over: Course
) -> None:
    now, (wrong, right) = make_course("now"), over.sessions.all()
    elsewhere = make_course("elsewhere")
    Course.objects.filter(pk=elsewhere.pk).update(first_day="2025-03-01", last_day="2025-03-02")
    person = User.objects.create_user("p@example.org")
    duty = Duty.objects.create(session=wrong, person=person, part="chair")
    address = f"programme/duty/edit/{duty.pk}/"
    offered = grouped(page(secretary, address), "session")
    assert [len(sessions) for sessions in offered.values()] == [now.sessions.count(), 2]
    form = {"session": right.pk, "person": person.pk, "part": "chair", "language": ""}
    assert secretary.post(f"/office/snippets/{address}", form).status_code == 302
    duty.refresh_from_db()
    assert duty.session == right


def test_institutions_are_named_with_their_places(secretary: Client) -> None:
    for slug, city in (("a", "Bamako"), ("b", "Kayes")):
        institution = make_institution(slug)
        institution.name_en, institution.city_en = "University Hospital", city
        institution.save()
    for path in ("alliance/membership/add/", "alliance/affiliation/add/", "registration/quota/add/"):
        assert choices(page(secretary, path), "institution") == [
            "University Hospital · Bamako · Mali",
            "University Hospital · Kayes · Mali",
        ]


def test_choices_are_in_the_readers_language() -> None:
    lecture(make_course(sessions=0), date(2026, 11, 14), time(9))
    found = page(worker(preferred_language="fr"), "programme/duty/add/")
    assert choices(found, "session")[0].endswith("· Exposé")


def test_courses_of_one_title_are_told_apart_by_their_days(secretary: Client) -> None:
    for year in (2026, 2027):
        make_course(f"autumn{year}", sessions=0)
        days = {"first_day": f"{year}-11-09", "last_day": f"{year}-11-14"}
        Course.objects.filter(slug=f"autumn{year}").update(**days)
    offered = choices(page(secretary, "programme/session/add/"), "course")
    assert offered == ["Course · 9–14 Nov 2027", "Course · 9–14 Nov 2026"]
    assert offered[0] in html.unescape(page(secretary, "programme/duty/"))  # to filter by


def test_phases_are_told_apart_by_their_techniques(secretary: Client) -> None:
    for slug in ("b", "a"):
        technique = Technique.objects.create(slug=slug, title_en=slug.upper())
        for position, title in enumerate(("Resection", "Completion"), 1):
            phase = Phase.objects.create(technique=technique, position=position, title_en=title)
    Step.objects.create(phase=phase, position=1, title_en="Drain")
    assert choices(page(secretary, "programme/step/add/"), "phase") == [
        "A › Resection", "A › Completion", "B › Resection", "B › Completion",
    ]  # fmt: skip
    assert "A › Completion" in page(secretary, "programme/step/")


def test_people_are_named_with_their_addresses_and_stand_by_name(secretary: Client) -> None:
    User.objects.create_user("li@example.org", name="李明", latin_name="Li Ming")
    User.objects.create_user("amy@example.org", name="amy", latin_name="amy")
    User.objects.create_user("bo@example.org", name="Bo")
    for path in ("programme/duty/add/", "alliance/affiliation/add/"):
        assert choices(page(secretary, path), "person") == [
            "secretariat-at-work@example.org",
            "amy · amy@example.org",
            "Bo · bo@example.org",
            "李明 (Li Ming) · li@example.org",
        ]


def test_whoever_may_not_sign_in_any_more_is_offered_only_where_they_are_chosen(secretary: Client) -> None:
    course = make_course()
    gone = User.objects.create_user("gone@example.org", name="Gone")
    duty = Duty.objects.create(session=course.sessions.get(), person=gone, part="speaker")
    belongs = Affiliation.objects.create(person=gone, institution=make_institution())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    form = {"session": duty.session_id, "person": gone.pk, "part": "chair", "language": ""}
    answer = secretary.post("/office/snippets/programme/duty/add/", form)
    assert "Gone" not in "".join(choices(answer.content.decode(), "person"))
    assert Duty.objects.count() == 1
    for path in (f"programme/duty/edit/{duty.pk}/", f"alliance/affiliation/edit/{belongs.pk}/"):
        assert "Gone · gone@example.org" in choices(page(secretary, path), "person")
    assert secretary.post(f"/office/snippets/programme/duty/edit/{duty.pk}/", form).status_code == 302
    duty.refresh_from_db()
    assert duty.part == "chair"


def queries(who: Client, path: str) -> int:
    who.get(f"/office/snippets/{path}").getvalue()  # what is kept from then on
    with CaptureQueriesContext(connection) as found:
        assert who.get(f"/office/snippets/{path}").getvalue()
    return len(found)


@pytest.mark.parametrize(
    "path",
    ["duty/add/", "case/add/", "step/add/", "session/add/", "duty/", "case/", "step/", "duty/?export=csv"],
)
def test_choices_and_lists_take_as_many_queries_for_many_as_for_few(secretary: Client, path: str) -> None:
    counts = []
    for number in (1, 2):
        grow(number)
        counts.append(queries(secretary, f"programme/{path}"))
    assert counts[0] == counts[1]


def grow(number: int) -> None:
    course = make_course(f"course{number}", sessions=3 * number)
    technique = Technique.objects.create(slug=f"t{number}", title_en="Technique")
    for position, session in enumerate(course.sessions.all(), 1):
        person = User.objects.create_user(f"p{number}-{position}@example.org", name="P")
        Duty.objects.create(session=session, person=person, part="speaker")
        session.cases.create(technique=technique, position=1, title_en="Case")
        phase = Phase.objects.create(technique=technique, position=position, title_en="Phase")
        Step.objects.create(phase=phase, position=1, title_en="Step")


def test_a_list_of_parts_says_of_which_course_and_when(secretary: Client) -> None:
    session = make_course().sessions.get()
    person = User.objects.create_user("i@example.org", name="Fatou")
    Duty.objects.create(session=session, person=person, part="interpreter", language="fr", first=10, last=30)
    text = page(secretary, "programme/duty/")
    assert "08:40 Shanghai" in text
    assert re.search(r"Français.*Course.*Operation 0.*08:40.*20", text, re.DOTALL)
    narrowed = page(secretary, "programme/duty/?language=en&session__day=2026-11-09")
    assert "Fatou" not in narrowed
    assert "English" in narrowed
