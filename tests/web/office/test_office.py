"""The office at work: courses planned and published, registrations decided, people appointed."""

import io
import re
from datetime import time
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import DateTimeField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry
from wagtail.snippets.models import get_snippet_models

from amphitheatre.web.accounts.domain import own_data
from amphitheatre.web.accounts.domain.invitations import invite
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.hooks.models import Hook
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.registration.models import Registration, State
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import NAMES
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
COURSE = {
    "slug": "autumn",
    "original": "fr",
    "title_fr": "Automne",
    "first_day": "2027-03-25",
    "last_day": "2027-04-02",
    "time_zone": "Europe/Paris",
}


@pytest.fixture
def course(db: None) -> Course:
    return make_course()


@pytest.fixture
def institution(db: None) -> Institution:
    return make_institution()


def client(role: AccountRole = AccountRole.SECRETARIAT) -> Client:
    return client_of(User.objects.create_user(f"{role}-at-work@example.org", role=role))


def send(who: Client, path: str, form: dict[str, Any]) -> str:
    """Empty when it was taken; else the page that says what is wrong."""
    answer = who.post(f"/office/snippets/{path}", form)
    return "" if answer.status_code == 302 else answer.content.decode()


def session(course: Course, **facts: Any) -> dict[str, Any]:
    form = {
        "course": course.pk,
        "kind": "lecture",
        "room": "",
        "day": "2027-03-27",
        "begins": "09:00",
        "minutes": "60",
        "original": "en",
        "title_en": "Lecture",
        "floor": "fr",
        "interpreted": ["fr", "en"],
        "audience": "",
        "technique": "",
    }
    return form | facts


def test_a_course_is_planned_and_published() -> None:
    who = client()
    assert send(who, "programme/course/add/", COURSE) == ""
    course = Course.objects.get(slug="autumn")
    assert (course.text("title", "fr"), course.published) == ("Automne", None)
    assert send(who, "programme/session/add/", session(course)) == ""
    planned = Session.objects.get()
    assert planned.interpreted == ["en"]  # the floor's own language is heard anyway
    assert Client().get("/courses/autumn/").status_code == 404
    who.post(f"/office/bulk/programme/course/publish/?id={course.pk}&next=/office/")
    assert Client().get("/courses/autumn/").status_code == 200
    planned.refresh_from_db()
    assert planned.told == planned.as_told()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"day": "2027-03-28", "begins": "02:30"}, "do not show this time"),
        ({"day": "2027-05-01"}, "does not run on that day"),
        ({"title_en": ""}, "the text is needed"),
        ({"minutes": "0"}, "1"),
        ({"floor": "tlh"}, "tlh"),
    ],
    ids=str,
)
def test_a_session_that_makes_no_sense_is_refused(facts: dict[str, Any], words: str) -> None:
    who = client()
    send(who, "programme/course/add/", COURSE)
    page = send(who, "programme/session/add/", session(Course.objects.get(), **facts))
    assert words in page
    assert not Session.objects.exists()


def test_what_is_published_is_cancelled_not_deleted(course: Course) -> None:
    who, planned = client(AccountRole.DIRECTOR), course.sessions.get()
    for path in (f"programme/session/delete/{planned.pk}/", f"programme/course/delete/{course.pk}/"):
        assert who.post(f"/office/snippets/{path}").status_code in (302, 403)
    assert Session.objects.filter(pk=planned.pk).exists()
    Course.objects.update(published=None)
    who.post(f"/office/snippets/programme/session/delete/{planned.pk}/")
    assert not Session.objects.exists()


def test_registrations_are_decided_together_and_the_history_says_by_whom(
    course: Course, institution: Institution
) -> None:
    who = client()
    one, two = register(course, institution, 1), register(course, institution, 2, State.CANCELLED)
    page = who.get(
        f"/office/bulk/registration/registration/confirm/?id={one.pk}&id={two.pk}"
    ).content.decode()
    assert "Left as they are" in page
    who.post(f"/office/bulk/registration/registration/confirm/?id={one.pk}&id={two.pk}&next=/office/")
    states = dict(Registration.objects.values_list("pk", "state"))
    assert states == {one.pk: State.CONFIRMED, two.pk: State.CANCELLED}
    assert one.history.get().by.role == AccountRole.SECRETARIAT
    history = who.get(f"/office/snippets/registration/registration/history/{one.pk}/").content.decode()
    assert "Confirmed" in history


def test_whoever_looks_decides_nothing(course: Course, institution: Institution) -> None:
    one = register(course, institution)
    client(AccountRole.MODERATOR).post(
        f"/office/bulk/registration/registration/confirm/?id={one.pk}&next=/office/"
    )
    one.refresh_from_db()
    assert one.state == State.APPLIED


