"""Deleting somebody's account because they have asked the office for it."""

import re

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.registration.models import State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
FORGET = "/office/bulk/office/person/forget/"


@pytest.fixture
def director() -> User:
    return User.objects.create_user("director@example.org", role=AccountRole.DIRECTOR)


@pytest.fixture
def office(director: User) -> Client:
    return client_of(director)


@pytest.fixture
def person() -> User:
    return User.objects.create_user("lea@example.org", "five words in a row", name="Léa Example")


def forget(who: Client, *people: User) -> str:
    """What the page said before, and does it."""
    ids = "&".join(f"id={one.pk}" for one in people)
    page = who.get(f"{FORGET}?{ids}").content.decode()
    who.post(f"{FORGET}?{ids}&next=/office/snippets/office/person/")
    return page


def test_it_says_what_is_lost_and_leaves_figures_without_a_name(office: Client) -> None:
    registration = register(make_course(), make_institution(), state=State.CONFIRMED)
    person = registration.person
    User.objects.filter(pk=person.pk).update(name="Léa Example")
    page = forget(office, person)
    assert "Léa Example · doctor1@example.org" in page
    assert "cannot be brought back" in page
    assert "the figures of past courses" in page
    person.refresh_from_db()
    registration.refresh_from_db()
    assert (person.name, person.is_active, person.profession) == ("", False, "doctor")
    assert registration.state == State.CANCELLED
    entry = ModelLogEntry.objects.get(action="amphitheatre.forget")
    assert (entry.object_id, entry.user.role) == (str(person.pk), AccountRole.DIRECTOR)
    assert "Léa" not in str(list(ModelLogEntry.objects.values()))
    assert "doctor1" not in str(list(ModelLogEntry.objects.values()))


def test_one_at_a_time(office: Client, person: User) -> None:
    other = User.objects.create_user("other@example.org")
    assert "one person at a time" in forget(office, person, other)
    assert User.objects.filter(is_active=True).count() == 3


def test_never_oneself(office: Client, director: User) -> None:
    assert "that is you" in forget(office, director)
    director.refresh_from_db()
    assert director.is_active


def test_the_hospitals_it_is_forgotten_by_itself_alone(office: Client) -> None:
    above = User.objects.create_superuser("it@example.org", "five words in a row")
    assert "belongs to the hospital’s IT" in forget(office, above)
    above.refresh_from_db()
    assert above.is_active


@pytest.mark.parametrize("role", [AccountRole.SECRETARIAT, AccountRole.TECHNICIAN, AccountRole.COORDINATOR])
def test_directors_alone(role: AccountRole, person: User) -> None:
    who = client_of(User.objects.create_user(f"{role}@example.org", role=role))
    assert "cannot be brought back" not in forget(who, person)
    person.refresh_from_db()
    assert person.name == "Léa Example"


def test_of_whoever_was_forgotten_nothing_is_left_to_forget_or_to_invite(
    office: Client, person: User
) -> None:
    forget(office, person)
    for action in (FORGET, "/office/bulk/office/person/invite/"):
        page = office.get(f"{action}?id={person.pk}").content.decode()
        assert re.search(r"Left as they are:.*deleted\.invalid · was forgotten", page, re.DOTALL)
        assert "cannot be brought back" not in page
    office.post(f"{FORGET}?id={person.pk}&next=/office/")
    assert ModelLogEntry.objects.filter(action="amphitheatre.forget").count() == 1


def test_it_is_offered_to_directors_alone(office: Client) -> None:
    secretariat = client_of(User.objects.create_user("s@example.org", role=AccountRole.SECRETARIAT))
    for who, offered in ((office, True), (secretariat, False)):
        page = who.get("/office/snippets/office/person/").content.decode()
        assert (FORGET in page) is offered
