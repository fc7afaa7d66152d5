"""Who gets into a room, and who does not."""

import time

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.contract.grant import COOKIE, Role
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.grants import Keys
from amphitheatre.web.programme import models as programme
from amphitheatre.web.registration.models import State
from amphitheatre.web.studio.domain.admission import of_account, read
from amphitheatre.web.studio.models import Room
from amphitheatre.web.studio.rules import Action, may, role_in_room
from tests.web.conftest import client_of, make_room, signed_in, token
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db


def test_a_guest_link_sets_the_cookie_and_leaves_a_clean_address(room: Room, signing: Keys) -> None:
    answer = Client().get(f"/rooms/theatre/?grant={token(signing, 'theatre')}")
    assert answer.status_code == 302
    assert "grant" not in answer["Location"]
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/rooms/theatre"
    assert 0 < int(cookie["max-age"]) <= 600


def test_guests_of_one_link_are_told_apart_and_have_the_link_s_right_and_no_more(
    room: Room, signing: Keys
) -> None:
    link = token(signing, "theatre", Role.SPEAKER)
    given = [Client().get(f"/rooms/theatre/?grant={link}").cookies[COOKIE].value for _ in range(2)]
    grants = [read(one, "theatre", signing, time.time()).grant for one in (link, *given)]
    assert len({grant.jti for grant in grants}) == 3
    assert len({msgspec.structs.replace(grant, jti="") for grant in grants}) == 1


def test_a_guest_sees_the_watch_page(room: Room, guest: Client) -> None:
    answer = guest.get("/rooms/theatre/")
    assert answer.status_code == 200
    assert b"Room theatre" in answer.content


def test_without_a_grant_one_is_sent_to_sign_in(room: Room) -> None:
    answer = Client().get("/rooms/theatre/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-4] + "AAAA", lambda t: t.rsplit(".", 1)[0] + ".", lambda t: "x"]
)
def test_a_tampered_link_opens_nothing(room: Room, signing: Keys, spoil) -> None:
    client = Client()
    answer = client.get(f"/rooms/theatre/?grant={spoil(token(signing, 'theatre'))}")
    assert answer.status_code in (302, 403)
    assert COOKIE not in answer.cookies or not answer.cookies[COOKIE].value
    assert client.get("/rooms/theatre/").status_code == 302


def test_an_expired_link_opens_nothing(room: Room, signing: Keys) -> None:
    client = Client()
    client.get(f"/rooms/theatre/?grant={token(signing, 'theatre', ttl=-1)}")
    assert client.get("/rooms/theatre/").status_code == 302


def test_a_link_for_one_room_opens_no_other(room: Room, signing: Keys) -> None:
    make_room("other")
    client = Client()
    client.get(f"/rooms/other/?grant={token(signing, 'theatre')}")
    assert client.get("/rooms/other/").status_code == 302


def test_another_rooms_cookie_is_worth_nothing(room: Room, signing: Keys) -> None:
    make_room("other")
    client = Client()
    client.cookies[COOKIE] = token(signing, "other")
    assert client.get("/rooms/theatre/").status_code == 302


def test_a_viewer_sees_neither_keys_nor_sources(room: Room, guest: Client) -> None:
    answer = guest.get("/rooms/theatre/technician/")
    assert answer.status_code in (302, 403)
    assert room.views.get().key.encode() not in answer.content


def test_a_technician_sees_the_push_addresses(room: Room) -> None:
    answer = signed_in(AccountRole.TECHNICIAN).get("/rooms/theatre/technician/")
    assert answer.status_code == 200
    assert room.views.get().key in answer.content.decode()


ALLOWED = {
    Role.VIEWER: {Action.WATCH, Action.REPLAY},
    Role.MODERATOR: {
        Action.WATCH,
        Action.REPLAY,
        Action.SEE_RECORDINGS,
        Action.EXPORT_RECORDING,
        Action.END_SESSION,
    },
    Role.INTERPRETER: {Action.WATCH, Action.REPLAY, Action.PRESENT},
    Role.SPEAKER: {Action.WATCH, Action.REPLAY, Action.PRESENT},
    Role.TECHNICIAN: set(Action),
    Role.CONTROL: set(),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_what_it_needs_and_no_more(role: Role, action: Action) -> None:
    assert may(role, action) == (action in ALLOWED[role])


@pytest.mark.parametrize("account", list(AccountRole))
def test_no_account_gets_webs_own_right(account: AccountRole) -> None:
    assert role_in_room(account.value) is not Role.CONTROL


def test_an_unknown_account_role_gets_nothing() -> None:
    assert role_in_room("janitor") is None


def test_the_list_offers_no_room_that_turns_the_reader_away(room: Room, signing: Keys) -> None:
    """Guests and the house's own see all of them; a doctor those of their courses."""
    make_room("other")
    one = register(make_course(), make_institution(), state=State.CONFIRMED)
    programme.Room.objects.update(slug=room.pk)
    rooms = "/rooms/theatre/", "/rooms/other/"
    for who, offered in ((Client(), (True, True)), (client_of(one.person), (True, False))):
        page = who.get("/").content.decode()
        assert tuple(f'href="{path}"' in page for path in rooms) == offered


def test_a_part_is_a_role_in_its_room(room: Room, signing: Keys) -> None:
    """Whatever the account's own role is, and around its day alone."""
    person = User.objects.create_user("interpreter@example.org")
    make_course()
    programme.Room.objects.update(slug=room.pk)
    programme.Session.objects.update(day=timezone.now().date())
    person.duties.create(session=programme.Session.objects.get(), part="interpreter", language="fr")
    admitted = of_account(person, room.pk, signing)
    assert admitted is not None
    assert admitted.grant.role is Role.INTERPRETER
    programme.Session.objects.update(day="2020-01-01")
    assert of_account(person, room.pk, signing) is None


def test_whoever_does_something_in_a_room_is_let_in(room: Room, signing: Keys) -> None:
    person = User.objects.create_user("surgeon@example.org")
    client = client_of(person)
    make_course()
    programme.Room.objects.update(slug=room.pk)
    assert client.get("/rooms/theatre/").status_code == 403
    person.duties.create(session=programme.Session.objects.get(), part="speaker")
    assert client.get("/rooms/theatre/").status_code == 403  # it was weeks ago
    programme.Session.objects.update(day=timezone.now().date())
    assert client.get("/rooms/theatre/").status_code == 200
    assert 'href="/rooms/theatre/"' in client.get("/").content.decode()
    programme.Session.objects.update(cancelled=True)
    assert client.get("/rooms/theatre/").status_code == 403
