import json
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from amphitheatre.cli.main import main
from amphitheatre.web.grants import Keys, load_or_create_keys


@pytest.fixture
def keys(data: Path) -> Keys:
    return load_or_create_keys(data)


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["grant", *arguments])
    return int(ended.value.code or 0)


def _claims(token: str, keys: Keys) -> dict[str, object]:
    public = OKPKey.import_key(json.loads(keys.public.read_text()))
    return jwt.decode(token, public, algorithms=["EdDSA"]).claims


def test_the_grant_is_printed_alone_and_verifies(keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("operation", "--role", "interpreter", "--ttl", "60", "--language", "fr") == 0
    claims = _claims(capsys.readouterr().out.strip(), keys)
    assert (claims["room"], claims["role"], claims["language"]) == ("operation", "interpreter", "fr")
    assert claims["exp"] == pytest.approx(time.time() + 60, abs=3)


def test_a_link_leads_to_the_watch_page_with_the_grant(
    keys: Keys, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPHITHEATRE_WEB_PORT", "8123")
    assert _run("operation", "--link") == 0
    link = urlsplit(capsys.readouterr().out.strip())
    assert (link.netloc, link.path) == ("127.0.0.1:8123", "/rooms/operation/")
    assert _claims(parse_qs(link.query)["grant"][0], keys)["role"] == "viewer"


@pytest.mark.parametrize(
    ("secure", "address"),
    [("0", "http://course.hospital.example:8000/"), ("1", "https://course.hospital.example/")],
)
def test_a_link_names_the_host_that_people_type(
    secure: str, address: str, keys: Keys, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPHITHEATRE_HOST", "0.0.0.0")  # noqa: S104  nothing is bound
    monkeypatch.setenv("AMPHITHEATRE_HOSTS", "course.hospital.example, other.example")
    monkeypatch.setenv("AMPHITHEATRE_SECURE", secure)
    assert _run("operation", "--link") == 0
    assert capsys.readouterr().out.startswith(address)


def test_a_technician_gets_one_for_the_figures_of_all_rooms(
    keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("*", "--role", "technician") == 0
    claims = _claims(capsys.readouterr().out.strip(), keys)
    assert (claims["room"], claims["role"]) == ("*", "technician")


@pytest.mark.parametrize(
    "arguments",
    [
        ["Bad Room"],
        ["../x"],
        ["*"],
        ["*", "--role", "technician", "--link"],
        ["operation", "--language", "French"],
    ],
)
def test_a_room_or_language_that_cannot_be_is_refused_in_one_line(
    arguments: list[str], keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*arguments) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["operation", "--role", "control"], ["operation", "--ttl", "0"], ["o", "--ttl", "x"]]
)
def test_wrong_usage_is_told_as_such(arguments: list[str], keys: Keys) -> None:
    assert _run(*arguments) == 2


def test_without_keys_it_says_what_to_do(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("operation") == 1
    assert "amphitheatre up" in capsys.readouterr().err
