"""The link by which somebody comes in for the first time."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.domain import addresses
from amphitheatre.web.accounts.domain.invitations import invite, not_in_yet, those_not_in_yet, write
from amphitheatre.web.accounts.models import Invitation, User
from amphitheatre.web.mail.models import Letter

pytestmark = pytest.mark.django_db
FORM = {"password": "five words in a row"}
AT_ONCE = 8


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


def test_a_letter_brings_the_link_in_its_readers_language(doctor: User) -> None:
    doctor.preferred_language, doctor.role = "fr", "interpreter"
    doctor.save()
    assert write(doctor)
    letter = Letter.objects.get()
    assert (letter.to, letter.language) == ("doctor@example.org", "fr")
    assert "Bonjour Aminata Traoré" in letter.text
    assert "Interprète" in letter.text
    link = re.search(r"/accounts/\S+", letter.text)
    assert link is not None
    assert Client().post(link[0], FORM).status_code == 302


def test_nobody_is_written_to_twice_within_a_day(doctor: User) -> None:
    assert write(doctor)
    assert not write(doctor)
    assert (Letter.objects.count(), Invitation.objects.count()) == (1, 1)
    Invitation.objects.update(made=timezone.now() - timedelta(days=1, seconds=1))
    assert write(doctor)
    assert Letter.objects.count() == 2


def test_a_link_that_came_with_other_news_counts(doctor: User) -> None:
    invite(doctor)
    assert not write(doctor)


def test_of_several_who_press_at_once_one_letter_goes(transactional_db: None) -> None:
    doctor = User.objects.create_user("doctor@example.org")
    start = Barrier(AT_ONCE)

    def press(_number: int) -> bool:
        try:
            start.wait(60)
            return write(doctor)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(press, range(AT_ONCE))) == 1
    assert (Letter.objects.count(), Invitation.objects.count()) == (1, 1)


def test_a_corrected_address_is_written_to_at_once(doctor: User) -> None:
    write(doctor)
    doctor.email = "right@example.org"
    doctor.save()
    addresses.changed(doctor)
    assert write(doctor)
    assert {letter.to for letter in Letter.objects.all()} == {"doctor@example.org", "right@example.org"}


def test_an_address_that_was_right_at_first_is_written_to_again(doctor: User) -> None:
    for address in ("doctor@example.org", "other@example.org", "doctor@example.org"):
        doctor.email = address
        doctor.save()
        addresses.changed(doctor)
        assert write(doctor)
    letters = Letter.objects.order_by("written")
    assert [letter.to for letter in letters] == [
        "doctor@example.org",
        "other@example.org",
        "doctor@example.org",
    ]
    link = re.search(r"/accounts/\S+", letters[2].text)
    assert link is not None
    assert Client().get(link[0]).status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"is_active": False},
        {"last_login": timezone.now()},
        {"password": make_password("five words in a row")},
    ],
    ids=["closed", "came in by a hospital", "has a password"],
)
def test_whoever_needs_no_link_gets_none(doctor: User, facts: dict[str, object]) -> None:
    assert list(those_not_in_yet(User.objects.all())) == [doctor]
    User.objects.update(**facts)
    doctor.refresh_from_db()
    assert not not_in_yet(doctor)
    assert not those_not_in_yet(User.objects.all()).exists()
    assert not write(doctor)
    assert not Letter.objects.exists()
