"""The origin's other addresses, on the real origin: room.json, sources.json, control, metrics."""

import resource
from collections.abc import Iterator

import httpx
import msgspec
import pytest

from amphitheatre.contract.grant import ANY_ROOM, Role
from amphitheatre.contract.room_state import RoomState, SourceReport
from tests.media.origin import Origin, key, plan
from tests.media.rtc.browser import Browser, Numbered
from tests.media.serve.test_webrtc import Caller
from tests.media.watching import until

ROOM = "theatre"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    with Origin(tmp_path_factory.mktemp("application")) as found:
        yield found


@pytest.fixture(autouse=True)
async def room(origin: Origin) -> None:
    await origin.put(plan(ROOM, languages=("en", "fr")))


async def ask(
    origin: Origin, path: str, role: Role | None, method: str = "GET", **more: object
) -> httpx.Response:
    """With a grant of that role, for every room if it is web's own."""
    of = ANY_ROOM if role is Role.CONTROL else ROOM
    headers = {"Authorization": f"Bearer {origin.grant(of, role)}"} if role else {}
    async with httpx.AsyncClient(base_url=origin.url, trust_env=False, timeout=60.0) as client:
        return await client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]


async def test_everybody_with_a_grant_reads_the_room_and_nobody_else(origin: Origin) -> None:
    answer = await ask(origin, f"/rooms/{ROOM}/room.json", Role.VIEWER)
    state = msgspec.json.decode(answer.content, type=RoomState)
    assert answer.headers["cache-control"] == "no-store"
    assert (state.id, state.floor, state.viewers, state.replay) == (ROOM, "en", 0, None)
    assert [(view.id, view.playlist) for view in state.views] == [("main", None)]
    assert [(language.tag, language.interpreted) for language in state.languages] == [
        ("en", False),
        ("fr", True),
    ]
    assert key(ROOM, "main") not in answer.text
    for role, path, status in ((None, ROOM, 401), (Role.VIEWER, "nowhere", 403), (Role.CONTROL, ROOM, 403)):
        refused = await ask(origin, f"/rooms/{path}/room.json", role)
        assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


async def test_only_technicians_read_what_comes_in(origin: Origin) -> None:
    answer = await ask(origin, f"/rooms/{ROOM}/sources.json", Role.TECHNICIAN)
    reports = msgspec.json.decode(answer.content, type=list[SourceReport])
    assert {report.source for report in reports} == {"views/main", "languages/en", "languages/fr"}
    for role in (Role.VIEWER, Role.MODERATOR, Role.SPEAKER, Role.INTERPRETER):
        assert (await ask(origin, f"/rooms/{ROOM}/sources.json", role)).status_code == 403


