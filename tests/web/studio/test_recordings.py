"""The recordings page: who may do what, what it says, and what it does when media is away."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.contract.event import EventKind
from amphitheatre.contract.grant import Role
from amphitheatre.contract.room_state import TakeState
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.studio.domain import on_air
from amphitheatre.web.studio.models import MediaEvent, Room
from tests.web.conftest import signed_in, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signing")]
PAGE = "/rooms/theatre/recordings/"
OLD, LIVE = "20261110T003000000000Z", "20261114T082000000000Z"


@pytest.fixture(autouse=True)
def that_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of other years are written otherwise."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 20, tzinfo=UTC))


def _take(name: str, **more: object) -> TakeState:
    facts: dict[str, object] = {
        "id": name, "began": "2026-11-10T00:30:00.000Z", "ended": "2026-11-10T04:30:00.000Z",
        "size": 3 * 1024**3, "export": "none", "export_progress": 0.0, "export_size": 0,
        "views": {"main": {"en": "Camera", "fr": "Caméra"}}, "languages": {"zh-Hans": "中文", "fr": "Français"},
    }  # fmt: skip
    return msgspec.convert(facts | more, TakeState)


class Media:
    """Media's control door: what it holds, what it was asked, and whether it answers at all."""

    def __init__(self) -> None:
        self.takes = [_take(OLD), _take(LIVE, began="2026-11-14T08:20:00.000Z", ended=None)]
        self.asked: list[tuple[str, str]] = []
        self.away = False
        self.answers: dict[tuple[str, str], int] = {}

    @property
    def done(self) -> list[tuple[str, str]]:
        return [asked for asked in self.asked if asked[0] != "GET"]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = (request.method, request.url.path)
        self.asked.append(asked)
        if self.away:
            raise httpx.ConnectError("refused", request=request)
        assert request.headers["Authorization"].startswith("Bearer ")
        if asked in self.answers:
            return httpx.Response(self.answers[asked])
        if asked == ("GET", "/control/rooms/theatre/takes"):
            return httpx.Response(200, content=msgspec.json.encode(self.takes))
        if asked[0] == "DELETE":
            self.takes = [one for one in self.takes if not asked[1].endswith(one.id)]
        return httpx.Response(202 if asked[1].endswith("/export") else 204)


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> Media:
    stand_in = Media()
    real = httpx.Client

    def client(**options: object) -> httpx.Client:
        return real(**options, transport=httpx.MockTransport(stand_in))

    monkeypatch.setattr("amphitheatre.web.studio.domain.media_control.httpx.Client", client)
    return stand_in


@pytest.fixture
def technician(room: Room) -> Client:
    return signed_in(AccountRole.TECHNICIAN)


@pytest.fixture
def moderator(room: Room) -> Client:
    return signed_in(AccountRole.MODERATOR)


# Rights

SEE = ["", "list/"]
ACTS = {
    f"{OLD}/export/": ("POST", f"/control/rooms/theatre/takes/{OLD}/export"),
    f"{OLD}/delete/": ("DELETE", f"/control/rooms/theatre/takes/{OLD}"),
    "../end/": ("POST", "/control/rooms/theatre/end"),
}
MODERATOR_MAY = {f"{OLD}/export/", "../end/"}


def _at(address: str) -> str:
    return PAGE + address if not address.startswith("../") else f"/rooms/theatre/{address[3:]}"


