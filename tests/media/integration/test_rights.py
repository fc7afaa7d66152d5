"""Who gets in with which key, who is turned away, and what is said of it: never the key."""

import asyncio
from pathlib import Path

import httpx
import pytest

from amphitheatre.contract.grant import Role
from tests.media.ingest.publisher import PLAIN
from tests.media.integration.encodings import Encoding
from tests.media.integration.publishers import ffmpeg_sends, whip
from tests.media.origin import Origin, key, plan
from tests.media.watching import Viewer, until


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file for RTMP and one for SRT."""
    folder = tmp_path_factory.mktemp("files")
    for container in ("flv", "mpegts"):
        asyncio.run(Encoding((*PLAIN, "-ar", "48000"), container=container).make(folder / container))
    return {container: folder / container for container in ("flv", "mpegts")}


async def _live(origin: Origin, room: str) -> None:
    async with origin.client(room) as client:
        await until(Viewer(client, room).live)


async def _state(origin: Origin, room: str) -> str:
    return str((await origin.room(room))["state"])


async def test_a_wrong_rtmp_key_is_refused_and_the_refusal_logged(
    origin: Origin, files: dict[str, Path]
) -> None:
    await origin.put(plan("rtmp"))
    wrong = "secret-key-that-nobody-knows"
    async with ffmpeg_sends(files["flv"], "flv", origin.rtmp(wrong)) as process:
        assert await asyncio.to_thread(process.wait, 60) != 0
    assert "rtmp.refused" in origin.log
    assert '"reason": "unknown-key"' in origin.log
    assert await _state(origin, "rtmp") == "waiting"


async def test_a_wrong_srt_passphrase_is_refused_and_the_right_one_still_gets_in(
    origin: Origin, files: dict[str, Path]
) -> None:
    await origin.put(plan("srt"))
    address = (await origin.push("srt", "srt"))["url"]
    wrong = address.replace(key("srt", "main"), "secret-key-that-is-wrong")
    async with ffmpeg_sends(files["mpegts"], "mpegts", wrong) as process:
        assert await asyncio.to_thread(process.wait, 60) != 0
    assert '"reason": "wrong-passphrase"' in origin.log
    assert await _state(origin, "srt") == "waiting"
    for _ in range(20):  # the door stays shut for a moment after a caller that got nowhere
        async with ffmpeg_sends(files["mpegts"], "mpegts", address) as process:
            await until(lambda: _in_or_ended(origin, "srt", process))
            if process.poll() is None:
                return
    raise AssertionError("the right passphrase does not get in")


async def _in_or_ended(origin: Origin, room: str, process: asyncio.subprocess.Process) -> bool:
    return process.poll() is not None or await _state(origin, room) == "live"


async def test_whip_wants_the_key_or_a_grant_of_one_who_may_speak(origin: Origin) -> None:
    await origin.put(plan("whip"))
    url = (await origin.push("whip", "whip"))["url"]
    bearers = {
        "secret-key-that-nobody-knows": 401,
        key("whip", "en"): 403,
        origin.grant("whip", Role.VIEWER): 403,
        origin.grant("other", Role.SPEAKER): 403,
        origin.grant("whip", Role.SPEAKER, ttl=-1): 401,
        origin.grant("whip", Role.SPEAKER)[:-4] + "AAAA": 401,
    }
    for bearer, status in bearers.items():
        async with whip(url, bearer) as answer:
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
    async with whip(url, origin.grant("whip", Role.SPEAKER)) as answer:
        assert answer.status_code == 201
        await _live(origin, "whip")


async def test_a_grant_in_an_address_is_not_logged(origin: Origin) -> None:
    await origin.put(plan("query"))
    token = origin.grant("query")
    async with httpx.AsyncClient(base_url=origin.url, trust_env=False, timeout=60.0) as client:
        for grant, status in ((token, 200), (token[:-4] + "AAAA", 401)):
            answer = await client.get("/rooms/query/room.json", params={"grant": grant})
            assert answer.status_code == status
        assert (await client.get(f"/rooms/query/nothing/{token}")).status_code in (401, 404)


async def test_a_second_publisher_is_refused_unless_it_takes_over(
    origin: Origin, files: dict[str, Path]
) -> None:
    await origin.put(plan("second"))
    secret = key("second", "main")
    async with ffmpeg_sends(files["flv"], "flv", origin.rtmp(secret)) as first:
        await _live(origin, "second")
        async with ffmpeg_sends(files["flv"], "flv", origin.rtmp(secret)) as second:
            assert await asyncio.to_thread(second.wait, 60) != 0
        async with whip((await origin.push("second", "whip"))["url"], secret) as answer:
            assert answer.status_code == 409
        assert first.poll() is None
        await until(lambda: _told(origin, "second", "source.refused"))
        live = next(
            event for event in origin.web.told if event["kind"] == "source.live" and event["room"] == "second"
        )
        assert live["detail"] == {"protocol": "rtmp"}
        async with ffmpeg_sends(files["flv"], "flv", origin.rtmp(secret, takeover=True)) as third:
            await asyncio.to_thread(first.wait, 60)
            await until(lambda: _is_live(origin, "second"))
            assert third.poll() is None
    assert "source.taken_over" in origin.log


async def _told(origin: Origin, room: str, kind: str) -> bool:
    return kind in origin.web.kinds(room)


async def _is_live(origin: Origin, room: str) -> bool:
    return await _state(origin, room) == "live"


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_a_new_key_ends_what_the_old_one_let_in(
    origin: Origin, files: dict[str, Path], protocol: str
) -> None:
    room, container = f"rotated-{protocol}", {"rtmp": "flv", "srt": "mpegts"}[protocol]
    await origin.put(plan(room))

    async def address() -> str:
        push = await origin.push(room, protocol)
        return push["url"] if protocol == "srt" else f"{push['url']}/{push['key']}"

    old = await address()
    async with ffmpeg_sends(files[container], container, old) as first:
        await _live(origin, room)
        await origin.put(plan(room, generation="0002"))
        await asyncio.to_thread(first.wait, 60)
    async with ffmpeg_sends(files[container], container, old) as again:
        assert await asyncio.to_thread(again.wait, 60) != 0
    assert await _state(origin, room) == "lost"


async def test_a_plan_with_the_same_keys_ends_nobody(origin: Origin, files: dict[str, Path]) -> None:
    await origin.put(plan("same"))
    async with ffmpeg_sends(files["flv"], "flv", origin.rtmp(key("same", "main"))) as process:
        await _live(origin, "same")
        await origin.put(plan("same", heights=(120,)))
        parts = await _parts(origin, "same")
        await until(lambda: _more_parts(origin, "same", parts + 5))
        assert process.poll() is None


async def _parts(origin: Origin, room: str) -> float:
    """Parts with a new picture."""
    labels = {"rendition": "main/180p", "room": room}
    return await origin.metric("rendition_parts", **labels) - await origin.metric(
        "rendition_parts_held", **labels
    )


async def _more_parts(origin: Origin, room: str, than: float) -> bool:
    return await _parts(origin, room) > than
