"""The link by which somebody comes in for the first time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.domain.invitations import invite
from amphitheatre.web.accounts.models import Invitation, User

pytestmark = pytest.mark.django_db
FORM = {"password": "five words in a row"}


@pytest.fixture
def doctor() -> User:
    return User.objects.create_user("doctor@example.org", name="Aminata Traoré")


def path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_it_lets_its_person_in_once(doctor: User) -> None:
    link = path(invite(doctor))
    client = Client()
    assert "Aminata Traoré" in client.get(link).content.decode()
    assert client.post(link, FORM)["Location"] == "/me/"
    assert client.session["_auth_user_id"] == str(doctor.pk)
    assert Client().get(link).status_code == 410
    assert Client().post(link, {"password": "another long one"}).status_code == 410
    doctor.refresh_from_db()
    assert doctor.check_password(FORM["password"])
    assert doctor.emailaddress_set.get().verified


def test_looking_at_it_uses_nothing_up(doctor: User) -> None:
    link = path(invite(doctor))
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert Client().post(link, FORM).status_code == 302


def test_of_several_links_the_first_that_is_used_ends_the_others(doctor: User) -> None:
    first, second = path(invite(doctor)), path(invite(doctor))
    assert Client().post(first, FORM).status_code == 302
    assert Client().post(second, {"password": "another long one"}).status_code == 410


def test_it_grows_old(doctor: User) -> None:
    link = path(invite(doctor))
    Invitation.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize("password", ["short", "password1234", "doctor@example.org", ""])
def test_a_weak_password_is_refused_and_the_link_goes_on(doctor: User, password: str) -> None:
    link = path(invite(doctor))
    assert Client().post(link, {"password": password}).status_code == 400
    assert Client().post(link, FORM).status_code == 302


def test_a_changed_link_and_one_for_a_closed_account_open_nothing(doctor: User) -> None:
    link = path(invite(doctor))
    assert Client().get(link[:-2] + "x/").status_code == 410
    User.objects.update(is_active=False)
    assert Client().post(link, FORM).status_code == 410


def test_the_token_is_kept_nowhere(doctor: User) -> None:
    token = invite(doctor).rstrip("/").rpartition("/")[2]
    assert token not in str(list(Invitation.objects.values()))
