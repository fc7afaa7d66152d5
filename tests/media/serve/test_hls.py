"""Playlists, parts and segments as they are asked for over HTTP, from a rendition in memory."""

import asyncio
import gzip
import json
from collections.abc import MutableMapping
from typing import Any, NamedTuple

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from starlette.applications import Starlette

from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.serve.application import Application
from amphitheatre.media.serve.cors import Cors
from amphitheatre.media.serve.grants import Gate
from amphitheatre.media.serve.replay import Replay
from tests.media.package.kept import Kept, feed, picture

KEY = OKPKey.generate_key("Ed25519")
TRACK = "/rooms/theatre/main/480p"
PLAYLIST = f"{TRACK}/media.m3u8"


class Answer(NamedTuple):
    status: int
    headers: dict[bytes, bytes]
    body: bytes


class Tracks:
    def __init__(self, rendition: Rendition) -> None:
        self.pictures = {"main": {"480p": rendition}}
        self.sounds: dict[str, Rendition] = {}


class Room:
    """What the hot path asks a room for."""

    def __init__(self, rendition: Rendition) -> None:
        self.tracks = Tracks(rendition)
        self.audience: dict[str, float] = {}


class House:
    def __init__(self, room: Room) -> None:
        self.rooms = {"theatre": room, "empty": Room(picture(Kept()))}


class Meters:
    def playlist(self, seconds: float) -> None:
        assert seconds >= 0

    part = playlist


class Origin:
    def __init__(self) -> None:
        self.rendition = picture(Kept())
        self.room = Room(self.rendition)
        gate = Gate(KEY, lambda: 1000.0)
        house: Any = House(self.room)
        meters: Any = Meters()
        self._application = Application(house, gate, Cors(("http", 8000)), meters, Replay(), Starlette())

    async def ask(
        self, path: str, query: str = "", *, method: str = "GET", token: str | None = None, **headers: str
    ) -> Answer:
        """headers: `accept_encoding` for ``accept-encoding``. token: by default a viewer's."""
        given = {"authorization": f"Bearer {token or grant()}"} | headers
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
            "client": ("192.0.2.1", 5000),
        }
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b""}

        await self._application(scope, receive, send)
        start, *bodies = sent
        return Answer(start["status"], dict(start["headers"]), b"".join(x["body"] for x in bodies))


def grant(room: str = "theatre", role: str = "viewer") -> str:
    claims = {
        "iss": "amphitheatre",
        "sub": "guest",
        "room": room,
        "role": role,
        "exp": 2000,
        "iat": 0,
        "jti": "j",
    }
    return jws.serialize_compact({"alg": "EdDSA"}, json.dumps(claims), KEY, algorithms=["EdDSA"])


@pytest.fixture
def origin() -> Origin:
    """Two whole segments of a second, and one part of the next."""
    origin = Origin()
    feed(origin.rendition, 0, 55)
    return origin


async def test_a_playlist_is_given_and_its_reader_counted(origin: Origin) -> None:
    answer = await origin.ask(PLAYLIST)
    assert answer.status == 200
    assert answer.headers[b"content-type"] == b"application/vnd.apple.mpegurl"
    assert answer.headers[b"cache-control"] == b"no-cache"
    assert answer.body.decode() == origin.rendition.playlist(delta=False)
    assert list(origin.room.audience) == ["j"]


async def test_without_a_grant_for_the_room_a_room_that_is_not_there_looks_the_same(origin: Origin) -> None:
    other = grant(room="other")
    answers = [await origin.ask(f"/rooms/{r}/main/480p/media.m3u8", token=other) for r in ("theatre", "no")]
    assert [answer.status for answer in answers] == [403, 403]
    assert answers[0].body == answers[1].body
    assert (await origin.ask(PLAYLIST, token="nonsense")).status == 401


@pytest.mark.parametrize(
    "path",
    [
        f"{TRACK}/7.m4s",
        f"{TRACK}/2.m4s",  # not whole yet
        f"{TRACK}/1.9.m4s",
        f"{TRACK}/2.2.m4s",  # after the next one
        f"{TRACK}/init-5.mp4",
        f"{TRACK}/0.0.m4s.bak",
        f"{TRACK}/../../take.json",
        "/rooms/theatre/main/720p/media.m3u8",
        "/rooms/theatre/languages/fr/media.m3u8",
        "/rooms/theatre/main",
    ],
)
async def test_there_is_nothing_else(origin: Origin, path: str) -> None:
    answer = await origin.ask(path)
    assert answer.status == 404
    assert answer.headers[b"content-type"] == b"application/problem+json"
    assert answer.headers[b"cache-control"] == b"no-store"


async def test_a_rendition_without_a_part_has_no_playlist(origin: Origin) -> None:
    path = PLAYLIST.replace("theatre", "empty")
    assert (await origin.ask(path, token=grant(room="empty"))).status == 404


async def test_parts_segments_and_the_initialisation_never_change(origin: Origin) -> None:
    window = origin.rendition.window
    for name, data in (
        ("init.mp4", b"init"),
        ("1.3.m4s", window.part(1, 3)),
        ("1.m4s", window.segment(1)),
    ):
        answer = await origin.ask(f"{TRACK}/{name}")
        assert (answer.status, answer.body) == (200, data)
        assert b"immutable" in answer.headers[b"cache-control"]
        assert answer.headers[b"content-type"] == b"video/mp4"


