"""WHIP and WHEP against the real origin: `amphitheatre media` with its processes, aiortc and Chromium outside."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from amphitheatre.contract.grant import Role
from bench.browser import page
from bench.whep import PUBLISH, WATCH, WRITER, connect
from tests.media.origin import Origin, key, plan
from tests.media.rtc.browser import Browser, Hum, Numbered, until

VIEW = "views/main/whip"
PATIENCE = 120.0  # seconds; a busy machine
DEAD = ("closed", "failed", "disconnected")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    with Origin(tmp_path_factory.mktemp("webrtc")) as found:
        yield found


class Caller:
    """Somebody outside, with a bearer, at the addresses of one room."""

    def __init__(self, origin: Origin, room: str) -> None:
        self.origin, self.room = origin, room

    async def call(self, method: str, path: str, bearer: str | None, **more: object) -> httpx.Response:
        headers = {"Content-Type": "application/sdp"} | (
            {"Authorization": f"Bearer {bearer}"} if bearer else {}
        )
        headers |= more.pop("headers", {})  # type: ignore[call-overload]  # a dictionary, as httpx takes it
        address = path if path.startswith("/") else f"/rooms/{self.room}/{path}"
        async with httpx.AsyncClient(base_url=self.origin.url, trust_env=False, timeout=60.0) as client:
            return await client.request(method, address, headers=headers, **more)  # type: ignore[arg-type]

    async def publish(self, browser: Browser, *tracks: Numbered | Hum, path: str = VIEW) -> str:
        """The resource's address, once the source is in."""
        source = "main" if path.startswith("views") else path.split("/")[1]
        return await self._open(browser, path, key(self.room, source), await browser.publish(*tracks))

    async def watch(self, browser: Browser, query: str = "") -> str:
        """The resource's address."""
        grant = self.origin.grant(self.room, Role.INTERPRETER)
        return await self._open(browser, f"whep{query}", grant, await browser.watch())

    async def _open(self, browser: Browser, path: str, bearer: str, offer: str) -> str:
        """Tries again as long as it is told to: a busy machine, or a process that is just being started."""
        async with asyncio.timeout(PATIENCE):
            while (answer := await self.call("POST", path, bearer, content=offer)).status_code == 503:
                assert "retry-after" in answer.headers
                await asyncio.sleep(0.2)
        assert answer.status_code == 201, answer.text
        await browser.accept(answer.text)
        return answer.headers["location"]

    async def state(self) -> str:
        return str((await self.origin.sources(self.room))["views/main"]["state"])


@pytest.fixture
async def caller(origin: Origin, request: pytest.FixtureRequest) -> AsyncIterator[Caller]:
    """A room of the test's own."""
    room = f"room-{abs(hash(request.node.name)) % 10**8}"
    await origin.put(plan(room, languages=("en", "fr"), recorded=False))
    yield Caller(origin, room)
    await origin.control("DELETE", f"rooms/{room}")


async def test_picture_and_sound_go_in_and_out(caller: Caller) -> None:
    camera = Numbered()
    async with Browser() as publisher, Browser() as viewer:
        await caller.publish(publisher, camera, Hum())
        await caller.watch(viewer)
        await until(lambda: len(viewer.seen) >= 60 and len(viewer.heard) >= 60, PATIENCE)
        numbers = [number for number, _, _ in viewer.seen]
        assert numbers == sorted(numbers)
        assert len(set(numbers)) > 15, "they move, though a busy machine repeats some"
        delays = [when - camera.sent[number] for number, when, _ in viewer.seen]
        assert min(delays) < 3.0, "seconds: they are of now, however busy the machine (see bench)"


async def test_a_language_is_heard_by_who_asks_for_it_alone(caller: Caller) -> None:
    async with Browser() as camera, Browser() as interpreter, Browser() as relay, Browser() as floor:
        await caller.publish(camera, Numbered())
        await caller.publish(interpreter, Hum(), path="languages/fr/whip")
        await caller.watch(relay, "?language=fr")
        await caller.watch(floor)
        await until(lambda: len(relay.heard) > 50 and len(floor.seen) > 10, PATIENCE)
        assert floor.heard == []


async def test_delete_ends_a_peer_and_a_second_one_finds_nothing(caller: Caller) -> None:
    async with Browser() as publisher, Browser() as viewer:
        published = await caller.publish(publisher, Numbered())
        watched = await caller.watch(viewer)
        await until(lambda: viewer.seen, PATIENCE)
        assert (await caller.call("DELETE", watched, None)).status_code == 200
        await until(lambda: viewer.connection.connectionState in DEAD, PATIENCE)
        async with asyncio.timeout(PATIENCE):
            # A viewer sees its end a little before the origin hears of it from the process that had it.
            while (second := await caller.call("DELETE", watched, None)).status_code == 200:
                await asyncio.sleep(0.05)
        assert second.status_code == 404
        assert await caller.state() == "live"
        assert (await caller.call("DELETE", published, None)).status_code == 200
        await until(lambda: publisher.connection.connectionState in DEAD, PATIENCE)
        assert await caller.state() == "lost"
        assert (await caller.call("DELETE", published, None)).status_code == 404


