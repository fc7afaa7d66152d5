import base64
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import Role
from amphitheatre.media.errors import ConfigurationError
from amphitheatre.media.serve.grants import MAY_EXPORT, MAY_WATCH, Gate, credentials, load_public_key
from amphitheatre.media.serve.problem import Problem

KEY = OKPKey.generate_key("Ed25519")
NOW = 1_700_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(OKPKey.import_key(KEY.as_dict(private=False)), clock)


def claims(**other: Any) -> dict[str, Any]:
    return {
        "iss": "amphitheatre", "sub": "guest", "room": "theatre", "role": "viewer",
        "exp": int(NOW) + 600, "iat": int(NOW), "jti": "one",
    } | other  # fmt: skip


def token(key: OKPKey = KEY, **other: Any) -> str:
    return jws.serialize_compact({"alg": "EdDSA"}, json.dumps(claims(**other)), key, algorithms=["EdDSA"])


def unsigned(header: dict[str, str]) -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims()).encode(), b"")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def scope(
    bearer: str | None = None, cookie: str = "", query: str = "", client: str = "192.0.2.1"
) -> dict[str, Any]:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    if bearer is not None:
        headers.append((b"authorization", f"Bearer {bearer}".encode()))
    return {"headers": headers, "query_string": query.encode(), "client": (client, 5000)}


def refusal(gate: Gate, asked: dict[str, Any], room: str = "theatre") -> int:
    with pytest.raises(Problem) as caught:
        gate.grant(asked, room, MAY_WATCH)
    return caught.value.status


def test_a_good_grant_opens_its_room(gate: Gate) -> None:
    grant = gate.grant(scope(token(role="speaker")), "theatre", MAY_WATCH)
    assert (grant.room, grant.role, grant.jti) == ("theatre", Role.SPEAKER, "one")
    assert gate.refused == 0


@pytest.mark.parametrize(
    "bad",
    [
        token(OKPKey.generate_key("Ed25519")),
        token(iss="somebody"),
        token(role="director"),
        token(exp="soon"),
        token()[:-4] + "AAAA",
        token() + "=" * 5000,
        unsigned({"alg": "none"}),
        unsigned({"alg": "HS256"}),
        jws.serialize_compact({"alg": "EdDSA"}, b"no json", KEY, algorithms=["EdDSA"]),
        "nonsense",
        "",
        "é",
    ],
)
def test_what_is_no_grant_of_ours_opens_nothing(gate: Gate, bad: str) -> None:
    asked = scope(bad)
    assert refusal(gate, asked) == 401
    assert refusal(gate, asked) == 401  # remembered, and still refused


def test_none_at_all_is_told_how_to_ask(gate: Gate) -> None:
    with pytest.raises(Problem) as caught:
        gate.grant(scope(), "theatre", MAY_WATCH)
    assert caught.value.status == 401
    assert (b"www-authenticate", b"Bearer") in caught.value.headers


def test_a_grant_that_was_good_expires_though_it_is_remembered(gate: Gate, clock: Clock) -> None:
    asked = scope(token())
    gate.grant(asked, "theatre", MAY_WATCH)
    clock.now += 600
    assert refusal(gate, asked) == 401


def test_it_opens_no_other_room(gate: Gate) -> None:
    assert refusal(gate, scope(token()), room="other") == 403
    assert refusal(gate, scope(token(room="*")), room="theatre") == 403


def test_it_gives_no_more_than_its_role_has(gate: Gate) -> None:
    with pytest.raises(Problem) as caught:
        gate.grant(scope(token()), "theatre", MAY_EXPORT)
    assert caught.value.status == 403
    gate.grant(scope(token(role="moderator")), "theatre", MAY_EXPORT)
    assert refusal(gate, scope(token(role="control"))) == 403


def test_control_is_for_web_alone(gate: Gate) -> None:
    gate.control(scope(token(role="control", room="*")))
    for other in (token(role="control"), token(role="technician", room="*")):
        with pytest.raises(Problem) as caught:
            gate.control(scope(other))
        assert caught.value.status == 403


def test_after_thirty_failures_in_a_minute_an_address_is_told_to_wait(gate: Gate, clock: Clock) -> None:
    statuses = [refusal(gate, scope(f"guess-{k}")) for k in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    assert refusal(gate, scope("guess", client="192.0.2.2")) == 401
    assert gate.refused == 33
    clock.now += 61
    assert refusal(gate, scope("guess")) == 401


def test_failures_of_one_address_do_not_lock_out_its_good_grants(gate: Gate) -> None:
    assert [refusal(gate, scope(f"guess-{k}")) for k in range(40)][-1] == 429
    assert gate.grant(scope(token()), "theatre", MAY_WATCH).room == "theatre"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (scope("head", cookie="amphitheatre_grant=jar", query="grant=tail"), "head"),
        (scope(cookie="other=1; amphitheatre_grant=jar", query="grant=tail"), "jar"),
        (scope(query="_HLS_msn=3&grant=tail"), "tail"),
        (scope(cookie="amphitheatre_grant_old=jar"), None),
        (scope(cookie='amphitheatre_grant="', query="grant=tail"), "tail"),
        (scope(query="grant="), None),
        (scope(), None),
    ],
)
def test_a_token_comes_by_header_cookie_or_address_in_this_order(
    asked: dict[str, Any], found: str | None
) -> None:
    assert credentials(asked) == found


def test_the_scheme_s_name_may_be_written_anyhow() -> None:
    asked = {"headers": [(b"authorization", b"bearer  abc ")], "query_string": b""}
    assert credentials(asked) == "abc"


def test_the_key_file_is_missing_damaged_or_good(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    with pytest.raises(ConfigurationError, match="missing"):
        load_public_key(path)
    path.write_text("{")
    with pytest.raises(ConfigurationError, match="no Ed25519"):
        load_public_key(path)
    path.write_text(json.dumps(KEY.as_dict(private=False)))
    assert Gate(load_public_key(path), lambda: NOW).bearer(scope(token())).sub == "guest"