async def test_a_room_is_read_and_never_written_here(origin: Origin) -> None:
    path = f"/rooms/{ROOM}/room.json"
    head = await ask(origin, path, Role.VIEWER, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = await ask(origin, path, Role.VIEWER, method)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (await ask(origin, f"/rooms/{ROOM}/main/multivariant.m3u8", Role.VIEWER)).status_code == 404
    for nowhere in ("x", "main/720p/media.m3u8", "languages/xx/media.m3u8", "a/b/c/d", "..%2fplan.json"):
        assert (await ask(origin, f"/rooms/{ROOM}/{nowhere}", Role.VIEWER)).status_code == 404


async def test_pages_of_web_may_read_and_publish_across_origins(origin: Origin) -> None:
    ours, theirs = f"http://127.0.0.1:{origin.web.port}", "https://elsewhere.example"
    async with httpx.AsyncClient(base_url=origin.url, trust_env=False, timeout=60.0) as client:
        for path in (f"/rooms/{ROOM}/room.json", f"/rooms/{ROOM}/views/main/whip", f"/rooms/{ROOM}/whep"):
            for page, allowed in ((ours, ours), (theirs, None)):
                asked = {"Origin": page, "Access-Control-Request-Method": "POST"}
                for answer in (
                    await client.options(path, headers=asked),
                    await client.get(path, headers=asked),
                ):
                    assert answer.headers.get("access-control-allow-origin") == allowed
                    assert answer.headers.get("timing-allow-origin") == allowed
                    assert (answer.headers.get("access-control-allow-credentials") == "true") == bool(allowed)
                    assert "Origin" in answer.headers["vary"]
                    if allowed:
                        exposed = answer.headers["access-control-expose-headers"]
                        assert {"location", "link", "etag"} <= set(exposed.split(", "))


async def test_web_puts_lists_and_removes_rooms(origin: Origin) -> None:
    listed = await ask(origin, "/control/rooms", Role.CONTROL)
    (found,) = [room for room in listed.json() if room["id"] == ROOM]
    assert [push["protocol"] for push in found["views"][0]["push"]] == ["rtmp", "srt", "whip"]
    assert {push["key"] for push in found["views"][0]["push"]} == {key(ROOM, "main")}
    assert found["playlists"] == {"main": f"{origin.url}/rooms/{ROOM}/main/multivariant.m3u8"}
    assert (await ask(origin, f"/control/rooms/{ROOM}/takes", Role.CONTROL)).json() == []
    for path in (f"{ROOM}/takes/20260101", "nowhere"):
        assert (await ask(origin, f"/control/rooms/{path}", Role.CONTROL, "DELETE")).status_code == 404
    for path in (f"{ROOM}/takes/20260101/export", "nowhere/end"):
        assert (await ask(origin, f"/control/rooms/{path}", Role.CONTROL, "POST")).status_code == 404
    assert (await ask(origin, f"/control/rooms/{ROOM}", Role.CONTROL, "DELETE")).status_code == 204
    assert (await ask(origin, f"/control/rooms/{ROOM}", Role.CONTROL, "DELETE")).status_code == 404
    assert (await ask(origin, f"/rooms/{ROOM}/room.json", Role.VIEWER)).status_code == 404


async def test_a_plan_that_can_not_be_is_refused(origin: Origin) -> None:
    good = msgspec.json.encode(plan(ROOM))
    cases = [(ROOM, b"{", 422), (ROOM, b"{}", 422), ("other", good, 422), (ROOM, good + b" " * 300_000, 413)]
    for name, body, status in cases:
        answer = await ask(origin, f"/control/rooms/{name}", Role.CONTROL, "PUT", content=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "other" not in (await ask(origin, "/control/rooms", Role.CONTROL)).text


async def test_control_is_for_web_alone(origin: Origin) -> None:
    for role, status in ((None, 401), (Role.TECHNICIAN, 403), (Role.VIEWER, 403)):
        for method, path in (
            ("GET", "/control/rooms"),
            ("PUT", f"/control/rooms/{ROOM}"),
            ("DELETE", f"/control/rooms/{ROOM}"),
            ("POST", f"/control/rooms/{ROOM}/end"),
            ("GET", f"/control/rooms/{ROOM}/takes"),
            ("DELETE", f"/control/rooms/{ROOM}/takes/1"),
            ("POST", f"/control/rooms/{ROOM}/takes/1/export"),
        ):
            assert (await ask(origin, path, role, method)).status_code == status, (role, method, path)
    assert (await ask(origin, f"/rooms/{ROOM}/room.json", Role.VIEWER)).status_code == 200


async def test_metrics_tell_of_rooms_sources_renditions_and_peers(origin: Origin) -> None:
    caller = Caller(origin, ROOM)
    async with Browser() as publisher, Browser() as viewer:
        await caller.publish(publisher, Numbered())
        await caller.watch(viewer)

        async def flows() -> bool:
            return await origin.metric("rendition_parts", rendition="main/192p", room=ROOM) > 2

        async def is_measured() -> bool:
            return await origin.metric("source_frame_rate", room=ROOM, source="views/main") > 0

        await until(flows)
        await until(is_measured)
        assert await origin.metric("room_live", room=ROOM) == 1
        assert await origin.metric("whep_peers", room=ROOM) == 1
        text = (await ask(origin, "/metrics", None)).text
        assert "amphitheatre_recording_stopped" in text
        assert 'amphitheatre_source_bitrate{room="theatre",source="languages/fr"}' not in text, (
            "nothing comes in"
        )
        assert "amphitheatre_whep_dropped_total" in text
        assert key(ROOM, "main") not in text


@pytest.mark.parametrize("path", ["/metrics", "/control/rooms"])
async def test_figures_and_control_are_not_for_those_a_proxy_lets_through(origin: Origin, path: str) -> None:
    through_proxy = {"X-Forwarded-For": "203.0.113.1"}
    async with httpx.AsyncClient(base_url=origin.url, trust_env=False, timeout=60.0) as client:
        answer = await client.get(path, headers=through_proxy)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_figures_are_read_from_elsewhere_with_a_grant_for_all_rooms(origin: Origin) -> None:
    async with httpx.AsyncClient(base_url=origin.url, trust_env=False, timeout=60.0) as client:
        for room, role, status in (
            (ANY_ROOM, Role.TECHNICIAN, 200), (ANY_ROOM, Role.VIEWER, 403), (ROOM, Role.TECHNICIAN, 403),
        ):  # fmt: skip
            headers = {
                "X-Forwarded-For": "203.0.113.1",
                "Authorization": f"Bearer {origin.grant(room, role)}",
            }
            assert (await client.get("/metrics", headers=headers)).status_code == status
        headers = {"Authorization": f"Bearer {origin.grant(ANY_ROOM, Role.TECHNICIAN)}"}
        assert (await client.get(f"/rooms/{ROOM}/sources.json", headers=headers)).status_code == 403


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """Behind a proxy, and started by a shell that allows few open files at first."""
    few = ("sh", "-c", 'ulimit -Sn 512; exec "$@"', "sh")
    folder = tmp_path_factory.mktemp("secure")
    with Origin(folder, command=few, settings={"AMPHITHEATRE_SECURE": "1"}) as found:
        yield found


async def test_behind_a_proxy_each_client_s_failures_are_its_own(secure: Origin) -> None:
    async with httpx.AsyncClient(base_url=secure.url, trust_env=False, timeout=60.0) as client:

        async def fails(address: str) -> int:
            headers = {
                "X-Forwarded-For": f"198.51.100.9, {address}"
            }  # the first is what the client says itself
            return (await client.get(f"/rooms/{ROOM}/room.json", headers=headers)).status_code

        assert {await fails("203.0.113.1") for _ in range(30)} == {401}
        assert await fails("203.0.113.1") == 429
        assert await fails("203.0.113.2") == 401


async def test_the_origin_takes_all_descriptors_that_it_may_have(secure: Origin) -> None:
    soft, hard = resource.prlimit(secure.pid, resource.RLIMIT_NOFILE)
    assert soft == hard > 512


async def test_a_closed_room_keeps_its_plan_for_its_recordings_alone(origin: Origin) -> None:
    folder = origin.data / "rooms" / ROOM
    await origin.control("DELETE", f"rooms/{ROOM}")
    assert ((folder / "plan.json").exists(), (folder / "closed.json").exists()) == (False, True)
    await origin.put(plan(ROOM))
    assert ((folder / "plan.json").exists(), (folder / "closed.json").exists()) == (True, False)
