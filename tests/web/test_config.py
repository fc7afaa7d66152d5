"""What web takes from its environment, and what it refuses in one line."""

import re
from pathlib import Path

import pytest

from amphitheatre.web.config import KNOWN, ConfigurationError, from_environment

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = ("docs/operations.md", "README.md", "src/amphitheatre/media/config.py")


@pytest.mark.parametrize("file", DOCUMENTED)
def test_every_setting_that_is_written_of_is_known(file: str) -> None:
    written = set(re.findall(r"AMPHITHEATRE_[A-Z_]*[A-Z]", (ROOT / file).read_text()))
    assert written <= KNOWN


def test_a_misspelt_setting_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigurationError, match="did you mean AMPHITHEATRE_WEB_PORT"):
        from_environment({"AMPHITHEATRE_WEBPORT": "8000"})


@pytest.mark.parametrize(
    ("host", "reached"), [("::", "[::1]"), ("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]")]
)
def test_media_is_reached_where_everything_listens(host: str, reached: str) -> None:
    config = from_environment({"AMPHITHEATRE_HOST": host})
    assert config.media_control_url == f"http://{reached}:8010"
    assert {"localhost", reached} <= set(config.hosts)
    assert "[" not in config.mail_from  # which Python 3.11.2 of Debian 12 refuses, and others do not


def test_postgresql_is_named_by_host_or_by_the_folder_of_its_socket() -> None:
    at_host = from_environment(
        {"DATABASE_URL": "postgresql://web:p%40ss@db.example:5433/course?sslmode=require"}
    )
    assert at_host.database.engine == "django.db.backends.postgresql"
    assert (at_host.database.host, at_host.database.port) == ("db.example", "5433")
    assert (at_host.database.user, at_host.database.password) == ("web", "p@ss")
    assert at_host.database.options == {"sslmode": "require"}
    by_socket = from_environment({"DATABASE_URL": "postgresql://web@/course?host=/run/postgresql"})
    assert (by_socket.database.host, by_socket.database.options) == ("/run/postgresql", {})


@pytest.mark.parametrize(
    "url", ["mysql://u:hidden@h/d", "postgresql://u:hidden@h:port/d", "postgresql://u:hidden@h"]
)
def test_a_wrong_database_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        from_environment({"DATABASE_URL": url})
    assert "DATABASE_URL" in str(refused.value)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"AMPHITHEATRE_WEB_PORT": "70000"},
        {"AMPHITHEATRE_SECURE": "yes"},
        {"AMPHITHEATRE_HOSTS": "*"},
        {"AMPHITHEATRE_MEDIA_URL": "media.example"},
        {"AMPHITHEATRE_TIME_ZONE": "Asia/Hangzou"},
    ],
)
def test_what_makes_no_sense_is_refused_by_name(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        from_environment(wrong)


def test_letters_leave_by_the_mail_server_that_is_named() -> None:
    mail = from_environment({"AMPHITHEATRE_MAIL_URL": "smtp://web:p%40ss@mail.example"}).mail
    assert mail.backend.endswith("smtp.EmailBackend")
    assert (mail.settings["EMAIL_HOST"], mail.settings["EMAIL_PORT"]) == ("mail.example", 587)
    assert (mail.settings["EMAIL_HOST_PASSWORD"], mail.settings["EMAIL_USE_TLS"]) == ("p@ss", True)


def test_letters_leave_by_a_mail_service() -> None:
    mail = from_environment({"AMPHITHEATRE_MAIL_URL": "anymail+mailgun:?api-key=k&sender-domain=d"}).mail
    assert mail.backend == "anymail.backends.mailgun.EmailBackend"
    assert mail.settings == {"ANYMAIL": {"MAILGUN_API_KEY": "k", "MAILGUN_SENDER_DOMAIN": "d"}}


def test_without_a_mail_server_letters_are_put_into_a_folder() -> None:
    mail = from_environment({"AMPHITHEATRE_DATA": "/srv/course"}).mail
    assert mail.settings == {"EMAIL_FILE_PATH": "/srv/course/mail"}


@pytest.mark.parametrize(
    "address", ["mail.example", "http://u:secret@mail.example", "smtp://u:secret@", "smtp://u:secret@h:x"]
)
def test_a_wrong_mail_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ConfigurationError, match="AMPHITHEATRE_MAIL_URL") as refused:
        from_environment({"AMPHITHEATRE_MAIL_URL": address})
    assert "secret" not in str(refused.value)
