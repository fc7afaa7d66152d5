import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from amphitheatre.contract.grant import Role
from amphitheatre.media.config import IceServer
from amphitheatre.media.errors import Refused
from amphitheatre.media.serve.signalling import MAX_OFFER, PROBLEMS, Credentials, Signalling

OFFER = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\n"
SDP = {"content-type": "application/sdp"}
KEY = SDP | {"authorization": "Bearer key"}
SERVERS = [
    IceServer("stun:stun.example.org"),
    IceServer(["turn:turn.example.org?transport=udp", "turns:turn.example.org"], "us", 'a"b\\c'),
]
LINKS = [
    '<stun:stun.example.org>; rel="ice-server"',
    r'<turn:turn.example.org?transport=udp>; rel="ice-server"; username="us"; credential="a\"b\\c"; '
    'credential-type="password"',
    r'<turns:turn.example.org>; rel="ice-server"; username="us"; credential="a\"b\\c"; '
    'credential-type="password"',
]


class Rooms:
    """A room layer that remembers what it was asked for."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str, bool]] = []
        self.watched: list[tuple[str, str | None, str | None, Role | None]] = []
        self.open = {"secret"}
        self.refusal: str | None = None

    async def publish(self, room: str, source: str, sdp: str, takeover: bool) -> tuple[str, str]:
        if self.refusal:
            raise Refused(self.refusal)
        self.published.append((room, source, takeover))
        return "secret", "v=0 answer"

    async def watch(
        self, room: str, view: str | None, language: str | None, sdp: str, role: Role | None
    ) -> tuple[str, str]:
        if self.refusal:
            raise Refused(self.refusal)
        self.watched.append((room, view, language, role))
        return "secret", "v=0 answer"

    async def end(self, room: str, resource: str) -> bool:
        if room == "operation" and resource in self.open:
            self.open.discard(resource)
            return True
        return False

    async def lives(self, room: str, resource: str, within: float) -> bool:
        return room == "operation" and resource in self.open


class Door:
    """Knows one key, one grant and one room."""

    def __init__(self) -> None:
        self.shown: list[Credentials] = []

    def __call__(self, credentials: Credentials, room: str, source: str | None) -> Role | None:
        self.shown.append(credentials)
        token = credentials.bearer or credentials.cookie or credentials.query
        if token is None:
            raise Refused("unauthenticated")
        if token not in ("key", "grant") or room != "operation":
            raise Refused("forbidden")
        return Role.INTERPRETER if token == "grant" else None


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def http(rooms: Rooms, door: Door) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Signalling(rooms, door, SERVERS).routes())
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://media") as client:
        yield client


def assert_problem(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["title"], body["type"]) == (status, code, "about:blank")
    assert body["detail"]


async def test_an_offer_to_publish_a_view(http: httpx.AsyncClient, rooms: Rooms) -> None:
    response = await http.post("/rooms/operation/views/main/whip", content=OFFER, headers=KEY)
    assert response.status_code == 201
    assert response.headers["content-type"].startswith("application/sdp")
    assert response.headers["location"] == "/rooms/operation/views/main/whip/secret"
    assert response.headers["etag"].strip('"')
    assert response.headers["cache-control"] == "no-store"
    assert response.text == "v=0 answer"
    assert rooms.published == [("operation", "views/main", False)]


async def test_an_offer_to_interpret_with_a_grant_in_a_cookie(http: httpx.AsyncClient, rooms: Rooms) -> None:
    http.cookies.set("amphitheatre_grant", "grant")
    response = await http.post(
        "/rooms/operation/languages/zh-Hans/whip?takeover=1", content=OFFER, headers=SDP
    )
    assert response.status_code == 201
    assert rooms.published == [("operation", "languages/zh-Hans", True)]


async def test_an_offer_to_watch(http: httpx.AsyncClient, rooms: Rooms, door: Door) -> None:
    response = await http.post("/rooms/operation/whep?grant=grant", content=OFFER, headers=SDP)
    assert response.headers["location"] == "/rooms/operation/whep/secret"
    await http.post("/rooms/operation/whep?language=fr&view=main", content=OFFER, headers=KEY)
    assert rooms.watched == [
        ("operation", None, None, Role.INTERPRETER),
        ("operation", "main", "fr", None),
    ]
    assert door.shown[0] == Credentials(None, None, "grant", "192.0.2.7")


async def test_whoever_shows_nothing_or_the_wrong_thing_learns_nothing(http: httpx.AsyncClient) -> None:
    for room in ("operation", "nowhere"):
        for path in ("views/main/whip", "languages/fr/whip", "whep"):
            address = f"/rooms/{room}/{path}"
            response = await http.post(address, content=OFFER, headers=SDP)
            assert_problem(response, 401, "unauthenticated")
            assert response.headers["www-authenticate"] == "Bearer"
            wrong = SDP | {"authorization": "Bearer wrong"}
            assert_problem(await http.post(address, content=OFFER, headers=wrong), 403, "forbidden")
    assert_problem(await http.post("/rooms/nowhere/whep", content=OFFER, headers=KEY), 403, "forbidden")


async def test_rights_are_looked_at_before_the_offer(http: httpx.AsyncClient) -> None:
    assert_problem(
        await http.post("/rooms/operation/whep", content=b"x" * (MAX_OFFER * 2)), 401, "unauthenticated"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/rooms/operation/views/Main/whip",
        "/rooms/operation/languages/xx_XX/whip",
        "/rooms/operation/whep?view=..",
    ],
)
async def test_names_that_no_room_can_have_are_not_found(http: httpx.AsyncClient, path: str) -> None:
    assert_problem(await http.post(path, content=OFFER, headers=KEY), 404, "not-found")


async def test_ice_servers_are_told_to_who_may_enter_and_to_nobody_else(http: httpx.AsyncClient) -> None:
    for path in ("views/main/whip", "languages/fr/whip", "whep"):
        address = f"/rooms/operation/{path}"
        response = await http.post(address, content=OFFER, headers=KEY)
        assert response.headers.get_list("link") == LINKS
        response = await http.options(address, headers=KEY)
        assert (response.status_code, response.headers.get_list("link")) == (204, LINKS)
        assert response.headers["cache-control"] == "no-store"
        assert_problem(await http.options(address), 401, "unauthenticated")
        assert_problem(
            await http.options(address, headers={"authorization": "Bearer wrong"}), 403, "forbidden"
        )
        preflight = KEY | {"access-control-request-method": "POST"}
        assert "link" not in (await http.options(address, headers=preflight)).headers


async def test_only_who_takes_sdp_is_answered(http: httpx.AsyncClient) -> None:
    whip = "/rooms/operation/views/main/whip"
    for accept in ("application/json", "text/html, application/sdpx", "application/trickle-ice-sdpfrag"):
        response = await http.post(whip, content=OFFER, headers=KEY | {"accept": accept})
        assert_problem(response, 406, "not-acceptable")
    for accept in ("*/*", "text/html, Application/SDP;q=0.5", "application/*", ""):
        response = await http.post(whip, content=OFFER, headers=KEY | {"accept": accept})
        assert response.status_code == 201


async def test_only_sdp_is_taken_and_only_so_much(http: httpx.AsyncClient) -> None:
    bearer = {"authorization": "bearer key"}
    whip = "/rooms/operation/views/main/whip"
    assert_problem(await http.post(whip, content=OFFER, headers=bearer), 415, "media-type")
    text = bearer | {"content-type": "text/plain"}
    assert_problem(await http.post(whip, content=OFFER, headers=text), 415, "media-type")
    assert_problem(await http.post(whip, content=OFFER + "x" * MAX_OFFER, headers=KEY), 413, "too-large")
    assert_problem(await http.post(whip, content=b"\xff\xfe", headers=KEY), 400, "bad-sdp")
    assert_problem(await http.post(whip, content=b"hello", headers=KEY), 400, "bad-sdp")
    with_charset = bearer | {"content-type": "Application/SDP; charset=utf-8"}
    assert (await http.post(whip, content=OFFER, headers=with_charset)).status_code == 201


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        ("already-live", 409, "already-live"),
        ("no-common-codec", 422, "no-common-codec"),
        ("bad-sdp", 400, "bad-sdp"),
        ("not-found", 404, "not-found"),
        ("too-many-peers", 503, "too-many-peers"),
        ("no-candidates", 503, "no-candidates"),
        ("too-many-failures", 429, "too-many-failures"),
        ("return-unavailable", 503, "unavailable"),
    ],
)
async def test_what_the_room_refuses_is_a_problem_document(
    http: httpx.AsyncClient, rooms: Rooms, refusal: str, status: int, code: str
) -> None:
    rooms.refusal = refusal
    for path in ("views/main/whip", "whep"):
        response = await http.post(f"/rooms/operation/{path}", content=OFFER, headers=KEY)
        assert_problem(response, status, code)
        assert ("retry-after" in response.headers) == (status in (429, 503))


async def test_only_who_knows_a_resource_ends_it(http: httpx.AsyncClient) -> None:
    assert_problem(await http.delete("/rooms/operation/whep/guessed"), 404, "not-found")
    assert_problem(await http.delete("/rooms/another/whep/secret"), 404, "not-found")
    assert (await http.delete("/rooms/operation/views/main/whip/secret")).status_code == 200
    assert_problem(await http.delete("/rooms/operation/views/main/whip/secret"), 404, "not-found")


async def test_trickled_candidates_and_restarts_are_declined(http: httpx.AsyncClient) -> None:
    headers = KEY | {"content-type": "application/trickle-ice-sdpfrag"}
    response = await http.patch("/rooms/operation/whep/secret", content="a=x", headers=headers)
    assert_problem(response, 405, "method")
    assert response.headers["allow"] == "DELETE, OPTIONS"
    response = await http.get("/rooms/operation/whep", headers=KEY)
    assert_problem(response, 405, "method")
    assert response.headers["allow"] == "POST, OPTIONS"


async def test_whether_a_session_lives_is_told_to_who_knows_its_address(http: httpx.AsyncClient) -> None:
    resource = "/rooms/operation/views/main/whip/secret"
    alive = await http.get(f"{resource}/life")
    assert (alive.status_code, alive.headers["cache-control"]) == (204, "no-store")
    assert (await http.delete(resource)).status_code == 200
    assert_problem(await http.get(f"{resource}/life"), 404, "not-found")
    assert_problem(await http.get("/rooms/operation/views/main/whip/guessed/life"), 404, "not-found")
    assert_problem(await http.post(f"{resource}/life"), 405, "method")


async def test_a_preflight_needs_no_right(http: httpx.AsyncClient) -> None:
    preflight = {"origin": "http://127.0.0.1:8000", "access-control-request-method": "POST"}
    for path, method in (("/rooms/operation/whep", "POST"), ("/rooms/operation/whep/secret", "DELETE")):
        response = await http.options(path, headers=preflight)
        assert response.status_code == 204
        assert method in response.headers["access-control-allow-methods"]
        assert response.headers["access-control-allow-headers"] == "authorization, content-type"
        assert response.headers.get("accept-post") == ("application/sdp" if method == "POST" else None)


async def test_a_cancelled_request_is_cancelled_all_the_way(rooms: Rooms, door: Door) -> None:
    reached = asyncio.Event()

    async def for_ever(*_: object) -> tuple[str, str]:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    rooms.watch = for_ever  # type: ignore[method-assign]  # a room layer that never answers
    app = Starlette(routes=Signalling(rooms, door).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://media") as client:
        task = asyncio.create_task(client.post("/rooms/operation/whep", content=OFFER, headers=KEY))
        await asyncio.wait_for(reached.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("code", [*PROBLEMS, "a code that nobody has thought of"])
async def test_every_refusal_says_what_to_do(http: httpx.AsyncClient, rooms: Rooms, code: str) -> None:
    rooms.refusal = code
    known = code if code in PROBLEMS else "unavailable"
    response = await http.post("/rooms/operation/whep", content=OFFER, headers=KEY)
    assert_problem(response, PROBLEMS[known][0], known)
    assert response.json()["detail"].endswith(".")
