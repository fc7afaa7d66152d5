"""A recording's whole life through the real origin and a real object store."""

import asyncio
import io
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import av
import httpx
import pytest

from amphitheatre.contract.grant import Role
from tests.media.ingest.publisher import AAC, BARS, H264, TONE
from tests.media.integration.encodings import Encoding
from tests.media.integration.publishers import ffmpeg_sends
from tests.media.origin import Origin, key, plan
from tests.media.rules.media_playlist import parse_media
from tests.media.rules.multivariant import parse_multivariant
from tests.media.store.s3 import S3
from tests.media.watching import Viewer, until

_ROOM = "theatre"
_CAMERA = Encoding((*BARS, *TONE, *H264, *AAC))


@pytest.fixture
def stored(s3: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """An object store that origins are told of."""
    monkeypatch.setenv("AMPHITHEATRE_STORE_URL", s3.url)
    return s3


async def replayed(client: httpx.AsyncClient) -> dict[str, bytes]:
    """Everything that a player of the newest take fetches, by address."""
    got: dict[str, bytes] = {}

    async def fetch(url: str) -> bytes:
        got[url] = (await client.get(url)).raise_for_status().content
        return got[url]

    top = f"/rooms/{_ROOM}/replay/main/multivariant.m3u8"
    multivariant = parse_multivariant((await fetch(top)).decode())
    for item in (*multivariant.variants, *multivariant.renditions):
        base = urljoin(top, item.uri)
        playlist = parse_media((await fetch(base)).decode())
        await fetch(urljoin(base, "init.mp4"))
        for segment in playlist.segments:
            if not segment.gap:
                await fetch(urljoin(base, segment.uri))
    return got


async def take_of(origin: Origin) -> dict[str, Any]:
    return dict((await origin.control("GET", f"rooms/{_ROOM}/takes"))[-1])


def let_go(origin: Origin) -> None:
    """Make every take's end an hour old, as the clock would."""
    for info in origin.data.glob("rooms/*/takes/*/take.json"):
        text = info.read_text()
        before, _, after = text.partition('"ended":')
        ended, comma, rest = after.partition(",")
        info.write_text(f'{before}"ended":{float(ended) - 3601.0}{comma}{rest}')


def segments_on_disk(origin: Origin) -> list[Path]:
    return list(origin.data.rglob("*.m4s"))


async def test_recorded_stored_let_go_replayed_exported_and_deleted(tmp_path: Path, stored: S3) -> None:
    await _CAMERA.make(tmp_path / "camera.flv")
    with Origin(tmp_path) as origin:
        await origin.put(plan(_ROOM, languages=("en", "fr")))
        async with origin.client(_ROOM) as client:
            viewer = Viewer(client, _ROOM)
            async with ffmpeg_sends(tmp_path / "camera.flv", "flv", origin.rtmp(key(_ROOM, "main"))):
                await until(viewer.live)
                await until(lambda: asyncio.to_thread(lambda: any("m4s" in key for key in stored.objects())))
                stored.stop()
                assert (await client.get(f"/rooms/{_ROOM}/room.json")).json()["state"] == "live"
                await until(lambda: asyncio.to_thread(lambda: "archive.stalled" in origin.web.kinds(_ROOM)))
                stored.start()
                await until(lambda: asyncio.to_thread(lambda: "archive.resumed" in origin.web.kinds(_ROOM)))
            await origin.control("POST", f"rooms/{_ROOM}/end")
            before, take = await replayed(client), await take_of(origin)
            await asyncio.to_thread(let_go, origin)
            await until(lambda: asyncio.to_thread(lambda: not segments_on_disk(origin)))
            assert await replayed(client) == before
            assert await take_of(origin) | {"ended": take["ended"]} == take

            await origin.control("POST", f"rooms/{_ROOM}/takes/{take['id']}/export")

            async def exported() -> bool:
                return (await take_of(origin))["export"] in {"ready", "failed"}

            await until(exported)
            async with origin.client(_ROOM, Role.TECHNICIAN) as technician:
                url = f"/rooms/{_ROOM}/takes/{take['id']}/export.mp4"
                mp4 = (await technician.get(url)).raise_for_status().content
            with av.open(io.BytesIO(mp4)) as container:
                assert [stream.type for stream in container.streams] == ["video", "audio", "audio"]
                assert len(list(container.decode(video=0))) > 50

            await origin.control("DELETE", f"rooms/{_ROOM}/takes/{take['id']}")
            await until(lambda: asyncio.to_thread(lambda: stored.objects() == {}))
            assert (await client.get(f"/rooms/{_ROOM}/replay/main/multivariant.m3u8")).status_code == 404
        assert origin.secrets_in_log() == []
        assert stored.key.access_key_id not in origin.log
        assert stored.key.secret_access_key not in origin.log


async def test_wrong_credentials_are_said_at_the_start_and_stop_nothing(
    tmp_path: Path, stored: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    with Origin(tmp_path) as origin:
        await until(lambda: asyncio.to_thread(lambda: "archive.stalled" in origin.log))
        assert "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY" in origin.log
        assert "not-the-secret" not in origin.log
        async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client:
            metrics = (await client.get(f"{origin.url}/metrics")).text
        assert "amphitheatre_archive_up 0.0" in metrics
        assert "amphitheatre_archive_waiting_segments 0.0" in metrics
