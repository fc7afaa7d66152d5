"""A forgotten password: a letter with a link, to those who have an account, and no word to anybody else."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> User:
    cache.clear()
    return User.objects.create_user("doctor@example.org", "forgotten-pass-phrase")


def ask(address: str, language: str = "en") -> str:
    """The page that is shown then."""
    headers = {"Accept-Language": language}
    answer = Client(headers=headers).post("/accounts/password/reset/", {"email": address}, follow=True)
    assert answer.status_code == 200
    return re.sub(r"csrf\w+\W+value=\W+\w+|\d\d:\d\d|nonce-\w+", "", answer.content.decode())


def test_a_letter_brings_a_link_that_works_once(doctor: User) -> None:
    ask(doctor.email)
    link = re.search(r"http://[^/]+(/\S+)", Letter.objects.get().text)
    assert link is not None
    client = Client()
    form = client.get(link[1], follow=True)
    where = form.request["PATH_INFO"]
    assert (
        client.post(where, dict.fromkeys(("password1", "password2"), "a new and long one")).status_code == 302
    )
    doctor.refresh_from_db()
    assert doctor.check_password("a new and long one")
    again = Client().get(link[1], follow=True).content.decode()
    assert 'name="password1"' not in again
    assert "This link does not work any more" in again
    assert 'href="/accounts/password/reset/"' in again


def test_a_word_too_short_is_refused_with_a_reason(doctor: User) -> None:
    ask(doctor.email)
    client = Client()
    link = re.search(r"http://[^/]+(/\S+)", Letter.objects.get().text)
    assert link is not None
    form = client.get(link[1], follow=True)
    answer = client.post(form.request["PATH_INFO"], dict.fromkeys(("password1", "password2"), "short"))
    assert "12 characters" in answer.content.decode()


def test_the_owner_is_told_of_a_new_password(doctor: User) -> None:
    """By whom, and what to do if it was somebody else."""
    client = Client(
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    )
    client.force_login(doctor)
    new = {"oldpassword": "forgotten-pass-phrase"} | dict.fromkeys(
        ("password1", "password2"), "a new and long one"
    )
    client.post("/accounts/password/change/", new)
    letter = Letter.objects.get()
    assert letter.to == doctor.email
    assert "Firefox · Linux" in letter.text
    assert "http://127.0.0.1:8000/accounts/password/reset/" in letter.text
    assert "{" not in letter.text


@pytest.mark.parametrize(("language", "word"), [("fr", "mot de passe"), ("zh-Hans", "密码")])
def test_the_letter_is_in_the_readers_language(doctor: User, language: str, word: str) -> None:
    ask(doctor.email, language)
    assert word in Letter.objects.get().text


def test_who_has_an_account_is_nobodys_business(doctor: User) -> None:
    assert ask("stranger@example.org") == ask(doctor.email)
    assert Letter.objects.count() == 1