async def test_one_range_of_a_segment(origin: Origin) -> None:
    whole = (await origin.ask(f"{TRACK}/1.m4s")).body
    answer = await origin.ask(f"{TRACK}/1.m4s", range="bytes=4-7")
    assert (answer.status, answer.body) == (206, b"moof")
    assert answer.headers[b"content-range"] == b"bytes 4-7/%d" % len(whole)
    assert answer.headers[b"content-length"] == b"4"
    assert (await origin.ask(f"{TRACK}/1.m4s", range="bytes=0-")).status == 200


async def test_a_range_outside_is_refused(origin: Origin) -> None:
    answer = await origin.ask(f"{TRACK}/1.m4s", range="bytes=999999-")
    assert answer.status == 416
    assert answer.headers[b"content-range"].startswith(b"bytes */")


async def test_a_playlist_is_packed_for_those_who_take_it_packed(origin: Origin) -> None:
    plain = await origin.ask(PLAYLIST)
    packed = await origin.ask(PLAYLIST, accept_encoding="gzip, br")
    assert packed.headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert b"content-encoding" not in plain.headers


async def test_a_grant_in_the_address_is_repeated_in_every_address(origin: Origin) -> None:
    token = grant()
    text = (await origin.ask(PLAYLIST, f"grant={token}")).body.decode()
    addresses = [line for line in text.splitlines() if "m4s" in line or "mp4" in line]
    assert len(addresses) > 10
    assert all(f"?grant={token}" in line for line in addresses)
    assert token not in (await origin.ask(PLAYLIST)).body.decode()


async def test_what_is_no_grant_is_not_repeated(origin: Origin) -> None:
    answer = await origin.ask(PLAYLIST, "grant=%22%0Ahttps://evil.example/%0A")
    assert b"evil" not in answer.body


@pytest.mark.parametrize(
    "query",
    ["_HLS_part=1", "_HLS_msn=x", "_HLS_msn=1&_HLS_part=y", "_HLS_msn=-1", "_HLS_msn=2&_HLS_part=-1",
     "_HLS_msn=5", "_HLS_msn=2&_HLS_part=17"],
)  # fmt: skip
async def test_a_wish_that_makes_no_sense_is_refused(origin: Origin, query: str) -> None:
    assert (await origin.ask(PLAYLIST, query)).status == 400


async def test_a_delta_update_is_given_to_those_who_ask(origin: Origin) -> None:
    feed(origin.rendition, 55, 300)
    assert b"#EXT-X-SKIP:" in (await origin.ask(PLAYLIST, "_HLS_skip=YES")).body
    assert b"#EXT-X-SKIP:" in (await origin.ask(PLAYLIST, "_HLS_skip=v2")).body
    assert b"#EXT-X-SKIP:" not in (await origin.ask(PLAYLIST, "_HLS_skip=NO")).body


async def until_parked(origin: Origin) -> None:
    async with asyncio.timeout(30):
        while not origin.rendition.waiting:
            await asyncio.sleep(0)


async def test_a_blocking_request_is_answered_with_the_part(origin: Origin) -> None:
    asked = asyncio.create_task(origin.ask(PLAYLIST, "_HLS_msn=2&_HLS_part=1"))
    await until_parked(origin)
    feed(origin.rendition, 55, 60)
    answer = await asked
    assert b'URI="2.1.m4s"\n' in answer.body
    assert answer.headers[b"cache-control"] == b"public, max-age=6"


async def test_the_hinted_part_is_waited_for(origin: Origin) -> None:
    asked = asyncio.create_task(origin.ask(f"{TRACK}/2.1.m4s"))
    await until_parked(origin)
    feed(origin.rendition, 55, 60)
    answer = await asked
    assert (answer.status, answer.body) == (200, origin.rendition.window.part(2, 1))


async def test_a_hinted_part_that_never_comes_is_not_found_once_the_take_has_ended(origin: Origin) -> None:
    asked = asyncio.create_task(origin.ask(f"{TRACK}/2.1.m4s"))
    await until_parked(origin)
    origin.rendition.end()
    assert (await asked).status == 404


async def test_one_who_has_waited_too_long_may_try_again(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amphitheatre.media.serve.hls._LONGEST_WAIT", 0.0)
    answer = await origin.ask(PLAYLIST, "_HLS_msn=2&_HLS_part=1")
    assert answer.status == 503
    assert answer.headers[b"retry-after"] == b"1"
    assert origin.rendition.waiting == 0


async def test_head_has_the_headers_without_the_body(origin: Origin) -> None:
    whole = await origin.ask(PLAYLIST)
    head = await origin.ask(PLAYLIST, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == whole.headers


async def test_other_methods_are_refused_and_a_preflight_needs_no_grant(origin: Origin) -> None:
    refused = await origin.ask(PLAYLIST, method="PUT")
    assert (refused.status, refused.headers[b"allow"]) == (405, b"GET, HEAD, OPTIONS")
    asked = {"origin": "http://media:8000", "host": "media:8001"}
    preflight = await origin.ask(PLAYLIST, method="OPTIONS", token="none", **asked)
    assert preflight.status == 204
    assert preflight.headers[b"access-control-allow-origin"] == b"http://media:8000"
    assert b"range" in preflight.headers[b"access-control-allow-headers"]