@pytest.mark.parametrize("address", [*SEE, *ACTS, "retention/"])
@pytest.mark.parametrize(
    "role",
    [role for role in AccountRole if role.value not in ("director", "technician", "moderator")],
)
def test_everybody_else_is_turned_away_and_learns_nothing(
    room: Room, media: Media, role: AccountRole, address: str
) -> None:
    client = signed_in(role)
    for answer in (client.get(_at(address)), client.post(_at(address), {"keep": "always"})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Room theatre" not in answer.content.decode()
    assert media.asked == []
    room.refresh_from_db()
    assert room.retention_days == 30


@pytest.mark.parametrize("address", [*SEE, *ACTS, "retention/"])
def test_a_stranger_and_a_guest_are_sent_to_sign_in(
    room: Room, guest: Client, media: Media, address: str
) -> None:
    for client in (Client(), guest):
        for answer in (client.get(_at(address)), client.post(_at(address))):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")
    assert media.asked == []


@pytest.mark.parametrize("address", ACTS)
@pytest.mark.parametrize("account", [AccountRole.DIRECTOR, AccountRole.TECHNICIAN, AccountRole.MODERATOR])
def test_each_act_is_done_for_those_who_may(
    room: Room, media: Media, account: AccountRole, address: str
) -> None:
    answer = signed_in(account).post(_at(address))
    if account is AccountRole.MODERATOR and address not in MODERATOR_MAY:
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert media.asked == []
    else:
        assert answer.status_code == 302
        assert answer["Location"] == PAGE
        assert media.done == [ACTS[address]]


def test_a_guest_link_of_a_moderator_opens_the_page(room: Room, signing: Keys, media: Media) -> None:
    client = Client()
    client.get(f"{PAGE}?grant={token(signing, 'theatre', Role.MODERATOR)}")
    page = client.get(PAGE).content.decode()
    assert "Make one MP4" in page
    assert "Delete…" not in page
    assert 'name="keep"' not in page


@pytest.mark.parametrize("address", [*ACTS, "retention/"])
def test_a_form_from_elsewhere_changes_nothing(room: Room, media: Media, address: str) -> None:
    client = signed_in(AccountRole.TECHNICIAN)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(_at(address), {"keep": "always"}).status_code == HTTPStatus.FORBIDDEN
    assert media.asked == []
    room.refresh_from_db()
    assert room.retention_days == 30


@pytest.mark.parametrize("address", ACTS)
def test_asking_changes_nothing(technician: Client, media: Media, address: str) -> None:
    technician.get(_at(address))
    assert media.done == []


@pytest.mark.parametrize(
    "take", ["..", "%2e%2e", "..%2f..%2fyours", "a%2fb", "a.b", "%00", "x%0a", "../../yours/end"]
)
@pytest.mark.parametrize("act", ["export", "delete"])
def test_an_id_that_is_none_never_reaches_media(
    technician: Client, media: Media, take: str, act: str
) -> None:
    answer = technician.post(f"{PAGE}{take}/{act}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert media.done == []


def test_a_recording_that_is_not_there(technician: Client, media: Media) -> None:
    assert technician.get(f"{PAGE}20200101T000000000000Z/delete/").status_code == HTTPStatus.NOT_FOUND
    assert technician.post(f"{PAGE}20200101T000000000000Z/delete/").status_code == HTTPStatus.NOT_FOUND
    assert media.done == []


@pytest.mark.parametrize("path", ["/rooms/none/recordings/", "/rooms/none/end/"])
def test_a_room_that_is_not_there(db: None, media: Media, path: str) -> None:
    assert signed_in(AccountRole.TECHNICIAN).get(path).status_code == HTTPStatus.NOT_FOUND
    assert Client().get(path).status_code == 302  # as for a room that is there


# The page


def test_the_list_says_what_there_is(technician: Client, media: Media) -> None:
    technician.cookies["amphitheatre_zone"] = "Africa/Bamako"
    page = technician.get(PAGE, headers={"Accept-Language": "fr"}).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "mar. 10 nov. 00:30 Bamako 08:30 Shanghai" in text
    assert "4 h 00 min" in text
    assert "Caméra · 3,0 Gio" in text or "Caméra · 3,0 Go" in text
    assert "Français" in text
    assert f"/rooms/theatre/replay/?take={OLD}" in page
    assert page.index(LIVE) < page.index(OLD)  # the newest first


def test_only_what_has_ended_can_be_exported_and_deleted_and_only_what_is_on_air_ended(
    technician: Client, media: Media
) -> None:
    page = technician.get(PAGE).content.decode()
    assert f"{LIVE}/export/" not in page
    assert f"{LIVE}/delete/" not in page
    assert f"{OLD}/export/" in page
    assert page.count('href="/rooms/theatre/end/"') == 1
    media.takes = media.takes[:1]
    assert "/rooms/theatre/end/" not in technician.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("export", "shown"),
    [
        ({"export": "running", "export_progress": 0.427}, "42 %"),
        ({"export": "ready", "export_size": 2 * 1024**3}, f"/rooms/theatre/takes/{OLD}/export.mp4"),
        ({"export": "failed", "export_reason": "disk"}, "disk is full"),
        ({"export": "failed", "export_reason": "a-code-of-tomorrow"}, "interrupted"),
    ],
)
def test_an_export_is_followed(
    technician: Client, media: Media, export: dict[str, object], shown: str
) -> None:
    before = technician.get(f"{PAGE}list/").content.decode()
    media.takes = [_take(OLD, **export)]
    listed = technician.get(f"{PAGE}list/").content.decode()
    assert shown in listed
    version = re.compile(rf'data-key="{OLD}" data-version="(\w+)"')
    assert version.findall(listed) != version.findall(before)


def test_an_empty_list_says_what_to_do_next(technician: Client, moderator: Client, media: Media) -> None:
    media.takes = []
    assert "/rooms/theatre/technician/" in technician.get(f"{PAGE}list/").content.decode()
    assert "/rooms/theatre/technician/" not in moderator.get(f"{PAGE}list/").content.decode()


def test_a_deletion_says_what_is_lost_and_that_it_is_gone(technician: Client, media: Media) -> None:
    asked = technician.get(f"{PAGE}{OLD}/delete/").content.decode()
    for fact in ("Tue 10 Nov, 08:30 Shanghai", "4 h 00 min", "3.0", "Camera", "中文", "undone"):
        assert fact in asked
    page = technician.post(f"{PAGE}{OLD}/delete/", follow=True).content.decode()
    assert "nothing of it is left" in page
    assert f'data-key="{OLD}"' not in page


def test_what_is_still_there_after_a_deletion_is_not_called_gone(technician: Client, media: Media) -> None:
    media.answers["DELETE", f"/control/rooms/theatre/takes/{OLD}"] = 204
    page = technician.post(f"{PAGE}{OLD}/delete/", follow=True).content.decode()
    assert "nothing of it is left" not in page
    assert "could not do this" in page


def test_what_is_on_air_is_not_deleted(technician: Client, media: Media) -> None:
    page = technician.post(f"{PAGE}{LIVE}/delete/", follow=True).content.decode()
    assert "still on air" in page
    assert media.done == []


# Media away

LANGUAGES = [("en", "does not answer"), ("fr", "ne répond pas"), ("zh-Hans", "没有响应")]


@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_without_media_the_page_says_so_and_stands(
    technician: Client, media: Media, language: str, words: str
) -> None:
    media.away = True
    for address in SEE:
        answer = technician.get(_at(address), headers={"Accept-Language": language})
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert words in answer.content.decode()


@pytest.mark.parametrize("address", ACTS)
@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_without_media_nothing_is_said_to_be_done(
    technician: Client, media: Media, language: str, words: str, address: str
) -> None:
    media.away = True
    answer = technician.post(_at(address), headers={"Accept-Language": language})
    assert answer.status_code == 302
    page = technician.get(PAGE, headers={"Accept-Language": language}).content.decode()
    assert '<p class="notice notice--error">' in page
    assert words in page
    assert "notice--success" not in page


@pytest.mark.parametrize("status", [500, 403, 404, 422])
def test_whatever_media_answers_there_is_no_500(technician: Client, media: Media, status: int) -> None:
    media.answers["GET", "/control/rooms/theatre/takes"] = status
    assert technician.get(PAGE).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    media.answers = dict.fromkeys(ACTS.values(), status)
    for address in ACTS:
        assert technician.post(_at(address)).status_code == 302


def test_a_list_that_is_nonsense_is_no_list(
    technician: Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Media, "__call__", lambda *_: httpx.Response(200, content=b"{"))
    assert technician.get(PAGE).status_code == HTTPStatus.SERVICE_UNAVAILABLE


# A room that counts as live


def _live(at: datetime) -> None:
    MediaEvent.objects.create(id="live", kind=EventKind.ROOM_LIVE.value, room="theatre", at=at)


@pytest.mark.parametrize("ahead", [timedelta(hours=-2), timedelta(minutes=5)], ids=str)
def test_what_media_has_forgotten_is_ended_all_the_same(
    technician: Client, media: Media, ahead: timedelta
) -> None:
    _live(timezone.now() + ahead)  # the clock of another machine may be ahead
    media.takes = []
    page = technician.get(f"{PAGE}list/").content.decode()
    assert "counts as live" in page
    assert "/rooms/theatre/end/" in page
    technician.post(_at("../end/"))
    assert on_air.live_since("theatre") is None
    assert "counts as live" not in technician.get(f"{PAGE}list/").content.decode()


def test_a_broadcast_that_begins_while_the_one_before_is_ended_goes_on(
    technician: Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    again = now + timedelta(seconds=1)
    _live(now - timedelta(hours=2))

    def slowly(*_: object) -> httpx.Response:
        MediaEvent.objects.create(id="again", kind=EventKind.ROOM_LIVE.value, room="theatre", at=again)
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=2))
        return httpx.Response(204)

    monkeypatch.setattr(Media, "__call__", slowly)
    technician.post(_at("../end/"))
    assert on_air.live_since("theatre") == again


