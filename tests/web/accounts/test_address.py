"""People change their own address: proved by a letter, after the password, and closing what the old one opened."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.test import Client

from amphitheatre.web.accounts.domain import addresses, own_data
from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.models import Letter
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/email/"
PASSWORD = "five words that follow others"
NEW = {"email": "New@example.org"}


@pytest.fixture
def person() -> User:
    return User.objects.create_user("old@example.org", PASSWORD, name="Ana", preferred_language="fr")


def sign_in(address: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": address, "password": PASSWORD})
    return client


def wish(client: Client, fields: dict[str, str] = NEW) -> Any:
    cache.clear()  # how often somebody may give the password is limited
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client.post(PAGE, fields)


def link(to: str = "new@example.org") -> str:
    found = re.search(r"/accounts/email/\S+/", Letter.objects.get(to=to).text)
    assert found is not None
    return found[0]


def email_of(person: User) -> str:
    return User.objects.get(pk=person.pk).email


def test_the_new_address_counts_once_its_letter_was_followed(person: User) -> None:
    client = sign_in("old@example.org")
    assert wish(client).status_code == 302
    assert email_of(person) == "old@example.org"
    assert Letter.objects.get(to="new@example.org").subject == "Votre nouvelle adresse e-mail"
    assert "new@example.org" in client.get(link()).content.decode()
    assert email_of(person) == "old@example.org"  # mail programs open links before people do
    client.post(link())
    assert email_of(person) == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@example.org", True, True)
    ]
    assert "_auth_user_id" not in sign_in("old@example.org").session
    assert "_auth_user_id" in sign_in("new@example.org").session


def test_the_old_address_is_told_and_other_devices_are_signed_out(person: User) -> None:
    here, elsewhere = sign_in("old@example.org"), sign_in("old@example.org")
    for client in (here, elsewhere):
        assert client.get("/me/").status_code == 200
    wish(here)
    here.post(link())
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert "new@example.org" in Letter.objects.get(to="old@example.org").text


def test_a_link_works_once_and_a_changed_or_old_one_never(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("old@example.org")
    wish(client)
    address = link()
    assert client.post(address[:-3] + "xx/").status_code == 410
    monkeypatch.setattr(addresses, "LASTS", addresses.LASTS * 0)
    assert client.post(address).status_code == 410
    monkeypatch.undo()
    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 410
    assert "ne fonctionne plus" in client.get(address).content.decode()


def test_of_two_wishes_the_first_that_is_followed_ends_the_other(person: User) -> None:
    client = sign_in("old@example.org")
    wish(client)
    wish(client, {"email": "other@example.org"})
    assert client.post(link("other@example.org")).status_code == 302
    assert client.post(link()).status_code == 410


def test_somebody_elses_address_gets_no_letter_and_nobody_learns_that_it_is_one(person: User) -> None:
    client = sign_in("old@example.org")
    free = wish(client, {"email": "free@example.org"})
    User.objects.create_user("new@example.org")
    taken = wish(client)
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert not Letter.objects.filter(to="new@example.org").exists()


def test_a_stranger_who_gets_the_letter_gets_no_account(person: User) -> None:
    wish(sign_in("old@example.org"))
    stranger = User.objects.create_user("stranger@example.org")
    assert "login" in Client().post(link()).url
    assert client_of(stranger).post(link()).status_code == 410
    assert email_of(person) == "old@example.org"


def test_what_was_written_goes_with_the_account(person: User) -> None:
    client = sign_in("old@example.org")
    wish(client, {"email": "mistyped@example.org"})
    wish(client)
    client.post(link())
    own_data.forget(User.objects.get(pk=person.pk))
    assert not Letter.objects.exists()


def test_an_address_that_was_taken_meanwhile(person: User) -> None:
    client = sign_in("old@example.org")
    wish(client)
    User.objects.create_user("new@example.org")
    assert client.post(link()).status_code == 410
    assert email_of(person) == "old@example.org"


def test_it_asks_for_the_password_again_and_then_goes_on(person: User) -> None:
    client = client_of(person)
    answer = client.post(PAGE, NEW)
    assert "reauthenticate" in answer.url
    assert not Letter.objects.exists()
    assert "login" in Client().get(PAGE).url


def test_nobody_sends_mail_to_many_strangers_through_it(person: User) -> None:
    client = sign_in("old@example.org")
    for number in range(9):
        wish(client, {"email": f"stranger{number}@example.org"})
    assert Letter.objects.count() == 5


@pytest.mark.parametrize("wrong", ["", "nobody", "a@b", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused(person: User, wrong: str) -> None:
    assert wish(sign_in("old@example.org"), {"email": wrong}).status_code == 400


def test_another_signature_of_ours_is_no_link(person: User) -> None:
    token = signing.dumps([person.pk, person.email, "new@example.org"], salt="other")
    assert client_of(person).post(f"{PAGE}{token}/").status_code == 410
