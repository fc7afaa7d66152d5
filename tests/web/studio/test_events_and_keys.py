"""What media tells web; keys that are changed; plans that media gets."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client

from amphitheatre.contract.event import Event, EventKind
from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.programme.models import Course, Technique
from amphitheatre.web.programme.models import Room as ProgrammeRoom
from amphitheatre.web.studio.domain import on_air
from amphitheatre.web.studio.domain.media_events import keep
from amphitheatre.web.studio.domain.plans import plan_of
from amphitheatre.web.studio.models import MediaEvent, Room
from amphitheatre.web.texts.shown import Freshness, freshness
from tests.web.conftest import client_of, signed_in

pytestmark = pytest.mark.django_db

EVENT = Event(
    id="e1", kind=EventKind.SOURCE_LOST, room="theatre", at="2026-11-14T08:00:00Z", source="views/main"
)


def _tell(token: str, body: bytes | None = None) -> int:
    return (
        Client()
        .post(
            "/media-events/",
            data=msgspec.json.encode(EVENT) if body is None else body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        .status_code
    )


def test_an_event_is_kept_once_however_often_it_is_told(room: Room, signing: Keys) -> None:
    token = signing.event_token.read_text().strip()
    assert [_tell(token), _tell(token)] == [204, 204]
    assert MediaEvent.objects.count() == 1


def test_an_event_whose_consequences_fail_is_told_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_name: str) -> None:
        raise OSError("disk is full")

    event = Event(id="e2", kind=EventKind.ROOM_LIVE, room="theatre", at="2026-11-14T08:00:00Z")
    with monkeypatch.context() as patched:
        patched.setattr(on_air, "follow", full)
        with pytest.raises(OSError, match="full"):
            keep(event)
    assert keep(event)


def test_nobody_else_tells_events(room: Room, signing: Keys) -> None:
    assert _tell("wrong") == 401
    assert MediaEvent.objects.count() == 0


def test_nonsense_is_refused_for_good(room: Room, signing: Keys) -> None:
    assert _tell(signing.event_token.read_text().strip(), b"{") == 400


def test_a_changed_key_replaces_the_old_one(room: Room) -> None:
    before = room.views.get().key
    client = signed_in(AccountRole.TECHNICIAN)
    asked = client.get("/rooms/theatre/technician/key/?source=views/main")
    assert asked.status_code == 200
    assert room.views.get().key == before  # asking changes nothing
    client.post("/rooms/theatre/technician/key/?source=views/main")
    assert room.views.get().key != before


def test_a_viewer_changes_no_key(room: Room, guest: Client) -> None:
    before = room.views.get().key
    guest.post("/rooms/theatre/technician/key/?source=views/main")
    assert room.views.get().key == before


def test_a_room_becomes_a_plan_that_the_contract_accepts(room: Room) -> None:
    plan = plan_of(room)
    again = msgspec.json.decode(msgspec.json.encode(plan), type=RoomPlan)
    assert again.id == "theatre"
    assert [view.id for view in again.views] == ["main"]
    assert {language.tag for language in again.languages} == {"zh-Hans", "fr"}


def test_the_demo_is_seeded_once(db: None) -> None:
    call_command("seed_demo")
    accounts, rooms = User.objects.count(), Room.objects.count()
    assert rooms == 3  # the operation, yours, and the course's lecture hall
    # The coordinator and the participant are of the course; a second interpreter has no account of the demo.
    assert accounts == len(AccountRole) + 168 - 2 + 1
    call_command("seed_demo")
    assert (User.objects.count(), Room.objects.count()) == (accounts, rooms)


def test_the_demos_course_has_the_figures_of_the_reference_course(db: None) -> None:
    call_command("seed_demo")
    found = Client().get("/api/courses/minimally-invasive-surgery/figures").json()
    assert found["registered"] == {"participants": 168, "institutions": 25, "countries": 8, "continents": 5}
    course = Course.objects.get()
    sessions = [session for session in course.sessions.all() if session.audience == "Africa"]
    assert [session.starts.astimezone(ZoneInfo("Africa/Bamako")).hour for session in sessions] == [8, 8, 10]
    for record in [course, *course.sessions.all(), *Technique.objects.all()]:
        assert set(freshness(record)["title"].values()) == {Freshness.FRESH}


@pytest.mark.parametrize("role", ["participant", "coordinator"])
def test_the_demos_doctors_join_the_operation_and_no_other_room(db: None, role: str) -> None:
    call_command("seed_demo")
    client = client_of(User.objects.get(email=f"{role}@amphitheatre.example"))
    assert client.get("/rooms/operation/").status_code == 200
    assert client.get("/rooms/yours/").status_code == 403


def test_the_programme_knows_which_room_is_on_air(db: None) -> None:
    theatre = ProgrammeRoom.objects.create(slug="theatre", title_en="Theatre")

    def tell(kind: EventKind, at: str) -> None:
        keep(Event(id=f"{kind.value} {at}", kind=kind, room="theatre", at=at))
        theatre.refresh_from_db()

    tell(EventKind.ROOM_LIVE, "2026-11-14T08:00:00Z")
    assert theatre.live_since == datetime(2026, 11, 14, 8, tzinfo=UTC)
    tell(EventKind.SOURCE_LOST, "2026-11-14T09:00:00Z")
    assert theatre.live_since is not None
    tell(EventKind.ROOM_ENDED, "2026-11-14T10:00:00Z")
    assert theatre.live_since is None
    tell(EventKind.ROOM_LIVE, "2026-11-14T09:30:00Z")  # told late
    assert theatre.live_since is None
