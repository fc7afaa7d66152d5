"""Pages of the office name their records; what may reach a log names nobody."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, ReferenceIndex

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Affiliation, Membership
from amphitheatre.web.hooks.models import Hook, Message
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.office.labels import label
from amphitheatre.web.programme.models import Course, Duty
from amphitheatre.web.registration.models import Capacity, Quota
from tests.web.office.conftest import page, worker
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
NAMED = "Interpreter, Français · 王思远 · Mon 9 Nov, 08:30 Shanghai · Operation 0"


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def duty(course: Course) -> Duty:
    person = User.objects.create_user("wang@example.org", name="王思远")
    session = course.sessions.get()
    return Duty.objects.create(session=session, person=person, part="interpreter", language="fr")


def shown(text: str) -> str:
    """Without marks and the year, which stands there only in other years."""
    return re.sub(
        r"\bMon 9 Nov|9 Nov 2026", "Mon 9 Nov", " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
    )


@pytest.mark.parametrize("view", ["edit", "delete", "inspect", "history", "usage"])
def test_pages_of_a_part_say_whose_it_is(secretary: Client, duty: Duty, view: str) -> None:
    text = shown(page(secretary, f"programme/duty/{view}/{duty.pk}/"))
    assert NAMED in text
    assert f"part in a session {duty.pk}" not in text


def test_what_is_said_after_a_part_is_saved_or_deleted_says_whose_it_is(
    secretary: Client, duty: Duty
) -> None:
    form = {"session": duty.session_id, "person": duty.person_id, "part": "interpreter", "language": "fr"}
    address = "/office/snippets/programme/duty"
    edited = secretary.post(f"{address}/edit/{duty.pk}/", form, follow=True)
    added = secretary.post(f"{address}/add/", form | {"first": "30"}, follow=True)
    for answer, done in ((edited, "updated"), (added, "created")):
        assert f"Part in a session '{NAMED}' {done}." in shown(answer.content.decode())
    one, other = Duty.objects.order_by("pk")
    gone = secretary.post(f"{address}/delete/{one.pk}/", follow=True)
    assert f"Part in a session '{NAMED}' deleted." in shown(gone.content.decode())
    many = f"/office/bulk/programme/duty/delete/?id={other.pk}&next={address}/"
    assert NAMED in shown(secretary.get(many).content.decode())
    assert f"Part in a session '{NAMED}' deleted." in shown(
        secretary.post(many, follow=True).content.decode()
    )


def test_no_log_names_anybody(secretary: Client, duty: Duty) -> None:
    form = {"session": duty.session_id, "person": duty.person_id, "part": "interpreter", "language": "fr"}
    secretary.post(f"/office/snippets/programme/duty/edit/{duty.pk}/", form)
    secretary.post(f"/office/snippets/programme/duty/delete/{duty.pk}/")
    assert ModelLogEntry.objects.count() == 2
    assert "王思远" not in str(list(ModelLogEntry.objects.values()))


def test_a_list_says_more_for_whom(secretary: Client, duty: Duty) -> None:
    assert f"More for “{NAMED}”" in shown(page(secretary, "programme/duty/").replace("aria-label=", ">"))


def test_what_refers_to_a_session_is_named_too(secretary: Client, duty: Duty) -> None:
    ReferenceIndex.create_or_update_for_object(duty)
    assert NAMED in shown(page(secretary, f"programme/session/usage/{duty.session_id}/"))


@pytest.mark.parametrize("count", [1, 9])
def test_what_refers_to_it_is_named_in_as_many_queries_for_many_as_for_few(
    secretary: Client, course: Course, count: int
) -> None:
    session = course.sessions.get()
    for number in range(count):
        person = User.objects.create_user(f"{number}@example.org")
        ReferenceIndex.create_or_update_for_object(
            Duty.objects.create(session=session, person=person, part="chair")
        )
    path = f"programme/session/usage/{session.pk}/"
    page(secretary, path)
    with CaptureQueriesContext(connection) as found:
        page(secretary, path)
    assert len(found) < 20 + count  # Wagtail itself reads each by itself


def test_every_record_with_somebody_or_something_in_it_can_be_told_from_the_others(course: Course) -> None:
    institution = make_institution()
    registration = register(course, institution)
    person = registration.person
    hook = Hook.objects.create(address="https://example.org/news")
    assert label(registration) == "doctor1@example.org · Bamako · Course"
    assert label(Affiliation(person=person, institution=institution)) == "doctor1@example.org · Bamako"
    assert label(Membership(institution=institution, place="member")) == "Bamako · Member"
    assert label(Capacity(course=course, mode="on-site")) == "Course · On site"
    assert label(Quota(course=course, institution=institution)) == "Course · Bamako"
    assert label(Letter(subject="News", to="a@example.org")) == "News · a@example.org"
    assert label(Message(hook=hook, event="course.published")).endswith(" · https://example.org/news")


@pytest.mark.parametrize("role", [AccountRole.INTERPRETER, AccountRole.TECHNICIAN])
def test_whoever_looks_at_the_plan_of_shifts_learns_no_address(role: AccountRole, duty: Duty) -> None:
    reader = worker(role)
    duties = "programme/duty/"
    assert "王思远" in page(reader, f"{duties}?q=思远")
    assert "王思远" not in page(reader, f"{duties}?q=wang%40example").partition("<main")[2]
    User.objects.filter(pk=duty.person_id).update(name="", latin_name="")
    for path in (
        duties,
        f"{duties}inspect/{duty.pk}/",
        f"{duties}history/{duty.pk}/",
        f"{duties}?export=csv",
    ):
        text = reader.get(f"/office/snippets/{path}").getvalue().decode()
        assert "wang@example.org" not in text
    assert re.search(r">\s*without a name yet\s*<", page(reader, duties))


def test_whoever_may_look_at_people_reads_whose_name_is_missing(secretary: Client, duty: Duty) -> None:
    User.objects.filter(pk=duty.person_id).update(name="", latin_name="")
    assert "wang@example.org" in page(secretary, "programme/duty/")
    assert "wang@example.org" in page(secretary, f"programme/duty/inspect/{duty.pk}/")
