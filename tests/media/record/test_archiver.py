"""Recordings on their way to a real object store, and back from there."""

import asyncio
import itertools
import sys
import time
from pathlib import Path

import pytest

from amphitheatre.contract.event import EventKind
from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.record import archiver as module
from amphitheatre.media.record import track_archive
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.record.take import all_takes
from amphitheatre.media.store import segments as reading
from amphitheatre.media.store.object_store import ObjectStore
from tests.media.record.archiving import Told, archived, new, rounds, stored_segments, until
from tests.media.record.growing import Growing, segments
from tests.media.store.s3 import S3


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def archiver(tmp_path: Path, s3: S3, told: Told) -> Archiver:
    """It keeps segments for an hour after the end of a take."""
    return new(tmp_path, s3, told)


async def test_whole_segments_are_stored_while_the_take_grows(
    tmp_path: Path, s3: S3, archiver: Archiver
) -> None:
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    growing.grow(9, parts=2)
    await archiver.round()
    assert sorted(stored_segments(s3)) == [
        f"theatre/takes/20260101/{track}/{segment}.m4s"
        for track in ("languages/fr", "main/480p")
        for segment in (7, 8)
    ]
    objects = s3.objects()
    assert objects["theatre/takes/20260101/main/480p/init.mp4"] == b"init of 480p"
    assert objects["theatre/takes/20260101/take.json"] == (growing.take.path / "take.json").read_bytes()
    assert archiver.backlog.segments == 0


async def test_at_the_end_all_of_it_is_there_also_the_segment_that_was_cut_off(
    tmp_path: Path, s3: S3, archiver: Archiver
) -> None:
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    await archiver.round()
    growing.grow(9, parts=2)
    growing.end(time.time())
    await rounds(archiver)
    assert stored_segments(s3) == segments(growing.take)
    assert len(stored_segments(s3)) == 6
    objects = s3.objects()
    for track in ("main/480p", "languages/fr"):
        index = (growing.take.path / track / "index.jsonl").read_bytes()
        assert objects[f"theatre/takes/20260101/{track}/index/000000000000.jsonl"] == index
    assert objects["theatre/takes/20260101/take.json"] == (growing.take.path / "take.json").read_bytes()


async def test_the_index_in_the_store_names_only_what_is_there(
    tmp_path: Path, s3: S3, archiver: Archiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_archive, "_NAMED_EVERY", 0.0)
    monkeypatch.setattr(track_archive, "_SLICE", 1000)  # some three segments
    growing = Growing(tmp_path)
    growing.grow(*range(20))
    for _ in range(10):
        await archiver.round()
        for key, data in s3.objects().items():
            if "/main/480p/index/" in key:
                for whole in track_archive.wholes(data, 0, to_the_end=False):
                    name = f"theatre/takes/20260101/main/480p/{whole.number}.m4s"
                    assert len(s3.objects()[name]) == whole.size
    index = (growing.take.path / "main/480p/index.jsonl").read_bytes()
    pieces = sorted(item for item in s3.objects().items() if "/main/480p/index/" in item[0])
    assert len(pieces) > 3
    assert b"".join(data for _, data in pieces) == index


async def test_segments_stay_on_the_disk_for_a_while_and_then_only_they_go(
    tmp_path: Path, s3: S3, archiver: Archiver
) -> None:
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    growing.end(time.time())
    before = segments(growing.take)
    await rounds(archiver)
    assert segments(growing.take) == before
    await rounds(new(tmp_path, s3, kept=0.0))
    assert segments(growing.take) == {}
    assert stored_segments(s3) == before
    assert {path.name for path in (growing.take.path / "main/480p").iterdir()} == {"init.mp4", "index.jsonl"}


async def test_a_take_on_air_keeps_its_segments(tmp_path: Path, s3: S3) -> None:
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    await rounds(new(tmp_path, s3, kept=0.0))
    assert len(segments(growing.take)) == 4


@pytest.mark.parametrize("spoilt", [b"", b"<7.0 at 90000>"])
async def test_what_the_store_has_not_whole_is_stored_again_before_the_disk_lets_go(
    tmp_path: Path, s3: S3, archiver: Archiver, spoilt: bytes
) -> None:
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    growing.end(time.time())
    before = segments(growing.take)
    await rounds(archiver)
    s3.replace("theatre/takes/20260101/main/480p/7.m4s", spoilt)
    await rounds(new(tmp_path, s3, kept=0.0), 3)
    assert stored_segments(s3) == before
    assert segments(growing.take) == {}


