"""Signing in: what is counted, what a locked-out person reads, and where passkeys are offered."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.sign_in import passkeys_work

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-phrase"


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def doctor() -> User:
    return User.objects.create_user("doctor@example.org", PASSWORD)


def try_to_sign_in(address: str, password: str, client: Client | None = None, **headers: str) -> int:
    form = {"login": address, "password": password}
    return (client or Client()).post("/accounts/login/", form, headers=headers).status_code


def lock_out(address: str) -> None:
    for _ in range(8):
        try_to_sign_in(address, "wrong")


def test_one_persons_wrong_passwords_lock_nobody_else_of_the_same_network_out(doctor: User) -> None:
    lock_out("somebody.else@example.org")
    assert try_to_sign_in(doctor.email, PASSWORD) == 302


def test_the_right_password_does_not_help_after_eight_wrong_ones(doctor: User) -> None:
    lock_out(doctor.email)
    assert try_to_sign_in(doctor.email, PASSWORD) == 429


def test_another_spelling_of_the_address_is_the_same_address(doctor: User) -> None:
    for spelling in (
        "doctor@example.org",
        "Doctor@Example.org",
        " DOCTOR@example.org ",
        "doctor@EXAMPLE.org",
    ):
        try_to_sign_in(spelling, "wrong")
        try_to_sign_in(spelling, "wrong")
    assert try_to_sign_in(doctor.email, PASSWORD) == 429


@pytest.mark.parametrize(("language", "words"), [("en", "paused"), ("fr", "suspendue"), ("zh-Hans", "暂停")])
def test_whoever_is_locked_out_reads_so_in_their_language(doctor: User, language: str, words: str) -> None:
    lock_out(doctor.email)
    answer = Client().post(
        "/accounts/login/",
        {"login": doctor.email, "password": PASSWORD},
        headers={"Accept-Language": language},
    )
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "from your network"), ("fr", "votre réseau"), ("zh-Hans", "您网络")]
)
def test_a_flood_of_sign_ins_is_answered_by_our_own_page(language: str, words: str) -> None:
    for number in range(120):
        try_to_sign_in(f"nobody{number}@example.org", "")
    answer = Client().post("/accounts/login/", {"login": "x"}, headers={"Accept-Language": language})
    assert answer.status_code == 429
    assert words in answer.content.decode()


def test_a_forged_forwarding_header_does_not_make_another_visitor(doctor: User) -> None:
    for number in range(8):
        try_to_sign_in(doctor.email, "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert try_to_sign_in(doctor.email, PASSWORD, **{"X-Forwarded-For": "203.0.113.99"}) == 429


def test_an_address_that_has_no_account_is_told_the_same(doctor: User) -> None:
    def answer(address: str) -> str:
        sent = Client().post("/accounts/login/", {"login": address, "password": "wrong"})
        return sent.content.decode().split('role="alert"')[1].split("</div>")[0]

    assert answer(doctor.email) == answer("nobody@example.org")


@pytest.mark.parametrize(
    ("host", "secure", "offered"),
    [
        ("localhost:8000", False, True),
        ("127.0.0.1:8000", False, False),
        ("[::1]:8000", False, False),
        ("hospital.example", False, False),
        ("hospital.example", True, True),
        ("192.0.2.7", True, False),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(
    settings: object, host: str, secure: bool, offered: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]  # pytest-django's settings have any attribute
    request = RequestFactory().get("/", headers={"Host": host}, secure=secure)
    assert passkeys_work(request) is offered
    page = Client().get("/accounts/login/", headers={"Host": host}, secure=secure).content.decode()
    assert ("passkey_login" in page) is offered


def test_next_leads_to_no_other_site(doctor: User) -> None:
    for target in ("https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)"):
        answer = Client().post(
            "/accounts/login/", {"login": doctor.email, "password": PASSWORD, "next": target}
        )
        assert answer.status_code == 302
        assert answer["Location"] == "/me/"


@pytest.mark.parametrize(
    ("role", "page"),
    [("participant", "/me/"), ("coordinator", "/me/"), ("technician", "/"), ("director", "/")],
)
def test_whoever_takes_part_lands_where_they_join(role: str, page: str) -> None:
    User.objects.create_user("somebody@example.org", PASSWORD, role=role)
    answer = Client().post("/accounts/login/", {"login": "somebody@example.org", "password": PASSWORD})
    assert answer["Location"] == page
