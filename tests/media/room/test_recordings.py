"""What a room has kept: how large it is, and that deletion leaves nothing behind."""

import asyncio
import errno
import time
from pathlib import Path

import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.room.recordings import Recordings
from amphitheatre.media.unit import PictureFormat
from tests.media.watching import until


def _take(folder: Path, name: str, ended: float | None) -> Take:
    take = Take(folder / "takes" / name, TakeInfo(epoch=0.0, began=1.0, ended=ended, profile=Profile.FAST))
    take.save()
    segments = take.picture_folder("main", "480p")
    segments.mkdir(parents=True)
    (segments / "1.m4s").write_bytes(bytes(100))
    return take


@pytest.fixture
def deleted() -> list[str]:
    return []


@pytest.fixture
def recordings(tmp_path: Path, deleted: list[str]) -> Recordings:
    return Recordings(tmp_path, lambda: None, deleted.append)


def test_a_take_on_air_grows_and_one_that_has_ended_is_counted_once(
    recordings: Recordings, tmp_path: Path
) -> None:
    live, over = _take(tmp_path, "live", None), _take(tmp_path, "over", 2.0)
    assert (recordings.size(live), recordings.size(over)) == (100, 100)
    for take in (live, over):
        (take.picture_folder("main", "480p") / "2.m4s").write_bytes(bytes(50))
    assert (recordings.size(live), recordings.size(over)) == (150, 100)


async def test_deletion_removes_the_files_and_says_so(
    recordings: Recordings, tmp_path: Path, deleted: list[str]
) -> None:
    take = _take(tmp_path, "over", 2.0)
    recordings.size(take)
    await recordings.delete(take)
    assert not take.path.exists()
    assert recordings.all() == []
    assert deleted == ["over"]


class Export:
    """Stands in for the process that writes into the take's folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.stopped = False

    async def stop(self) -> None:
        assert self._path.exists(), "the folder was removed under a process that writes"
        await asyncio.sleep(0)
        self.stopped = True


async def test_deletion_ends_an_export_first(
    recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = _take(tmp_path, "over", 2.0)
    export = Export(take.path)

    async def start(*_: object, **__: object) -> Export:
        return export

    monkeypatch.setattr("amphitheatre.media.room.exports.Child.start", start)
    assert (await recordings.exports.begin(take)).state == "running"
    await recordings.delete(take)
    assert export.stopped
    assert recordings.exports.state(take).state == "none"


async def test_what_has_been_kept_for_its_time_is_deleted_by_itself_and_nothing_else(
    tmp_path: Path, deleted: list[str]
) -> None:
    day = 86_400.0
    for name, ended in (("old", time.time() - day - 60), ("young", time.time() - day + 60), ("live", None)):
        _take(tmp_path, name, ended)
    recordings = Recordings(tmp_path, lambda: 1, deleted.append)

    async def gone() -> bool:
        return deleted == ["old"]

    keeping = asyncio.create_task(recordings.run())
    await until(gone)
    keeping.cancel()
    await asyncio.wait([keeping])
    assert {take.id for take in recordings.all()} == {"young", "live"}


async def test_the_recording_that_has_filled_the_disk_can_be_deleted(
    recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = _take(tmp_path, "over", 2.0)
    take.info.pictures["main"] = [PictureFormat("480p", b"", 640, 480, 25, 1)]
    segment = take.picture_folder("main", "480p") / "1.m4s"
    make = Path.mkdir

    def refuses(path: Path, **options: bool) -> None:
        if segment.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        make(path, **options)

    monkeypatch.setattr(Path, "mkdir", refuses)
    await recordings.delete(take)
    assert not take.path.exists()