async def test_who_may_not_enter_is_told_so_and_nothing_else(caller: Caller, origin: Origin) -> None:
    viewer, elsewhere = origin.grant(caller.room), origin.grant("elsewhere", Role.TECHNICIAN)
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        for bearer, status in ((None, 401), ("wrong", 401), (viewer, 403), (elsewhere, 403)):
            assert (await caller.call("POST", VIEW, bearer, content=offer)).status_code == status
        other_source = key(caller.room, "fr")
        assert (await caller.call("POST", VIEW, other_source, content=offer)).status_code == 403
        for bearer, status in ((None, 401), ("wrong", 401), (elsewhere, 403)):
            assert (await caller.call("POST", "whep", bearer, content=offer)).status_code == status
        nowhere = await caller.call("POST", "/rooms/nowhere/whep", viewer, content=offer)
        assert nowhere.status_code == 403
        assert "room" not in nowhere.text
    assert await caller.state() == "waiting"
    assert origin.secrets_in_log() == []


async def test_a_second_publisher_waits_or_takes_over(caller: Caller) -> None:
    async with Browser() as first, Browser() as second, Browser() as viewer:
        before = await caller.publish(first, Numbered())
        await caller.watch(viewer)
        await until(lambda: viewer.seen, PATIENCE)
        refused = await caller.call(
            "POST", VIEW, key(caller.room, "main"), content=await Browser().publish(Numbered())
        )
        assert (refused.status_code, refused.json()["title"]) == (409, "already-live")
        await caller.publish(second, Numbered(), path=f"{VIEW}?takeover=1")
        await until(lambda: first.connection.connectionState in DEAD, PATIENCE)
        seen = len(viewer.seen)
        await until(lambda: len(viewer.seen) > seen + 30, PATIENCE)
        assert (await caller.call("DELETE", before, None)).status_code == 404
        assert await caller.state() == "live", "who was taken over from ends nobody else"


async def test_candidates_and_restarts_are_declined(caller: Caller) -> None:
    async with Browser() as publisher:
        resource = await caller.publish(publisher, Numbered())
        fragment = "a=ice-ufrag:restart\r\na=ice-pwd:restartrestartrestartres\r\n"
        trickle = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*"}
        for bearer in (None, key(caller.room, "main")):
            answer = await caller.call("PATCH", resource, bearer, content=fragment, headers=trickle)
            assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, OPTIONS")
        assert await caller.state() in ("waiting", "live"), "it goes on"
        options = await caller.call("OPTIONS", VIEW, None)
        assert options.headers["accept-post"] == "application/sdp"
        assert "accept-patch" not in options.headers


async def test_what_is_no_offer_is_said_to_be_none(caller: Caller) -> None:
    bearer = key(caller.room, "main")
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
    cases: list[tuple[int, str, dict[str, str]]] = [
        (415, offer, {"Content-Type": "application/json"}),
        (406, offer, {"Accept": "application/json"}),
        (400, "hello", {}),
        (400, "v=0\r\nm=video x y z\r\n", {}),
        (400, offer.replace("a=ice-ufrag", "a=x-ufrag"), {}),
        (413, offer + "a=x\r\n" * 20_000, {}),
        (422, offer.replace("a=sendonly", "a=recvonly"), {}),
        (422, offer.replace("H264/", "H265/").replace("VP8/", "VP9/"), {}),
    ]
    for status, body, headers in cases:
        answer = await caller.call("POST", VIEW, bearer, content=body, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
            body
        )
    async with Browser() as browser:
        await caller.publish(browser, Numbered())  # none of them has left anything in the way


async def test_peers_come_again_after_their_process_was_killed(caller: Caller, origin: Origin) -> None:
    async with Browser() as publisher, Browser() as before, Browser() as after:
        await caller.publish(publisher, Numbered())
        await caller.watch(before)
        await until(lambda: before.seen, PATIENCE)
        (pid,) = origin.processes("return")
        os.kill(pid, signal.SIGKILL)
        await until(lambda: origin.processes("return") not in ([], [pid]), PATIENCE)
        await caller.watch(after)
        await until(lambda: after.seen, PATIENCE)
        assert await caller.state() == "live", "the source has noticed nothing"


async def test_a_browser_publishes_and_a_browser_watches(caller: Caller, origin: Origin) -> None:
    """Chromium's own H.264 or VP8, its congestion control, its jitter buffer."""
    async with page() as publisher, page() as viewer:
        await publisher.add_init_script(path=WRITER)
        await publisher.goto(f"{origin.url}/healthz")
        await connect(
            publisher, PUBLISH, f"{origin.url}/rooms/{caller.room}/{VIEW}", key(caller.room, "main")
        )
        await viewer.goto(f"{origin.url}/healthz")
        grant = origin.grant(caller.room, Role.INTERPRETER)
        await connect(viewer, WATCH, f"{origin.url}/rooms/{caller.room}/whep", grant)
        await viewer.wait_for_function("() => window.readings.length > 10", timeout=PATIENCE * 1000)
        delays = [delay for _, delay in await viewer.evaluate("() => window.readings")]
        assert 0 < min(delays) < 5000, (
            "milliseconds: the picture is of now, however busy the machine (see bench)"
        )
        assert (await origin.sources(caller.room))["views/main"]["protocol"] == "whip"
