"""Recordings over HTTP: what is there, and what nobody may reach."""

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.record.take import Take, TakeInfo, load
from amphitheatre.media.serve.problem import Problem
from amphitheatre.media.serve.replay import Replay
from amphitheatre.media.store.segments import STORE_FILE, key
from amphitheatre.media.store.track_folder import PartLine, TrackFolder
from amphitheatre.media.unit import PictureFormat, SoundFormat


class Room:
    def __init__(self, folder: Path) -> None:
        self.folder = folder


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Two takes of one view and one language, a segment each; the newer one has an export."""
    for name, ended in (("20260101", 12.0), ("20260202", None)):
        info = TakeInfo(
            epoch=0.0, began=1.0, ended=ended, profile=Profile.FAST, floor="fr",
            pictures={"main": [PictureFormat("480p", bytes((1, 100, 0, 31)), 854, 480, 25, 1_000_000)]},
            sounds={"fr": SoundFormat("fr", b"", 64_000, b"")},
        )  # fmt: skip
        take = Take(tmp_path / "takes" / name, info)
        take.save()
        for path in (take.picture_folder("main", "480p"), take.sound_folder("fr")):
            folder = TrackFolder(path)
            folder.write_init("init.mp4", b"init of " + name.encode())
            data = b"segment of " + name.encode()
            line = PartLine(segment=1, part=0, offset=0, size=len(data), start=1, ticks=90_000, last=True)
            folder.append(1, data, line)
            folder.close()
    (tmp_path / "takes" / "20260202" / "export.mp4").write_bytes(b"0123456789")
    (tmp_path / "plan.json").write_text("secret")
    return Room(tmp_path)


async def ask(
    room: Any, path: str, query: str = "", wanted: str = ""
) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"range", wanted.encode())] if wanted else []
    scope = {"query_string": query.encode(), "headers": headers}
    await Replay().serve(room, path.split("/"), scope, [], send)
    start, *bodies = sent
    return start["status"], dict(start["headers"]), b"".join(body["body"] for body in bodies)


async def test_replay_is_the_newest_take_and_any_other_has_its_name(room: Room) -> None:
    assert (await ask(room, "replay/main/480p/1.m4s"))[2] == b"segment of 20260202"
    assert (await ask(room, "takes/20260101/main/480p/1.m4s"))[2] == b"segment of 20260101"
    assert (await ask(room, "takes/20260101/languages/fr/init.mp4"))[2] == b"init of 20260101"


async def test_playlists_of_a_take(room: Room) -> None:
    _, _, text = await ask(room, "replay/main/multivariant.m3u8")
    assert b"480p/media.m3u8" in text
    assert b'URI="../languages/fr/media.m3u8"' in text
    assert b"TYPE:EVENT" in (await ask(room, "replay/main/480p/media.m3u8"))[2]
    assert b"TYPE:VOD" in (await ask(room, "takes/20260101/main/480p/media.m3u8"))[2]


async def test_a_grant_in_the_address_is_repeated(room: Room) -> None:
    _, _, text = await ask(room, "replay/main/480p/media.m3u8", "grant=a.b-c_d")
    assert b"\n1.m4s?grant=a.b-c_d\n" in text
    assert b'URI="init.mp4?grant=a.b-c_d"' in text
    _, _, text = await ask(room, "replay/main/480p/media.m3u8", "grant=%22%0A")
    assert b"?grant" not in text


async def test_a_view_that_came_later_has_the_languages_from_then_on(room: Room) -> None:
    found = load(room.folder / "takes/20260202")
    found.info.pictures["late"] = found.info.pictures["main"]
    found.save()
    sound, late = found.sound_folder("fr"), found.picture_folder("late", "480p")
    for path, number in ((sound, 30), (late, 30), (late, 31)):
        folder = TrackFolder(path)
        line = PartLine(segment=number, part=0, offset=0, size=1, start=number, ticks=90_000, last=True)
        folder.append(number, b"x", line)
        folder.close()
    _, _, text = await ask(room, "replay/late/multivariant.m3u8", "grant=a.b-c_d")
    assert b'URI="../languages/fr/media.m3u8?from=30&grant=a.b-c_d"' in text
    assert b"MEDIA-SEQUENCE:30\n" in (await ask(room, "replay/late/480p/media.m3u8"))[2]
    assert b"MEDIA-SEQUENCE:30\n" in (await ask(room, "replay/languages/fr/media.m3u8", "from=30"))[2]
    for query in ("", "from=0", "from=-5", "from=1e9", "from=" + "9" * 40):
        whole = (await ask(room, "replay/languages/fr/media.m3u8", query))[2]
        assert b"MEDIA-SEQUENCE:1\n" in whole
    assert b"?from" not in (await ask(room, "replay/main/multivariant.m3u8"))[2]


async def test_a_download_can_be_taken_up_again(room: Room) -> None:
    status, headers, body = await ask(room, "takes/20260202/export.mp4")
    assert (status, body) == (200, b"0123456789")
    name = f"{room.folder.name}-20260202.mp4"
    assert headers[b"content-disposition"] == f'attachment; filename="{name}"'.encode()
    status, headers, body = await ask(room, "takes/20260202/export.mp4", wanted="bytes=4-")
    assert (status, body) == (206, b"456789")
    assert headers[b"content-range"] == b"bytes 4-9/10"


@pytest.mark.parametrize(
    "path",
    [
        "replay",
        "replay/main/480p/2.m4s",
        "replay/main/480p/index.jsonl",
        "replay/main/480p/../../take.json",
        "replay/main/720p/1.m4s",
        "replay/languages/en/1.m4s",
        "takes/20260101/export.mp4",
        "takes/20250101/main/480p/1.m4s",
        "takes/../plan.json",
        "takes/../../plan.json",
        "takes/./main/480p/1.m4s",
        "takes/20260101/take.json",
    ],
)
async def test_there_is_nothing_else(room: Room, path: str) -> None:
    with pytest.raises(Problem) as caught:
        await ask(room, path)
    assert caught.value.status == 404


async def test_of_a_room_without_a_take_there_is_no_replay(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        await ask(Room(tmp_path), "replay/main/multivariant.m3u8")
    assert caught.value.status == 404


@pytest.fixture
def share(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store to which the older take's segments have gone."""
    share = tmp_path_factory.mktemp("share")
    take = room.folder / "takes" / "20260101"
    (take / STORE_FILE).write_text(f"file://{share}")
    for segment in take.rglob("*.m4s"):
        there = share / key(take) / segment.relative_to(take)
        there.parent.mkdir(parents=True)
        segment.rename(there)
    return share


async def test_a_segment_comes_from_the_object_store_when_it_is_not_here(room: Room, share: Path) -> None:
    path = "takes/20260101/main/480p/1.m4s"
    status, headers, body = await ask(room, path)
    assert (status, body) == (200, b"segment of 20260101")
    assert headers[b"content-type"] == b"video/mp4"
    status, headers, body = await ask(room, path, wanted="bytes=8-9")
    assert (status, body, headers[b"content-range"]) == (206, b"of", b"bytes 8-9/19")
    with pytest.raises(Problem) as caught:
        await ask(room, "takes/20260101/main/480p/2.m4s")
    assert caught.value.status == 404


async def test_a_store_that_is_away_is_a_reason_to_ask_again(room: Room, share: Path) -> None:
    await asyncio.to_thread(share.rename, share.with_name("unmounted"))
    with pytest.raises(Problem) as caught:
        await ask(room, "takes/20260101/main/480p/1.m4s")
    assert caught.value.status == 503
    assert (b"retry-after", b"5") in caught.value.headers
    assert b"TYPE:VOD" in (await ask(room, "takes/20260101/main/480p/media.m3u8"))[2]
