"""The site behind the documented proxy: HTTPS alone, pages and media at two ports of one host name."""

import contextlib
import datetime
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page, sync_playwright

from tests.camera.waiting import until
from tests.e2e.house import House, encoder, free_ports, running
from tests.pages.browser import ARGUMENTS

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs/haproxy.cfg"
HOST, ROOM, VIEW = "course.test", "theatre", "main"
PATIENCE = 60.0  # seconds
_PLAYS = "() => document.querySelector('video').currentTime > 1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {
        "AMPHITHEATRE_HOSTS": HOST,
        "AMPHITHEATRE_SECURE": "1",
        "AMPHITHEATRE_MEDIA_URL": f"https://{HOST}:8443",
    }
    with running(House(tmp_path_factory.mktemp("secure"), settings)) as found:
        found.add_room(ROOM, [VIEW])
        until(lambda: f'"{ROOM}"' in found.command("rooms", "--json"), PATIENCE)
        with encoder(found.push_address(ROOM, VIEW)):
            yield found


@pytest.fixture(scope="module")
def proxy(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, int]]:
    """The port at which the proxy really listens, by the one that people know."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    assert program, "haproxy is missing: apt-get install haproxy"
    folder = tmp_path_factory.mktemp("proxy")
    _write_certificate(folder / "course.pem")
    ports = dict(zip((80, 443, 8443), free_ports(3), strict=True))
    text = CONFIGURATION.read_text().replace("/etc/haproxy/course.pem", str(folder / "course.pem"))
    for known, real in ports.items():
        assert f"bind :{known}" in text
        text = text.replace(f"bind :{known}", f"bind 127.0.0.1:{real}", 1)
    for known, name in ((8000, "WEB"), (8010, "MEDIA")):
        assert f"127.0.0.1:{known}\n" in text
        text = text.replace(f"127.0.0.1:{known}\n", f"127.0.0.1:{house.ports[name]}\n")
    (folder / "haproxy.cfg").write_text(text)
    process = subprocess.Popen([program, "-db", "-f", str(folder / "haproxy.cfg")])
    try:
        until(lambda: all(map(_listens, ports.values())), PATIENCE)
        yield ports
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def page(proxy: dict[int, int]) -> Iterator[Page]:
    """Of a browser that finds the proxy at the ports that people know."""
    rules = ",".join(f"MAP {HOST}:{known} 127.0.0.1:{real}" for known, real in proxy.items())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, f"--host-resolver-rules={rules}"]
        )
        with contextlib.closing(browser.new_context(ignore_https_errors=True)) as context:
            context.set_default_timeout(PATIENCE * 1000)
            yield context.new_page()
        browser.close()


def test_a_guest_watches_by_https(house: House, page: Page) -> None:
    link = house.link(ROOM)
    assert link.startswith(f"https://{HOST}/rooms/{ROOM}/")
    page.goto(link.replace("https", "http", 1))  # as somebody would type it
    page.wait_for_function(_PLAYS)
    assert page.evaluate("() => location.protocol") == "https:"
    assert {cookie["secure"] for cookie in page.context.cookies()} == {True}


def test_what_is_for_this_machine_is_not_for_the_world(page: Page) -> None:
    for path in ("metrics", "control/rooms"):
        answer = page.goto(f"https://{HOST}:8443/{path}")
        assert answer is not None
        assert answer.status == 403, path
    answer = page.goto(f"https://{HOST}:8443/readyz")
    assert answer is not None
    assert answer.status == 200


def _write_certificate(path: Path) -> None:
    """A self-signed one, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
