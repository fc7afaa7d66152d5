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
    again = Client().get(link[1], follow=True)
    assert 'name="password1"' not in again.content.decode()


@pytest.mark.parametrize(("language", "word"), [("fr", "mot de passe"), ("zh-Hans", "密码")])
def test_the_letter_is_in_the_readers_language(doctor: User, language: str, word: str) -> None:
    ask(doctor.email, language)
    assert word in Letter.objects.get().text


def test_who_has_an_account_is_nobodys_business(doctor: User) -> None:
    assert ask("stranger@example.org") == ask(doctor.email)
    assert Letter.objects.count() == 1
