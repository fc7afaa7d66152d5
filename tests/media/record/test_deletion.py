import shutil
import time
from pathlib import Path

import pytest

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.record import deletion
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.record.take import Take, all_takes
from amphitheatre.media.store.object_store import ObjectStore
from amphitheatre.media.store.segments import STORE_FILE
from tests.media.record.archiving import archived, new, rounds
from tests.media.record.growing import Growing
from tests.media.store.s3 import S3


@pytest.fixture
def take(tmp_path: Path) -> Take:
    growing = Growing(tmp_path)
    growing.grow(7)
    growing.end()
    return growing.take


@pytest.fixture
def archiver(tmp_path: Path, s3: S3) -> Archiver:
    return new(tmp_path, s3)


def leftovers(rooms: Path) -> list[str]:
    return sorted(
        str(path.relative_to(rooms / "theatre/takes/.deleted")) for path in rooms.rglob("*/.deleted/*")
    )


def test_of_a_take_that_was_never_in_a_store_nothing_is_left(take: Take, tmp_path: Path) -> None:
    deletion.delete(take)
    assert all_takes(tmp_path / "theatre") == []
    assert leftovers(tmp_path) == []
    assert deletion.pending(tmp_path) == []


def test_of_one_that_may_be_in_a_store_only_the_place_there_is_left(take: Take, tmp_path: Path) -> None:
    (take.path / STORE_FILE).write_text("s3://bucket")
    deletion.delete(take)
    assert deletion.is_pending(take.path)
    (doomed,) = deletion.pending(tmp_path)
    assert [path.name for path in doomed.iterdir()] == [STORE_FILE]
    deletion.forget(doomed)
    assert not deletion.is_pending(take.path)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("stored", [False, True])
def test_a_deletion_that_was_cut_off_is_finished(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    if stored:
        (take.path / STORE_FILE).write_text("s3://bucket")

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            deletion.delete(take)
    assert all_takes(tmp_path / "theatre") == []
    deletion.finish(tmp_path / "theatre")
    assert leftovers(tmp_path) == ["20260101"] * stored
    assert not list(tmp_path.rglob("*.m4s"))


def test_one_that_is_gone_from_the_store_before_it_is_gone_from_the_disk_is_finished_too(
    take: Take, tmp_path: Path
) -> None:
    (take.path / STORE_FILE).write_text("s3://bucket")
    doomed = tmp_path / "theatre/takes/.deleted/20260101"
    doomed.parent.mkdir()
    take.path.rename(doomed)
    deletion.forget(doomed)
    deletion.finish(tmp_path / "theatre")
    assert leftovers(tmp_path) == []


async def test_deletion_leaves_nothing_in_the_store_and_spares_the_others(
    tmp_path: Path, s3: S3, archiver: Archiver
) -> None:
    other, _ = await archived(tmp_path, s3, take="202601")  # the beginning of the other's name
    others = s3.objects()
    take, _ = await archived(tmp_path, s3)
    deletion.delete(take)
    assert not take.path.exists()
    assert [found.id for found in all_takes(tmp_path / "theatre")] == [other.id]
    await rounds(archiver)
    assert s3.objects() == others
    assert list((tmp_path / "theatre/takes/.deleted").iterdir()) == []
    assert archiver.backlog.deletions == 0


async def test_a_deletion_waits_for_a_store_that_is_away_and_outlives_a_restart(
    tmp_path: Path, s3: S3, archiver: Archiver
) -> None:
    take, _ = await archived(tmp_path, s3)
    s3.stop()
    deletion.delete(take)
    with pytest.raises(StoreFailed):
        await archiver.round()
    assert archiver.backlog.deletions == 1
    s3.start()
    await rounds(new(tmp_path, s3))
    assert s3.objects() == {}
    assert not take.path.exists()


async def test_a_take_that_is_deleted_while_it_is_being_stored_is_gone_from_the_store_too(
    tmp_path: Path, s3: S3, archiver: Archiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = Growing(tmp_path)
    growing.grow(*range(20))
    growing.end(time.time())
    original = ObjectStore.put
    count = 0

    async def put(store: ObjectStore, key: str, data: bytes) -> None:
        nonlocal count
        count += 1
        if count == 10:
            deletion.delete(growing.take)
        await original(store, key, data)

    monkeypatch.setattr(ObjectStore, "put", put)
    await rounds(archiver)
    assert count >= 10
    assert s3.objects() == {}
    assert not growing.take.path.exists()
