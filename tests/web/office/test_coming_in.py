"""How the office lets people in whom it has entered: it sees who has not come in, and invites them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amphitheatre.web.accounts.domain.invitations import invite
from amphitheatre.web.accounts.models import Invitation, User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.ui import times
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
PEOPLE = "/office/snippets/office/person/"
INVITE = "/office/bulk/office/person/invite/"


@pytest.fixture
def office() -> Client:
    who = User.objects.create_user("s@example.org", role=AccountRole.SECRETARIAT, last_login=timezone.now())
    return client_of(who)


@pytest.fixture
def surgeon() -> User:
    return User.objects.create_user("surgeon@example.org", name="Li Ming", role=AccountRole.SPEAKER)


def test_whoever_is_entered_is_not_invited_by_that_and_the_office_reads_how(office: Client) -> None:
    form = {"email": "New@example.org", "name": "New", "is_active": "on"}
    page = office.post(f"{PEOPLE}add/", form, follow=True).content.decode()
    made = User.objects.get(email="new@example.org")
    assert not Letter.objects.exists()
    assert "Nothing has been sent yet" in page
    assert f"{INVITE}?id={made.pk}&amp;next=" in page


def test_those_who_have_not_come_in_are_invited(office: Client, surgeon: User) -> None:
    page = office.get(f"{INVITE}?id={surgeon.pk}").content.decode()
    assert "Li Ming · surgeon@example.org" in page
    assert "Each gets a letter with a link" in page
    assert not Letter.objects.exists()
    page = office.post(f"{INVITE}?id={surgeon.pk}&next={PEOPLE}", follow=True).content.decode()
    assert "1 person is invited." in page
    assert Letter.objects.get().to == "surgeon@example.org"
    assert "Invitation sent" in office.get(f"{PEOPLE}history/{surgeon.pk}/").content.decode()


def test_the_others_are_left_and_the_page_says_why(office: Client, surgeon: User) -> None:
    invite(surgeon)
    people = [
        surgeon,
        User.objects.create_user("in@example.org", last_login=timezone.now()),
        User.objects.create_user("password@example.org", "five words in a row"),
        User.objects.create_user("closed@example.org", is_active=False),
    ]
    ids = "&".join(f"id={one.pk}" for one in people)
    page = office.get(f"{INVITE}?{ids}").content.decode()
    for words in (
        "surgeon@example.org · was sent a link within the last day",
        "in@example.org · has come in already",
        "password@example.org · has come in already",
        "closed@example.org · may not sign in",
    ):
        assert words in page
    office.post(f"{INVITE}?{ids}&next={PEOPLE}")
    assert not Letter.objects.exists()


def test_asking_twice_is_once(office: Client, surgeon: User) -> None:
    for _ in range(2):
        office.post(f"{INVITE}?id={surgeon.pk}&next={PEOPLE}")
    assert Letter.objects.count() == 1


def test_who_may_not_see_people_invites_nobody(surgeon: User) -> None:
    technician = client_of(User.objects.create_user("t@example.org", role=AccountRole.TECHNICIAN))
    technician.post(f"{INVITE}?id={surgeon.pk}&next={PEOPLE}")
    assert not Letter.objects.exists()


def test_the_list_says_who_has_come_in_and_who_was_invited_when(office: Client, surgeon: User) -> None:
    assert "Not in yet, not invited" in cell(office, "Li Ming")
    invite(surgeon)
    made = timezone.now() - timedelta(days=2)
    Invitation.objects.update(made=made)
    assert f"Not in yet, invited {times.zoned(made)}" in cell(office, "Li Ming")
    User.objects.filter(pk=surgeon.pk).update(last_login=made)
    assert times.zoned(made) in cell(office, "Li Ming")
    assert "Not in yet" not in cell(office, "Li Ming")


def test_whoever_has_a_password_is_not_said_to_need_an_invitation(office: Client, surgeon: User) -> None:
    surgeon.set_password("five words in a row")
    surgeon.save()
    assert "Not in yet, has a password" in cell(office, "Li Ming")
    assert "not invited" not in cell(office, "Li Ming")
    page = office.get(f"{INVITE}?id={surgeon.pk}").content.decode()
    assert "has come in already, or has a password" in page


def test_links_to_a_former_address_do_not_count(office: Client, surgeon: User) -> None:
    invite(surgeon)
    form = {"email": "li@example.org", "name": "Li Ming", "role": "speaker", "is_active": "on"}
    office.post(f"{PEOPLE}edit/{surgeon.pk}/", form)
    assert "Not in yet, not invited" in cell(office, "Li Ming")


@pytest.mark.parametrize(
    ("how", "found"),
    [("yes", "s@example.org"), ("invited", "surgeon@"), ("not-invited", "other@"), ("password", "it@")],
)
def test_the_list_is_narrowed_to_who_has_come_in_or_not(
    office: Client, surgeon: User, how: str, found: str
) -> None:
    invite(surgeon)
    User.objects.create_user("other@example.org")
    User.objects.create_user("it@example.org", "five words in a row")
    User.objects.create_user("gone@example.org", "five words in a row", is_active=False)
    page = office.get(f"{PEOPLE}results/?come_in={how}").content.decode()
    everybody = ("s@example.org", "surgeon@", "other@", "it@", "gone@")
    assert [name for name in everybody if name in page] == [found]


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_asks_no_more_for_more_people(count: int, office: Client) -> None:
    for number in range(count):
        invite(User.objects.create_user(f"{number}@example.org"))
    office.get(PEOPLE)
    with CaptureQueriesContext(connection) as found:
        office.get(PEOPLE)
    assert len(found) < 16


def cell(office: Client, name: str) -> str:
    """The row of the list in which the name stands, without marks."""
    page = office.get(PEOPLE).content.decode()
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if name in row]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
