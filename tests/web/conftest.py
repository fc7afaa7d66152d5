"""Django for the web tests: a data folder of its own, no media; a database in it unless DATABASE_URL names one."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

_DATA = tempfile.mkdtemp(prefix="amphitheatre-web-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
_kept = os.environ.get("AMPHITHEATRE_DATA")
os.environ["AMPHITHEATRE_DATA"] = _DATA
os.environ["DJANGO_SETTINGS_MODULE"] = "amphitheatre.web.settings"
django.setup()
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # slow ones cost each test 0.4 s
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # one in memory knows no second connection
    settings.DATABASES["default"]["TEST"]["NAME"] = f"{_DATA}/test.sqlite3"
    settings.DATABASES["default"]["OPTIONS"]["timeout"] = 120  # seconds; a crowd of writers on a busy machine
call_command("compile_translations", verbosity=0)  # a fresh clone has none yet
if _kept is None:
    del os.environ["AMPHITHEATRE_DATA"]
else:
    os.environ["AMPHITHEATRE_DATA"] = _kept

from amphitheatre.contract.grant import Role  # noqa: E402  Django first
from amphitheatre.web.accounts.models import User  # noqa: E402
from amphitheatre.web.accounts.roles import AccountRole  # noqa: E402
from amphitheatre.web.grants import Keys, load_or_create_keys, new_grant, sign  # noqa: E402
from amphitheatre.web.studio.models import Language, Room, View  # noqa: E402
from tests.web import postgresql  # noqa: E402

collect_ignore = [] if postgresql.programs() else ["test_postgresql.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if collect_ignore:
        terminalreporter.write_line(
            "PostgreSQL is not installed (apt-get install postgresql): the web tests ran on SQLite alone."
        )


@pytest.fixture(scope="session")
def signing() -> Keys:
    return load_or_create_keys(Path(_DATA))


def make_room(name: str) -> Room:
    """A room with one view and two languages."""
    room = Room.objects.create(id=name, title={"en": f"Room {name}"}, floor="zh-Hans")
    View.objects.create(room=room, name="main", label={"en": "Camera"})
    Language.objects.create(room=room, tag="zh-Hans", label="中文")
    Language.objects.create(room=room, tag="fr", label="Français", interpreted=True)
    return room


@pytest.fixture
def room(db: None) -> Room:
    return make_room("theatre")


@pytest.fixture
def guest(signing: Keys) -> Client:
    """Somebody who came by a guest link for the room `theatre`."""
    client = Client()
    client.get(f"/rooms/theatre/?grant={token(signing, 'theatre')}")
    return client


def token(signing: Keys, room: str, role: Role = Role.VIEWER, ttl: float = 600) -> str:
    return sign(new_grant(room, role, ttl), signing.private)


def signed_in(role: AccountRole) -> Client:
    """A client whose account has that role."""
    user = User.objects.create_user(
        email=f"{role.value}@example.org", password="a-long-pass-phrase", role=role
    )
    return client_of(user)


def client_of(user: User) -> Client:
    """Signed in with that account."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
