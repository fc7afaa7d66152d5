"""A technician says from where the server fetches a picture by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.studio.domain.plans import plan_of
from amphitheatre.web.studio.models import Room
from tests.web.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signing")]

PAGE = "/rooms/theatre/technician/pull/main/"
CAMERA = "rtsp://watcher:secret@camera.example:554/stream"


@pytest.fixture
def film() -> Iterator[Path]:
    folder: Path = settings.AMPHITHEATRE.data / "films"
    folder.mkdir()
    path = folder / "anatomy.mp4"
    path.touch()
    yield path
    path.unlink()
    folder.rmdir()


@pytest.fixture
def technician(room: Room) -> Client:
    return signed_in(AccountRole.TECHNICIAN)


def test_a_camera_is_fetched_and_no_longer_when_the_field_is_empty(room: Room, technician: Client) -> None:
    assert technician.post(PAGE, {"url": f" {CAMERA} "}).status_code == 302
    pull = plan_of(room).views[0].pull
    assert pull is not None
    assert (pull.url, pull.loop) == (CAMERA, False)
    assert CAMERA in technician.get(PAGE).content.decode()
    assert (
        "The server fetches this picture by itself."
        in technician.get("/rooms/theatre/technician/").content.decode()
    )
    technician.post(PAGE, {"url": ""})
    assert plan_of(Room.objects.get()).views[0].pull is None


def test_a_film_is_chosen_by_its_name(room: Room, technician: Client, film: Path) -> None:
    assert f'<option value="{film.name}">' in technician.get(PAGE).content.decode()
    technician.post(PAGE, {"url": film.name, "loop": "on"})
    pull = plan_of(room).views[0].pull
    assert pull is not None
    assert (pull.url, pull.loop, pull.is_file) == (str(film), True, True)
    shown = technician.get(PAGE).content.decode()
    assert f'value="{film.name}"' in shown
    assert str(film) not in shown


@pytest.mark.parametrize(
    "url",
    [
        "/etc/passwd", "../keys/grant.jwk", "file:///etc/passwd", "anatomy.mp4", "ftp://host/a", "rtsp://",
        "http://[::1", "concat:/etc/passwd", "https:///x", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_nothing_else_of_this_machine_can_be_named(room: Room, technician: Client, url: str) -> None:
    answer = technician.post(PAGE, {"url": url})
    assert answer.status_code == 422
    assert "rtsp://, rtsps://" in answer.content.decode()
    assert plan_of(room).views[0].pull is None


def test_a_view_that_is_not_there_is_not_found(technician: Client) -> None:
    assert technician.get("/rooms/theatre/technician/pull/other/").status_code == 404


@pytest.mark.parametrize("role", [AccountRole.MODERATOR, AccountRole.PARTICIPANT, AccountRole.INTERPRETER])
def test_nobody_else_may(room: Room, role: AccountRole) -> None:
    assert signed_in(role).post(PAGE, {"url": CAMERA}).status_code == 403
    assert plan_of(room).views[0].pull is None
