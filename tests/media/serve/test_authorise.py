"""Who may publish and watch over WebRTC: every role, every source, every way to show a token."""

import json
import time
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import Role
from amphitheatre.media.errors import Refused
from amphitheatre.media.room.keys import Door
from amphitheatre.media.serve.authorise import Authoriser
from amphitheatre.media.serve.grants import Gate
from amphitheatre.media.serve.signalling import Credentials

KEY = OKPKey.generate_key("Ed25519")
VIEW, FRENCH = "views/main", "languages/fr"
DOORS = {
    "view-key": Door("theatre", VIEW),
    "french-key": Door("theatre", FRENCH),
    "other-key": Door("other", VIEW),
}


class House:
    """Knows which stream key opens which door."""

    def find(self, key: str) -> Door | None:
        return DOORS.get(key)


@pytest.fixture
def may() -> Authoriser:
    house: Any = House()
    return Authoriser(house, Gate(OKPKey.import_key(KEY.as_dict(private=False))))


def token(role: Role, room: str = "theatre", language: str | None = None, ttl: float = 600) -> str:
    claims = {
        "iss": "amphitheatre", "sub": "guest", "room": room, "role": role.value, "language": language,
        "exp": int(time.time() + ttl), "iat": int(time.time()), "jti": "one",
    }  # fmt: skip
    return jws.serialize_compact({"alg": "EdDSA"}, json.dumps(claims), KEY, algorithms=["EdDSA"])


def by_bearer(shown: str | None) -> Credentials:
    return Credentials(bearer=shown, cookie=None, query=None, client="192.0.2.1")


def refusal(may: Authoriser, credentials: Credentials, source: str | None, room: str = "theatre") -> str:
    with pytest.raises(Refused) as refused:
        may(credentials, room, source)
    return refused.value.code


@pytest.mark.parametrize(("key", "source"), [("view-key", VIEW), ("french-key", FRENCH)])
def test_a_stream_key_opens_its_own_source_and_has_no_role(may: Authoriser, key: str, source: str) -> None:
    assert may(by_bearer(key), "theatre", source) is None


@pytest.mark.parametrize("key", ["french-key", "other-key"])
def test_a_stream_key_opens_nothing_else(may: Authoriser, key: str) -> None:
    assert refusal(may, by_bearer(key), VIEW) == "forbidden"


def test_a_stream_key_is_nothing_to_watch_with_nor_in_a_cookie(may: Authoriser) -> None:
    assert refusal(may, by_bearer("view-key"), None) == "unauthenticated"
    in_cookie = Credentials(bearer=None, cookie="view-key", query=None, client="192.0.2.1")
    assert refusal(may, in_cookie, VIEW) == "unauthenticated"


ALLOWED = {
    Role.VIEWER: {None},
    Role.MODERATOR: {None},
    Role.SPEAKER: {None, VIEW},
    Role.INTERPRETER: {None, FRENCH},
    Role.TECHNICIAN: {None, VIEW, FRENCH},
}


@pytest.mark.parametrize("source", [None, VIEW, FRENCH])
@pytest.mark.parametrize("role", list(Role))
def test_a_grant_opens_what_its_role_has(may: Authoriser, role: Role, source: str | None) -> None:
    shown = by_bearer(token(role))
    if source in ALLOWED.get(role, set()):
        assert may(shown, "theatre", source) is role
    else:
        assert refusal(may, shown, source) == "forbidden"
    assert refusal(may, shown, source, room="another") == "forbidden"


def test_an_interpreter_of_one_language_speaks_no_other(may: Authoriser) -> None:
    assert may(by_bearer(token(Role.INTERPRETER, language="fr")), "theatre", FRENCH) is Role.INTERPRETER
    assert refusal(may, by_bearer(token(Role.INTERPRETER, language="en")), FRENCH) == "forbidden"


def test_a_grant_may_come_by_cookie_or_address(may: Authoriser) -> None:
    grant = token(Role.VIEWER)
    for shown in (
        Credentials(bearer=None, cookie=grant, query=None, client=""),
        Credentials(bearer=None, cookie=None, query=grant, client=""),
    ):
        assert may(shown, "theatre", None) is Role.VIEWER


def test_what_is_no_grant_is_told_to_bring_one_and_in_the_end_to_wait(may: Authoriser) -> None:
    assert refusal(may, by_bearer(token(Role.VIEWER, ttl=-1)), None) == "unauthenticated"
    codes = [refusal(may, by_bearer(f"guess-{n}"), None) for n in range(40)]
    assert codes[0] == "unauthenticated"
    assert codes[-1] == "too-many-failures"
    assert refusal(may, by_bearer(None), None) == "too-many-failures"
