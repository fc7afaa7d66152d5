"""Pages for what went wrong: in the reader's language, with the reason and what to do."""

import pytest
from django.test import Client, RequestFactory

from amphitheatre.web.ui.views import failed

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr", "zh-Hans"]


def send_form(client: Client, language: str = "en", **headers: str) -> str:
    answer = client.post("/accounts/login/", {"login": "x"}, headers={"Accept-Language": language} | headers)
    assert answer.status_code == 403
    return answer.content.decode()


def strict() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    ("language", "words"), list(zip(LANGUAGES, ["allow cookies", "autorisez", "允许"], strict=True))
)
def test_a_form_without_a_cookie_asks_to_allow_them(language: str, words: str) -> None:
    assert words in send_form(strict(), language)


@pytest.mark.parametrize(
    ("language", "words"), list(zip(LANGUAGES, ["too old", "trop ancien", "过期"], strict=True))
)
def test_an_old_form_asks_to_load_it_again(language: str, words: str) -> None:
    client = strict()
    client.get("/accounts/login/")
    assert words in send_form(client, language)


def test_a_form_from_another_site_is_named_as_such() -> None:
    client = strict()
    client.get("/accounts/login/")
    page = send_form(client, Origin="https://evil.example")
    assert "another address than testserver" in page
    assert "evil.example" not in page


@pytest.mark.parametrize(
    ("language", "words"), list(zip(LANGUAGES, ["no such page", "existe pas", "不存在"], strict=True))
)
def test_an_unknown_address_gets_our_page(language: str, words: str) -> None:
    answer = Client().get("/nowhere/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), list(zip(LANGUAGES, ["on our side", "de notre côté", "服务器出错"], strict=True))
)
def test_a_failure_shows_the_number_that_stands_in_the_log(
    language: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failed(RequestFactory().get("/", headers={"Accept-Language": language}))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert words in page
    incident = page.split("<code>")[1].split("</code>")[0]
    assert incident in caplog.text
