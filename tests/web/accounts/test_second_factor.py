"""The second factor: six digits can be guessed, so wrong ones are counted."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from amphitheatre.web.accounts.models import User
from tests.web.accounts.authenticator_app import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-phrase"


@pytest.fixture
def secret() -> str:
    """Of the app of an account that has a second factor."""
    cache.clear()
    user = User.objects.create_user("doctor@example.org", PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def half_way() -> Client:
    """Somebody who knows the password."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": "doctor@example.org", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    return client


def enter(client: Client, code: str) -> int:
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code


def test_the_password_alone_opens_nothing(secret: str) -> None:
    client = half_way()
    assert client.get("/accounts/password/change/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_apps_code_signs_in_once(secret: str) -> None:
    code = code_of(secret)
    assert enter(half_way(), code) == 302
    assert enter(half_way(), code) == 200


def test_a_code_that_was_typed_slowly_still_counts_but_no_old_one(secret: str) -> None:
    assert enter(half_way(), code_of(secret, late=120)) == 200
    assert enter(half_way(), code_of(secret, late=29)) == 302


def test_a_recovery_code_signs_in_once(secret: str) -> None:
    user = User.objects.get()
    code = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert enter(half_way(), code) == 302
    assert enter(half_way(), code) == 200


def test_after_ten_wrong_codes_the_right_one_does_not_help(secret: str) -> None:
    client = half_way()
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    for _ in range(10):
        assert enter(client, wrong) == 200
    assert enter(half_way(), code_of(secret)) == 200