def test_what_media_does_not_end_is_still_on_air(technician: Client, media: Media) -> None:
    _live(timezone.now() - timedelta(hours=2))
    media.answers["POST", "/control/rooms/theatre/end"] = 500
    technician.post(_at("../end/"))
    assert on_air.live_since("theatre") is not None
    assert "counts as live" not in technician.get(f"{PAGE}list/").content.decode()


# Retention


def _ended(days_ago: float) -> TakeState:
    at = (timezone.now() - timedelta(days=days_ago)).isoformat()
    return _take(OLD, began=at, ended=at)


def test_the_retention_is_set_and_reaches_the_room(technician: Client, room: Room, media: Media) -> None:
    technician.post(f"{PAGE}retention/", {"keep": "days", "days": "45"})
    room.refresh_from_db()
    assert room.retention_days == 45
    technician.post(f"{PAGE}retention/", {"keep": "always", "days": "45"})
    room.refresh_from_db()
    assert room.retention_days is None
    assert "Deleted by itself" not in technician.get(PAGE).content.decode()


@pytest.mark.parametrize("days", ["", "0", "-1", "3651", "ten", "1.5"])
def test_nonsense_is_refused_and_kept_in_the_form(
    technician: Client, room: Room, media: Media, days: str
) -> None:
    answer = technician.post(f"{PAGE}retention/", {"keep": "days", "days": days})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert f'value="{days}"' in page
    room.refresh_from_db()
    assert room.retention_days == 30