async def test_a_store_that_keeps_nothing_whole_is_found_out(
    tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = ObjectStore.put

    async def half(store: ObjectStore, key: str, data: bytes) -> None:
        await original(store, key, data[: len(data) // 2] if key.endswith(".m4s") else data)

    monkeypatch.setattr(ObjectStore, "put", half)
    growing = Growing(tmp_path)
    growing.grow(7)
    growing.end(time.time())
    with pytest.raises(StoreFailed, match="NotStored"):
        await rounds(new(tmp_path, s3, kept=0.0))
    assert len(segments(growing.take)) == 2


async def test_what_is_not_recorded_is_not_stored(tmp_path: Path, s3: S3, archiver: Archiver) -> None:
    growing = Growing(tmp_path, recorded=False)
    growing.grow(7, 8)
    growing.end(time.time())
    await rounds(archiver)
    assert s3.objects() == {}
    assert len(segments(growing.take)) == 4


async def test_while_the_store_is_away_the_take_grows_and_then_it_goes_on_by_itself(
    tmp_path: Path, s3: S3, archiver: Archiver, told: Told
) -> None:
    growing = Growing(tmp_path)
    growing.grow(7)
    task = asyncio.create_task(archiver.run())
    try:
        await until(lambda: len(stored_segments(s3)) == 2)
        s3.stop()
        growing.grow(*range(8, 50))
        await until(lambda: archiver.failures > 1)
        assert archiver.backlog.segments == 84
        assert archiver.backlog.oldest > 0.0
        assert archiver.away == "NoAnswer"
        s3.start()
        await until(lambda: stored_segments(s3) == segments(growing.take))
        await until(lambda: not archiver.away)
    finally:
        task.cancel()
        await asyncio.wait([task])
    assert archiver.backlog.segments == 0
    assert told == [
        (EventKind.ARCHIVE_STALLED, "theatre", {"reason": "NoAnswer"}),
        (EventKind.ARCHIVE_RESUMED, "theatre", {}),
    ]


async def test_it_waits_longer_and_longer_while_the_store_is_away(
    archiver: Archiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def failing() -> None:
        raise StoreFailed("NoAnswer")

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 20:
            raise asyncio.CancelledError

    monkeypatch.setattr(archiver, "round", failing)
    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await archiver.run()
    assert all(later >= 2 * earlier or later == 60.0 for earlier, later in itertools.pairwise(waits))
    assert waits[-1] == 60.0


async def test_a_disk_that_refuses_one_take_holds_up_no_other(
    tmp_path: Path, s3: S3, archiver: Archiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged, sound = Growing(tmp_path, take="20260202"), Growing(tmp_path, take="20260101")
    for growing in (damaged, sound):
        growing.grow(7)
    (damaged.take.path / "main/480p/init.mp4").unlink()
    (damaged.take.path / "main/480p/init.mp4").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        await archiver.round()
    assert segments(sound.take).items() <= stored_segments(s3).items()


async def test_after_a_restart_only_what_is_missing_is_stored(
    tmp_path: Path, s3: S3, archiver: Archiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_archive, "_NAMED_EVERY", 0.0)
    growing = Growing(tmp_path)
    growing.grow(7, 8)
    await archiver.round()
    growing.grow(9, 10)
    growing.end(time.time())
    put: list[str] = []
    original = ObjectStore.put

    async def spy(store: ObjectStore, key: str, data: bytes) -> None:
        put.append(key)
        await original(store, key, data)

    monkeypatch.setattr(ObjectStore, "put", spy)
    await rounds(new(tmp_path, s3))
    assert (
        sorted(key.rpartition("/")[2] for key in put if key.endswith("m4s"))
        == ["10.m4s", "10.m4s"] + ["9.m4s"] * 2
    )
    assert stored_segments(s3) == segments(growing.take)


_CHILD = """
import asyncio, sys
from pathlib import Path
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.store.object_store import opened
asyncio.run(Archiver(Path(sys.argv[1]), opened(sys.argv[2]), lambda *_: None, pause=0.01).run())
"""


async def test_killed_in_the_middle_nothing_is_lost(tmp_path: Path, s3: S3) -> None:
    growing = Growing(tmp_path)
    growing.grow(*range(120))
    growing.end(time.time())
    before = segments(growing.take)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _CHILD, str(tmp_path), s3.url)
    try:
        await until(lambda: len(stored_segments(s3)) > 20)
    finally:
        child.kill()
        await child.wait()
    assert len(stored_segments(s3)) < len(before)
    await rounds(new(tmp_path, s3, kept=0.0), 12)
    assert stored_segments(s3) == before
    assert segments(growing.take) == {}


async def test_a_take_that_is_only_in_the_store_is_read_and_counted_as_before(tmp_path: Path, s3: S3) -> None:
    take, before = await archived(tmp_path, s3)
    for name, data in before.items():
        assert await reading.read(tmp_path / name) == data
    assert [found.id for found in all_takes(tmp_path / "theatre")] == [take.id]
    assert take.size() == sum(map(len, before.values()))
    picture = b"".join(before[f"theatre/takes/20260101/main/480p/{segment}.m4s"] for segment in (7, 8))
    assert b"".join(reading.parts(take.path / "main/480p", 0)) == picture