def test_an_export_runs_nothing_in_a_spreadsheet(course: Course, institution: Institution) -> None:
    one = register(course, institution)
    User.objects.filter(pk=one.person_id).update(name="=HYPERLINK(1)")
    answer = client().get("/office/snippets/registration/registration/?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert "doctor1@example.org" in text


def test_an_export_is_in_words_and_says_whose_clock_it_goes_by(
    course: Course, institution: Institution
) -> None:
    one = register(course, institution)
    who = client()
    answer = who.get("/office/snippets/registration/registration/?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffCourse,Name,")
    assert "Asked (Asia/Shanghai)" in text
    assert "Applied,Online" in text
    assert f"{timezone.localtime(one.asked):%Y-%m-%d %H:%M}" in text
    assert re.search(r"registration-\d{4}-\d\d-\d\d\.csv", answer["Content-Disposition"])
    answer = who.get("/office/snippets/registration/registration/?export=xlsx")
    workbook = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Online" in [cell.value for cell in workbook.active[2]]


def test_whoever_saves_a_session_reads_what_it_lacks(course: Course) -> None:
    who, there = client(), course.sessions.get()
    form = session(course, kind="discussion", day=str(there.day), begins="08:45", room=there.room_id)
    answer = who.post("/office/snippets/programme/session/add/", form, follow=True)
    page = answer.content.decode()
    assert "There is no moderator." in page
    assert "/courses/course/ready/" in page


def test_a_title_that_is_not_translated_is_shown_as_it_is(course: Course) -> None:
    page = client().get("/office/snippets/programme/session/", headers={"Accept-Language": "zh-CN"})
    assert "Operation 0" in page.content.decode()


def test_people_have_names_and_reasons(course: Course, institution: Institution) -> None:
    one = register(course, institution, state=State.CANCELLED)
    User.objects.filter(pk=one.person_id).update(name="Aminata")
    who = client()
    page = who.get(f"/office/snippets/registration/registration/inspect/{one.pk}/").content.decode()
    assert "Aminata" in page
    page = who.get(f"/office/bulk/registration/registration/confirm/?id={one.pk}").content.decode()
    assert re.search(r"Left as they are:.*Aminata · .* · Cancelled", page, re.DOTALL)
    who.post(f"/office/bulk/registration/registration/readmit/?id={one.pk}&next=/office/")
    one.refresh_from_db()
    assert one.state == State.CONFIRMED


@pytest.mark.parametrize(
    ("role", "taken"), [(AccountRole.DIRECTOR, "interpreter"), (AccountRole.SECRETARIAT, "participant")]
)
def test_directors_alone_give_roles(role: AccountRole, taken: str) -> None:
    person = User.objects.create_user("lea@example.org", name="Lea")
    form = {
        "email": "Lea@example.org",
        "name": "Lea",
        "role": "interpreter",
        "is_active": "on",
        "is_superuser": "on",
    }
    send(client(role), f"office/person/edit/{person.pk}/", form)
    person.refresh_from_db()
    assert (person.role, person.email, person.is_superuser) == (taken, "lea@example.org", False)


def test_nobody_gives_themselves_a_role() -> None:
    who = client(AccountRole.DIRECTOR)
    own = User.objects.get()
    form = {"email": own.email, "name": "I", "role": "reviewer", "is_active": "on"}
    assert send(who, f"office/person/edit/{own.pk}/", form) == ""
    own.refresh_from_db()
    assert own.role == AccountRole.DIRECTOR


def test_a_person_that_the_office_makes_can_not_sign_in_yet() -> None:
    form = {"email": "New@example.org", "name": "New", "role": "director", "is_active": "on"}
    assert send(client(), "office/person/add/", form) == ""
    made = User.objects.get(email="new@example.org")
    assert (made.has_usable_password(), made.role) == (False, AccountRole.PARTICIPANT)


@pytest.mark.parametrize("language", ["en", "fr", "zh-Hans"])
def test_the_office_speaks_the_readers_language(language: str, course: Course) -> None:
    user = User.objects.create_user("s@example.org", role="secretariat", preferred_language=language)
    page = client_of(user).get("/office/snippets/programme/session/").content.decode()
    word = {"en": "Sessions", "fr": "Sessions", "zh-Hans": "场次"}[language]
    assert word in page


@pytest.mark.parametrize("role", [AccountRole.DIRECTOR, AccountRole.TECHNICIAN])
def test_the_secretariat_takes_nobodys_account_over(role: AccountRole) -> None:
    person = User.objects.create_user("works-here@example.org", name="W", role=role)
    form = {"email": "secretary@example.org", "name": "W", "role": role.value}
    assert send(client(), f"office/person/edit/{person.pk}/", form) == ""
    person.refresh_from_db()
    assert (person.email, person.is_active) == ("works-here@example.org", True)


def test_not_even_directors_change_the_address_of_the_hospitals_it() -> None:
    person = User.objects.create_superuser("it@example.org", name="IT")
    send(
        client(AccountRole.DIRECTOR),
        f"office/person/edit/{person.pk}/",
        {"email": "d@example.org", "name": "IT"},
    )
    person.refresh_from_db()
    assert (person.email, person.is_active) == ("it@example.org", True)


def test_after_a_corrected_address_the_old_one_opens_nothing() -> None:
    person = User.objects.create_user("typo@example.org", name="Lea")
    link = "/" + invite(person).split("/", 3)[3]
    form = {"email": "lea@example.org", "name": "Lea", "role": "participant", "is_active": "on"}
    assert send(client(), f"office/person/edit/{person.pk}/", form) == ""
    assert Client().post(link, {"password": "five words in a row"}).status_code == 410
    cache.clear()
    Client().post("/accounts/password/reset/", {"email": "typo@example.org"})
    assert not Letter.objects.exists()
    Client().post("/accounts/password/reset/", {"email": "lea@example.org"})
    assert Letter.objects.get().to == "lea@example.org"


@pytest.mark.parametrize(
    ("record", "actions"),
    [
        ("programme/session", ["cancel", "delete", "restore"]),
        ("programme/course", ["cancel", "delete", "publish", "restore"]),
        ("registration/registration", ["attended", "cancel", "confirm", "readmit"]),
        ("mail/letter", ["resend"]),
        ("office/person", ["invite"]),
    ],
)
def test_a_list_offers_what_somebody_may_do(record: str, actions: list[str], course: Course) -> None:
    page = client().get(f"/office/snippets/{record}/").content.decode()
    assert sorted(re.findall(rf"/office/bulk/{record}/([a-z]+)/", page)) == actions


@pytest.mark.parametrize(
    ("role", "boxes"),
    [(AccountRole.ADVOCATE, False), (AccountRole.INTERPRETER, False), (AccountRole.DIRECTOR, True)],
)
def test_who_only_looks_has_no_boxes_to_tick(role: AccountRole, boxes: bool, course: Course) -> None:
    page = client(role).get("/office/snippets/programme/session/").content.decode()
    assert ("bulk-actions-filter-checkbox" in page) is boxes


def test_what_is_equal_by_a_column_stays_in_order(course: Course) -> None:
    first = course.sessions.get()
    for hour in (15, 10, 12):
        Session.objects.create(
            course=course, kind="lecture", title_en=f"At {hour}", day=first.day, begins=time(hour),
            minutes=30, floor="en",
        )  # fmt: skip
    page = client().get("/office/snippets/programme/session/?ordering=day").content.decode()
    assert re.findall(r"At \d\d", re.sub(r"<[^>]+>", "", page)) == ["At 10", "At 12", "At 15"]


def test_no_time_stands_in_a_list_without_its_place() -> None:
    views = [model.snippet_viewset for model in get_snippet_models()]
    for view in views:
        for name in view.list_display:
            field = name if isinstance(name, str) else ""
            kinds = {one.name: type(one) for one in view.model._meta.fields}
            assert kinds.get(field) is not DateTimeField, f"{view.model.__name__}.{field}"


def test_forms_and_lists_speak_the_readers_language() -> None:
    for model in get_snippet_models():
        view = model.snippet_viewset
        columns = view.model._meta.get_fields()
        shown = {name.partition("__")[0] for name in view.list_display if isinstance(name, str)}
        labels = [field.verbose_name for field in columns if field.name in shown]
        labels += [field.label for field in view.get_edit_handler().get_form_class().base_fields.values()]
        for label in labels:
            english, chinese = (_in(language, label) for language in ("en", "zh-hans"))
            same = ("Webhook", "webhook", *NAMES.values())  # languages by their names in themselves
            assert english != chinese or english in same, f"{model.__name__}: {english}"


def _in(language: str, text: Any) -> str:
    with translation.override(language):
        return str(text)


def test_times_are_those_of_the_reader_and_of_the_course(course: Course) -> None:
    who = User.objects.create_user("abroad@example.org", role=AccountRole.DIRECTOR, time_zone="Africa/Bamako")
    page = client_of(who).get("/office/snippets/programme/session/").content.decode()
    assert "00:30 Bamako · 08:30 Shanghai" in page
    Course.objects.update(time_zone="Europe/Paris")
    page = client_of(who).get("/office/snippets/programme/session/").content.decode()
    assert "07:30 Bamako · 08:30 Paris" in page


def test_a_record_names_the_place_of_its_times() -> None:
    hook = Hook.objects.create(address="https://example.org/news")
    page = (
        client(AccountRole.DIRECTOR).get(f"/office/snippets/hooks/hook/inspect/{hook.pk}/").content.decode()
    )
    assert times.zoned(hook.made) in page


def test_symbols_come_compressed_and_once() -> None:
    answer = client().get("/office/sprite/", headers={"accept-encoding": "gzip"})
    assert (answer["Content-Type"].partition(";")[0], answer["Content-Encoding"]) == ("image/svg+xml", "gzip")
    assert "immutable" in answer["Cache-Control"]
    assert "no-store" not in answer["Cache-Control"]


def test_a_page_of_the_office_loads_what_it_uses(course: Course) -> None:
    """A newer Wagtail that calls its scripts otherwise is seen here."""
    page = client().get("/office/snippets/programme/session/").content.decode()
    assert re.findall(r'src="[^"]*/wagtailadmin/js/([a-z/-]+)[^"]*"', page) == [
        "icons",
        "vendor/jquery-",
        "core",
        "vendor",
        "wagtailadmin",
        "sidebar",
        "bulk-actions",
    ]


def test_all_in_a_list_means_nothing_since_filters_would_not_count(
    course: Course, institution: Institution
) -> None:
    one = register(course, institution)
    who = client()
    who.post("/office/bulk/registration/registration/cancel/?id=all&next=/office/")
    who.post("/office/bulk/programme/session/delete/?id=all&next=/office/")
    one.refresh_from_db()
    assert one.state == State.APPLIED
    assert Session.objects.exists()


@pytest.mark.parametrize(
    "path", ["programme/session/add/", "programme/duty/add/", "alliance/membership/add/"]
)
def test_an_empty_form_is_answered_by_what_is_missing(path: str) -> None:
    assert "required" in send(client(), path, {"original": "en"})


def test_lay_people_and_oneself_are_not_confirmed(course: Course, institution: Institution) -> None:
    lay, doctor = register(course, institution, 1), register(course, institution, 2)
    User.objects.filter(pk=lay.person_id).update(profession="other")
    who = client()
    own = User.objects.get(role="secretariat")
    mine = Registration.objects.create(course=course, person=own, institution=institution)
    ids = "&".join(f"id={one.pk}" for one in (lay, doctor, mine))
    page = who.post(f"/office/bulk/registration/registration/confirm/?{ids}&next=/me/", follow=True)
    assert "those who treat patients" in page.content.decode()
    states = dict(Registration.objects.values_list("pk", "state"))
    assert states == {lay.pk: State.APPLIED, doctor.pk: State.CONFIRMED, mine.pk: State.APPLIED}


def test_an_institution_that_people_came_from_stays(course: Course, institution: Institution) -> None:
    register(course, institution)
    who = client(AccountRole.DIRECTOR)
    who.post(f"/office/snippets/alliance/institution/delete/{institution.pk}/")
    who.post(f"/office/bulk/alliance/institution/delete/?id={institution.pk}&next=/me/")
    assert Institution.objects.exists()


def test_a_course_is_not_moved_to_where_its_times_do_not_exist(course: Course) -> None:
    Session.objects.update(day="2027-03-28", begins="02:30")
    Course.objects.update(first_day="2027-03-25", last_day="2027-04-02")
    form = COURSE | {"slug": "course", "title_en": "Course", "original": "en"}
    assert "do not show this time" in send(client(), f"programme/course/edit/{course.pk}/", form)


def test_a_name_is_gone_from_the_history_too() -> None:
    form = {"email": "lea@example.org", "name": "Lea Example", "role": "participant", "is_active": "on"}
    who = client()
    send(who, "office/person/add/", form)
    own_data.forget(User.objects.get(email="lea@example.org"))
    assert "Lea Example" not in str(list(ModelLogEntry.objects.values()))


@pytest.mark.parametrize("count", [1, 12])
def test_lists_ask_no_more_for_more_rows(count: int, course: Course, institution: Institution) -> None:
    for number in range(count):
        register(course, institution, number)
    who = client()
    who.get("/office/snippets/registration/registration/")
    with CaptureQueriesContext(connection) as found:
        who.get("/office/snippets/registration/registration/")
    assert len(found) < 20


@pytest.mark.parametrize("key", ["abc", "9" * 40, "\N{ARABIC-INDIC DIGIT ONE}", "%00", "1%27--"])
def test_a_key_that_is_none_does_nothing(key: str, course: Course) -> None:
    address = f"/office/bulk/programme/course/publish/?id={key}&next=/office/"
    who = client()
    assert who.get(address).status_code in (200, 302, 404)
    assert who.post(address).status_code in (200, 302, 404)
