"""What a stranger tries: other hosts, other sites, other rooms' files, floods; and what each answer carries."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.core.asgi import get_asgi_application
from django.test import Client

from amphitheatre.contract.grant import COOKIE, Role
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.studio.models import Room
from amphitheatre.web.ui.static_files import StaticFiles
from tests.web.conftest import make_room, token

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-phrase"
PAGES = ["/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_headers_that_keep_other_sites_out(page: str) -> None:
    answer = Client().get(page)
    policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_no_cookie_can_be_read_by_a_script_or_sent_by_another_site(room: Room, signing: Keys) -> None:
    User.objects.create_user("technician@example.org", PASSWORD, role=AccountRole.TECHNICIAN)
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "technician@example.org", "password": PASSWORD})
    client.post("/language/", {"language": "fr"})
    client.get(f"/rooms/theatre/?grant={token(signing, 'theatre')}")
    assert {COOKIE, "amphitheatre_session", "amphitheatre_language", "csrftoken"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key


def test_a_site_reached_by_https_alone_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "amphitheatre.web.manage", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ | {"AMPHITHEATRE_SECURE": "1", "AMPHITHEATRE_DATA": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example"])
def test_a_foreign_host_name_is_refused_and_not_repeated(host: str) -> None:
    answer = Client().get("/accounts/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_choosing_a_language_leads_to_no_other_site(target: str) -> None:
    answer = Client().post("/language/", {"language": "fr", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings/__init__.py",
        "/static/%2e%2e/settings/__init__.py",
        "/static/..%2f..%2fweb%2fsettings%2f__init__.py",
        "/static/ui/%2e%2e/%2e%2e/%2e%2e/config.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/ui/mark.svg%00.py",
        "/rooms/..%2f..%2fkeys/",
        "/rooms/../keys/grant.jwk",
    ],
)
async def test_no_address_leads_out_of_the_static_files(path: str) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(StaticFiles(get_asgi_application())), base_url="http://localhost"
    ) as client:
        answer = await client.get(path)
    assert answer.status_code in (302, 404)
    assert b"SECRET_KEY" not in answer.content
    assert b"root:" not in answer.content


def test_a_form_of_three_megabytes_is_refused() -> None:
    form = {"login": "x" * 3_000_000, "password": "x"}
    assert Client().post("/accounts/login/", form, content_type="application/json").status_code in (200, 400)
    assert Client().post("/accounts/login/", data=f"login={'x' * 3_000_000}",
                         content_type="application/x-www-form-urlencoded").status_code == 400  # fmt: skip


def test_a_guest_of_one_room_is_nobody_in_another(room: Room, guest: Client, signing: Keys) -> None:
    make_room("other")
    assert guest.get("/rooms/theatre/").status_code == 200
    for path in ("/rooms/other/", "/rooms/other/replay/", "/rooms/other/technician/"):
        assert guest.get(path).status_code in (302, 403)
    assert guest.post("/rooms/other/grant").status_code == 403
    guest.cookies[COOKIE] = token(signing, "theatre", Role.TECHNICIAN)
    assert guest.get("/rooms/other/technician/").status_code in (302, 403)


def test_a_grant_of_webs_own_opens_no_page(room: Room, signing: Keys) -> None:
    client = Client()
    client.cookies[COOKIE] = token(signing, "theatre", Role.CONTROL)
    assert client.get("/rooms/theatre/").status_code == 302
    assert Client().get(f"/rooms/theatre/?grant={token(signing, '*', Role.CONTROL)}").status_code == 403


def test_a_refused_grant_stands_in_no_log(
    room: Room, signing: Keys, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    expired = token(signing, "theatre", ttl=-10)
    assert Client().get(f"/rooms/theatre/?grant={expired}").status_code == 403
    told = caplog.text + "".join(capfd.readouterr())
    assert expired not in told
    assert expired.rpartition(".")[2] not in told