def test_a_shorter_time_that_deletes_something_asks_once(
    technician: Client, room: Room, media: Media
) -> None:
    media.takes = [_ended(days_ago=10)]
    asked = technician.post(f"{PAGE}retention/", {"keep": "days", "days": "7"}).content.decode()
    assert "Delete 1 recording now?" in asked
    room.refresh_from_db()
    assert room.retention_days == 30
    technician.post(f"{PAGE}retention/", {"keep": "days", "days": "7", "confirmed": "1"})
    room.refresh_from_db()
    assert room.retention_days == 7


def test_a_shorter_time_that_deletes_nothing_does_not_ask(
    technician: Client, room: Room, media: Media
) -> None:
    media.takes = [_ended(days_ago=3)]
    technician.post(f"{PAGE}retention/", {"keep": "days", "days": "7"})
    room.refresh_from_db()
    assert room.retention_days == 7


def test_a_shorter_time_needs_media_to_say_what_it_deletes(
    technician: Client, room: Room, media: Media
) -> None:
    media.away = True
    technician.post(f"{PAGE}retention/", {"keep": "days", "days": "7"})
    room.refresh_from_db()
    assert room.retention_days == 30
    technician.post(f"{PAGE}retention/", {"keep": "days", "days": "60"})
    room.refresh_from_db()
    assert room.retention_days == 60


def test_a_recording_that_goes_soon_is_pointed_out(technician: Client, media: Media) -> None:
    media.takes = [_ended(days_ago=28)]
    assert "recording__until--soon" in technician.get(PAGE).content.decode()
    media.takes = [_ended(days_ago=5)]
    assert "recording__until--soon" not in technician.get(PAGE).content.decode()


# Ways to it


@pytest.mark.parametrize(
    ("account", "linked"),
    [(AccountRole.TECHNICIAN, True), (AccountRole.MODERATOR, True), (AccountRole.PARTICIPANT, False)],
)
def test_it_is_linked_for_those_who_may(room: Room, account: AccountRole, linked: bool) -> None:
    client = signed_in(account)
    for page in ("/", "/rooms/theatre/"):
        assert (PAGE in client.get(page).content.decode()) is linked


def test_the_replay_of_one_recording(technician: Client) -> None:
    page = technician.get(f"/rooms/theatre/replay/?take={OLD}").content.decode()
    assert f'"take": "{OLD}"' in page
    assert '"take": null' in technician.get("/rooms/theatre/replay/").content.decode()
    for bad in ("../x", "a/b", "", "a b", "é"):
        assert technician.get("/rooms/theatre/replay/", {"take": bad}).status_code == HTTPStatus.NOT_FOUND
