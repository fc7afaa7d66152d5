"""Tokens: shown once, kept as a digest, ended at once; what a lost or foreign one is worth."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.domain import addresses
from amphitheatre.web.accounts.domain.tokens import bearer, new_token
from amphitheatre.web.accounts.models import Scope, Token, User
from amphitheatre.web.mail.models import Letter
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/tokens/"
WISH = {"name": "The hospital's own lists", "scopes": [Scope.READ.value], "days": 30}


@pytest.fixture
def person() -> User:
    return User.objects.create_user("a@example.org", "five words that follow others")


def confirmed(person: User) -> Client:
    """Signed in, with the password given again."""
    client = client_of(person)
    client.post("/accounts/reauthenticate/", {"password": "five words that follow others"})
    return client


def test_a_token_is_shown_once_and_kept_as_a_digest(person: User) -> None:
    client = confirmed(person)
    page = client.post(PAGE, WISH).content.decode()
    token = Token.objects.get()
    secret = page.partition('<code class="secret">')[2].partition("<")[0]
    assert bearer(secret) == token
    assert secret not in str(Token.objects.values())
    again = client.get(PAGE).content.decode()
    assert WISH["name"].split("'")[0] in again
    assert secret not in again


def test_it_asks_for_the_password_again(person: User) -> None:
    answer = client_of(person).get(PAGE)
    assert (answer.status_code, "reauthenticate" in answer.url) == (302, True)
    assert "login" in Client().get(PAGE).url


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 400}, {"scopes": []}, {"scopes": ["everything"]}, {"name": ""}]
)
def test_what_makes_no_sense_makes_no_token(person: User, wrong: dict[str, object]) -> None:
    assert confirmed(person).post(PAGE, WISH | wrong).status_code == 400
    assert not Token.objects.exists()


def test_it_ends_when_it_is_taken_back_and_by_its_owner_alone(person: User) -> None:
    secret = new_token(person, "x", [Scope.READ], 1)
    token = Token.objects.get()
    other = User.objects.create_user("b@example.org")
    assert client_of(other).post(f"{PAGE}{token.pk}/end/").status_code == 404
    assert bearer(secret) is not None
    assert client_of(person).post(f"{PAGE}{token.pk}/end/").status_code == 302
    assert bearer(secret) is None


def test_it_ends_with_its_day_and_with_its_owner(person: User) -> None:
    secret = new_token(person, "x", [Scope.READ], 1)
    assert bearer(secret) is not None
    User.objects.update(is_active=False)
    assert bearer(secret) is None
    User.objects.update(is_active=True)
    Token.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert bearer(secret) is None
    assert bearer("") is None


def test_when_it_was_used_is_known(person: User) -> None:
    secret = new_token(person, "x", [Scope.READ], 1)
    assert Token.objects.get().used is None
    bearer(secret)
    assert timezone.now() - Token.objects.get().used < timedelta(minutes=1)


def test_the_owner_is_written_to_and_a_new_address_from_the_office_ends_it(person: User) -> None:
    secret = new_token(person, "Lists", [Scope.READ], 1)
    assert "Lists" in Letter.objects.get(to=person.email).text
    addresses.changed(person, here="somewhere")
    assert bearer(secret) is not None
    addresses.changed(person)
    assert bearer(secret) is None
